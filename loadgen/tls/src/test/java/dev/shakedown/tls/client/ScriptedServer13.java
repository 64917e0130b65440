package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.KeySchedule.EarlySecret;
import dev.shakedown.tls.crypto.KeySchedule.HandshakeSecret;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An in-memory TLS 1.3 server. {@link #honest} does what RFC 8446 requires at each step; everything else lets a script
 * break rules. What the client sends is checked by {@link ScriptedReader13}.
 */
final class ScriptedServer13 extends ScriptedReader13 {
    /** The server's messages in wire order. */
    enum Step {
        HELLO_RETRY_REQUEST,
        SERVER_HELLO,
        /** Has no effect, but an honest server sends it after its first message (RFC 8446, D.4). */
        CHANGE_CIPHER_SPEC,
        ENCRYPTED_EXTENSIONS,
        CERTIFICATE_REQUEST,
        CERTIFICATE,
        CERTIFICATE_VERIFY,
        FINISHED,
        NEW_SESSION_TICKET,
        /** After the last message. */
        AFTERWARDS
    }

    /** The keys under which the client sends. */
    enum Keys {
        NONE, EARLY, HANDSHAKE, APPLICATION
    }

    static final byte[] RETRY_RANDOM = HexFormat.of()
            .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
    static final Extension CHOSEN_VERSION = new Extension(Extension.SUPPORTED_VERSIONS, bytes(3, 4));
    static final Extension COOKIE = new Extension(Extension.COOKIE, bytes(0, 4, 'c', 'o', 'o', 'k'));

    // What an honest server would choose; a test may choose otherwise.
    boolean takesSession;
    boolean takesEarlyData;
    /** The prefix of its tickets. */
    byte[] ticketPrefix = {5, 6, 7};
    TestIdentity identity = TestIdentity.ECDSA;

    private ServerShare share;
    private HandshakeSecret secret;
    private TrafficSecret serverTraffic;
    private TrafficSecret serverApplication;
    private int issued;

    /** The number of padding zeros in every record. */
    int padding;
    /** The version in the headers of protected records. */
    int protectedVersion = VERSION;
    private Sealing writing;
    /** Protects its records up to its Finished. */
    private Sealing written;

    ScriptedServer13(Tls13Exchange.Kind kind, ClientSettings settings, Session session,
            Map<String, PreSharedKey> tickets,
            Consumer<ByteBuf> toClient) {
        super(kind, settings, session, tickets, toClient);
        takesSession = kind.resumes();
        takesEarlyData = kind == Tls13Exchange.Kind.EARLY;
    }

    // Honest steps

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

    /** Sends {@code request}, which the client answers at once. */
    void retry(ServerHello request) {
        retry(request, RecordReader.MAX_CONTENT);
    }

    void retry(ServerHello request, int mostBytes) {
        retry = request;
        transcript.add(Unpooled.wrappedBuffer(encoded(request)));
        transcript.beginRetried(suite.prfHash());
        inParts(encoded(request), mostBytes);
    }

    /** Returns an honest ServerHello. */
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

    /** Returns a share in the client's group. */
    Extension keyShare() {
        var client = OfferCheck.share(clientHello);
        share = ServerShare.answering(client);
        return share(client.group().id(), share.publicValue());
    }

    /** Returns a key_share as in a ServerHello. */
    static Extension share(int group, byte[] publicValue) {
        return new Extension(Extension.KEY_SHARE, ByteBufUtil.getBytes(Unpooled.buffer().writeShort(group)
                .writeShort(publicValue.length).writeBytes(publicValue)));
    }

    /** Returns a key_share as in a HelloRetryRequest. */
    static Extension group(int id) {
        return new Extension(Extension.KEY_SHARE, bytes(id >> 8, id));
    }

    /** Sends {@code hello} and continues according to it. */
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

    /** Sends {@code message}, and accepts early data if it says so. */
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

    /** Returns a CertificateVerify for what has been sent so far. */
    CertificateVerify proof(TestIdentity signer, SignatureScheme scheme) {
        return new CertificateVerify(scheme.id(), signer.sign(scheme,
                HandshakeSignature.content(HandshakeSignature.SERVER_CONTEXT, transcript.hash())));
    }

    Finished finished() {
        return new Finished(serverTraffic.finished(primitives, transcript.hash()));
    }

    /** Sends Finished with {@code way}, which the client answers at once, and changes keys. */
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

    /** Continues under the handshake keys, as if it had not changed them after Finished. */
    void keepHandshakeKeys() {
        writing = written;
    }

    /** Returns a different ticket each time. */
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

    // Actions for scripts

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

    /** Sends one record under the keys in use, with {@code zeros} bytes of padding (RFC 8446, 5.4). */
    void padded(ContentType type, byte[] content, int zeros) {
        raw(inner(joined(joined(content, bytes(type.id())), new byte[zeros])));
    }

    /** Returns the next record's bytes, with any TLSInnerPlaintext. */
    byte[] inner(byte[] plaintext) {
        return writing.seal(plaintext);
    }

    /** Returns an honest handshake except for its ServerHello. */
    static Script<Step, ScriptedServer13> hello(UnaryOperator<ServerHello> change) {
        return Script.instead(Step.SERVER_HELLO, server -> server.hello(change.apply(server.hello())));
    }
}
