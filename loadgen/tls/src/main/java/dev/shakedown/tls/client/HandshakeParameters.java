package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.Violation;
import java.util.Optional;

/**
 * What both sides have settled since the ServerHello, for whoever asks.
 *
 * @param hasHigher      whether the server says that it has a higher version than was offered (RFC 8446, 4.1.3)
 * @param resumed        whether the server took up the offered session
 * @param protocol       what the server chose by ALPN
 * @param exchanged      how they came to a common secret
 * @param server         who the server showed itself to be
 * @param certificateUse what became of the client's certificate
 * @param earlyData      what became of the early data
 */
record HandshakeParameters(ProtocolVersion version, boolean hasHigher, CipherSuite suite, Compression compression,
        boolean resumed, Optional<String> protocol, KeyExchangeResult keyExchange, Optional<ServerIdentity> server,
        CertificateUse certificateUse, EarlyData earlyData) {
    HandshakeParameters with(CertificateUse use) {
        return new HandshakeParameters(version, hasHigher, suite, compression, resumed, protocol, keyExchange, server,
                use,
                earlyData);
    }

    boolean isTls13() {
        return version == ProtocolVersion.TLS_1_3;
    }

    /** Why the server's first protected record may not authenticate. */
    Fault keysDiffer() {
        return keyExchange.flaw().map(flaw -> flaw.soThat("both sides came to different keys"))
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
