package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session that a server may resume. */
public sealed interface Session {
    /** Returns when it is no longer worth offering, on the clock of the timestamps passed in. */
    long expiresNanos();

    /**
     * A session of TLS 1.2 or before (RFC 5246, F.1.4; RFC 5077).
     *
     * @param id                   the server's session ID; empty if it sent none
     * @param ticket               the server's ticket, which is offered instead of the ID; {@code null} if it sent none
     * @param version              the version, which resumption must use again, like the suite
     * @param master               the master secret
     * @param extendedMasterSecret whether the master secret was derived by RFC 7627, which resumption must use again
     */
    record Tls12(byte[] id, byte @Nullable [] ticket, ProtocolVersion version, CipherSuite suite, MasterSecret master,
            boolean extendedMasterSecret,
            long expiresNanos) implements Session {}

    /**
     * A ticket of TLS 1.3 (RFC 8446, 4.6.1).
     *
     * @param ticket        opaque
     * @param protocol      the protocol chosen by ALPN, which early data requires again
     * @param suite         the suite; resumption must use one with the same hash, and early data this very one
     * @param key           the session's key
     * @param ageAdd        obfuscates the ticket's age
     * @param receivedNanos when the ticket arrived
     * @param maxEarlyData  how many bytes of early data the ticket allows; 0 for none
     */
    record Tls13(byte[] ticket, Optional<String> protocol, CipherSuite suite, PreSharedKey key, int ageAdd,
            long receivedNanos, long expiresNanos, long maxEarlyData) implements Session {

        /** Returns the ticket's obfuscated age, in milliseconds (RFC 8446, 4.2.11.1). */
        int obfuscatedAge(long nowNanos) {
            return (int) ((nowNanos - receivedNanos) / 1_000_000) + ageAdd;
        }
    }
}
