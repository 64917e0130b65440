package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.AwaitServerHello;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.MessageReader;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * One TLS handshake of a client: turns bytes into records, records into messages, and each message into the next
 * {@link ClientState}. What a message makes it do is the version's own, in {@link VersionedHandshake}. Not thread-safe.
 */
public final class ClientHandshake {
    private static final byte[] NO_DATA = {};

    private final ClientMemory memory;
    private final Session session;
    private final Output output;
    private final Incoming incoming;
    private final MessageReader messages = new MessageReader();
    private final Transcript transcript;
    private final Flight flight;
    private final Negotiation negotiation;
    private ClientState state;
    /** Where a rule is found broken that is not where the message was awaited; else {@code null}. */
    private Stage making;
    private boolean closed;
    private long nowNanos;

    private boolean answeredWithData;
    /** Whether a record of the server's has authenticated under its keys. */
    private boolean authenticated;
    /** What the version field of each record must say; 0 before the server has answered, and where it means nothing. */
    private int recordVersion;
    /** {@code null} before the server has answered. */
    private VersionedHandshake agreed;

    /** @param session the session to resume, or {@code null} for a full handshake */
    public ClientHandshake(ClientMemory memory, Session session, Output output) {
        this(memory, session, output, null);
    }

    /**
     * @param session the session to resume, or {@code null} for a full handshake
     * @param witness watches all of it; {@code null} for nobody
     */
    public ClientHandshake(ClientMemory memory, Session session, Output output, Witness witness) {
        this.memory = memory;
        this.session = session;
        this.output = output;
        this.transcript = new Transcript(memory.primitives(), memory.settings().identity() != null);
        this.incoming = new Incoming(witness);
        this.flight = new Flight(memory, transcript, output, witness);
        this.negotiation = new Negotiation(memory, transcript, flight);
        this.state = new AwaitServerHello(this, false);
    }

    /**
     * Sends the ClientHello.
     *
     * @param now when it is sent, on the caller's clock
     */
    public void start(long now) {
        start(now, NO_DATA);
    }

    /**
     * Sends the ClientHello and early data behind it, if the session allows so much; see {@link #earlyData}.
     *
     * @param now when it is sent, on the caller's clock
     */
    public void start(long now, byte[] data) {
        nowNanos = now;
        negotiation.start(session, data, now);
    }

    /**
     * Takes what arrived, all of it, and moves on as far as it goes. Look at {@link #state} afterwards.
     *
     * @param nowNanos when it arrived, on the caller's clock
     */
    public void receive(ByteBuf bytes, long nowNanos) {
        if (!isOpen() && !incoming.isWatched()) {
            return;
        }
        this.nowNanos = nowNanos;
        incoming.append(bytes);
        try {
            for (RecordReader.Record next; isOpen() && (next = incoming.next()) != null;) {
                take(next);
            }
        } catch (Fault fault) {
            fail(fault);
        } catch (RuntimeException e) {
            fail(HandshakeFailure.unforeseen(e));
        }
        if (!isOpen()) {
            incoming.showRest();
        }
    }

    /**
     * The transport ended before the handshake did.
     *
     * @param cause   its name in results, such as {@code connection_reset}
     * @param meaning one sentence
     */
    public void transportEnded(String cause, String meaning) {
        if (!(state instanceof Failed)) {
            var started = incoming.midRecord() || messages.midMessage();
            fail(HandshakeFailure.ofTransport(state.stage(), cause,
                    started ? meaning + ", in the middle of a message" : meaning));
        }
    }

    /** Shows who watches what has arrived and is no whole record; to be called when no more will come. */
    public void showRemains() {
        incoming.showRemains();
    }

    /** Sends application data, once the handshake is done. The answer shows as {@link Progress#FIRST_BYTE}. */
    public void send(byte[] applicationData) {
        agreed.beforeData();
        flight.write(applicationData);
        flight.send(null);
    }

