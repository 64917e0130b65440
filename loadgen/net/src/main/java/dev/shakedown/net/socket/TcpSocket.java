package dev.shakedown.net.socket;

import dev.shakedown.net.Target;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection of a client, whichever transport drives it. It lives on one event loop: its methods are called
 * there, and so is its listener.
 */
public interface TcpSocket {
    /** What happens to a socket. */
    interface Listener {
        /** The connection stands, since {@code nowNanos} of {@link System#nanoTime()}. */
        void connected(long nowNanos);

        /**
         * Bytes were received; the buffer is the socket's own again as soon as this returns.
         *
         * @param arrivedNanos when this machine had all of them, of {@link System#nanoTime()}; where nobody tells, now
         */
        void received(ByteBuf bytes, long arrivedNanos);

        /** All that {@link #send} could not hand over at once has left. */
        void sent();

        /** The server ended the connection. */
        void ended();

        /** The transport failed; the socket is of no more use. */
        void failed(Throwable error);
    }

    /** Makes the sockets of one event loop. */
    interface Opener {
        /**
         * A socket that has begun to connect. It may call its listener before this returns.
         *
         * @param source the address to connect from; {@code null} leaves the choice to the kernel
         * @throws IOException when there is no socket to be had, or the kernel refuses at once
         */
        TcpSocket open(Target target, @Nullable InetAddress source, Listener listener) throws IOException;
    }

    /**
     * Sends what {@code bytes} has to read; before the connection stands, as soon as it does.
     *
     * @return whether all of it has left; else {@link Listener#sent} tells
     */
    boolean send(ByteBuf bytes);

    /** Has the listener told when the connection stands, for who sends nothing before that. */
    void awaitConnected();

    /** When it began to connect, of {@link System#nanoTime()}. */
    long begunNanos();

    /** When the last that has left was handed to the kernel, of {@link System#nanoTime()}. */
    long sentNanos();

    /** The client's own address, once the connection stands. */
    InetSocketAddress localAddress();

    /** From here on small packets leave at once, even while the server has not confirmed the last (TCP_NODELAY). */
    void noDelay();

    /**
     * Closes the connection, and drops what has not left yet. The listener hears no more.
     *
     * @param reset whether with a reset, so that no port stays in TIME_WAIT
     */
    void close(boolean reset);
}
