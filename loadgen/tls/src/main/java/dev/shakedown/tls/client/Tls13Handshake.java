package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.Awaiting;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Making;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.KeySchedule.HandshakeSecret;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.RecordProtection;
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
import java.util.Optional;

/**
 * The handshake of TLS 1.3 behind the ServerHello, state by state in wire order (RFC 8446, 2).
 *
 * <pre>
 * full:    ServerHello EncryptedExtensions CertificateRequest? Certificate CertificateVerify Finished
 * resumed: ServerHello EncryptedExtensions Finished
 * </pre>
 */
final class Tls13Handshake {
    private Tls13Handshake() {}

    /** What the hellos settle. */
    private record Hellos(Endpoint end, Offered offered, Tls13Answer answer) {
        RecordProtection protection(TrafficSecret traffic) {
            return RecordProtection.withInnerType(end.primitives(), answer.suite(),
                    traffic.keys(end.primitives(), answer.suite().bulk()));
        }
    }

    /** @param fromServer how the server's records are protected under its handshake keys */
    private record Keys(HandshakeSecret secret, TrafficSecret client, TrafficSecret server,
            RecordProtection fromServer) {}

    /** Behind the ServerHello something is settled. */
    private interface Awaits extends Awaiting {
        Agreed settled();

        @Override
        default Optional<Agreed> agreed() {
            return Optional.of(settled());
        }

        @Override
        default boolean ignoresHelloRequests() {
            return false;
        }
    }

    /**
     * The server has answered {@code offered} with TLS 1.3.
     *
     * @param retry what it has asked for before
     */
    static ClientState begin(Endpoint end, Offered offered, Optional<RetryRequest> retry, EarlyData earlyData,
            ServerHello hello) throws Fault {
        var answer = Tls13Answer.of(end.settings(), offered, retry.orElse(null), hello);
        if (retry.isEmpty()) {
            end.transcript().begin(answer.suite().prfHash());
        }
        var exchanged = answer.serverShare() == null
                ? Exchanged.WITHOUT_GROUP
                : new Exchanged.InGroup(offered.share(), answer.serverShare());
        var settled = Agreed.of(ProtocolVersion.TLS_1_3, answer.suite(), Compression.NULL, answer.resumed(),
                Optional.empty(), exchanged, earlyData);
        end.reached(Progress.SERVER_HELLO);
        return new MakeHandshakeKeys(new Hellos(end, offered, answer), settled,
                retry.isPresent() ? Stage.HELLO_RETRY : Stage.SERVER_HELLO);
    }

    /** The keys that protect the rest of the handshake. */
    private record MakeHandshakeKeys(Hellos hellos, Agreed settled, Stage stage) implements Making {
        @Override
        public ClientState make() throws Fault {
            var end = hellos.end;
            var answer = hellos.answer;
            var primitives = end.primitives();
            var shared = answer.serverShare() == null ? null : hellos.offered.share().agree(answer.serverShare());
            var early = answer.resumed()
                    ? hellos.offered.early()
                    : PreSharedKey.none(primitives, answer.suite().prfHash());
            var secret = early.handshake(primitives, shared);
            var helloHash = end.transcript().hash();
            var client = secret.clientTraffic(primitives, helloHash);
            var server = secret.serverTraffic(primitives, helloHash);
            end.flight().disclose("CLIENT_HANDSHAKE_TRAFFIC_SECRET", client.bytes());
            end.flight().disclose("SERVER_HANDSHAKE_TRAFFIC_SECRET", server.bytes());
            var fromServer = hellos.protection(server);
            end.readUnder(fromServer);
            // Early data goes on until the server has said whether it takes it.
            if (!hellos.offered.earlyData()) {
                end.flight().protect(hellos.protection(client));
            }
            return new AwaitEncryptedExtensions(hellos, settled, new Keys(secret, client, server, fromServer));
        }
    }

