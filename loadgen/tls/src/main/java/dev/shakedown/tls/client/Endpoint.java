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

/** The client's end of one connection, which all states share: its input and output, its memory and its observer. */
final class Endpoint {
    private final ClientMemory memory;
    private final Output output;
    private final Transcript transcript;
    private final Incoming incoming;
    private final MessageReader messages = new MessageReader();
    private final Flight flight;
    private long nowNanos;

    /** @param observer observes the handshake; {@code null} for none */
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

    /** Returns when the bytes that are being processed arrived, on the caller's clock. */
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
     * Sets the protection of the server's next records.
     *
     * @throws Fault if the record of the message that changes the keys continues after it (RFC 8446, 5.1)
     */
    void readUnder(RecordProtection protection) throws Fault {
        if (messages.midMessage()) {
            throw new Fault(Violation.MESSAGE_BEHIND_KEY_CHANGE);
        }
        incoming.protect(protection);
    }

    /**
     * @throws Fault if {@code content} is not a ChangeCipherSpec, which breaks {@code malformed}, or comes within a
     *               message
     */
    void requireChange(ByteBuf content, Violation malformed) throws Fault {
        if (content.readableBytes() != 1 || content.readByte() != Message.ChangeCipherSpec.CONTENT) {
            throw new Fault(malformed);
        }
        if (messages.midMessage()) {
            throw new Fault(Violation.CHANGE_CIPHER_SPEC_WITHIN_MESSAGE);
        }
    }

    /**
     * Checks that the server's flight has ended, so that it is the client's turn.
     *
     * @param allowsHelloRequest whether a HelloRequest, which is ignored, may have begun
     * @throws Fault if another message has begun
     */
    void requireEndOfFlight(boolean allowsHelloRequest) throws Fault {
        if (messages.midMessage() && !(allowsHelloRequest && messages.type() == HelloRequest.TYPE)) {
            throw new Fault(Violation.MESSAGE_BEHIND_FLIGHT);
        }
    }
}
