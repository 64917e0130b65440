package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.ClientIdentity;
import dev.shakedown.tls.crypto.DiffieHellman;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
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
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.DHParameterSpec;

/**
 * The verbs of TLS 1.2 and the versions before it, in wire order (RFC 5246, 7.3; RFC 4346; RFC 2246; RFC 6101). They differ
 * in PRF, transcript, signatures and record protection only.
 */
final class Tls12Handshake implements VersionedHandshake {
    private final ClientHandshake connection;
    private final ClientMemory memory;
    private final Transcript transcript;
    private final Flight flight;
    private final ClientHello clientHello;
    private final ServerHello serverHello;
    private final Session.Tls12 offered;
    private final Tls12Answer agreed;

    private ServerIdentity server;
    private CertificateUse certificateUse = CertificateUse.NOT_ASKED;
    private KeyShare share;
    private DHParameterSpec numbers;
    private byte[] serverPoint;
    private byte[] publicValue;
    private PremasterSecret agreedSecret;
    private MasterSecret master;
    private KeyBlock keys;
    private NewSessionTicket ticket;

    /** @param offered the session that the ClientHello offered, or {@code null} */
    Tls12Handshake(ClientHandshake connection, ClientMemory memory, Transcript transcript, Flight flight,
            ClientHello clientHello, ServerHello serverHello, Session.Tls12 offered, Tls12Answer agreed) {
        this.connection = connection;
        this.memory = memory;
        this.transcript = transcript;
        this.flight = flight;
        this.clientHello = clientHello;
        this.serverHello = serverHello;
        this.offered = offered;
        this.agreed = agreed;
    }

    Tls12Answer agreed() {
        return agreed;
    }

    @Override
    public ProtocolVersion version() {
        return agreed.version();
    }

    @Override
    public CipherSuite suite() {
        return agreed.suite();
    }

    @Override
    public NamedGroup group() {
        return share == null ? null : share.group();
    }

    @Override
    public String groupLabel() {
        return numbers == null ? VersionedHandshake.super.groupLabel() : "dh" + numbers.getP().bitLength();
    }

    @Override
    public Compression compression() {
        return agreed.compression();
    }

    @Override
    public boolean resumed() {
        return agreed.resumed();
    }

    @Override
    public String protocol() {
        return agreed.protocol();
    }

    @Override
    public CertificateUse certificateUse() {
        return certificateUse;
    }

    @Override
    public ServerIdentity server() {
        return server;
    }

    void deriveResumedKeys() {
        master = offered.master();
        flight.disclose("CLIENT_RANDOM", master.bytes());
        deriveKeys();
    }

    void meetServer(Certificate certificate) throws Fault {
        if (certificate.chain().isEmpty()) {
            throw new Fault(Violation.CERTIFICATE_EMPTY);
        }
        var settings = memory.settings();
        server = memory.server(certificate.chain());
        if (agreed.suite().keyExchange() == CipherSuite.KeyExchange.RSA) {
            server.requireRsaKey();
        }
        if (agreed.suite().isEcdsa()) {
            requireOfferedCurve();
        }
        if (!server.mustVerify(settings.verify())) {
            return;
        }
        var suite = agreed.suite();
        server.verifyChain(settings.trust(), switch (suite.keyExchange()) {
            case RSA -> "RSA";
            case ECDHE -> suite.isEcdsa() ? "ECDHE_ECDSA" : "ECDHE_RSA";
            case DHE -> "DHE_RSA";
        });
        if (suite.keyExchange() == CipherSuite.KeyExchange.RSA) {
            server.verified();
        }
    }

    /** RFC 8422, 5.1: supported_groups holds for the certificate's key as well. */
    private void requireOfferedCurve() throws Fault {
        var curve = server.curve();
        if (curve.isPresent() && !memory.settings().offersGroup(curve.getAsInt())) {
            var group = NamedGroup.of(curve.getAsInt());
            throw new Fault(Violation.CERTIFICATE_CURVE_NOT_OFFERED, group == null ? "a curve" : group.label());
        }
    }

