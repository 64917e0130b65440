package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.OfferCheck.check;
import static dev.shakedown.tls.client.OfferCheck.extension;

import dev.shakedown.tls.client.ScriptedServer13.Keys;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.KeySchedule.MainSecret;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.KeySchedule.ResumptionSecret;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EndOfEarlyData;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The reading half of {@link ScriptedServer13}: parses the client's flights, and checks them and their keys. */
abstract class ScriptedReader13 extends ScriptedPeer<Step> {
    final Tls13Exchange.Kind kind;
    final ClientSettings settings;
    /** What the client offers. */
    private final Session session;
    /** The keys of all tickets that this server knows, by their hex. */
    final Map<String, PreSharedKey> tickets;
    private final List<String> received = new ArrayList<>();

    // What an honest server would choose; a test may choose otherwise.
    CipherSuite suite;
    NamedGroup retryGroup;
    Extension retryCookie;
    /** Whether its HelloRetryRequest leaves the client no room for the session. */
    boolean dropsSession;
    Tls13Message.CertificateRequest request = ScriptedServer13.request(new byte[0], SignatureScheme.values());

    // Set by the writing half.
    ServerHello retry;
    ServerHello serverHello;
    TrafficSecret clientTraffic;
    boolean earlyDataTaken;
    MainSecret main;
    TrafficSecret clientApplication;

    Keys keys = Keys.NONE;
    private ClientHello firstHello;
    ClientHello clientHello;
    /** Set once the client's Finished has arrived. */
    ResumptionSecret resumption;
    private Tls13Message.Certificate clientCertificate;
    private SignatureScheme clientScheme;
    private int changes;
    private final ByteBuf earlyData = Unpooled.buffer();
    private final ByteBuf data = Unpooled.buffer();

    ScriptedReader13(Tls13Exchange.Kind kind, ClientSettings settings, Session session,
            Map<String, PreSharedKey> tickets,
            Consumer<ByteBuf> toClient) {
        super(toClient);
        this.kind = kind;
        this.settings = settings;
        this.session = session;
        this.tickets = new TreeMap<>(tickets);
        suite = kind.suite;
        retryGroup = kind.asksForGroup() ? NamedGroup.SECP256R1 : null;
        retryCookie = kind.asksForCookie() ? ScriptedServer13.COOKIE : null;
    }

    /** Returns the client's messages by name, its application data, and each change of its keys. */
    List<String> received() {
        return received;
    }

    /** Returns the keys under which the client sends now. */
    Keys keys() {
        return keys;
    }

    ClientHello clientHello() {
        return clientHello;
    }

    byte[] earlyData() {
        return ByteBufUtil.getBytes(earlyData);
    }

    byte[] data() {
        return ByteBufUtil.getBytes(data);
    }

    Tls13Message.Certificate clientCertificate() {
        return clientCertificate;
    }

    /** Returns the scheme with which the client signed; {@code null} if it did not. */
    SignatureScheme clientScheme() {
        return clientScheme;
    }

    Map<String, PreSharedKey> tickets() {
        return tickets;
    }

    @Override
    RecordReader.Record open(RecordReader.Record outer) throws Fault {
        check(outer.version() == (clientHello == null ? 0x0301 : VERSION), "records have another version");
        if (outer.type() == ContentType.CHANGE_CIPHER_SPEC) {
            return outer;
        }
        // RFC 8446, D.4: before anything encrypted, including alerts.
        check(keys == Keys.NONE || changes == 1, "ChangeCipherSpec is missing");
        if (outer.type() == ContentType.HANDSHAKE && retry != null && serverHello == null) {
            // RFC 8446, 4.2.10: after a HelloRetryRequest there is no more early data.
            keys = Keys.NONE;
            reading = new RecordProtection.None(VERSION);
        }
        return reading.open(outer);
    }

    /**
     * Checks that it comes once: after the first hello if early data follows, else before the second flight (RFC 8446,
     * D.4).
     */
    @Override
    void takeChange(ByteBuf content) {
        check(content.readableBytes() == 1 && content.getByte(content.readerIndex()) == 1,
                "ChangeCipherSpec is another");
        check(++changes == 1 && clientHello != null, "ChangeCipherSpec is one too many or too early");
        check(keys == Keys.EARLY ? received.size() == 1 && serverHello == null : serverHello != null || retry != null,
                "ChangeCipherSpec comes at the wrong time");
    }

    @Override
    void takeData(byte[] content) {
        switch (keys) {
            case EARLY -> {
                check(received.size() == 1, "early data goes on too long");
                earlyData.writeBytes(content);
            }
            case APPLICATION -> {
                received.add("data");
                data.writeBytes(content);
            }
            default -> throw new AssertionError("the client's application data comes at the wrong time");
        }
    }

