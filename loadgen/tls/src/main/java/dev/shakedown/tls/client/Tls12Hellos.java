package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.ClientIdentity;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.old.OldSignature;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import java.util.Optional;

/** Both hellos up to TLS 1.2, what they settle, and what depends on them alone: how each side must authenticate. */
record Tls12Hellos(Endpoint end, ClientHello sent, ServerHello received, Tls12Answer answer) {
    /** Creates the client's signature over all messages so far. */
    interface Proof {
        CertificateVerify over(byte[] messages, MasterSecret master);
    }

    /** Returns what they settle, together with what was settled after them. */
    HandshakeParameters settled(KeyExchangeResult keyExchange, Optional<ServerIdentity> server, CertificateUse use) {
        // A client that announced early data cannot fall back to these versions.
        return new HandshakeParameters(answer.version(), received.isDowngraded(), answer.suite(), answer.compression(),
                answer.resumed(), answer.protocol(),
                keyExchange, server, use, EarlyData.NOT_OFFERED);
    }

    boolean isTls12() {
        return answer.version() == ProtocolVersion.TLS_1_2;
    }

    RecordProtection protection(KeyBlock.Keys direction) {
        var protection = RecordProtection.of(end.primitives(), answer.dialect(), answer.suite(), direction,
                answer.encryptThenMac());
        return answer.compression() == Compression.DEFLATE ? RecordProtection.deflated(protection) : protection;
    }

    KeyBlock keys(MasterSecret master) {
        end.flight().disclose("CLIENT_RANDOM", master.bytes());
        return master.expand(end.primitives(), answer.dialect(), answer.suite(), sent.random(), received.random());
    }

    MasterSecret master(PremasterSecret premaster) {
        return answer.extendedMasterSecret()
                ? MasterSecret.deriveExtended(end.primitives(), answer.dialect(), premaster, end.transcript().hash())
                : MasterSecret.derive(end.primitives(), answer.dialect(), premaster, sent.random(), received.random());
    }

    void writeFinished(MasterSecret master, KeyBlock keys, byte[] transcriptHash) {
        end.flight().changeKeys(protection(keys.client()));
        end.flight().write(new Finished(FinishedMac.CLIENT.make(end.primitives(), answer.dialect(), master,
                transcriptHash)));
    }

    /**
     * Returns the server's identity, after checking and, if required, verifying its certificate.
     *
     * @throws Fault if its certificate does not match the suite, or is not trusted
     */
    ServerIdentity identify(Certificate certificate) throws Fault {
        if (certificate.chain().isEmpty()) {
            throw new Fault(Violation.CERTIFICATE_EMPTY);
        }
        var suite = answer.suite();
        var settings = end.settings();
        var server = end.memory().server(certificate.chain());
        if (suite.keyExchange() == KeyExchange.RSA) {
            server.requireRsaKey();
        }
        if (suite.isEcdsa()) {
            requireOfferedCurve(settings, server);
        }
        if (server.mustVerify(settings.verify())) {
            server.verifyChain(Objects.requireNonNull(settings.trust()),
                    switch (Objects.requireNonNull(suite.keyExchange())) {
                        case RSA -> "RSA";
                        case ECDHE -> suite.isEcdsa() ? "ECDHE_ECDSA" : "ECDHE_RSA";
                        case DHE -> "DHE_RSA";
                    });
            if (suite.keyExchange() == KeyExchange.RSA) {
                server.verified();
            }
        }
        return server;
    }

    /** Checks the curve of the certificate's key, to which supported_groups applies, too (RFC 8422, 5.1). */
    private static void requireOfferedCurve(ClientSettings settings, ServerIdentity server) throws Fault {
        var curve = server.curve();
        if (curve.isPresent() && !settings.offersGroup(curve.getAsInt())) {
            var group = NamedGroup.of(curve.getAsInt());
            throw new Fault(Violation.CERTIFICATE_CURVE_NOT_OFFERED, group == null ? "a curve" : group.label());
        }
    }

