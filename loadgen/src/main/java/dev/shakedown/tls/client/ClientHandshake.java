package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.AwaitServerHello;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
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
import io.netty.buffer.ByteBuf;

/**
 * One TLS handshake of a client: turns bytes into records, records into messages, and each message into the next
 * {@link ClientState}. What a message makes it do is the version's own, in {@link Tls12Handshake}. Not thread-safe.
 */
public final class ClientHandshake {
    /** What an observer can time. */
    public enum Progress {
        HELLO_SENT, SERVER_HELLO, SERVER_FLIGHT_DONE, KEY_EXCHANGE_SENT, FINISHED
    }

    /** Where bytes and events go. */
    public interface Output {
        /**
         * Takes one whole flight, to be written at once. The bytes must be copied before this returns.
         *
         * @param reached what is reached as soon as the flight has left; {@code null} for an alert
         */
        void send(ByteBuf flight, Progress reached);

        /** Something was reached by what has just been read. */
        void reached(Progress progress);
    }

    private final ClientMemory memory;
    private final Session offered;
    private final Output output;
    private final RecordReader records = new RecordReader();
    private final MessageReader messages = new MessageReader();
    private final Transcript transcript;
    private final Flight flight;
    private RecordProtection reading = new RecordProtection.None(0);
    private ClientState state;
    private boolean closed;
    private long nowNanos;

    private ClientHello clientHello;
    /** What the version field of each record must say; 0 before the server has answered. */
    private int recordVersion;
    /** {@code null} before the server has answered. */
    private Tls12Handshake tls12;

    /** @param offered the session to resume, or {@code null} for a full handshake */
    public ClientHandshake(ClientMemory memory, Session offered, Output output) {
        this.memory = memory;
        this.offered = offered;
        this.output = output;
        this.transcript = new Transcript(memory.primitives());
        this.flight = new Flight(memory, transcript, output);
        this.state = new AwaitServerHello(this);
    }

    /** Sends the ClientHello. */
    public void start() {
        clientHello = memory.offer().hello(offered, memory.primitives());
        flight.begin();
        flight.write(clientHello);
        flight.send(Progress.HELLO_SENT);
    }

    /**
     * Takes what arrived, all of it, and moves on as far as it goes. Look at {@link #state} afterwards.
     *
     * @param nowNanos when it arrived, on the caller's clock
     */
    public void receive(ByteBuf bytes, long nowNanos) {
        if (!isOpen()) {
            return;
        }
        this.nowNanos = nowNanos;
        try {
            records.append(bytes);
            for (RecordReader.Record next; isOpen() && (next = records.next(isProtected())) != null;) {
                take(next);
            }
        } catch (Fault fault) {
            fail(HandshakeFailure.of(state.stage(), fault));
            flight.alert(Alert.FATAL, fault.alert());
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
            var started = records.pending() > 0 || messages.midMessage();
            fail(new HandshakeFailure(state.stage(), false, cause,
                    started ? meaning + ", in the middle of a message" : meaning));
        }
    }

    /** Tells the server that the connection ends here (RFC 5246, 7.2.1). */
    public void closeNotify() {
        flight.alert(Alert.WARNING, AlertDescription.CLOSE_NOTIFY);
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
        return tls12 != null;
    }

    /** Whether the server took up the offered session; {@code false} before it answered. */
    public boolean resumed() {
        return tls12 != null && tls12.agreed().resumed();
    }

    /** The suite in use; {@code null} before the server answered. */
    public CipherSuite suite() {
        return tls12 == null ? null : tls12.agreed().suite();
    }

    /** The group of the key exchange; {@code null} where there was none. */
    public NamedGroup group() {
        return tls12 == null ? null : tls12.group();
    }

    /** The session that this connection gained, to be offered later; {@code null} if the server gave none. */
    public Session gained() {
        return state instanceof Done ? tls12.gained(nowNanos) : null;
    }

    // What arrives

    private void take(RecordReader.Record received) throws Fault {
        if (recordVersion != 0 && received.version() != recordVersion) {
            throw new Fault(AlertDescription.PROTOCOL_VERSION, "a record of "
                    + ProtocolVersion.describe(received.version()) + " arrived in a connection of "
                    + ProtocolVersion.describe(recordVersion));
        }
        var opened = reading.open(received);
        var content = opened.fragment();
        if (!content.isReadable() && opened.type() != ContentType.APPLICATION_DATA) {
            // RFC 5246, 6.2.1
            throw new Fault(AlertDescription.UNEXPECTED_MESSAGE, "an empty record arrived, where only application data"
                    + " may be empty");
        }
        switch (opened.type()) {
            case ALERT -> takeAlert(Alert.decode(content));
            case HANDSHAKE -> {
                messages.append(content);
                for (ByteBuf next; isOpen() && (next = messages.next()) != null;) {
                    take(next);
                }
            }
            case CHANGE_CIPHER_SPEC -> {
                if (content.readableBytes() != 1 || content.readByte() != Message.ChangeCipherSpec.CONTENT) {
                    throw new Fault(AlertDescription.DECODE_ERROR, "ChangeCipherSpec is not the one byte 1");
                }
                if (messages.midMessage()) {
                    throw new Fault(AlertDescription.UNEXPECTED_MESSAGE,
                            "ChangeCipherSpec arrived in the middle of a handshake message");
                }
                state = state.on(new Message.ChangeCipherSpec());
            }
            case APPLICATION_DATA -> {
                if (!(state instanceof Done)) {
                    throw new Fault(AlertDescription.UNEXPECTED_MESSAGE,
                            "application data arrived before the handshake was done");
                }
            }
        }
    }

    private void take(ByteBuf raw) throws Fault {
        var body = raw.slice(raw.readerIndex() + HandshakeMessage.HEADER,
                raw.readableBytes() - HandshakeMessage.HEADER);
        var message = HandshakeMessage.decode(raw.getUnsignedByte(raw.readerIndex()), body,
                tls12 == null ? null : tls12.agreed().suite().keyExchange());
        // RFC 5246, 7.4.1.1: may be ignored, and is no part of the transcript.
        if (message instanceof HelloRequest) {
            return;
        }
        transcript.add(raw);
        state = state.on(message);
    }

    private void takeAlert(Alert alert) {
        if (!alert.ends()) {
            return;
        }
        if (state instanceof Done && alert.description() == AlertDescription.CLOSE_NOTIFY.id()) {
            closed = true;
        } else {
            fail(HandshakeFailure.of(state.stage(), alert));
        }
    }

    // What the states and verbs do with it

    /** Takes the server's answer to the ClientHello. */
    Tls12Handshake agreeOn(ServerHello hello) throws Fault {
        var agreed = memory.offer().check(clientHello, offered, hello);
        recordVersion = hello.version();
        tls12 = new Tls12Handshake(this, memory, transcript, flight, clientHello, hello, offered, agreed);
        transcript.begin(agreed.suite().prfHash());
        reached(Progress.SERVER_HELLO);
        return tls12;
    }

    void reached(Progress progress) {
        output.reached(progress);
    }

    /** From here on the server's records are protected. */
    void readUnder(RecordProtection protection) {
        reading = protection;
    }

    private void fail(HandshakeFailure failure) {
        state = new Failed(failure);
    }

    private boolean isOpen() {
        return !(state instanceof Failed) && !closed;
    }

    private boolean isProtected() {
        return !(reading instanceof RecordProtection.None);
    }
}
