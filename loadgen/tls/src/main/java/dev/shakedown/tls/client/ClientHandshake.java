package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.Answered;
import dev.shakedown.tls.client.ClientState.Awaiting;
import dev.shakedown.tls.client.ClientState.BeforeHello;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.ClientState.Making;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One TLS handshake of a client: turns bytes into records, records into messages, and each message into the next
 * {@link ClientState}. {@link Tls12Handshake} and {@link Tls13Handshake} define the states of each version. Not
 * thread-safe.
 */
public final class ClientHandshake {
    private static final ClientState BEFORE_HELLO = new BeforeHello();

    private final Endpoint end;
    private final Optional<Session> session;
    private ClientState state = BEFORE_HELLO;
    private boolean closed;
    private boolean answeredWithData;
    /** Whether a record from the server has authenticated under its keys. */
    private boolean authenticated;

    /** @param session the session to resume, or {@code null} for a full handshake */
    public ClientHandshake(ClientMemory memory, @Nullable Session session, Output output) {
        this(memory, session, output, null);
    }

    /**
     * @param session  the session to resume, or {@code null} for a full handshake
     * @param observer observes the handshake; {@code null} for none
     */
    public ClientHandshake(ClientMemory memory, @Nullable Session session, Output output,
            @Nullable HandshakeObserver observer) {
        this.end = new Endpoint(memory, output, observer);
        this.session = Optional.ofNullable(session);
    }

    /**
     * Sends the ClientHello.
     *
     * @param now when it is sent, on the caller's clock
     */
    public void start(long now) {
        start(now, new byte[0]);
    }

    /**
     * Sends the ClientHello, followed by early data if the session allows that much; see {@link #earlyData}.
     *
     * @param now when it is sent, on the caller's clock
     */
    public void start(long now, byte[] data) {
        end.now(now);
        var hello = AwaitServerHello.first(end, session, data.length);
        state = hello;
        hello.send(data);
    }

    /**
     * Consumes all received bytes and advances the handshake as far as they allow. Check {@link #state} afterwards.
     *
     * @param nowNanos when they arrived, on the caller's clock
     */
    public void receive(ByteBuf bytes, long nowNanos) {
        var incoming = end.incoming();
        if (!isOpen() && !incoming.isWatched()) {
            return;
        }
        end.now(nowNanos);
        incoming.append(bytes);
        try {
            for (RecordReader.Record next; isOpen() && (next = incoming.next()) != null;) {
                take(next);
            }
        } catch (Fault | RuntimeException e) {
            fail(state.stage(), HandshakeFailure.fault(e));
        }
        if (!isOpen()) {
            incoming.reportRest();
        }
    }

    /**
     * Fails the handshake because the transport ended.
     *
     * @param cause   the name in results, such as {@code connection_reset}
     * @param meaning one sentence for people
     */
    public void transportEnded(String cause, String meaning) {
        if (!(state instanceof Failed)) {
            var started = end.incoming().midRecord() || end.messages().midMessage();
            fail(HandshakeFailure.ofTransport(state.stage(), cause,
                    started ? meaning + ", in the middle of a message" : meaning));
        }
    }

    /** Fails the handshake because the server's close_notify came before what the connection was kept open for. */
    public void closedTooSoon() {
        fail(HandshakeFailure.of(state.stage(), new Alert(Alert.WARNING, AlertDescription.CLOSE_NOTIFY.id()), false));
    }

    /** Passes the bytes of an incomplete record to the observer; to be called when no more bytes will arrive. */
    public void showRemains() {
        end.incoming().showRemains();
    }

    /**
     * Sends application data, once the handshake is complete. The answer is reported as {@link Progress#FIRST_BYTE}.
     */
    public void send(byte[] applicationData) {
        if (!(state instanceof Done done)) {
            throw new IllegalStateException("the handshake is not complete");
        }
        done.postHandshake().beforeData();
        // Data that the server sent before is not an answer.
        answeredWithData = false;
        end.flight().write(applicationData);
        end.flight().send(null);
    }

    /** Sends close_notify (RFC 5246, 7.2.1). */
    public void closeNotify() {
        end.flight().alert(Alert.WARNING, AlertDescription.CLOSE_NOTIFY, isTls13());
    }

    /** Ends the connection: nothing can be sent or received any more. Frees memory outside the heap. */
    public void end() {
        end.incoming().end();
        end.flight().end();
    }

    /** Returns the current state. */
    public ClientState state() {
        return state;
    }

    /** Whether the server has sent close_notify after the handshake. */
    public boolean closedByServer() {
        return closed;
    }

    /** Whether the server has answered the ClientHello with a valid ServerHello. */
    public boolean answered() {
        return state instanceof Answered || parameters().isPresent();
    }

