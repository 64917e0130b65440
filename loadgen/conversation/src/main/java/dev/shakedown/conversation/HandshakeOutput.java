package dev.shakedown.conversation;

import dev.shakedown.tls.client.Output;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.UnusableTicket;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Receives the output of a conversation's handshake: passes flights to the pump and records progress in the notes. */
final class HandshakeOutput implements Output {
    private final Notes notes;
    private final Pump pump;
    private final Conversation conversation;
    /** The progress that is reached once everything has been sent. */
    private Progress pending = Progress.HELLO_SENT;

    HandshakeOutput(Notes notes, Pump pump, Conversation conversation) {
        this.notes = notes;
        this.pump = pump;
        this.conversation = conversation;
    }

    @Override
    public void send(ByteBuf flight, @Nullable Progress reached) {
        notes.sent(flight.readableBytes());
        if (reached != null) {
            pending = reached;
        }
        if (pump.send(flight, reached == Progress.HELLO_SENT) && reached != null) {
            allSent();
        }
    }

    /** Called when everything that could not be sent at once has been sent. */
    void allSent() {
        notes.reached(pending, pump.sentNanos());
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
