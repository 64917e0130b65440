package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.MessageReader;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one connection, which all states share: what it reads and writes, what it knows, whom it tells.
 */
final class Endpoint {
    private final ClientMemory memory;
    private final Output output;
    private final Transcript transcript;
    private final Incoming incoming;
    private final MessageReader messages = new MessageReader();
    private final Flight flight;
    private long nowNanos;

    /** @param witness watches all of it; {@code null} for nobody */
    Endpoint(ClientMemory memory, Output output, @Nullable HandshakeObserver observer) {
        this.memory = memory;
        this.output = output;
        this.transcript = new Transcript(memory.primitives(), memory.settings().identity() != null);
        this.incoming = new Incoming(observer);
        this.flight = new Flight(memory, transcript, output, observer);
    }

    ClientMemory memory() {
        return memory;
    }

    ClientSettings settings() {
        return memory.settings();
    }

    Primitives primitives() {
        return memory.primitives();
    }

    Transcript transcript() {
        return transcript;
    }

    Incoming incoming() {
        return incoming;
    }

    MessageReader messages() {
        return messages;
    }

    Flight flight() {
        return flight;
    }

    /** When the bytes arrived that are being taken, on the caller's clock. */
    long nowNanos() {
        return nowNanos;
    }

    void now(long nanos) {
        nowNanos = nanos;
    }

    void reached(Progress progress) {
        output.reached(progress);
    }

    void gained(Session session) {
        output.gained(session);
    }

    void unusable(UnusableTicket reason) {
        output.unusable(reason);
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

    /** @throws Fault when this is no ChangeCipherSpec, which breaks {@code malformed}, or it came within a message */
    void requireChange(ByteBuf content, Violation malformed) throws Fault {
        if (content.readableBytes() != 1 || content.readByte() != Message.ChangeCipherSpec.CONTENT) {
            throw new Fault(malformed);
        }
        if (messages.midMessage()) {
            throw new Fault(Violation.CHANGE_CIPHER_SPEC_WITHIN_MESSAGE);
        }
    }

    /**
     * The server has nothing more to say before the client has answered.
     *
     * @param mayRequest whether a HelloRequest may have begun, which says nothing
     * @throws Fault when it has begun another message all the same
     */
    void requireEndOfFlight(boolean mayRequest) throws Fault {
        if (messages.midMessage() && !(mayRequest && messages.type() == HelloRequest.TYPE)) {
            throw new Fault(Violation.MESSAGE_BEHIND_FLIGHT);
        }
    }
}
