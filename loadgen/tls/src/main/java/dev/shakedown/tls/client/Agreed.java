package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * What both sides have settled since the ServerHello, for whoever asks.
 *
 * @param resumed        whether the server took up the offered session
 * @param protocol       what the server chose by ALPN
 * @param exchanged      how they came to a common secret
 * @param server         who the server showed itself to be
 * @param certificateUse what became of the client's certificate
 * @param earlyData      what became of the early data
 */
record Agreed(ProtocolVersion version, CipherSuite suite, Compression compression, boolean resumed,
        Optional<String> protocol, Exchanged exchanged, Optional<ServerIdentity> server, CertificateUse certificateUse,
        EarlyData earlyData) {
    /** What the two hellos settle. */
    static Agreed of(ProtocolVersion version, CipherSuite suite, Compression compression, boolean resumed,
            Optional<String> protocol, Exchanged exchanged, EarlyData earlyData) {
        return new Agreed(version, suite, compression, resumed, protocol, exchanged, Optional.empty(),
                CertificateUse.NOT_ASKED, earlyData);
    }

    Agreed with(Optional<String> chosen, EarlyData fate) {
        return new Agreed(version, suite, compression, resumed, chosen, exchanged, server, certificateUse, fate);
    }

    Agreed with(ServerIdentity met) {
        return new Agreed(version, suite, compression, resumed, protocol, exchanged, Optional.of(met), certificateUse,
                earlyData);
    }

    Agreed with(Exchanged done) {
        return new Agreed(version, suite, compression, resumed, protocol, done, server, certificateUse, earlyData);
    }

    Agreed with(CertificateUse use) {
        return new Agreed(version, suite, compression, resumed, protocol, exchanged, server, use, earlyData);
    }

    /** Reads the body of a message of the server's as the version has it, which is open before its hello. */
    static HandshakeMessage decode(Optional<Agreed> agreed, int type, ByteBuf body) throws Fault {
        if (agreed.isEmpty()) {
            return HandshakeMessage.decode(type, body, null, ProtocolVersion.TLS_1_2);
        }
        var by = agreed.get();
        return by.isTls13()
                ? Tls13Message.decode(type, body)
                : HandshakeMessage.decode(type, body, by.suite.keyExchange(), by.version);
    }

    boolean isTls13() {
        return version == ProtocolVersion.TLS_1_3;
    }

    /** Why the server's first protected record may not authenticate. */
    Fault keysDiffer() {
        return exchanged.flaw().map(flaw -> flaw.soThat("both sides came to different keys"))
                .orElseGet(() -> new Fault(Violation.KEYS_DIFFER, suspicion()));
    }

    /** Where keys come from that differ, as far as this side can tell. */
    private String suspicion() {
        if (resumed) {
            return "and the server may know another secret for the session that it took up";
        }
        return suite.keyExchange() == KeyExchange.RSA
                ? "and the server may have decrypted another premaster secret"
                : "although the server's public value is a valid one";
    }
}