    /** Tells the server that the connection ends here (RFC 5246, 7.2.1). */
    public void closeNotify() {
        flight.alert(Alert.WARNING, AlertDescription.CLOSE_NOTIFY, isTls13());
    }

    /** The connection is over: nothing is sent or received any more. Frees what no garbage collector should be left with. */
    public void end() {
        incoming.end();
        flight.end();
    }

    /** Where the handshake stands. */
    public ClientState state() {
        return state;
    }

    /** Whether the server has sent close_notify after the handshake. */
    public boolean closedByServer() {
        return closed;
    }

    /** Whether the server has answered the ClientHello with a valid ServerHello. */
    public boolean answered() {
        return agreed != null;
    }

    /** Whether the server took up the offered session; {@code false} before it answered. */
    public boolean resumed() {
        return agreed != null && agreed.resumed();
    }

    /** The version in use; {@code null} before the server answered. */
    public ProtocolVersion version() {
        return agreed == null ? null : agreed.version();
    }

    /** The suite in use; {@code null} before the server answered. */
    public CipherSuite suite() {
        return agreed == null ? null : agreed.suite();
    }

    /** The group of the key exchange; {@code null} where there was none. */
    public NamedGroup group() {
        return agreed == null ? null : agreed.group();
    }

    /** The same as results name it, groups of numbers too. */
    public String groupLabel() {
        return agreed == null ? null : agreed.groupLabel();
    }

    /** How records are compressed; {@code null} before the server answered. */
    public Compression compression() {
        return agreed == null ? null : agreed.compression();
    }

    /** The application protocol that the server chose by ALPN (RFC 7301); empty where it chose none. */
    public Optional<String> protocol() {
        return agreed == null ? Optional.empty() : Optional.ofNullable(agreed.protocol());
    }

    /** What became of the client's certificate so far. */
    public CertificateUse certificateUse() {
        return agreed == null ? CertificateUse.NOT_ASKED : agreed.certificateUse();
    }

    /**
     * Whether the server's certificate bears the name that the ClientHello asked for (RFC 9525, 6.3); empty where no name
     * was asked for, no certificate was shown, or it cannot be read.
     */
    public Optional<Boolean> bearsName() {
        var name = memory.settings().sni();
        return agreed == null || agreed.server() == null || name == null
                ? Optional.empty()
                : agreed.server().bears(name);
    }

    /** What became of the early data. */
    public EarlyData earlyData() {
        return negotiation.earlyData();
    }

    // What arrives

    private void take(RecordReader.Record received) throws Fault {
        if (received.type() == ContentType.CHANGE_CIPHER_SPEC && ignoresChange()) {
            incoming.plain(received);
            // RFC 8446, 5: dropped, as long as it is what it should be, and where it may be.
            checkChange(received.fragment(), Violation.CHANGE_CIPHER_SPEC_MALFORMED_IN_TLS13);
            return;
        }
        if (recordVersion != 0 && received.version() != recordVersion) {
            incoming.plain(received);
            throw new Fault(Violation.RECORD_VERSION_CHANGED, ProtocolVersion.describe(received.version()),
                    ProtocolVersion.describe(recordVersion));
        }
        // A server that fails before it has our keys, or its own, tells so unprotected; behind protected records it may not.
        var plain = received.type() == ContentType.ALERT && isTls13() && !authenticated
                && received.fragment().readableBytes() == Alert.LENGTH;
        var opened = plain ? incoming.plain(received) : open(received);
        var content = opened.fragment();
        if (!content.isReadable() && opened.type() != ContentType.APPLICATION_DATA) {
            // RFC 5246, 6.2.1
            throw new Fault(Violation.EMPTY_RECORD);
        }
        switch (opened.type()) {
            case ALERT -> {
                var alert = Alert.decode(content);
                requireNoMessageBroken(alert);
                takeAlert(alert);
            }
            case HANDSHAKE -> {
                messages.append(content);
                for (ByteBuf next; isOpen() && (next = nextMessage()) != null;) {
                    take(next);
                }
            }
            case CHANGE_CIPHER_SPEC -> {
                checkChange(content, Violation.CHANGE_CIPHER_SPEC_MALFORMED);
                state = state.on(new Message.ChangeCipherSpec());
            }
            case APPLICATION_DATA -> {
                if (!(state instanceof Done)) {
                    throw new Fault(Violation.APPLICATION_DATA_BEFORE_FINISHED);
                }
                if (isTls13() && messages.midMessage()) {
                    // RFC 8446, 5.1
                    throw new Fault(Violation.APPLICATION_DATA_WITHIN_MESSAGE);
                }
                if (content.isReadable() && !answeredWithData) {
                    answeredWithData = true;
                    reached(Progress.FIRST_BYTE);
                }
            }
        }
    }

