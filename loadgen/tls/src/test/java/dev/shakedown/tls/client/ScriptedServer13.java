package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.OfferCheck.check;
import static dev.shakedown.tls.client.OfferCheck.extension;

import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.KeySchedule.EarlySecret;
import dev.shakedown.tls.crypto.KeySchedule.HandshakeSecret;
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
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
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
import java.util.function.UnaryOperator;

/**
 * A TLS 1.3 server in memory. {@link #honest} does what RFC 8446 asks at each step; everything else lets a script break
 * rules. It checks what the client sends and under which keys.
 */
final class ScriptedServer13 extends ScriptedPeer<Step> {
    /** The server's messages in wire order. */
    enum Step {
        HELLO_RETRY_REQUEST,
        SERVER_HELLO,
        /** Means nothing, but an honest server sends it behind its first message (RFC 8446, D.4). */
        CHANGE_CIPHER_SPEC,
        ENCRYPTED_EXTENSIONS,
        CERTIFICATE_REQUEST,
        CERTIFICATE,
        CERTIFICATE_VERIFY,
        FINISHED,
        NEW_SESSION_TICKET,
        /** Behind the last message. */
        AFTERWARDS
    }

    /** Under which of its keys the client sends. */
    enum Keys {
        NONE, EARLY, HANDSHAKE, APPLICATION
    }

    static final byte[] RETRY_RANDOM = HexFormat.of()
            .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
    static final Extension CHOSEN_VERSION = new Extension(Extension.SUPPORTED_VERSIONS, bytes(3, 4));
    static final Extension COOKIE = new Extension(Extension.COOKIE, bytes(0, 4, 'c', 'o', 'o', 'k'));

    private final Scene13.Kind kind;
    private final ClientSettings settings;
    /** What the client offers. */
    private final Session session;
    /** The keys of all tickets that this server knows, by their hex. */
    private final Map<String, PreSharedKey> tickets;
    private final List<String> received = new ArrayList<>();

    // What an honest server would choose; a test may choose otherwise.
    CipherSuite suite;
    NamedGroup retryGroup;
    Extension retryCookie;
    boolean takesSession;
    /** Whether its request leaves the client no room for the session. */
    boolean dropsSession;
    boolean takesEarlyData;
    /** How its tickets begin. */
    byte[] ticketPrefix = {5, 6, 7};
    TestIdentity identity = TestIdentity.ECDSA;
    Tls13Message.CertificateRequest request = request(new byte[0], SignatureScheme.values());

    private Keys keys = Keys.NONE;
    private ClientHello firstHello;
    private ClientHello clientHello;
    private ServerHello retry;
    private ServerHello serverHello;
    private ServerShare share;
    private HandshakeSecret secret;
    private TrafficSecret clientTraffic;
    private TrafficSecret serverTraffic;
    private boolean earlyDataTaken;
    private MainSecret main;
    private TrafficSecret clientApplication;
    private TrafficSecret serverApplication;
    private ResumptionSecret resumption;
    private Tls13Message.Certificate clientCertificate;
    private SignatureScheme clientScheme;
    private int changes;
    private int issued;
    private final ByteBuf earlyData = Unpooled.buffer();
    private final ByteBuf data = Unpooled.buffer();

    /** Zeros in every record. */
    int padding;
    /** What the headers of protected records say. */
    int protectedVersion = VERSION;
    private Sealing writing;
    /** Up to its Finished. */
    private Sealing written;

    ScriptedServer13(Scene13.Kind kind, ClientSettings settings, Session session, Map<String, PreSharedKey> tickets,
            Consumer<ByteBuf> toClient) {
        super(toClient);
        this.kind = kind;
        this.settings = settings;
        this.session = session;
        this.tickets = new TreeMap<>(tickets);
        suite = kind.suite;
        retryGroup = kind.asksForGroup() ? NamedGroup.SECP256R1 : null;
        retryCookie = kind.asksForCookie() ? COOKIE : null;
        takesSession = kind.resumes();
        takesEarlyData = kind == Scene13.Kind.EARLY;
    }

    // What the client sent

    /** The client's messages by their name, its application data, and each change of its keys. */
    List<String> received() {
        return received;
    }

    /** Under which keys the client sends now. */
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

