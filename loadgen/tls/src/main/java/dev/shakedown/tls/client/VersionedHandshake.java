package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.Violation;
import java.util.Optional;

/**
 * What a client does from the ServerHello on, in the version that the server chose: the verbs of the states, in wire
 * order. It owns the secrets of the handshake and is thrown away with it.
 */
sealed interface VersionedHandshake permits Tls12Handshake, Tls13Handshake {
    ProtocolVersion version();

    CipherSuite suite();

    /** The group of the key exchange; {@code null} where there was none. */
    NamedGroup group();

    /** The group as results name it, which may be one of numbers that the server made; {@code null} where there was none. */
    default String groupLabel() {
        return group() == null ? null : group().label();
    }

    /** How records are compressed. */
    default Compression compression() {
        return Compression.NULL;
    }

    /** Whether the server took up the offered session. */
    boolean resumed();

    /** What the server chose by ALPN; {@code null} where it chose nothing. */
    String protocol();

    /** What became of the client's certificate so far. */
    CertificateUse certificateUse();

    /** Who the server showed itself to be; {@code null} where it showed no certificate, or has not yet. */
    ServerIdentity server();

    /** What is wrong with the server's public value, looked at more closely than a handshake needs; mostly nothing. */
    Optional<Fault> flaw();

    /** Why the server's first protected record may not authenticate. */
    default Fault keysDiffer() {
        return flaw()
                .map(flaw -> flaw.soThat("both sides came to different keys"))
                .orElseGet(() -> new Fault(Violation.KEYS_DIFFER, suspicion()));
    }

    /** Where keys come from that differ, as far as this side can tell. */
    private String suspicion() {
        if (resumed()) {
            return "and the server may know another secret for the session that it took up";
        }
        return group() == null && suite().keyExchange() == KeyExchange.RSA
                ? "and the server may have decrypted another premaster secret"
                : "although the server's public value is a valid one";
    }

    void verifyServerFinished(Finished finished) throws Fault;

    /** Sends what is left to send. */
    void finish() throws Fault;

    /** Whether a message of this type may come once the handshake is done. */
    default boolean maySendAfterwards(int type) {
        return false;
    }

    /** Adds what must leave before application data (RFC 8446, 4.6.3). */
    default void beforeData() {
        // mostly nothing
    }

    /** Takes a message that comes once the handshake is done. */
    void takeAfterwards(HandshakeMessage message) throws Fault;
}