    @Override
    void takeMessage(ByteBuf raw, int type, ByteBuf body) throws Fault, GeneralSecurityException {
        var message = Tls13Message.decode(type, body);
        received.add(message.label());
        if (message instanceof ClientHello hello) {
            check(keys == Keys.NONE, "hello is encrypted");
            check(serverHello == null && (firstHello == null || retry != null && clientHello == firstHello),
                    "hello is one too many");
            offerCheck().of(hello);
            offerCheck().session(hello, raw, transcript, primitives);
            transcript.add(raw);
            takeHello(hello);
            return;
        }
        check(changes == 1, "ChangeCipherSpec is missing");
        transcript.add(raw);
        switch (message) {
            case EndOfEarlyData _ -> {
                check(earlyDataTaken && keys == Keys.EARLY, "EndOfEarlyData is not due");
                readUnder(Keys.HANDSHAKE, clientTraffic);
            }
            case Tls13Message.Certificate certificate -> {
                check(keys == Keys.HANDSHAKE && clientCertificate == null && kind.asksForCertificate(),
                        "Certificate is not due");
                check(Arrays.equals(certificate.context(), request.context()), "Certificate has another context");
                clientCertificate = certificate;
            }
            case CertificateVerify proof -> takeProof(proof);
            case Finished finished -> {
                check(keys == Keys.HANDSHAKE, "Finished is under other keys");
                check(!kind.asksForCertificate() || clientCertificate != null
                        && clientCertificate.entries().isEmpty() == (clientScheme == null), "certificate is missing");
                check(clientTraffic.verifies(primitives, transcript.hashBeforeLast(), finished.verifyData()),
                        "Finished is wrong");
                resumption = main.resumption(primitives, transcript.hash());
                readUnder(Keys.APPLICATION, clientApplication);
            }
            case KeyUpdate update -> {
                check(keys == Keys.APPLICATION && !update.requested(), "KeyUpdate is not due");
                clientApplication = clientApplication.updated(primitives);
                readUnder(Keys.APPLICATION, clientApplication);
            }
            default -> throw new AssertionError("no client sends " + message.label());
        }
    }

    private void takeHello(ClientHello hello) {
        clientHello = hello;
        if (firstHello == null) {
            firstHello = hello;
            if (extension(hello, Extension.EARLY_DATA) != null) {
                var known = offeredKey();
                readUnder(Keys.EARLY, known.early(primitives).clientTraffic(primitives,
                        transcript.hashWith(known.hash(), Unpooled.EMPTY_BUFFER)), offeredSuite());
            }
        }
    }

    private void takeProof(CertificateVerify proof) throws Fault, GeneralSecurityException {
        check(clientCertificate != null && !clientCertificate.entries().isEmpty() && clientScheme == null,
                "CertificateVerify is not due");
        clientScheme = SignatureScheme.of(proof.scheme());
        check(clientScheme.isTls13() && Arrays.stream(request.extension(Extension.SIGNATURE_ALGORITHMS)
                .signatureSchemes()).anyMatch(each -> each == proof.scheme()), "scheme is not one of those accepted");
        var leaf = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(clientCertificate.chain().getFirst()));
        HandshakeSignature.verify(clientScheme, leaf.getPublicKey(), proof.signature(),
                HandshakeSignature.content(HandshakeSignature.CLIENT_CONTEXT, transcript.hashBeforeLast()));
    }

    private OfferCheck offerCheck() {
        var second = firstHello != null;
        return new OfferCheck(settings, firstHello,
                second && retryGroup != null ? retryGroup : settings.groups().getFirst(),
                second ? retryCookie : null, offersSession() ? (Session.Tls13) session : null,
                offersSession() ? offeredKey() : null, kind.announces() && !second);
    }

    /**
     * Whether the client still offers its session: not if a HelloRetryRequest's suite has another hash (RFC 8446,
     * 4.1.4).
     */
    private boolean offersSession() {
        return session instanceof Session.Tls13 tls13 && (retry == null
                || !dropsSession && tls13.key().hash() == CipherSuite.of(retry.cipherSuite()).prfHash());
    }

    PreSharedKey offeredKey() {
        return tickets.get(HexFormat.of().formatHex(((Session.Tls13) session).ticket()));
    }

    private CipherSuite offeredSuite() {
        return ((Session.Tls13) session).suite();
    }

    void readUnder(Keys newKeys, TrafficSecret traffic) {
        readUnder(newKeys, traffic, suite);
    }

    private void readUnder(Keys newKeys, TrafficSecret traffic, CipherSuite of) {
        requireWholeMessages();
        keys = newKeys;
        reading = RecordProtection.withInnerType(primitives, of, traffic.keys(primitives, of.bulk()));
    }

    TrafficSecret clientTraffic() {
        return clientTraffic;
    }
}
