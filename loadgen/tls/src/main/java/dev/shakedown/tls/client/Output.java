package dev.shakedown.tls.client;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Receives the handshake's bytes and events. */
public interface Output {
    /**
     * Sends one whole flight at once. The bytes must be copied before this returns.
     *
     * @param reached what is reached as soon as the flight is sent; {@code null} for nothing that is timed
     */
    void send(ByteBuf flight, @Nullable Progress reached);

    /** Reports progress made by what has just been read. */
    void reached(Progress progress);

    /** Reports a session that may be offered later. */
    void gained(Session session);

    /** Reports a ticket that cannot be offered later. */
    default void unusable(UnusableTicket reason) {
        // most outputs do not need it
    }
}