    void takeServerKey(ServerKeyExchange keyExchange) throws Fault {
        switch (keyExchange) {
            case ServerKeyExchange.Ecdhe onCurve -> {
                var group = NamedGroup.of(onCurve.group());
                if (group == null || !memory.settings().groups().contains(group)) {
                    throw new Fault(Violation.GROUP_NOT_OFFERED, group == null ? onCurve.group() : group.label());
                }
                verify(keyExchange);
                share = memory.keyShare(group);
                publicValue = share.publicValue();
                serverPoint = onCurve.point();
                agreedSecret = share.agree(serverPoint);
            }
            case ServerKeyExchange.Dhe ofNumbers -> {
                numbers = DiffieHellman.group(ofNumbers.prime(), ofNumbers.generator());
                verify(keyExchange);
                connection.making(Stage.CLIENT_KEY_EXCHANGE);
                var pair = memory.keyShare(numbers);
                connection.making(null);
                publicValue = pair.publicValue();
                agreedSecret = pair.agree(ofNumbers.publicValue());
            }
        }
    }

    private void verify(ServerKeyExchange keyExchange) throws Fault {
        var settings = memory.settings();
        var scheme = SignatureScheme.of(keyExchange.scheme());
        if (isTls12() && (scheme == null || !settings.details().signatureSchemes().contains(scheme))) {
            throw new Fault(Violation.SCHEME_NOT_OFFERED, keyExchange.scheme());
        }
        if (isTls12() && scheme.isRsa() == agreed.suite().isEcdsa()) {
            // RFC 5246, 7.4.3
            throw new Fault(Violation.SCHEME_AGAINST_SUITE, scheme.label(), agreed.suite());
        }
        if (!server.mustVerify(settings.verify())) {
            return;
        }
        var params = Unpooled.buffer();
        keyExchange.signedParams(params);
        var signed = ByteBufUtil.getBytes(params);
        if (isTls12()) {
            HandshakeSignature.verify(scheme, server.key(), keyExchange.signature(), clientHello.random(),
                    serverHello.random(), signed);
        } else {
            HandshakeSignature.verifyOld(server.key(), keyExchange.signature(), clientHello.random(),
                    serverHello.random(), signed);
        }
        server.verified();
    }

    /** @param request the server's wish for a certificate; {@code null} if it has none */
    void sendKeyExchange(CertificateRequest request) throws Fault {
        connection.requireEndOfFlight();
        connection.reached(Progress.SERVER_FLIGHT_DONE);
        connection.making(Stage.CLIENT_KEY_EXCHANGE);
        var proof = request == null ? null : writeCertificate(request);
        var premaster = writeKeyExchange();
        master = agreed.extendedMasterSecret()
                ? MasterSecret.deriveExtended(memory.primitives(), agreed.prfHash(), premaster, transcript.hash())
                : MasterSecret.derive(memory.primitives(), agreed.prfHash(), premaster, clientHello.random(),
                        serverHello.random());
        flight.disclose("CLIENT_RANDOM", master.bytes());
        deriveKeys();
        if (proof != null) {
            flight.write(proof.over(transcript.messages(), master));
        }
        writeFinished(transcript.hash());
        flight.send(Progress.KEY_EXCHANGE_SENT);
    }

    void keepTicket(NewSessionTicket newTicket) {
        ticket = newTicket;
    }

    void changeReadKeys() throws Fault {
        connection.readUnder(protection(keys.server()));
    }

    @Override
    public Optional<Fault> flaw() {
        if (share == null || serverPoint == null) {
            return Optional.empty();
        }
        try {
            share.check(serverPoint);
            return Optional.empty();
        } catch (Fault flaw) {
            return Optional.of(flaw);
        }
    }

    @Override
    public void verifyServerFinished(Finished finished) throws Fault {
        var due = FinishedMac.length(agreed.prfHash());
        if (finished.verifyData().length != due) {
            throw new Fault(Violation.FINISHED_LENGTH, finished.verifyData().length, due);
        }
        if (!FinishedMac.SERVER.verify(memory.primitives(), agreed.prfHash(), master, transcript.hashBeforeLast(),
                finished.verifyData())) {
            throw new Fault(Violation.FINISHED_WRONG);
        }
    }

    @Override
    public void finish() throws Fault {
        connection.requireEndOfFlight();
        keepSession();
        if (agreed.resumed()) {
            connection.reached(Progress.SERVER_FLIGHT_DONE);
            writeFinished(transcript.lastHash());
            flight.send(Progress.FINISHED);
        } else {
            connection.reached(Progress.FINISHED);
        }
    }

