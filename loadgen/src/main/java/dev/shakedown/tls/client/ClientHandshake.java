package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.AwaitServerHello;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.ServerSignature;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.MessageReader;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * One TLS 1.2 handshake of a client (RFC 5246): turns bytes into records, records into messages, and each message into
 * the next {@link ClientState}. It owns the secrets of the connection and is thrown away with it. Not thread-safe.
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
    private ServerHello serverHello;
    private HelloOffer.Agreed agreed;
    private ServerIdentity server;
    private KeyShare share;
    private PremasterSecret agreedSecret;
    private MasterSecret master;
    private KeyBlock keys;
    private NewSessionTicket ticket;

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
        return agreed != null;
    }

    /** Whether the server took up the offered session; {@code false} before it answered. */
    public boolean resumed() {
        return agreed != null && agreed.resumed();
    }

    /** The suite in use; {@code null} before the server answered. */
    public CipherSuite suite() {
        return agreed == null ? null : agreed.suite();
    }

    /** The group of the key exchange; {@code null} where there was none. */
    public NamedGroup group() {
        return share == null ? null : share.group();
    }

    /** The session that this connection gained, to be offered later; {@code null} if the server gave none. */
    public Session gained() {
        // A ticket goes before the session ID, even where it is of no use (RFC 5077, 3.4).
        var newTicket = ticket != null && ticket.ticket().length > 0;
        var newId = !newTicket && !resumed() && serverHello != null && serverHello.sessionId().length > 0;
        if (!(state instanceof Done) || !newId && !(newTicket && memory.offer().canCarry(ticket.ticket()))) {
            return null;
        }
        // RFC 5246, F.1.4 advises a day at most; the server's hint goes first where it gives one.
        var lifetimeSeconds = newTicket && ticket.lifetimeSeconds() > 0 ? ticket.lifetimeSeconds() : 86_400;
        return new Session(serverHello.sessionId(), newTicket ? ticket.ticket() : null, agreed.suite(), master,
                agreed.extendedMasterSecret(), nowNanos + lifetimeSeconds * 1_000_000_000L);
    }

    // What arrives

    private void take(RecordReader.Record received) throws Fault {
        if (serverHello != null && received.version() != serverHello.version()) {
            throw new Fault(AlertDescription.PROTOCOL_VERSION, "a record of "
                    + ProtocolVersion.describe(received.version()) + " arrived in a connection of "
                    + ProtocolVersion.describe(serverHello.version()));
        }
        var content = reading.open(received);
        if (!content.isReadable() && received.type() != ContentType.APPLICATION_DATA) {
            // RFC 5246, 6.2.1
            throw new Fault(AlertDescription.UNEXPECTED_MESSAGE, "an empty record arrived, where only application data"
                    + " may be empty");
        }
        switch (received.type()) {
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
                agreed == null ? null : agreed.suite().keyExchange());
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

    // The verbs of the states, in wire order

    HelloOffer.Agreed agreed() {
        return agreed;
    }

    void agreeOn(ServerHello hello) throws Fault {
        agreed = memory.offer().check(clientHello, offered, hello);
        serverHello = hello;
        transcript.begin(agreed.suite().prfHash());
        output.reached(Progress.SERVER_HELLO);
    }

    void deriveResumedKeys() {
        master = offered.master();
        deriveKeys();
    }

    void meetServer(Certificate certificate) throws Fault {
        if (certificate.chain().isEmpty()) {
            throw new Fault(AlertDescription.DECODE_ERROR, "the server's Certificate is empty");
        }
        var settings = memory.settings();
        server = memory.server(certificate.chain());
        if (agreed.suite().keyExchange() == CipherSuite.KeyExchange.RSA) {
            server.requireRsaKey();
        }
        if (!server.mustVerify(settings.verify())) {
            return;
        }
        var suite = agreed.suite();
        server.verifyChain(settings.trust(), switch (suite.keyExchange()) {
            case RSA -> "RSA";
            case ECDHE -> suite.isEcdsa() ? "ECDHE_ECDSA" : "ECDHE_RSA";
        });
        if (suite.keyExchange() == CipherSuite.KeyExchange.RSA) {
            server.verified();
        }
    }

    void takeServerKey(ServerKeyExchange keyExchange) throws Fault {
        var settings = memory.settings();
        var group = NamedGroup.of(keyExchange.group());
        if (group == null || !settings.groups().contains(group)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose group "
                    + (group == null ? keyExchange.group() : group.label()) + ", which was not offered");
        }
        var scheme = SignatureScheme.of(keyExchange.scheme());
        if (scheme == null || !ClientSettings.SIGNATURE_SCHEMES.contains(scheme)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server signed with scheme 0x%04x, which was not"
                    .formatted(keyExchange.scheme()) + " offered");
        }
        if (scheme.isRsa() == agreed.suite().isEcdsa()) {
            // RFC 5246, 7.4.3
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server signed with " + scheme.label()
                    + ", which does not go with " + agreed.suite());
        }
        if (server.mustVerify(settings.verify())) {
            var params = Unpooled.buffer();
            keyExchange.signedParams(params);
            ServerSignature.verify(scheme, server.key(), keyExchange.signature(), clientHello.random(),
                    serverHello.random(), ByteBufUtil.getBytes(params));
            server.verified();
        }
        share = memory.keyShare(group);
        agreedSecret = share.agree(keyExchange.point());
    }

    void sendKeyExchange(boolean certificateRequested) throws Fault {
        output.reached(Progress.SERVER_FLIGHT_DONE);
        if (certificateRequested) {
            // We have none, which a client says with an empty chain (RFC 5246, 7.4.6).
            flight.write(new Certificate(List.of()));
        }
        var premaster = writeKeyExchange();
        var suite = agreed.suite();
        master = agreed.extendedMasterSecret()
                ? MasterSecret.deriveExtended(memory.primitives(), suite.prfHash(), premaster, transcript.hash())
                : MasterSecret.derive(memory.primitives(), suite.prfHash(), premaster, clientHello.random(),
                        serverHello.random());
        deriveKeys();
        writeFinished();
        flight.send(Progress.KEY_EXCHANGE_SENT);
    }

    void keepTicket(NewSessionTicket newTicket) {
        ticket = newTicket;
    }

    void changeReadKeys() {
        reading = protection(keys.server());
    }

    void verifyServerFinished(Finished finished) throws Fault {
        if (finished.verifyData().length != FinishedMac.LENGTH) {
            throw new Fault(AlertDescription.DECODE_ERROR, "the server's Finished has " + finished.verifyData().length
                    + " bytes, where " + FinishedMac.LENGTH + " are due");
        }
        var suite = agreed.suite();
        if (!FinishedMac.SERVER.verify(memory.primitives(), suite.prfHash(), master, transcript.hashBeforeFinished(),
                finished.verifyData())) {
            throw new Fault(AlertDescription.DECRYPT_ERROR, "the server's Finished is wrong: it saw another handshake");
        }
    }

    void finish() {
        if (agreed.resumed()) {
            output.reached(Progress.SERVER_FLIGHT_DONE);
            writeFinished();
            flight.send(Progress.FINISHED);
        } else {
            output.reached(Progress.FINISHED);
        }
    }

    // What leaves

    private PremasterSecret writeKeyExchange() throws Fault {
        var kind = agreed.suite().keyExchange();
        if (kind == CipherSuite.KeyExchange.ECDHE) {
            flight.write(new ClientKeyExchange(kind, share.publicValue()));
            return agreedSecret;
        }
        var encrypted = server.premaster(memory.settings().premaster(), clientHello.version(), memory.secretRandom(),
                memory.primitives());
        flight.write(new ClientKeyExchange(kind, encrypted.bytes()));
        return encrypted.premaster();
    }

    private void deriveKeys() {
        keys = master.expand(memory.primitives(), agreed.suite(), clientHello.random(), serverHello.random());
    }

    private void writeFinished() {
        flight.changeKeys(protection(keys.client()));
        flight.write(new Finished(FinishedMac.CLIENT.make(memory.primitives(), agreed.suite().prfHash(), master,
                transcript.hash())));
    }

    private RecordProtection protection(KeyBlock.Keys direction) {
        return RecordProtection.of(memory.primitives(), agreed.suite(), direction, agreed.encryptThenMac(),
                serverHello.version());
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