    /** @throws Fault if the server's signature of its half of the key exchange is not valid */
    void verify(ServerIdentity server, ServerKeyExchange keyExchange) throws Fault {
        var settings = end.settings();
        var scheme = SignatureScheme.of(keyExchange.scheme());
        if (isTls12() && (scheme == null || !settings.details().signatureSchemes().contains(scheme))) {
            throw new Fault(Violation.SCHEME_NOT_OFFERED, keyExchange.scheme());
        }
        if (scheme != null && isTls12() && scheme.isRsa() == answer.suite().isEcdsa()) {
            throw new Fault(Violation.SCHEME_AGAINST_SUITE, scheme.label(), answer.suite());
        }
        if (!server.mustVerify(settings.verify())) {
            return;
        }
        var params = Unpooled.buffer();
        keyExchange.signedParams(params);
        var signed = ByteBufUtil.getBytes(params);
        if (scheme != null && isTls12()) {
            HandshakeSignature.verify(scheme, server.key(), keyExchange.signature(), sent.random(),
                    received.random(), signed);
        } else {
            OldSignature.verify(end.primitives(), server.key(), keyExchange.signature(), sent.random(),
                    received.random(), signed);
        }
        server.verified();
    }

    /**
     * Returns how the client proves that it has its certificate's key; empty if the server does not accept that kind of
     * key.
     */
    Optional<Proof> proof(ClientIdentity identity, CertificateRequest request) {
        if (isTls12()) {
            var scheme = identity.fits(request.certificateTypes())
                    ? identity.choose(Objects.requireNonNull(request.signatureAlgorithms()), false)
                    : null;
            return Optional.ofNullable(scheme)
                    .map(chosen -> (messages, _) -> new CertificateVerify(chosen.id(),
                            identity.sign(chosen, messages)));
        }
        if (!OldSignature.fits(identity, request.certificateTypes())) {
            return Optional.empty();
        }
        return Optional.of((messages, master) -> new CertificateVerify(ServerKeyExchange.NO_SCHEME,
                answer.version() == ProtocolVersion.SSL_3_0
                        ? OldSignature.signSsl3(end.primitives(), identity, master, messages)
                        : OldSignature.sign(end.primitives(), identity, messages)));
    }

    /** @throws Fault if the server's Finished does not cover the same handshake */
    void verify(Finished finished, MasterSecret master) throws Fault {
        Tls12Answer.checkLength(finished, answer.dialect().finishedLength());
        if (!FinishedMac.SERVER.verify(end.primitives(), answer.dialect(), master, end.transcript().hashBeforeLast(),
                finished.verifyData())) {
            throw new Fault(Violation.FINISHED_WRONG);
        }
    }

    /** Keeps the session of this handshake; a resumed one only if the server sent a new ticket. */
    void keepSession(Optional<NewSessionTicket> ticket, MasterSecret master) {
        // A ticket takes precedence over the session ID, even if it is of no use (RFC 5077, 3.4).
        var fresh = ticket.filter(given -> given.ticket().length > 0);
        if (fresh.isPresent() && !end.memory().offer().canCarry(fresh.get().ticket().length)) {
            end.unusable(UnusableTicket.TOO_LARGE);
            return;
        }
        var id = received.sessionId();
        if (fresh.isEmpty() && (answer.resumed() || id.length == 0)) {
            return;
        }
        // RFC 5246, F.1.4 advises a day at most; the server's hint takes precedence.
        var lifetimeSeconds = fresh.isPresent() && fresh.get().lifetimeSeconds() > 0
                ? fresh.get().lifetimeSeconds()
                : 86_400L;
        end.gained(new Session.Tls12(id, fresh.isPresent() ? fresh.get().ticket() : null, answer.version(),
                answer.suite(), master, answer.extendedMasterSecret(),
                end.nowNanos() + lifetimeSeconds * 1_000_000_000L));
    }
}
