package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.Answered;
import dev.shakedown.tls.client.ClientState.Awaiting;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Making;
import dev.shakedown.tls.client.Offered.OfTls13;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.KeySchedule.HandshakeSecret;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import dev.shakedown.tls.wire.Tls13Message.EndOfEarlyData;
import dev.shakedown.tls.wire.Violation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The handshake of TLS 1.3 after the ServerHello, state by state in wire order (RFC 8446, 2).
 *
 * <pre>
 * full:    ServerHello EncryptedExtensions CertificateRequest? Certificate CertificateVerify Finished
 * resumed: ServerHello EncryptedExtensions Finished
 * </pre>
 */
final class Tls13Handshake {
    private Tls13Handshake() {}

    /** The hellos and what they settle. */
    private record Hellos(Endpoint end, Offered offered, Tls13Answer answer) {
        HandshakeParameters settled(Optional<String> protocol, Optional<ServerIdentity> server, CertificateUse use,
                EarlyData earlyData) {
            return new HandshakeParameters(ProtocolVersion.TLS_1_3, false, answer.suite(), Compression.NULL,
                    answer.resumed(),
                    protocol,
                    answer.keyExchange(), server, use, earlyData);
        }

        /** Returns what is settled before the server has sent more. */
        HandshakeParameters settled() {
            return settled(Optional.empty(), Optional.empty(), CertificateUse.NOT_ASKED, offered.earlyData());
        }

        RecordProtection protection(TrafficSecret traffic) {
            return RecordProtection.withInnerType(end.primitives(), answer.suite(),
                    traffic.keys(end.primitives(), answer.suite().bulk()));
        }
    }

    /**
     * The keys that protect the rest of the handshake, derived from the hellos.
     *
     * @param fromServer the protection of the server's records under them
     */
    private record Keyed(Hellos hellos, HandshakeSecret secret, TrafficSecret client, TrafficSecret server,
            RecordProtection fromServer) {}

    private interface AfterHellos extends Answered {
        Hellos hellos();

        @Override
        default ProtocolVersion version() {
            return ProtocolVersion.TLS_1_3;
        }

        @Override
        default CipherSuite suite() {
            return hellos().answer.suite();
        }
    }

    private interface Awaits extends Awaiting, AfterHellos {
        Keyed keyed();

        @Override
        default Hellos hellos() {
            return keyed().hellos;
        }
    }

    /**
     * Returns the first state after the server has answered {@code offered} with TLS 1.3.
     *
     * @param retry what its HelloRetryRequest asked for, if it sent one
     */
    static ClientState begin(Endpoint end, Offered offered, Optional<RetryRequest> retry, ServerHello hello)
            throws Fault {
        var answer = Tls13Answer.of(end.settings(), offered, retry, hello);
        if (retry.isEmpty()) {
            end.transcript().begin(answer.suite().prfHash());
        }
        end.reached(Progress.SERVER_HELLO);
        return new MakeHandshakeKeys(new Hellos(end, offered, answer),
                retry.isPresent() ? Stage.HELLO_RETRY : Stage.SERVER_HELLO);
    }

    /** Makes the keys that protect the rest of the handshake. */
    private record MakeHandshakeKeys(Hellos hellos, Stage stage) implements Making, AfterHellos {
        @Override
        public HandshakeParameters settled() {
            return hellos.settled();
        }

        @Override
        public ClientState make() throws Fault {
            var end = hellos.end;
            var answer = hellos.answer;
            var primitives = end.primitives();
            var shared = answer.keyExchange() instanceof KeyExchangeResult.InGroup in ? in.agree() : null;
            var early = answer.resumed() && hellos.offered.resumption() instanceof OfTls13 ofTls13
                    ? ofTls13.early()
                    : PreSharedKey.none(primitives, answer.suite().prfHash());
            var secret = early.handshake(primitives, shared);
            var helloHash = end.transcript().hash();
            var client = secret.clientTraffic(primitives, helloHash);
            var server = secret.serverTraffic(primitives, helloHash);
            end.flight().disclose("CLIENT_HANDSHAKE_TRAFFIC_SECRET", client.bytes());
            end.flight().disclose("SERVER_HANDSHAKE_TRAFFIC_SECRET", server.bytes());
            var fromServer = hellos.protection(server);
            end.readUnder(fromServer);
            // Early data continues until the server has said whether it accepts it.
            if (!hellos.offered.announcesEarlyData()) {
                end.flight().protect(hellos.protection(client));
            }
            return new AwaitEncryptedExtensions(new Keyed(hellos, secret, client, server, fromServer));
        }
    }

