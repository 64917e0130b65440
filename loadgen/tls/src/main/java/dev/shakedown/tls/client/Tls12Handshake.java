package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.Answered;
import dev.shakedown.tls.client.ClientState.Awaiting;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Making;
import dev.shakedown.tls.client.Offered.OfTls12;
import dev.shakedown.tls.client.Tls12Hellos.Proof;
import dev.shakedown.tls.crypto.DiffieHellman;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
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
 * The handshake after the ServerHello in TLS 1.2 and older versions, state by state in wire order (RFC 5246, 7.3; RFC
 * 4346; RFC 2246; RFC 6101). The versions differ only in PRF, transcript, signatures and record protection.
 *
 * <pre>
 * full:    ServerHello Certificate ServerKeyExchange? CertificateRequest? ServerHelloDone
 *          NewSessionTicket? ChangeCipherSpec Finished
 * resumed: ServerHello NewSessionTicket? ChangeCipherSpec Finished
 * </pre>
 */
final class Tls12Handshake {
    private Tls12Handshake() {}

    /** A state after the hellos, which settle version and suite. */
    private interface AfterHellos extends Answered {
        Tls12Hellos hellos();

        @Override
        default ProtocolVersion version() {
            return hellos().answer().version();
        }

        @Override
        default CipherSuite suite() {
            return hellos().answer().suite();
        }
    }

    private interface Awaits extends Awaiting, AfterHellos {
        @Override
        default boolean ignoresHelloRequests() {
            return true;
        }
    }

    private interface Makes extends Making, AfterHellos {
        @Override
        default Stage stage() {
            return Stage.CLIENT_KEY_EXCHANGE;
        }
    }

    /** Returns the first state after the server has answered {@code offered} with this version. */
    static ClientState begin(Endpoint end, Offered offered, ProtocolVersion version, ServerHello hello) throws Fault {
        var answer = Tls12Answer.of(end.settings(), version, offered, hello);
        end.transcript().begin(answer.dialect());
        end.flight().unprotect(version);
        var hellos = new Tls12Hellos(end, offered.hello(), hello, answer);
        end.reached(Progress.SERVER_HELLO);
        if (answer.resumed() && offered.resumption() instanceof OfTls12(var session)) {
            var settled = hellos.settled(KeyExchangeResult.WithoutGroup.ALL, Optional.empty(),
                    CertificateUse.NOT_ASKED);
            return Keyed.of(hellos, settled, session.master()).awaitChange();
        }
        return new AwaitCertificate(hellos);
    }

    /** Awaits the Certificate, since the server did not resume a session. */
    private record AwaitCertificate(Tls12Hellos hellos) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public int due() {
            return Certificate.TYPE;
        }

