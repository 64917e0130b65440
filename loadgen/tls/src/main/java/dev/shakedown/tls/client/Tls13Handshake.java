package dev.shakedown.tls.client;

import dev.shakedown.tls.client.HelloOffer.Offered;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.KeySchedule.HandshakeSecret;
import dev.shakedown.tls.crypto.KeySchedule.MainSecret;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.KeySchedule.ResumptionSecret;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import dev.shakedown.tls.wire.Tls13Message.EndOfEarlyData;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import dev.shakedown.tls.wire.Violation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The verbs of TLS 1.3, in wire order (RFC 8446, 2). */
final class Tls13Handshake implements VersionedHandshake {
    /** No ticket may be kept for longer, seconds (RFC 8446, 4.6.1). */
    private static final long WEEK = 7 * 86_400;

    private final ClientHandshake connection;
    private final ClientMemory memory;
    private final Transcript transcript;
    private final Flight flight;
    private final Offered offered;
    private final Tls13Answer agreed;

    private HandshakeSecret secret;
    private TrafficSecret clientTraffic;
    private TrafficSecret serverTraffic;
    /** Under the server's handshake keys. */
    private RecordProtection fromServer;
    private boolean earlyDataTaken;
    private String protocol;
    private CertificateUse certificateUse = CertificateUse.NOT_ASKED;
    private Tls13Message.CertificateRequest request;
    private int[] acceptedSchemes;
    private ServerIdentity server;
    /** Over ClientHello to the server's Finished. */
    private byte[] finishedHash;
    private MainSecret main;
    private TrafficSecret clientApplication;
    private TrafficSecret serverApplication;
    private ResumptionSecret resumption;
    /** Whether the server asks for new keys of ours: however often it has, one answer before the next data will do. */
    private boolean updateRequested;

    Tls13Handshake(ClientHandshake connection, ClientMemory memory, Transcript transcript, Flight flight,
            Offered offered, Tls13Answer agreed) {
        this.connection = connection;
        this.memory = memory;
        this.transcript = transcript;
        this.flight = flight;
        this.offered = offered;
        this.agreed = agreed;
    }

    @Override
    public ProtocolVersion version() {
        return ProtocolVersion.TLS_1_3;
    }

    @Override
    public CipherSuite suite() {
        return agreed.suite();
    }

    @Override
    public NamedGroup group() {
        return agreed.serverShare() == null ? null : offered.share().group();
    }

