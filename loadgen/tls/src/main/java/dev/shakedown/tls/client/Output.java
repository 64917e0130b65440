package dev.shakedown.tls.client;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Where bytes and events go. */
public interface Output {
    /**
     * Takes one whole flight, to be written at once. The bytes must be copied before this returns.
     *
     * @param reached what is reached as soon as the flight has left; {@code null} for nothing that counts
     */
    void send(ByteBuf flight, @Nullable Progress reached);

    /** Something was reached by what has just been read. */
    void reached(Progress progress);

    /** The server gave a session that may be offered later. */
    void gained(Session session);

    /** The server sent a ticket that cannot be offered later. */
    default void unusable(UnusableTicket reason) {
        // not of interest to all
    }
}
