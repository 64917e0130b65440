package dev.shakedown.bench;

import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.Output;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Our client, as a load run uses it. */
final class ShakedownPeer implements Peer, Output {
    private final ClientMemory memory;
    private final ClientHandshake handshake;
    private boolean begun;
    private ByteBuf out = Unpooled.EMPTY_BUFFER;

    /** @param session the session to offer, or {@code null} */
    ShakedownPeer(ClientMemory memory, @Nullable Session session) {
        this.memory = memory;
        this.handshake = new ClientHandshake(memory, session, this);
    }

    @Override
    public void take(ByteBuf in, ByteBuf to) {
        out = to;
        var now = System.nanoTime();
        if (!begun) {
            begun = true;
            handshake.start(now);
        } else {
            handshake.receive(in, now);
        }
        if (handshake.state() instanceof Failed failed) {
            throw new IllegalStateException("the handshake failed: " + failed.failure());
        }
    }

    boolean resumed() {
        return handshake.resumed();
    }

    @Override
    public boolean isDone() {
        return handshake.state() instanceof Done;
    }

    @Override
    public void end() {
        // holds nothing
    }

    @Override
    public void send(ByteBuf flight, @Nullable Progress reached) {
        out.writeBytes(flight, flight.readerIndex(), flight.readableBytes());
    }

    @Override
    public void reached(Progress progress) {
        // single messages are not timed here
    }

    @Override
    public void gained(Session session) {
        memory.sessions().keep(session);
    }
}