    @Override
    public boolean resumed() {
        return agreed.resumed();
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public CertificateUse certificateUse() {
        return certificateUse;
    }

    @Override
    public ServerIdentity server() {
        return server;
    }

    void deriveHandshakeKeys() throws Fault {
        var primitives = memory.primitives();
        var shared = agreed.serverShare() == null ? null : offered.share().agree(agreed.serverShare());
        var early = agreed.resumed() ? offered.early() : PreSharedKey.none(primitives, agreed.suite().prfHash());
        secret = early.handshake(primitives, shared);
        var helloHash = transcript.hash();
        clientTraffic = secret.clientTraffic(primitives, helloHash);
        serverTraffic = secret.serverTraffic(primitives, helloHash);
        flight.disclose("CLIENT_HANDSHAKE_TRAFFIC_SECRET", clientTraffic.bytes());
        flight.disclose("SERVER_HANDSHAKE_TRAFFIC_SECRET", serverTraffic.bytes());
        fromServer = protection(serverTraffic);
        connection.readUnder(fromServer);
        // Early data goes on until the server has said whether it takes it.
        if (!offered.earlyData()) {
            flight.protect(protection(clientTraffic));
        }
    }

    void takeExtensions(EncryptedExtensions message) throws Fault {
        earlyDataTaken = Tls13Answer.takesEarlyData(memory.settings(), offered, agreed.resumed(), message);
        if (earlyDataTaken && agreed.suite() != offered.tls13Session().suite()) {
            // RFC 8446, 4.2.10
            throw new Fault(Violation.EARLY_DATA_WITH_OTHER_SUITE, agreed.suite());
        }
        var choice = message.extension(Extension.ALPN);
        protocol = choice == null ? null : choice.alpnChoice();
        if (earlyDataTaken && !Objects.equals(protocol, offered.tls13Session().protocol())) {
            // RFC 8446, 4.2.10
            throw new Fault(Violation.EARLY_DATA_WITH_OTHER_PROTOCOL, said(protocol),
                    said(offered.tls13Session().protocol()));
        }
        connection.earlyDataAnswered(earlyDataTaken);
        if (offered.earlyData() && !earlyDataTaken) {
            flight.protect(protection(clientTraffic));
        }
    }

    private static String said(String protocol) {
        return protocol == null ? "no protocol" : protocol;
    }

    void takeRequest(Tls13Message.CertificateRequest message) throws Fault {
        if (message.context().length > 0) {
            throw new Fault(Violation.CERTIFICATE_REQUEST_WITH_CONTEXT);
        }
        Tls13Answer.checkRequest(message.extensions());
        var schemes = message.extension(Extension.SIGNATURE_ALGORITHMS);
        if (schemes == null) {
            throw new Fault(Violation.CERTIFICATE_REQUEST_WITHOUT_SCHEMES);
        }
        request = message;
        acceptedSchemes = schemes.signatureSchemes();
    }

    void meetServer(Tls13Message.Certificate certificate) throws Fault {
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
        server = memory.server(certificate.chain());
        if (server.mustVerify(memory.settings().verify())) {
            server.verifyChain(memory.settings().trust(), "UNKNOWN");
        }
    }

    void verifyServer(CertificateVerify proof) throws Fault {
        var scheme = SignatureScheme.of(proof.scheme());
        if (scheme == null || !scheme.isTls13() || !memory.settings().details().signatureSchemes().contains(scheme)) {
            throw new Fault(Violation.SCHEME_NOT_OFFERED_FOR_TLS13, proof.scheme());
        }
        if (server.mustVerify(memory.settings().verify())) {
            HandshakeSignature.requireCurve(scheme, server.key());
            HandshakeSignature.verify(scheme, server.key(), proof.signature(),
                    HandshakeSignature.content(HandshakeSignature.SERVER_CONTEXT, transcript.hashBeforeLast()));
            server.verified();
        }
    }

    @Override
    public Optional<Fault> flaw() {
        if (agreed.serverShare() == null) {
            return Optional.empty();
        }
        try {
            offered.share().check(agreed.serverShare());
            return Optional.empty();
        } catch (Fault flaw) {
            return Optional.of(flaw);
        }
    }

    @Override
    public void verifyServerFinished(Finished finished) throws Fault {
        var due = agreed.suite().prfHash().length();
        if (finished.verifyData().length != due) {
            throw new Fault(Violation.FINISHED_LENGTH, finished.verifyData().length, due);
        }
        if (!serverTraffic.verifies(memory.primitives(), transcript.hashBeforeLast(), finished.verifyData())) {
            throw new Fault(Violation.FINISHED_WRONG);
        }
    }

    @Override
    public void finish() throws Fault {
        var primitives = memory.primitives();
        connection.reached(Progress.SERVER_FLIGHT_DONE);
        connection.readUnder(RecordProtection.behindFinished(primitives, () -> protection(serverApplication()),
                fromServer));
        finishedHash = transcript.hash();
        var upToHere = finishedHash;
        flight.changeCipherSpec();
        if (earlyDataTaken) {
            flight.write(new EndOfEarlyData());
            flight.protect(protection(clientTraffic));
            upToHere = transcript.hash();
        }
        if (request != null) {
            writeCertificate();
            upToHere = transcript.hash();
        }
        flight.write(new Finished(clientTraffic.finished(primitives, upToHere)));
        flight.protect(new RecordProtection.Deferred(() -> protection(clientApplication())));
        if (flight.isWatched()) {
            flight.disclose("CLIENT_TRAFFIC_SECRET_0", clientApplication().bytes());
            flight.disclose("SERVER_TRAFFIC_SECRET_0", serverApplication().bytes());
        }
        flight.send(Progress.FINISHED);
    }

    @Override
    public boolean maySendAfterwards(int type) {
        return type == Tls13Message.NewSessionTicket.TYPE || type == KeyUpdate.TYPE;
    }

    @Override
    public void takeAfterwards(HandshakeMessage message) throws Fault {
        switch (message) {
            case Tls13Message.NewSessionTicket ticket -> takeTicket(ticket);
            case KeyUpdate update -> {
                serverApplication = serverApplication().updated(memory.primitives());
                connection.readUnder(protection(serverApplication));
                updateRequested |= update.requested();
            }
            default -> throw ClientState.unexpected(message, "nothing of the handshake");
        }
    }

    @Override
    public void beforeData() {
        if (updateRequested) {
            updateRequested = false;
            flight.writeAfterwards(new KeyUpdate(false));
            var updated = clientApplication().updated(memory.primitives());
            flight.protect(protection(updated));
            clientApplication = updated;
        }
    }

    private void takeTicket(Tls13Message.NewSessionTicket ticket) throws Fault {
        Tls13Answer.checkTicket(ticket.extensions());
        if (ticket.lifetimeSeconds() == 0) {
            connection.unusable(UnusableTicket.NO_LIFETIME);
        } else if (!memory.offer().canCarry(ticket.ticket().length)) {
            connection.unusable(UnusableTicket.TOO_LARGE);
        } else if (memory.settings().tickets()) {
            var allowed = ticket.extension(Extension.EARLY_DATA);
            if (resumption == null) {
                resumption = main().resumption(memory.primitives(), transcript.hash());
            }
            var nowNanos = connection.nowNanos();
            connection.gained(new Session.Tls13(ticket.ticket(), protocol, agreed.suite(),
                    resumption.ticket(memory.primitives(), ticket.nonce()), ticket.ageAdd(), nowNanos,
                    nowNanos + Math.min(ticket.lifetimeSeconds(), WEEK) * 1_000_000_000,
                    allowed == null ? 0 : allowed.maxEarlyData()));
        }
        connection.reached(Progress.TICKET);
    }

    private void writeCertificate() {
        var identity = memory.settings().identity();
        var scheme = identity == null ? null : identity.choose(acceptedSchemes, true);
        if (scheme == null) {
            certificateUse = CertificateUse.NONE_FITS;
            // We have none that the server would take, which a client says with an empty chain (RFC 8446, 4.4.2).
            flight.write(new Tls13Message.Certificate(request.context(), List.of()));
            return;
        }
        certificateUse = CertificateUse.SHOWN;
        flight.write(new Tls13Message.Certificate(request.context(), identity.chain().stream()
                .map(certificate -> new Tls13Message.Certificate.Entry(certificate, List.of())).toList()));
        flight.write(new CertificateVerify(scheme.id(), identity.sign(scheme,
                HandshakeSignature.content(HandshakeSignature.CLIENT_CONTEXT, transcript.hash()))));
    }

    private MainSecret main() {
        if (main == null) {
            main = secret.main(memory.primitives());
        }
        return main;
    }

    private TrafficSecret clientApplication() {
        if (clientApplication == null) {
            clientApplication = main().clientTraffic(memory.primitives(), finishedHash);
        }
        return clientApplication;
    }

    private TrafficSecret serverApplication() {
        if (serverApplication == null) {
            serverApplication = main().serverTraffic(memory.primitives(), finishedHash);
        }
        return serverApplication;
    }

    private RecordProtection protection(TrafficSecret traffic) {
        return RecordProtection.withInnerType(memory.primitives(), agreed.suite(),
                traffic.keys(memory.primitives(), agreed.suite().bulk()));
    }
}