        @Override
        public HandshakeParameters settled() {
            return hellos.settled(KeyExchangeResult.WithoutGroup.ALL, Optional.empty(), CertificateUse.NOT_ASKED);
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof Certificate certificate)) {
                throw unexpected(message);
            }
            var server = hellos.identify(certificate);
            return suite().keyExchange() == KeyExchange.RSA
                    ? new AwaitServerHelloDone(hellos, new PremasterSource.Certified(server), Optional.empty())
                    : new AwaitServerKeyExchange(hellos, server);
        }
    }

    /** Awaits the ServerKeyExchange, which only ephemeral key exchange has. */
    private record AwaitServerKeyExchange(Tls12Hellos hellos, ServerIdentity server) implements Awaits {
        @Override
        public Stage stage() {
            return Stage.SERVER_KEY_EXCHANGE;
        }

        @Override
        public int due() {
            return ServerKeyExchange.TYPE;
        }

        @Override
        public HandshakeParameters settled() {
            return hellos.settled(KeyExchangeResult.WithoutGroup.ALL, Optional.of(server), CertificateUse.NOT_ASKED);
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
                    yield new AwaitServerHelloDone(hellos,
                            new PremasterSource.Ephemeral(server, new KeyExchangeResult.InGroup(share, onCurve.point()),
                                    share.publicValue(),
                                    share.agree(onCurve.point())),
                            Optional.empty());
                }
                case ServerKeyExchange.Dhe finiteField -> {
                    var group = DiffieHellman.group(finiteField.prime(), finiteField.generator());
                    hellos.verify(server, finiteField);
                    yield new MakeFiniteFieldKey(hellos, server, group, finiteField.publicValue());
                }
                default -> throw unexpected(message);
            };
        }
    }

    /** Makes the client's key pair in the server's finite-field group, which may not be possible. */
    private record MakeFiniteFieldKey(Tls12Hellos hellos, ServerIdentity server, DHParameterSpec group,
            byte[] serverValue) implements Makes {
        @Override
        public HandshakeParameters settled() {
            return hellos.settled(keyExchange(), Optional.of(server), CertificateUse.NOT_ASKED);
        }

        @Override
        public ClientState make() throws Fault {
            return new MakeFiniteFieldSecret(hellos, server, keyExchange(), hellos.end().memory().keyShare(group),
                    serverValue);
        }

        private KeyExchangeResult keyExchange() {
            return new KeyExchangeResult.InFiniteField(group.getP().bitLength());
        }
    }

    /** Makes the shared secret from that pair and the server's public value. */
    private record MakeFiniteFieldSecret(Tls12Hellos hellos, ServerIdentity server, KeyExchangeResult keyExchange,
            DiffieHellman pair, byte[] serverValue) implements Makes {
        @Override
        public Stage stage() {
            return Stage.SERVER_KEY_EXCHANGE;
        }

        @Override
        public HandshakeParameters settled() {
            return hellos.settled(keyExchange, Optional.of(server), CertificateUse.NOT_ASKED);
        }

        @Override
        public ClientState make() throws Fault {
            return new AwaitServerHelloDone(hellos,
                    new PremasterSource.Ephemeral(server, keyExchange, pair.publicValue(), pair.agree(serverValue)),
                    Optional.empty());
        }
    }

    /** Awaits the ServerHelloDone; one CertificateRequest may come before it. */
    private record AwaitServerHelloDone(Tls12Hellos hellos, PremasterSource source,
            Optional<CertificateRequest> request)
            implements
                Awaits {
        @Override
        public Stage stage() {
            return Stage.SERVER_HELLO_DONE;
        }

        @Override
        public int due() {
            return ServerHelloDone.TYPE;
        }

        @Override
        public Stage stageOf(int type) throws Fault {
            return type == CertificateRequest.TYPE && request.isEmpty()
                    ? Stage.CERTIFICATE_REQUEST
                    : Awaits.super.stageOf(type);
        }

        @Override
        public HandshakeParameters settled() {
            return source.settled(hellos, CertificateUse.NOT_ASKED);
        }

        @Override
        public ClientState on(Message message) throws Fault {
            return switch (message) {
                case CertificateRequest first when request.isEmpty() ->
                    new AwaitServerHelloDone(hellos, source, Optional.of(first));
                case ServerHelloDone _ -> {
                    hellos.end().requireEndOfFlight(true);
                    hellos.end().reached(Progress.SERVER_FLIGHT_DONE);
                    yield request.isPresent()
                            ? new MakeCertificate(hellos, source, request.get())
                            : new MakeKeyExchange(hellos, source, CertificateUse.NOT_ASKED, Optional.empty());
                }
                default -> throw unexpected(message);
            };
        }
    }

    /** Makes the Certificate: a chain that the server accepts, or an empty one if there is none (RFC 5246, 7.4.6). */
    private record MakeCertificate(Tls12Hellos hellos, PremasterSource source,
            CertificateRequest request) implements Makes {
        @Override
        public HandshakeParameters settled() {
            return source.settled(hellos, CertificateUse.NOT_ASKED);
        }

        @Override
        public ClientState make() {
            var identity = Optional.ofNullable(hellos.end().settings().identity());
            var proof = identity.flatMap(ours -> hellos.proof(ours, request));
            if (proof.isEmpty() && version() == ProtocolVersion.SSL_3_0) {
                // RFC 6101, 5.6.6
                hellos.end().flight().writeWarning(AlertDescription.NO_CERTIFICATE);
            } else {
                hellos.end().flight().write(new Certificate(proof.isEmpty() ? List.of() : identity.get().chain()));
            }
            return new MakeKeyExchange(hellos, source,
                    proof.isEmpty() ? CertificateUse.NONE_FITS : CertificateUse.SHOWN, proof);
        }
    }

    /**
     * Makes the rest of the client's second flight: ClientKeyExchange, CertificateVerify, ChangeCipherSpec, Finished.
     */
    private record MakeKeyExchange(Tls12Hellos hellos, PremasterSource source, CertificateUse use,
            Optional<Proof> proof)
            implements
                Makes {
        @Override
        public HandshakeParameters settled() {
            return source.settled(hellos, use);
        }

        @Override
        public ClientState make() throws Fault {
            var flight = hellos.end().flight();
            var transcript = hellos.end().transcript();
            var keyed = Keyed.of(hellos, settled(), hellos.master(source.writeKeyExchange(hellos)));
            if (proof.isPresent()) {
                flight.write(proof.get().over(transcript.messages(), keyed.master));
            }
            hellos.writeFinished(keyed.master, keyed.keys, transcript.hash());
            flight.send(Progress.KEY_EXCHANGE_SENT);
            return keyed.awaitChange();
        }
    }

    /** What is known once both sides have the master secret and the connection's keys. */
    private record Keyed(Tls12Hellos hellos, HandshakeParameters settled, MasterSecret master, KeyBlock keys) {
        static Keyed of(Tls12Hellos hellos, HandshakeParameters settled, MasterSecret master) {
            return new Keyed(hellos, settled, master, hellos.keys(master));
        }

        ClientState awaitChange() {
            return hellos.answer().ticketPromised()
                    ? new AwaitNewSessionTicket(this)
                    : new AwaitChangeCipherSpec(this, Optional.empty());
        }
    }

    private interface AwaitsKeyed extends Awaits {
        Keyed keyed();

        @Override
        default Tls12Hellos hellos() {
            return keyed().hellos;
        }

        @Override
        default HandshakeParameters settled() {
            return keyed().settled;
        }
    }

    /**
     * Awaits the NewSessionTicket, which the server promised in its hello and must send before it changes keys (RFC
     * 5077, 3.3).
     */
    private record AwaitNewSessionTicket(Keyed keyed) implements AwaitsKeyed {
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
            return new AwaitChangeCipherSpec(keyed, Optional.of(ticket));
        }
    }

    /** Awaits the server's ChangeCipherSpec. */
    private record AwaitChangeCipherSpec(Keyed keyed, Optional<NewSessionTicket> ticket) implements AwaitsKeyed {
        @Override
        public Stage stage() {
            return Stage.CHANGE_CIPHER_SPEC;
        }

        /** Returns -1, since ChangeCipherSpec is not a handshake message. */
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
            hellos().end().readUnder(hellos().protection(keyed.keys.server()));
            return new AwaitServerFinished(keyed, ticket);
        }
    }

    /** Awaits the server's Finished, which proves that it saw the same handshake. */
    private record AwaitServerFinished(Keyed keyed, Optional<NewSessionTicket> ticket) implements AwaitsKeyed {
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
            var end = hellos().end();
            hellos().verify(finished, keyed.master);
            end.requireEndOfFlight(true);
            hellos().keepSession(ticket, keyed.master);
            if (settled().resumed()) {
                end.reached(Progress.SERVER_FLIGHT_DONE);
                hellos().writeFinished(keyed.master, keyed.keys, end.transcript().lastHash());
                end.flight().send(Progress.FINISHED);
            } else {
                end.reached(Progress.FINISHED);
            }
            return new Done(settled(), ClientState.PostHandshake.NOTHING);
        }
    }
}
