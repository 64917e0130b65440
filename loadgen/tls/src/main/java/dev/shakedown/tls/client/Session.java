package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session that a server may take up again. */
public sealed interface Session {
    /** When it is no longer worth offering, on the clock of the timestamps handed in. */
    long expiresNanos();

    /**
     * A session of TLS 1.2 or before (RFC 5246, F.1.4; RFC 5077).
     *
     * @param id                   the server's session ID; empty if it gave none
     * @param ticket               the server's ticket; {@code null} if it gave none, else it is offered instead of the
     *                             ID
     * @param version              which resumption must use again, as the suite
     * @param master               the secret that both sides keep
     * @param extendedMasterSecret whether it was derived as RFC 7627 says, which resumption must repeat
     */
    record Tls12(byte[] id, byte @Nullable [] ticket, ProtocolVersion version, CipherSuite suite, MasterSecret master,
            boolean extendedMasterSecret,
            long expiresNanos) implements Session {}

    /**
     * A ticket of TLS 1.3 (RFC 8446, 4.6.1).
     *
     * @param ticket        what stands for the session, opaque
     * @param protocol      what ALPN chose on that connection, which early data needs again
     * @param suite         of the connection it came on; resumption must use one with the same hash, and this very one
     *                      for early data
     * @param key           the key that goes with it
     * @param ageAdd        hides its age
     * @param receivedNanos when it came
     * @param maxEarlyData  how many bytes of early data it allows; 0 for none
     */
    record Tls13(byte[] ticket, Optional<String> protocol, CipherSuite suite, PreSharedKey key, int ageAdd,
            long receivedNanos, long expiresNanos, long maxEarlyData) implements Session {

        /** Its age in milliseconds, hidden (RFC 8446, 4.2.11.1). */
        int obfuscatedAge(long nowNanos) {
            return (int) ((nowNanos - receivedNanos) / 1_000_000) + ageAdd;
        }
    }
}
