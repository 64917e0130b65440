package dev.shakedown.bench;

import io.netty.buffer.ByteBuf;

/** One side of one handshake in memory. */
interface Peer {
    /**
     * Takes all of {@code in}, which is empty at first, and proceeds as far as it can.
     *
     * @param out the buffer for what the other side is to take
     */
    void take(ByteBuf in, ByteBuf out) throws Exception;

    /** Whether the handshake is complete on this side. */
    boolean isDone();

    /** Closes this side, once nothing more will come. */
    void end();
}