    private RecordReader.Record open(RecordReader.Record received) throws Fault {
        try {
            var opened = incoming.open(received);
            authenticated |= incoming.isProtected();
            return opened;
        } catch (Fault fault) {
            throw !authenticated && agreed != null && fault.rule() == Violation.RECORD_NOT_AUTHENTIC
                    ? agreed.keysDiffer()
                    : fault;
        }
    }

    /**
     * The next whole message, or {@code null} when there is none yet.
     *
     * @throws Fault when it comes out of place, which counts before its content, and before it has arrived whole
     */
    private ByteBuf nextMessage() throws Fault {
        var type = messages.type();
        var may = type == ClientState.NONE || type == state.due()
                || type == HandshakeMessage.CertificateRequest.TYPE && state.mayBeAsked()
                || type == HelloRequest.TYPE && ignoresHelloRequests()
                || state instanceof Done && agreed.maySendAfterwards(type);
        if (!may) {
            var awaited = state.due() == ClientState.NONE
                    ? state instanceof Done ? "nothing of the handshake" : "ChangeCipherSpec"
                    : Tls13Message.label(state.due());
            throw ClientState.unexpected(Tls13Message.label(type), awaited);
        }
        return messages.next();
    }

    /** RFC 5246, 7.4.1.1: they may be ignored, and are no part of the transcript. TLS 1.3 has none. */
    private boolean ignoresHelloRequests() {
        return !negotiation.retried() && memory.settings().offersUpToTls12() && !isTls13();
    }

    private void take(ByteBuf raw) throws Fault {
        var body = raw.slice(raw.readerIndex() + HandshakeMessage.HEADER,
                raw.readableBytes() - HandshakeMessage.HEADER);
        var type = raw.getUnsignedByte(raw.readerIndex());
        if (type == HandshakeMessage.CertificateRequest.TYPE && state.mayBeAsked()) {
            making = Stage.CERTIFICATE_REQUEST;
        }
        var message = isTls13()
                ? Tls13Message.decode(type, body)
                : HandshakeMessage.decode(type, body, agreed == null ? null : agreed.suite().keyExchange(),
                        agreed == null ? ProtocolVersion.TLS_1_2 : agreed.version());
        if (message instanceof HelloRequest) {
            return;
        }
        if (state instanceof Done) {
            agreed.takeAfterwards(message);
            return;
        }
        transcript.add(raw);
        state = state.on(message);
        making = null;
    }

    /** @param malformed what content breaks that is another */
    private void checkChange(ByteBuf content, Violation malformed) throws Fault {
        if (content.readableBytes() != 1 || content.readByte() != Message.ChangeCipherSpec.CONTENT) {
            throw new Fault(malformed);
        }
        if (messages.midMessage()) {
            throw new Fault(Violation.CHANGE_CIPHER_SPEC_WITHIN_MESSAGE);
        }
    }

    /** Whether a ChangeCipherSpec means nothing now: TLS 1.3 is in use, or may come to be. */
    private boolean ignoresChange() {
        return !(state instanceof Done) && (agreed == null
                ? memory.settings().offers(ProtocolVersion.TLS_1_3)
                : isTls13());
    }

    private boolean isTls13() {
        return agreed instanceof Tls13Handshake;
    }