    /** Awaits the EncryptedExtensions, which settle the rest. */
    private record AwaitEncryptedExtensions(Keyed keyed) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.ENCRYPTED_EXTENSIONS;
        }

        @Override
        public int due() {
            return EncryptedExtensions.TYPE;
        }

        @Override
        public HandshakeParameters settled() {
            return hellos().settled();
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof EncryptedExtensions extensions)) {
                throw unexpected(message);
            }
            var hellos = keyed.hellos;
            var offered = hellos.offered;
            var resumed = hellos.answer.resumed();
            var taken = Tls13Answer.acceptsEarlyData(hellos.end.settings(), offered, resumed, extensions);
            var choice = extensions.extension(Extension.ALPN);
            var protocol = choice == null ? Optional.<String>empty() : Optional.of(choice.alpnChoice());
            if (taken && offered.resumption() instanceof OfTls13(var session, _)) {
                requireSame(session, protocol);
            }
            if (offered.announcesEarlyData() && !taken) {
                hellos.end.flight().protect(hellos.protection(keyed.client));
            }
            var earlyData = !offered.announcesEarlyData()
                    ? offered.earlyData()
                    : taken ? EarlyData.ACCEPTED : EarlyData.REJECTED;
            return resumed
                    ? new AwaitServerFinished(keyed,
                            hellos.settled(protocol, Optional.empty(), CertificateUse.NOT_ASKED, earlyData),
                            Optional.empty())
                    : new AwaitCertificate(keyed, protocol, earlyData, Optional.empty());
        }

        /** Checks that suite and protocol are the session's, as early data requires (RFC 8446, 4.2.10). */
        private void requireSame(Session.Tls13 session, Optional<String> protocol) throws Fault {
            if (suite() != session.suite()) {
                throw new Fault(Violation.EARLY_DATA_WITH_OTHER_SUITE, suite());
            }
            if (!protocol.equals(session.protocol())) {
                throw new Fault(Violation.EARLY_DATA_WITH_OTHER_PROTOCOL, protocol.orElse("no protocol"),
                        session.protocol().orElse("no protocol"));
            }
        }
    }

    /** The server's request for a certificate, with the signature schemes that it accepts. */
    private record RequestedCertificate(byte[] context, int[] schemes) {
        static RequestedCertificate of(Tls13Message.CertificateRequest message) throws Fault {
            if (message.context().length > 0) {
                throw new Fault(Violation.CERTIFICATE_REQUEST_WITH_CONTEXT);
            }
            Tls13Answer.checkRequest(message.extensions());
            var schemes = message.extension(Extension.SIGNATURE_ALGORITHMS);
            if (schemes == null) {
                throw new Fault(Violation.CERTIFICATE_REQUEST_WITHOUT_SCHEMES);
            }
            return new RequestedCertificate(message.context(), schemes.signatureSchemes());
        }
    }

    /** Awaits the Certificate; one CertificateRequest may come before it. */
    private record AwaitCertificate(Keyed keyed, Optional<String> protocol, EarlyData earlyData,
            Optional<RequestedCertificate> request) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public int due() {
            return Tls13Message.Certificate.TYPE;
        }

        @Override
        public HandshakeParameters settled() {
            return hellos().settled(protocol, Optional.empty(), CertificateUse.NOT_ASKED, earlyData);
        }

        @Override
        public Stage stageOf(int type) throws Fault {
            return type == Tls13Message.CertificateRequest.TYPE && request.isEmpty()
                    ? Stage.CERTIFICATE_REQUEST
                    : Awaits.super.stageOf(type);
        }

        @Override
        public ClientState on(Message message) throws Fault {
            return switch (message) {
                case Tls13Message.CertificateRequest first when request.isEmpty() ->
                    new AwaitCertificate(keyed, protocol, earlyData, Optional.of(RequestedCertificate.of(first)));
                case Tls13Message.Certificate certificate ->
                    new AwaitCertificateVerify(keyed, protocol, earlyData, request, identify(certificate));
                default -> throw unexpected(message);
            };
        }

        private ServerIdentity identify(Tls13Message.Certificate certificate) throws Fault {
            if (certificate.context().length > 0) {
                throw new Fault(Violation.CERTIFICATE_WITH_CONTEXT);
            }
            if (certificate.entries().isEmpty()) {
                throw new Fault(Violation.CERTIFICATE_EMPTY);
            }
            for (var entry : certificate.entries()) {
                if (!entry.extensions().isEmpty()) {
                    throw new Fault(Violation.CERTIFICATE_EXTENSION_NOT_OFFERED, entry.extensions().getFirst().type());
                }
            }
            var settings = hellos().end.settings();
            var server = hellos().end.memory().server(certificate.chain());
            if (server.mustVerify(settings.verify())) {
                server.verifyChain(Objects.requireNonNull(settings.trust()), "UNKNOWN");
            }
            return server;
        }
    }

    /** Awaits the CertificateVerify, which proves that the server has its certificate's key. */
    private record AwaitCertificateVerify(Keyed keyed, Optional<String> protocol, EarlyData earlyData,
            Optional<RequestedCertificate> request, ServerIdentity server) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public int due() {
            return CertificateVerify.TYPE;
        }

        @Override
        public HandshakeParameters settled() {
            return hellos().settled(protocol, Optional.of(server), CertificateUse.NOT_ASKED, earlyData);
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof CertificateVerify proof)) {
                throw unexpected(message);
            }
            var settings = hellos().end.settings();
            var scheme = SignatureScheme.of(proof.scheme());
            if (scheme == null || !scheme.isTls13() || !settings.details().signatureSchemes().contains(scheme)) {
                throw new Fault(Violation.SCHEME_NOT_OFFERED_FOR_TLS13, proof.scheme());
            }
            if (server.mustVerify(settings.verify())) {
                HandshakeSignature.requireCurve(scheme, server.key());
                HandshakeSignature.verify(scheme, server.key(), proof.signature(), HandshakeSignature
                        .content(HandshakeSignature.SERVER_CONTEXT, hellos().end.transcript().hashBeforeLast()));
                server.verified();
            }
            return new AwaitServerFinished(keyed, settled(), request);
        }
    }

    /** Awaits the server's Finished, which proves that it saw the same handshake. */
    private record AwaitServerFinished(Keyed keyed, HandshakeParameters settled,
            Optional<RequestedCertificate> request) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.SERVER_FINISHED;
        }

        @Override
        public int due() {
            return Finished.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof Finished finished)) {
                throw unexpected(message);
            }
            var hellos = keyed.hellos;
            var end = hellos.end;
            Tls12Answer.checkLength(finished, suite().prfHash().length());
            if (!keyed.server.verifies(end.primitives(), end.transcript().hashBeforeLast(), finished.verifyData())) {
                throw new Fault(Violation.FINISHED_WRONG);
            }
            end.reached(Progress.SERVER_FLIGHT_DONE);
            var postHandshake = new Tls13PostHandshake(end, settled, keyed.secret, end.transcript().hash());
            end.readUnder(RecordProtection.afterServerFinished(end.primitives(), postHandshake::fromServer,
                    keyed.fromServer));
            end.flight().changeCipherSpec();
            if (settled.earlyData() == EarlyData.ACCEPTED) {
                end.flight().write(new EndOfEarlyData());
                end.flight().protect(hellos.protection(keyed.client));
            }
            return new MakeFinished(keyed,
                    request.isPresent() ? settled.with(writeCertificate(request.get())) : settled, postHandshake);
        }

        private CertificateUse writeCertificate(RequestedCertificate requested) {
            var end = hellos().end;
            var flight = end.flight();
            var identity = end.settings().identity();
            var scheme = identity == null ? null : identity.choose(requested.schemes, true);
            if (identity == null || scheme == null) {
                // An empty chain says that the client has no certificate that the server accepts (RFC 8446, 4.4.2).
                flight.write(new Tls13Message.Certificate(requested.context, List.of()));
                return CertificateUse.NONE_FITS;
            }
            flight.write(new Tls13Message.Certificate(requested.context, identity.chain().stream()
                    .map(certificate -> new Tls13Message.Certificate.Entry(certificate, List.of())).toList()));
            flight.write(new CertificateVerify(scheme.id(), identity.sign(scheme, HandshakeSignature
                    .content(HandshakeSignature.CLIENT_CONTEXT, end.transcript().hash()))));
            return CertificateUse.SHOWN;
        }
    }

    /** Makes the client's Finished, which ends its second flight. */
    private record MakeFinished(Keyed keyed, HandshakeParameters settled, Tls13PostHandshake postHandshake)
            implements
                Making,
                AfterHellos {
        @Override
        public Hellos hellos() {
            return keyed.hellos;
        }

        @Override
        public Stage stage() {
            return Stage.SERVER_FINISHED;
        }

        @Override
        public ClientState make() {
            var end = hellos().end;
            end.flight().write(new Finished(keyed.client.finished(end.primitives(), end.transcript().hash())));
            end.flight().protect(new RecordProtection.Deferred(postHandshake::fromClient));
            postHandshake.disclose();
            end.flight().send(Progress.FINISHED);
            return new Done(settled, postHandshake);
        }
    }
}
