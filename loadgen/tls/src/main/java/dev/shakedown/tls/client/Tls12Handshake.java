package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.Awaiting;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Making;
import dev.shakedown.tls.client.Tls12Hellos.Proof;
import dev.shakedown.tls.client.Tls12Hellos.Secrets;
import dev.shakedown.tls.crypto.DiffieHellman;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Violation;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.DHParameterSpec;

/**
 * The handshake of TLS 1.2 and the versions before it behind the ServerHello, state by state in wire order (RFC 5246, 7.3;
 * RFC 4346; RFC 2246; RFC 6101). They differ in PRF, transcript, signatures and record protection only.
 *
 * <pre>
 * full:    ServerHello Certificate ServerKeyExchange? CertificateRequest? ServerHelloDone
 *          NewSessionTicket? ChangeCipherSpec Finished
 * resumed: ServerHello NewSessionTicket? ChangeCipherSpec Finished
 * </pre>
 */
final class Tls12Handshake {
    private Tls12Handshake() {}

    /** Behind the ServerHello something is settled. */
    private interface Awaits extends Awaiting {
        Agreed settled();

        @Override
        default Optional<Agreed> agreed() {
            return Optional.of(settled());
        }

        @Override
        default boolean ignoresHelloRequests() {
            return true;
        }
    }

    /** The server has answered {@code offered} with this version. */
    static ClientState begin(Endpoint end, Offered offered, EarlyData earlyData, ProtocolVersion version,
            ServerHello hello) throws Fault {
        var session = offered.tls12Session();
        var answer = Tls12Answer.of(end.settings(), version, offered.hello(), session, hello);
        end.transcript().begin(answer.prfHash());
        end.flight().unprotect(version);
        var hellos = new Tls12Hellos(end, offered.hello(), hello, answer);
        var settled = Agreed.of(version, answer.suite(), answer.compression(), answer.resumed(),
                Optional.ofNullable(answer.protocol()), Exchanged.WITHOUT_GROUP, earlyData);
        end.reached(Progress.SERVER_HELLO);
        return answer.resumed()
                ? awaitChange(hellos, settled, hellos.secrets(session.master()))
                : new AwaitCertificate(hellos, settled);
    }