    /**
     * In TLS 1.3 no record of another type stands within a message (RFC 8446, 5.1). What ends the connection breaks the
     * message off, and says more than the rule.
     */
    private void requireNoMessageBroken(Alert alert) throws Fault {
        if (!alert.ends() && messages.midMessage() && (agreed == null
                ? !memory.settings().offersUpToTls12()
                : isTls13())) {
            throw new Fault(Violation.ALERT_WITHIN_MESSAGE, alert.label());
        }
    }

    private void takeAlert(Alert alert) {
        if (isTls13() ? alert.description() == AlertDescription.USER_CANCELED.id() : !alert.ends()) {
            return;
        }
        if (state instanceof Done && alert.description() == AlertDescription.CLOSE_NOTIFY.id()) {
            closed = true;
        } else {
            var failure = HandshakeFailure.of(state.stage(), alert, memory.settings().identity() != null);
            fail(agreed != null && failure.saysKeysDiffer()
                    ? agreed.flaw().map(failure::because).orElse(failure)
                    : failure);
        }
    }

    // What the states and verbs do with it

    /** What is found wrong from here on, until the message is dealt with, is found in this stage. */
    void making(Stage stage) {
        making = stage;
    }

    /** Whether the server asks for another ClientHello, where it may. */
    boolean isRetryRequest(ServerHello hello) {
        return memory.settings().offers(ProtocolVersion.TLS_1_3) && hello.isRetryRequest();
    }

    /** Sends the ClientHello that the server asks for. */
    void retry(ServerHello request) throws Fault {
        requireEndOfFlight();
        negotiation.retry(request, nowNanos);
        reached(Progress.HELLO_RETRY_REQUEST);
    }

    /** Takes the server's answer to the ClientHello. */
    VersionedHandshake agreeOn(ServerHello hello) throws Fault {
        agreed = negotiation.agreeOn(hello, this);
        recordVersion = isTls13() ? 0 : hello.version();
        reached(Progress.SERVER_HELLO);
        return agreed;
    }

    /** The server has said whether it takes the early data. */
    void earlyDataAnswered(boolean taken) {
        negotiation.earlyDataAnswered(taken);
    }

    void gained(Session newSession) {
        output.gained(newSession);
    }

    void unusable(UnusableTicket reason) {
        output.unusable(reason);
    }

    /** When the bytes arrived that are being taken, on the caller's clock. */
    long nowNanos() {
        return nowNanos;
    }

    void reached(Progress progress) {
        output.reached(progress);
    }

    /**
     * From here on the server's records are protected so.
     *
     * @throws Fault when the record that brought it about holds more (RFC 8446, 5.1)
     */
    void readUnder(RecordProtection protection) throws Fault {
        if (messages.midMessage()) {
            throw new Fault(Violation.MESSAGE_BEHIND_KEY_CHANGE);
        }
        incoming.protect(protection);
    }

    /**
     * The server has nothing more to say before the client has answered; a HelloRequest says nothing.
     *
     * @throws Fault when it has begun another message all the same
     */
    void requireEndOfFlight() throws Fault {
        if (messages.midMessage() && !(messages.type() == HelloRequest.TYPE && ignoresHelloRequests())) {
            throw new Fault(Violation.MESSAGE_BEHIND_FLIGHT);
        }
    }

    /** Ends it here, and tells the server why. */
    private void fail(Fault fault) {
        var alert = version() == ProtocolVersion.SSL_3_0 ? fault.alert().inSsl3() : fault.alert();
        fail(HandshakeFailure.of(making == null ? state.stage() : making, alert, fault));
        incoming.showRest();
        try {
            flight.alert(Alert.FATAL, alert, isTls13());
        } catch (RuntimeException _) {
            // what has failed before may fail again, and the first failure is the one that counts
        }
    }

    private void fail(HandshakeFailure failure) {
        state = new Failed(failure);
    }

    private boolean isOpen() {
        return !(state instanceof Failed) && !closed;
    }
}