    /** With what the client signed; {@code null} if it did not. */
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
        // RFC 8446, D.4: before whatever is encrypted, alerts too.
        check(keys == Keys.NONE || changes == 1, "ChangeCipherSpec is missing");
        if (outer.type() == ContentType.HANDSHAKE && retry != null && serverHello == null) {
            // RFC 8446, 4.2.10: after a HelloRetryRequest there is no more early data.
            keys = Keys.NONE;
            reading = new RecordProtection.None(VERSION);
        }
        return reading.open(outer);
    }

    /** RFC 8446, D.4: once, behind the first hello where early data follows, else before the second flight. */
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

    /** A key under another hash than the suite's of a HelloRetryRequest is not offered again (RFC 8446, 4.1.4). */
    private boolean offersSession() {
        return session instanceof Session.Tls13 tls13 && (retry == null
                || !dropsSession && tls13.key().hash() == CipherSuite.of(retry.cipherSuite()).prfHash());
    }

    private PreSharedKey offeredKey() {
        return tickets.get(HexFormat.of().formatHex(((Session.Tls13) session).ticket()));
    }

    private CipherSuite offeredSuite() {
        return ((Session.Tls13) session).suite();
    }

    private void readUnder(Keys newKeys, TrafficSecret traffic) {
        readUnder(newKeys, traffic, suite);
    }

    private void readUnder(Keys newKeys, TrafficSecret traffic, CipherSuite of) {
        requireWholeMessages();
        keys = newKeys;
        reading = RecordProtection.withInnerType(primitives, of, traffic.keys(primitives, of.bulk()));
    }

    // What an honest server sends

    @Override
    void honest(Step step) {
        switch (step) {
            case HELLO_RETRY_REQUEST -> {
                retry(retryRequest());
                record(ContentType.CHANGE_CIPHER_SPEC, 1);
            }
            case SERVER_HELLO -> hello(hello());
            case CHANGE_CIPHER_SPEC -> plain(ContentType.CHANGE_CIPHER_SPEC, bytes(1));
            case ENCRYPTED_EXTENSIONS -> extensions(extensions());
            case CERTIFICATE_REQUEST -> send(request);
            case CERTIFICATE -> send(certificate(identity.chain()));
            case CERTIFICATE_VERIFY -> send(proof(identity, identity.scheme()));
            case FINISHED -> finish(content -> record(ContentType.HANDSHAKE, content));
            case NEW_SESSION_TICKET -> send(ticket());
            case AFTERWARDS -> {
                // nothing is due
            }
        }
    }

    ServerHello retryRequest() {
        var extensions = new ArrayList<>(List.of(CHOSEN_VERSION));
        if (retryGroup != null) {
            extensions.add(group(retryGroup.id()));
        }
        if (retryCookie != null) {
            extensions.add(retryCookie);
        }
        return new ServerHello(VERSION, RETRY_RANDOM, clientHello.sessionId(), suite.id(), 0, extensions);
    }

    /** Sends {@code request}, whose answer comes at once. */
    void retry(ServerHello request) {
        retry(request, RecordReader.MAX_CONTENT);
    }

    void retry(ServerHello request, int mostBytes) {
        retry = request;
        transcript.add(Unpooled.wrappedBuffer(encoded(request)));
        transcript.beginRetried(suite.prfHash());
        inParts(encoded(request), mostBytes);
    }

    /** What the two hellos settle. */
    ServerHello hello() {
        var extensions = new ArrayList<>(List.of(CHOSEN_VERSION));
        if (takesSession) {
            extensions.add(new Extension(Extension.PRE_SHARED_KEY, bytes(0, 0)));
        }
        if (!takesSession || settings.pskMode() == ClientSettings.PskMode.DHE_KE) {
            extensions.add(keyShare());
        }
        return new ServerHello(VERSION, new byte[32], clientHello.sessionId(), suite.id(), 0, extensions);
    }

    /** A share in the client's group. */
    Extension keyShare() {
        var client = OfferCheck.share(clientHello);
        share = ServerShare.answering(client);
        return share(client.group().id(), share.publicValue());
    }

    /** A key_share as it stands in a ServerHello. */
    static Extension share(int group, byte[] publicValue) {
        return new Extension(Extension.KEY_SHARE, ByteBufUtil.getBytes(Unpooled.buffer().writeShort(group)
                .writeShort(publicValue.length).writeBytes(publicValue)));
    }

    /** A key_share as it stands in a HelloRetryRequest. */
    static Extension group(int id) {
        return new Extension(Extension.KEY_SHARE, bytes(id >> 8, id));
    }

    /** Sends {@code hello} and goes on from what it says. */
    void hello(ServerHello hello) {
        hello(hello, content -> record(ContentType.HANDSHAKE, content));
    }

    void hello(ServerHello hello, Consumer<byte[]> way) {
        transcript.add(Unpooled.wrappedBuffer(encoded(hello)));
        if (retry == null) {
            transcript.begin(suite.prfHash());
        }
        serverHello = hello;
        way.accept(encoded(hello));
        if (alerts().isEmpty()) {
            deriveHandshakeKeys();
        }
    }

    private void deriveHandshakeKeys() {
        var resumed = serverHello.extension(Extension.PRE_SHARED_KEY) != null;
        EarlySecret early = resumed
                ? offeredKey().early(primitives)
                : PreSharedKey.none(primitives, suite.prfHash());
        secret = early.handshake(primitives,
                serverHello.extension(Extension.KEY_SHARE) == null ? null : share.secret());
        clientTraffic = secret.clientTraffic(primitives, transcript.hash());
        serverTraffic = secret.serverTraffic(primitives, transcript.hash());
        writeUnder(serverTraffic);
        if (keys != Keys.EARLY) {
            readUnder(Keys.HANDSHAKE, clientTraffic);
        }
    }

    EncryptedExtensions extensions() {
        return new EncryptedExtensions(takesEarlyData
                ? List.of(Extension.alpn(List.of("h2")), Extension.earlyData())
                : List.of(Extension.alpn(List.of("h2"))));
    }

    /** Sends {@code message}, and takes early data or not as it says. */
    void extensions(EncryptedExtensions message) {
        earlyDataTaken = message.extensions().stream().anyMatch(each -> each.type() == Extension.EARLY_DATA);
        send(message);
        if (keys == Keys.EARLY && !earlyDataTaken && alerts().isEmpty()) {
            readUnder(Keys.HANDSHAKE, clientTraffic);
        }
    }

    static Tls13Message.CertificateRequest request(byte[] context, SignatureScheme... schemes) {
        return new Tls13Message.CertificateRequest(context, List.of(Extension.signatureAlgorithms(List.of(schemes))));
    }

    static Tls13Message.Certificate certificate(List<byte[]> chain) {
        return new Tls13Message.Certificate(new byte[0],
                chain.stream().map(each -> new Tls13Message.Certificate.Entry(each, List.of())).toList());
    }

    /** A proof for what has been sent so far. */
    CertificateVerify proof(TestIdentity signer, SignatureScheme scheme) {
        return new CertificateVerify(scheme.id(), signer.sign(scheme,
                HandshakeSignature.content(HandshakeSignature.SERVER_CONTEXT, transcript.hash())));
    }

    Finished finished() {
        return new Finished(serverTraffic.finished(primitives, transcript.hash()));
    }

    /** Sends Finished {@code way}, whose answer comes at once, and changes keys. */
    void finish(Consumer<byte[]> way) {
        var finished = encoded(finished());
        transcript.add(Unpooled.wrappedBuffer(finished));
        main = secret.main(primitives);
        clientApplication = main.clientTraffic(primitives, transcript.hash());
        serverApplication = main.serverTraffic(primitives, transcript.hash());
        way.accept(finished);
        written = writing;
        writeUnder(serverApplication);
    }

    /** Goes on under the handshake's keys, as if it had not changed them behind Finished. */
    void keepHandshakeKeys() {
        writing = written;
    }

    /** Another ticket each time. */
    Tls13Message.NewSessionTicket ticket() {
        return ticket(7200, List.of());
    }

    Tls13Message.NewSessionTicket ticket(long lifetimeSeconds, List<Extension> extensions) {
        var nonce = bytes(issued++);
        var ticket = joined(ticketPrefix, nonce);
        tickets.put(HexFormat.of().formatHex(ticket), resumption.ticket(primitives, nonce));
        return new Tls13Message.NewSessionTicket(lifetimeSeconds, 0xfedc_ba98, nonce, ticket, extensions);
    }

    /** Sends a KeyUpdate and changes keys. */
    void updateKeys(boolean requested) {
        send(new KeyUpdate(requested));
        serverApplication = serverApplication.updated(primitives);
        writeUnder(serverApplication);
    }

    // What a script can do

    TrafficSecret clientTraffic() {
        return clientTraffic;
    }

    TrafficSecret serverTraffic() {
        return serverTraffic;
    }

    TrafficSecret serverApplication() {
        return serverApplication;
    }

    void writeUnder(TrafficSecret traffic) {
        writing = new Sealing(suite.bulk(), traffic.keys(primitives, suite.bulk()));
        writing.version = protectedVersion;
    }

    @Override
    byte[] next(ContentType type, byte[] content) {
        return writing == null
                ? sealed(new RecordProtection.None(VERSION), type, content)
                : inner(joined(joined(content, bytes(type.id())), new byte[padding]));
    }

    /** One record under the keys in use, with {@code zeros} bytes of padding (RFC 8446, 5.4). */
    void padded(ContentType type, byte[] content, int zeros) {
        raw(inner(joined(joined(content, bytes(type.id())), new byte[zeros])));
    }

    /** The next record's bytes, around any TLSInnerPlaintext. */
    byte[] inner(byte[] plaintext) {
        return writing.seal(plaintext);
    }

    /** An honest handshake but for its ServerHello. */
    static Script<Step, ScriptedServer13> hello(UnaryOperator<ServerHello> change) {
        return Script.instead(Step.SERVER_HELLO, server -> server.hello(change.apply(server.hello())));
    }
}