    /** The server did not take up a session. */
    private record AwaitCertificate(Tls12Hellos hellos, Agreed settled) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public int due() {
            return Certificate.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof Certificate certificate)) {
                throw unexpected(message);
            }
            var server = hellos.met(certificate);
            var known = settled.with(server);
            return hellos.answer().suite().keyExchange() == KeyExchange.RSA
                    ? new AwaitServerHelloDone(hellos, known, new Certified(server), Optional.empty())
                    : new AwaitServerKeyExchange(hellos, known, server);
        }

    }

    /** From what the premaster secret comes. */
    private sealed interface Source {}

    /** From the client, encrypted to the key of the server's certificate. */
    private record Certified(ServerIdentity server) implements Source {}

    /** From both sides; {@code publicValue} is the client's half. */
    private record Ephemeral(byte[] publicValue, PremasterSecret secret) implements Source {}

    /** Only for ephemeral key exchange. */
    private record AwaitServerKeyExchange(Tls12Hellos hellos, Agreed settled, ServerIdentity server) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.SERVER_KEY_EXCHANGE;
        }

        @Override
        public int due() {
            return ServerKeyExchange.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            return switch (message) {
                case ServerKeyExchange.Ecdhe onCurve -> {
                    var group = NamedGroup.of(onCurve.group());
                    if (group == null || !hellos.end().settings().groups().contains(group)) {
                        throw new Fault(Violation.GROUP_NOT_OFFERED, group == null ? onCurve.group() : group.label());
                    }
                    hellos.verify(server, onCurve);
                    var share = hellos.end().memory().keyShare(group);
                    yield new AwaitServerHelloDone(hellos, settled.with(new Exchanged.InGroup(share, onCurve.point())),
                            new Ephemeral(share.publicValue(), share.agree(onCurve.point())), Optional.empty());
                }
                case ServerKeyExchange.Dhe ofNumbers -> {
                    var group = DiffieHellman.group(ofNumbers.prime(), ofNumbers.generator());
                    hellos.verify(server, ofNumbers);
                    yield new MakeKeyInNumbers(hellos,
                            settled.with(new Exchanged.InNumbers(group.getP().bitLength())), group,
                            ofNumbers.publicValue());
                }
                default -> throw unexpected(message);
            };
        }

    }

    /** The client's key pair in a group of the server's, in which perhaps none can be made. */
    private record MakeKeyInNumbers(Tls12Hellos hellos, Agreed settled, DHParameterSpec group, byte[] serverValue)
            implements
                Making {
        @Override
        public Stage stage() {
            return Stage.CLIENT_KEY_EXCHANGE;
        }

        @Override
        public ClientState make() throws Fault {
            return new MakeSecretInNumbers(hellos, settled, hellos.end().memory().keyShare(group), serverValue);
        }
    }

    /** The secret that follows from that and the server's public value. */
    private record MakeSecretInNumbers(Tls12Hellos hellos, Agreed settled, DiffieHellman pair, byte[] serverValue)
            implements
                Making {
        @Override
        public Stage stage() {
            return Stage.SERVER_KEY_EXCHANGE;
        }

        @Override
        public ClientState make() throws Fault {
            return new AwaitServerHelloDone(hellos, settled, new Ephemeral(pair.publicValue(), pair.agree(serverValue)),
                    Optional.empty());
        }
    }

    /** A CertificateRequest may come before it, once. */
    private record AwaitServerHelloDone(Tls12Hellos hellos, Agreed settled, Source source,
            Optional<CertificateRequest> request) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.SERVER_HELLO_DONE;
        }

        @Override
        public int due() {
            return ServerHelloDone.TYPE;
        }

        @Override
        public Optional<Stage> stageOf(int type) {
            return type == CertificateRequest.TYPE && request.isEmpty()
                    ? Stage.CERTIFICATE_REQUEST.here()
                    : Awaits.super.stageOf(type);
        }

        @Override
        public ClientState on(Message message) throws Fault {
            return switch (message) {
                case CertificateRequest first when request.isEmpty() ->
                    new AwaitServerHelloDone(hellos, settled, source, Optional.of(first));
                case ServerHelloDone _ -> {
                    hellos.end().requireEndOfFlight(true);
                    hellos.end().reached(Progress.SERVER_FLIGHT_DONE);
                    yield request.isPresent()
                            ? new MakeCertificate(hellos, settled, source, request.get())
                            : new MakeKeyExchange(hellos, settled, source, Optional.empty());
                }
                default -> throw unexpected(message);
            };
        }
    }

    /** A certificate that the server takes, or an empty chain, which says that there is none (RFC 5246, 7.4.6). */
    private record MakeCertificate(Tls12Hellos hellos, Agreed settled, Source source, CertificateRequest request)
            implements
                Making {
        @Override
        public Stage stage() {
            return Stage.CLIENT_KEY_EXCHANGE;
        }

        @Override
        public ClientState make() {
            var identity = Optional.ofNullable(hellos.end().settings().identity());
            var proof = identity.flatMap(ours -> hellos.proof(ours, request));
            if (proof.isEmpty() && hellos.answer().version() == ProtocolVersion.SSL_3_0) {
                // RFC 6101, 5.6.6
                hellos.end().flight().writeWarning(AlertDescription.NO_CERTIFICATE);
            } else {
                hellos.end().flight().write(new Certificate(proof.isEmpty() ? List.of() : identity.get().chain()));
            }
            return new MakeKeyExchange(hellos,
                    settled.with(proof.isEmpty() ? CertificateUse.NONE_FITS : CertificateUse.SHOWN), source, proof);
        }

    }

    /** The client's second flight: ClientKeyExchange, CertificateVerify, ChangeCipherSpec, Finished. */
    private record MakeKeyExchange(Tls12Hellos hellos, Agreed settled, Source source, Optional<Proof> proof)
            implements
                Making {
        @Override
        public Stage stage() {
            return Stage.CLIENT_KEY_EXCHANGE;
        }

        @Override
        public ClientState make() throws Fault {
            var flight = hellos.end().flight();
            var transcript = hellos.end().transcript();
            var secrets = hellos.secrets(hellos.master(writeKeyExchange()));
            if (proof.isPresent()) {
                flight.write(proof.get().over(transcript.messages(), secrets.master()));
            }
            hellos.writeFinished(secrets, transcript.hash());
            flight.send(Progress.KEY_EXCHANGE_SENT);
            return awaitChange(hellos, settled, secrets);
        }

        private PremasterSecret writeKeyExchange() throws Fault {
            return switch (source) {
                case Ephemeral both -> {
                    write(both.publicValue);
                    yield both.secret;
                }
                case Certified(var server) -> {
                    var end = hellos.end();
                    var encrypted = server.premaster(end.settings().premaster(), hellos.sent().version(),
                            end.memory().secretRandom(), end.primitives());
                    write(encrypted.bytes());
                    yield encrypted.premaster();
                }
            };
        }

        private void write(byte[] value) {
            hellos.end().flight().write(new ClientKeyExchange(hellos.answer().suite().keyExchange(), value,
                    hellos.answer().version()));
        }
    }

    private static ClientState awaitChange(Tls12Hellos hellos, Agreed settled, Secrets secrets) {
        return hellos.answer().ticketPromised()
                ? new AwaitNewSessionTicket(hellos, settled, secrets)
                : new AwaitChangeCipherSpec(hellos, settled, secrets, Optional.empty());
    }

    /** The server promised a ticket in its hello, so it must send one before it changes keys (RFC 5077, 3.3). */
    private record AwaitNewSessionTicket(Tls12Hellos hellos, Agreed settled, Secrets secrets) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.CHANGE_CIPHER_SPEC;
        }

        @Override
        public int due() {
            return NewSessionTicket.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof NewSessionTicket ticket)) {
                throw unexpected(message);
            }
            return new AwaitChangeCipherSpec(hellos, settled, secrets, Optional.of(ticket));
        }
    }

    /** The server is about to change keys. */
    private record AwaitChangeCipherSpec(Tls12Hellos hellos, Agreed settled, Secrets secrets,
            Optional<NewSessionTicket> ticket) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.CHANGE_CIPHER_SPEC;
        }

        /** No message of the handshake. */
        @Override
        public int due() {
            return -1;
        }

        @Override
        public String awaited() {
            return "ChangeCipherSpec";
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof Message.ChangeCipherSpec)) {
                throw unexpected(message);
            }
            hellos.end().readUnder(hellos.protection(secrets.keys().server()));
            return new AwaitServerFinished(hellos, settled, secrets, ticket);
        }
    }

    /** The server proves that it saw the same handshake. */
    private record AwaitServerFinished(Tls12Hellos hellos, Agreed settled, Secrets secrets,
            Optional<NewSessionTicket> ticket) implements Awaits {
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
            var end = hellos.end();
            hellos.verify(finished, secrets.master());
            end.requireEndOfFlight(true);
            keepSession();
            if (hellos.answer().resumed()) {
                end.reached(Progress.SERVER_FLIGHT_DONE);
                hellos.writeFinished(secrets, end.transcript().lastHash());
                end.flight().send(Progress.FINISHED);
            } else {
                end.reached(Progress.FINISHED);
            }
            return new Done(settled, ClientState.Afterwards.NOTHING);
        }

        private void keepSession() {
            var end = hellos.end();
            var answer = hellos.answer();
            // A ticket goes before the session ID, even where it is of no use (RFC 5077, 3.4).
            var fresh = ticket.filter(given -> given.ticket().length > 0);
            var id = hellos.received().sessionId();
            if (fresh.isPresent() && !end.memory().offer().canCarry(fresh.get().ticket().length)) {
                end.unusable(UnusableTicket.TOO_LARGE);
                return;
            }
            if (fresh.isEmpty() && (answer.resumed() || id.length == 0)) {
                return;
            }
            // RFC 5246, F.1.4 advises a day at most; the server's hint goes first where it gives one.
            var lifetimeSeconds = fresh.map(NewSessionTicket::lifetimeSeconds).filter(hint -> hint > 0).orElse(86_400L);
            end.gained(new Session.Tls12(id, fresh.map(NewSessionTicket::ticket).orElse(null), answer.version(),
                    answer.suite(), secrets.master(), answer.extendedMasterSecret(),
                    end.nowNanos() + lifetimeSeconds * 1_000_000_000L));
        }
    }
}
