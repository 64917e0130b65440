package dev.shakedown.bench;

import io.netty.buffer.ByteBuf;

/** One side of one handshake in memory. */
interface Peer {
    /**
     * Takes all of {@code in}, which is empty at the beginning, and goes on as far as it can.
     *
     * @param out where it writes what the other side is to take
     */
    void take(ByteBuf in, ByteBuf out) throws Exception;

    /** Whether its handshake is complete. */
    boolean isDone();

    /** Ends it, when nothing more will come. */
    void end();
}