    @Override
    public void takeAfterwards(HandshakeMessage message) throws Fault {
        throw ClientState.unexpected(message, "nothing of the handshake");
    }

    private void keepSession() {
        // A ticket goes before the session ID, even where it is of no use (RFC 5077, 3.4).
        var newTicket = ticket != null && ticket.ticket().length > 0;
        var newId = !newTicket && !agreed.resumed() && serverHello.sessionId().length > 0;
        if (newTicket && !memory.offer().canCarry(ticket.ticket().length)) {
            connection.unusable(UnusableTicket.TOO_LARGE);
            return;
        }
        if (!newId && !newTicket) {
            return;
        }
        // RFC 5246, F.1.4 advises a day at most; the server's hint goes first where it gives one.
        var lifetimeSeconds = newTicket && ticket.lifetimeSeconds() > 0 ? ticket.lifetimeSeconds() : 86_400;
        connection.gained(new Session.Tls12(serverHello.sessionId(), newTicket ? ticket.ticket() : null,
                agreed.version(), agreed.suite(), master, agreed.extendedMasterSecret(),
                connection.nowNanos() + lifetimeSeconds * 1_000_000_000L));
    }

    // What leaves

    /**
     * Shows a certificate that the server takes, or says with an empty chain that there is none (RFC 5246, 7.4.6).
     *
     * @return what proves it; {@code null} if there is nothing to prove
     */
    private Proof writeCertificate(CertificateRequest request) {
        var identity = memory.settings().identity();
        var proof = identity == null ? null : proof(identity, request);
        certificateUse = proof == null ? CertificateUse.NONE_FITS : CertificateUse.SHOWN;
        if (proof == null && agreed.version() == ProtocolVersion.SSL_3_0) {
            // RFC 6101, 5.6.6
            flight.writeWarning(AlertDescription.NO_CERTIFICATE);
        } else {
            flight.write(new Certificate(proof == null ? List.of() : identity.chain()));
        }
        return proof;
    }

    /** Signs all messages so far. */
    private interface Proof {
        CertificateVerify over(byte[] messages, MasterSecret master);
    }

    private Proof proof(ClientIdentity identity, CertificateRequest request) {
        if (!isTls12()) {
            return identity.fitsOld(request.certificateTypes())
                    ? (messages, secret) -> new CertificateVerify(ServerKeyExchange.NO_SCHEME,
                            agreed.version() == ProtocolVersion.SSL_3_0
                                    ? identity.signSsl3(memory.primitives(), secret, messages)
                                    : identity.signOld(messages))
                    : null;
        }
        var scheme = identity.fits(request.certificateTypes())
                ? identity.choose(request.signatureAlgorithms(), false)
                : null;
        return scheme == null
                ? null
                : (messages, _) -> new CertificateVerify(scheme.id(), identity.sign(scheme, messages));
    }

    private boolean isTls12() {
        return agreed.version() == ProtocolVersion.TLS_1_2;
    }

    private PremasterSecret writeKeyExchange() throws Fault {
        var kind = agreed.suite().keyExchange();
        if (kind != CipherSuite.KeyExchange.RSA) {
            flight.write(new ClientKeyExchange(kind, publicValue, agreed.version()));
            return agreedSecret;
        }
        var encrypted = server.premaster(memory.settings().premaster(), clientHello.version(), memory.secretRandom(),
                memory.primitives());
        flight.write(new ClientKeyExchange(kind, encrypted.bytes(), agreed.version()));
        return encrypted.premaster();
    }

    private void deriveKeys() {
        keys = master.expand(memory.primitives(), agreed.version(), agreed.suite(), clientHello.random(),
                serverHello.random());
    }

    private void writeFinished(byte[] transcriptHash) {
        flight.changeKeys(protection(keys.client()));
        flight.write(new Finished(FinishedMac.CLIENT.make(memory.primitives(), agreed.prfHash(), master,
                transcriptHash)));
    }

    private RecordProtection protection(KeyBlock.Keys direction) {
        var protection = RecordProtection.of(memory.primitives(), agreed.suite(), direction, agreed.encryptThenMac(),
                serverHello.version());
        return agreed.compression() == Compression.DEFLATE ? RecordProtection.deflated(protection) : protection;
    }
}