    /** The rest of what both hellos settle. */
    private record AwaitEncryptedExtensions(Hellos hellos, Agreed settled, Keys keys) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.ENCRYPTED_EXTENSIONS;
        }

        @Override
        public int due() {
            return EncryptedExtensions.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof EncryptedExtensions extensions)) {
                throw unexpected(message);
            }
            var offered = hellos.offered;
            var resumed = hellos.answer.resumed();
            var taken = Tls13Answer.takesEarlyData(hellos.end.settings(), offered, resumed, extensions);
            var choice = extensions.extension(Extension.ALPN);
            var protocol = choice == null ? Optional.<String>empty() : Optional.of(choice.alpnChoice());
            if (taken) {
                requireSameSession(protocol);
            }
            if (offered.earlyData() && !taken) {
                hellos.end.flight().protect(hellos.protection(keys.client));
            }
            var known = settled.with(protocol, !offered.earlyData()
                    ? settled.earlyData()
                    : taken ? EarlyData.ACCEPTED : EarlyData.REJECTED);
            return resumed
                    ? new AwaitServerFinished(hellos, known, keys, Optional.empty())
                    : new AwaitCertificate(hellos, known, keys, Optional.empty());
        }

        /** RFC 8446, 4.2.10. */
        private void requireSameSession(Optional<String> protocol) throws Fault {
            var session = hellos.offered.tls13Session();
            if (hellos.answer.suite() != session.suite()) {
                throw new Fault(Violation.EARLY_DATA_WITH_OTHER_SUITE, hellos.answer.suite());
            }
            var before = Optional.ofNullable(session.protocol());
            if (!protocol.equals(before)) {
                throw new Fault(Violation.EARLY_DATA_WITH_OTHER_PROTOCOL, protocol.orElse("no protocol"),
                        before.orElse("no protocol"));
            }
        }
    }

    /** The server asks for a certificate, signed so. */
    private record Asked(byte[] context, int[] schemes) {
        static Asked of(Tls13Message.CertificateRequest message) throws Fault {
            if (message.context().length > 0) {
                throw new Fault(Violation.CERTIFICATE_REQUEST_WITH_CONTEXT);
            }
            Tls13Answer.checkRequest(message.extensions());
            var schemes = message.extension(Extension.SIGNATURE_ALGORITHMS);
            if (schemes == null) {
                throw new Fault(Violation.CERTIFICATE_REQUEST_WITHOUT_SCHEMES);
            }
            return new Asked(message.context(), schemes.signatureSchemes());
        }
    }

    /** A CertificateRequest may come before it, once. */
    private record AwaitCertificate(Hellos hellos, Agreed settled, Keys keys, Optional<Asked> request)
            implements
                Awaits {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public int due() {
            return Tls13Message.Certificate.TYPE;
        }

        @Override
        public Optional<Stage> stageOf(int type) {
            return type == Tls13Message.CertificateRequest.TYPE && request.isEmpty()
                    ? Stage.CERTIFICATE_REQUEST.here()
                    : Awaits.super.stageOf(type);
        }

        @Override
        public ClientState on(Message message) throws Fault {
            return switch (message) {
                case Tls13Message.CertificateRequest first when request.isEmpty() ->
                    new AwaitCertificate(hellos, settled, keys, Optional.of(Asked.of(first)));
                case Tls13Message.Certificate certificate -> {
                    var server = met(certificate);
                    yield new AwaitCertificateVerify(hellos, settled.with(server), keys, request, server);
                }
                default -> throw unexpected(message);
            };
        }

        private ServerIdentity met(Tls13Message.Certificate certificate) throws Fault {
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
            var settings = hellos.end.settings();
            var server = hellos.end.memory().server(certificate.chain());
            if (server.mustVerify(settings.verify())) {
                server.verifyChain(settings.trust(), "UNKNOWN");
            }
            return server;
        }
    }

    /** The server proves that it has its certificate's key. */
    private record AwaitCertificateVerify(Hellos hellos, Agreed settled, Keys keys, Optional<Asked> request,
            ServerIdentity server) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public int due() {
            return CertificateVerify.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof CertificateVerify proof)) {
                throw unexpected(message);
            }
            var settings = hellos.end.settings();
            var scheme = SignatureScheme.of(proof.scheme());
            if (scheme == null || !scheme.isTls13() || !settings.details().signatureSchemes().contains(scheme)) {
                throw new Fault(Violation.SCHEME_NOT_OFFERED_FOR_TLS13, proof.scheme());
            }
            if (server.mustVerify(settings.verify())) {
                HandshakeSignature.requireCurve(scheme, server.key());
                HandshakeSignature.verify(scheme, server.key(), proof.signature(), HandshakeSignature
                        .content(HandshakeSignature.SERVER_CONTEXT, hellos.end.transcript().hashBeforeLast()));
                server.verified();
            }
            return new AwaitServerFinished(hellos, settled, keys, request);
        }
    }

    /** The server proves that it saw the same handshake. */
    private record AwaitServerFinished(Hellos hellos, Agreed settled, Keys keys, Optional<Asked> request)
            implements
                Awaits {
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
            var end = hellos.end;
            Tls12Answer.checkLength(finished, hellos.answer.suite().prfHash().length());
            if (!keys.server.verifies(end.primitives(), end.transcript().hashBeforeLast(), finished.verifyData())) {
                throw new Fault(Violation.FINISHED_WRONG);
            }
            end.reached(Progress.SERVER_FLIGHT_DONE);
            var afterwards = new Tls13Afterwards(end, hellos.answer.suite(), settled.protocol().orElse(null),
                    keys.secret, end.transcript().hash());
            end.readUnder(RecordProtection.behindFinished(end.primitives(), afterwards::fromServer, keys.fromServer));
            end.flight().changeCipherSpec();
            if (settled.earlyData() == EarlyData.ACCEPTED) {
                end.flight().write(new EndOfEarlyData());
                end.flight().protect(hellos.protection(keys.client));
            }
            return new MakeFinished(hellos,
                    request.isPresent() ? settled.with(writeCertificate(request.get())) : settled, keys, afterwards);
        }

        private CertificateUse writeCertificate(Asked asked) {
            var flight = hellos.end.flight();
            var identity = hellos.end.settings().identity();
            var scheme = identity == null ? null : identity.choose(asked.schemes, true);
            if (scheme == null) {
                // We have none that the server would take, which a client says with an empty chain (RFC 8446, 4.4.2).
                flight.write(new Tls13Message.Certificate(asked.context, List.of()));
                return CertificateUse.NONE_FITS;
            }
            flight.write(new Tls13Message.Certificate(asked.context, identity.chain().stream()
                    .map(certificate -> new Tls13Message.Certificate.Entry(certificate, List.of())).toList()));
            flight.write(new CertificateVerify(scheme.id(), identity.sign(scheme, HandshakeSignature
                    .content(HandshakeSignature.CLIENT_CONTEXT, hellos.end.transcript().hash()))));
            return CertificateUse.SHOWN;
        }
    }

    /** The client's Finished, which ends its second flight. */
    private record MakeFinished(Hellos hellos, Agreed settled, Keys keys, Tls13Afterwards afterwards)
            implements
                Making {
        @Override
        public Stage stage() {
            return Stage.SERVER_FINISHED;
        }

        @Override
        public ClientState make() {
            var end = hellos.end;
            end.flight().write(new Finished(keys.client.finished(end.primitives(), end.transcript().hash())));
            end.flight().protect(new RecordProtection.Deferred(afterwards::fromClient));
            afterwards.disclose();
            end.flight().send(Progress.FINISHED);
            return new Done(settled, afterwards);
        }
    }
}