    /** Whether the server resumed the offered session; {@code false} before it answered. */
    public boolean resumed() {
        return parameters().filter(HandshakeParameters::resumed).isPresent();
    }

    /** Returns the version in use; {@code null} before the server answered. */
    public @Nullable ProtocolVersion version() {
        return parameters().map(HandshakeParameters::version).orElse(null);
    }

    /** Returns the suite in use; {@code null} before the server answered. */
    public @Nullable CipherSuite suite() {
        return parameters().map(HandshakeParameters::suite).orElse(null);
    }

    /** Returns the named group of the key exchange; {@code null} if there is none. */
    public @Nullable NamedGroup group() {
        return parameters().flatMap(all -> all.keyExchange().group()).orElse(null);
    }

    /**
     * Returns the name in results of the key exchange's group, finite-field groups included; {@code null} if there is
     * none.
     */
    public @Nullable String groupLabel() {
        return parameters().flatMap(all -> all.keyExchange().groupLabel()).orElse(null);
    }

    /** Returns the compression method in use; {@code null} before the server answered. */
    public @Nullable Compression compression() {
        return parameters().map(HandshakeParameters::compression).orElse(null);
    }

    /** Returns the application protocol that the server chose by ALPN (RFC 7301); empty if it chose none. */
    public Optional<String> protocol() {
        return parameters().flatMap(HandshakeParameters::protocol);
    }

    /** Returns what has happened to the client's certificate so far. */
    public CertificateUse certificateUse() {
        return parameters().map(HandshakeParameters::certificateUse).orElse(CertificateUse.NOT_ASKED);
    }

    /**
     * Whether the server's certificate contains the name in the ClientHello's server_name (RFC 9525, 6.3); empty if the
     * client sent no name, or the server no certificate, or it cannot be read.
     */
    public Optional<Boolean> bearsName() {
        var name = Optional.ofNullable(end.settings().sni());
        return name
                .flatMap(requested -> parameters().flatMap(HandshakeParameters::server)
                        .flatMap(server -> server.matches(requested)));
    }

    /**
     * Returns a summary of the server's own certificate; empty if it sent none, as in a resumed handshake, or one that
     * Java cannot read.
     */
    public Optional<CertificateSummary> certificate() {
        return parameters().flatMap(HandshakeParameters::server).flatMap(ServerIdentity::summary);
    }

    /** Whether the server says that it supports a higher version than was offered (RFC 8446, 4.1.3). */
    public boolean serverHasHigherVersion() {
        return parameters().filter(HandshakeParameters::hasHigher).isPresent();
    }

    /** Returns what has happened to the early data. */
    public EarlyData earlyData() {
        return state.earlyData();
    }

    // Receiving

    private void take(RecordReader.Record received) throws Fault {
        var incoming = end.incoming();
        if (received.type() == ContentType.CHANGE_CIPHER_SPEC && ignoresChange()) {
            incoming.plain(received);
            // RFC 8446, 5: ignored if it is well-formed and comes where it is allowed.
            end.requireChange(received.fragment(), Violation.CHANGE_CIPHER_SPEC_MALFORMED_IN_TLS13);
            return;
        }
        requireVersion(received);
        // A server that fails before it has the keys sends an unprotected alert; after a protected record it must not.
        var plain = received.type() == ContentType.ALERT && isTls13() && !authenticated
                && received.fragment().readableBytes() == Alert.LENGTH;
        var opened = plain ? incoming.plain(received) : open(received);
        var content = opened.fragment();
        if (!content.isReadable() && opened.type() != ContentType.APPLICATION_DATA) {
            throw new Fault(Violation.EMPTY_RECORD);
        }
        switch (opened.type()) {
            case ALERT -> {
                var alert = Alert.decode(content);
                requireNotWithinMessage(alert);
                takeAlert(alert);
            }
            case HANDSHAKE -> {
                end.messages().append(content);
                takeMessages();
            }
            case CHANGE_CIPHER_SPEC -> {
                end.requireChange(content, Violation.CHANGE_CIPHER_SPEC_MALFORMED);
                move(new Message.ChangeCipherSpec());
            }
            case APPLICATION_DATA -> takeData(content);
        }
    }

    /** Checks a record's version, which is ignored before the server has answered and in TLS 1.3. */
    private void requireVersion(RecordReader.Record received) throws Fault {
        if (state instanceof Answered answered && !answered.acceptsRecordsOf(received.version())) {
            end.incoming().plain(received);
            throw new Fault(Violation.RECORD_VERSION_CHANGED, ProtocolVersion.describe(received.version()),
                    answered.version().label());
        }
    }

