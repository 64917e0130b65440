package dev.shakedown.conversation;

import dev.shakedown.tls.client.Session;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * Drives one conversation: gives it the bytes that arrive and the time, takes the bytes that leave, and keeps its
 * deadlines. All times are nanoseconds of one monotonic clock, the pump's.
 */
public interface Pump {
    /** Now. */
    long nanoTime();

    /** When what is being read is taken to have arrived. */
    long arrivedNanos();

    /** When the last that has left was handed to the kernel. */
    long sentNanos();

    /** The client's own address, once the connection stands. */
    InetSocketAddress localAddress();

    /** Has {@link Conversation#connected} called when the connection stands, although nothing is sent before that. */
    void awaitConnected();

    /** From here on small packets leave at once. */
    void noDelay();

    /**
     * Sends what {@code bytes} has to read; they are the caller's again as soon as this returns.
     *
     * @param isHello whether it is a ClientHello, perhaps with early data behind it
     * @return whether all of it has left; else {@link Conversation#sent} tells
     */
    boolean send(ByteBuf bytes, boolean isHello);

    /** The server gave a session that may be offered later. */
    void gained(Session session);

    /**
     * The conversation stays beyond its handshake; {@link Conversation#stayedOverdue} tells when it has for long
     * enough.
     */
    void waitPolicy(State.PostHandshake postHandshake);

    /** The first ticket has come; {@link Conversation#gathered} tells when those sent with it had time to come, too. */
    void gather();

    /**
     * How it ended; told once. The pump closes the connection, at once or when the server has, and then the
     * conversation.
     */
    void ended(Ending ending);
}
