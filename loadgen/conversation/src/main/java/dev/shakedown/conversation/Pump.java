package dev.shakedown.conversation;

import dev.shakedown.tls.client.Session;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * Drives one conversation: feeds it arriving bytes and the time, sends its bytes, and keeps its deadlines. All times
 * are nanoseconds of one monotonic clock.
 */
public interface Pump {
    /** Returns the current time. */
    long nanoTime();

    /** Returns when the bytes being read arrived. */
    long arrivedNanos();

    /** Returns when the last bytes sent were handed to the kernel. */
    long sentNanos();

    /** Returns the client's own address; only for an established connection. */
    InetSocketAddress localAddress();

    /**
     * Arranges for {@link Conversation#connected} to be called even if nothing is sent before the connection is
     * established.
     */
    void awaitConnected();

    /** Makes small packets leave at once from here on (TCP_NODELAY). */
    void noDelay();

    /**
     * Sends the readable bytes of {@code bytes}, which the caller may reuse as soon as this returns.
     *
     * @param isHello whether this is a ClientHello, which early data may follow
     * @return whether everything was sent; if not, {@link Conversation#sent} is called when it is
     */
    boolean send(ByteBuf bytes, boolean isHello);

    /** Called when the server has issued a session that may be offered later. */
    void gained(Session session);

    /**
     * Called when the conversation begins to wait after its handshake; {@link Conversation#waitExpired} is due when
     * that has lasted long enough.
     */
    void awaitPostHandshake(State.PostHandshake postHandshake);

    /**
     * Called when the first ticket has arrived; {@link Conversation#gathered} is due when others sent with it have had
     * time to arrive.
     */
    void gather();

    /**
     * Called once, when the conversation has ended. The pump closes the connection, either at once or after the server
     * has, and then calls {@link Conversation#closed}.
     */
    void ended(Ending ending);
}