    private RecordReader.Record open(RecordReader.Record received) throws Fault {
        try {
            var opened = end.incoming().open(received);
            authenticated |= end.incoming().isProtected();
            return opened;
        } catch (Fault fault) {
            throw !authenticated && state instanceof Answered answered && fault.rule() == Violation.RECORD_NOT_AUTHENTIC
                    ? answered.settled().keysDiffer()
                    : fault;
        }
    }

    private void takeData(ByteBuf content) throws Fault {
        if (!(state instanceof Done)) {
            throw new Fault(Violation.APPLICATION_DATA_BEFORE_FINISHED);
        }
        if (isTls13() && end.messages().midMessage()) {
            throw new Fault(Violation.APPLICATION_DATA_WITHIN_MESSAGE);
        }
        if (content.isReadable() && !answeredWithData) {
            answeredWithData = true;
            end.reached(Progress.FIRST_BYTE);
        }
    }

    private void takeMessages() throws Fault {
        while (isOpen() && end.messages().midMessage()) {
            var stage = requireInPlace(end.messages().type());
            var next = end.messages().next();
            if (next == null) {
                return;
            }
            try {
                take(next);
            } catch (Fault | RuntimeException e) {
                fail(state instanceof Making making ? making.stage() : stage, HandshakeFailure.fault(e));
            }
        }
    }

    /**
     * Checks that a message of this type may come now, before its content is checked, and returns the stage it belongs
     * to.
     */
    private Stage requireInPlace(int type) throws Fault {
        return type == HelloRequest.TYPE && state.ignoresHelloRequests() ? state.stage() : state.stageOf(type);
    }

    private void take(ByteBuf raw) throws Fault {
        var body = raw.slice(raw.readerIndex() + HandshakeMessage.HEADER,
                raw.readableBytes() - HandshakeMessage.HEADER);
        var message = state.decode(raw.getUnsignedByte(raw.readerIndex()), body);
        if (message instanceof HelloRequest) {
            return;
        }
        if (state instanceof Done done) {
            done.postHandshake().take(message);
            return;
        }
        end.transcript().add(raw);
        move(message);
    }

    /** Moves to the next state that awaits a message, or to the last. */
    private void move(Message message) throws Fault {
        if (!(state instanceof Awaiting awaiting)) {
            throw state.unexpected(message);
        }
        state = awaiting.on(message);
        while (state instanceof Making making) {
            state = making.make();
        }
    }

    /** Whether a ChangeCipherSpec has no effect now, because TLS 1.3 is, or still may be, in use. */
    private boolean ignoresChange() {
        return !(state instanceof Done)
                && (answered() ? isTls13() : end.settings().offers(ProtocolVersion.TLS_1_3));
    }

    private boolean isTls13() {
        return state instanceof Answered answered
                ? answered.isTls13()
                : parameters().filter(HandshakeParameters::isTls13).isPresent();
    }

    /**
     * Checks that an alert does not come in the middle of a message, as TLS 1.3 requires (RFC 8446, 5.1). An alert that
     * ends the connection is exempt: it says more about the failure than this rule.
     */
    private void requireNotWithinMessage(Alert alert) throws Fault {
        if (!alert.ends() && end.messages().midMessage()
                && (answered() ? isTls13() : !end.settings().offersUpToTls12())) {
            throw new Fault(Violation.ALERT_WITHIN_MESSAGE, alert.label());
        }
    }

    private void takeAlert(Alert alert) {
        if (isTls13() ? alert.description() == AlertDescription.USER_CANCELED.id() : !alert.ends()) {
            return;
        }
        if (state instanceof Done && alert.description() == AlertDescription.CLOSE_NOTIFY.id()) {
            closed = true;
            return;
        }
        var failure = HandshakeFailure.of(state.stage(), alert, end.settings().identity() != null);
        fail(failure.saysKeysDiffer()
                ? parameters().flatMap(all -> all.keyExchange().flaw()).map(failure::because).orElse(failure)
                : failure);
    }

    /** Fails the handshake and sends the server an alert. */
    private void fail(Stage stage, Fault fault) {
        var alert = version() == ProtocolVersion.SSL_3_0 ? fault.alert().inSsl3() : fault.alert();
        fail(HandshakeFailure.of(stage, alert, fault));
        end.incoming().reportRest();
        try {
            end.flight().alert(Alert.FATAL, alert, isTls13());
        } catch (RuntimeException _) {
            // what has failed may fail again; the first failure counts
        }
    }

    private void fail(HandshakeFailure failure) {
        state = new Failed(failure, parameters(), state.earlyData());
    }

    private Optional<HandshakeParameters> parameters() {
        return state.parameters();
    }

    private boolean isOpen() {
        return !(state instanceof Failed) && !closed;
    }
}
