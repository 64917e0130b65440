package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.Violation;
import java.util.Optional;

/**
 * What the two sides have agreed on since the ServerHello.
 *
 * @param hasHigher      whether the server says that it supports a higher version than was offered (RFC 8446, 4.1.3)
 * @param resumed        whether the server resumed the offered session
 * @param protocol       the protocol that the server chose by ALPN
 * @param keyExchange    how they established a shared secret
 * @param server         the server, identified by its certificate chain
 * @param certificateUse what happened to the client's certificate
 * @param earlyData      what happened to the early data
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

    /** Returns the fault for a first protected record from the server that does not authenticate. */
    Fault keysDiffer() {
        return keyExchange.flaw().map(flaw -> flaw.soThat("the two sides derived different keys"))
                .orElseGet(() -> new Fault(Violation.KEYS_DIFFER, likelyReason()));
    }

    /** Returns the likely reason for different keys, as far as this side can tell. */
    private String likelyReason() {
        if (resumed) {
            return "and the server may have another secret for the session that it resumed";
        }
        return suite.keyExchange() == KeyExchange.RSA
                ? "and the server may have decrypted another premaster secret"
                : "although the server's public value is valid";
    }
}
