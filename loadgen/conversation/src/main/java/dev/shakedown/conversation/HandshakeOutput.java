package dev.shakedown.conversation;

import dev.shakedown.tls.client.Output;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.UnusableTicket;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes what a conversation's handshake tells: flights go to the pump, and what is reached to the notes. */
final class HandshakeOutput implements Output {
    private final Notes notes;
    private final Pump pump;
    private final Conversation conversation;
    /** What is reached when all that was sent has left. */
    private Progress leaving = Progress.HELLO_SENT;

    HandshakeOutput(Notes notes, Pump pump, Conversation conversation) {
        this.notes = notes;
        this.pump = pump;
        this.conversation = conversation;
    }

    @Override
    public void send(ByteBuf flight, @Nullable Progress reached) {
        notes.sent(flight.readableBytes());
        if (reached != null) {
            leaving = reached;
        }
        if (pump.send(flight, reached == Progress.HELLO_SENT) && reached != null) {
            left();
        }
    }

    /** All that could not leave at once has left. */
    void left() {
        notes.reached(leaving, pump.sentNanos());
    }

    @Override
    public void reached(Progress progress) {
        if (progress == Progress.TICKET) {
            notes.reachedTicket(pump.arrivedNanos());
        } else {
            notes.reached(progress, pump.arrivedNanos());
        }
    }

    @Override
    public void gained(Session session) {
        conversation.gained(session);
    }

    @Override
    public void unusable(UnusableTicket reason) {
        notes.unusable(reason);
    }
}
