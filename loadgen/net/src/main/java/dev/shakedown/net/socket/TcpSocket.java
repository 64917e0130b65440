package dev.shakedown.net.socket;

import dev.shakedown.net.Target;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection of a client, on any transport. It belongs to one event loop, on which its methods and its listener
 * are called.
 */
public interface TcpSocket {
    /** Receives the events of a socket. */
    interface Listener {
        /** Called when the connection is established, at {@code nowNanos} of {@link System#nanoTime()}. */
        void connected(long nowNanos);

        /**
         * Called with received bytes; the buffer is only valid until this returns.
         *
         * @param arrivedNanos when all of them had arrived at this machine, of {@link System#nanoTime()}; the current
         *                     time if that is unknown
         */
        void received(ByteBuf bytes, long arrivedNanos);

        /** Called when everything that {@link #send} could not send at once is sent. */
        void sent();

        /** Called when the server ended the connection. */
        void ended();

        /** Called when the transport failed; the socket cannot be used any more. */
        void failed(Throwable error);
    }

    /** Opens the sockets of one event loop. */
    interface Opener {
        /**
         * Opens a socket and begins to connect. It may call its listener before this returns.
         *
         * @param source the address to connect from; {@code null} leaves the choice to the kernel
         * @throws IOException if no socket is available, or the kernel refuses at once
         */
        TcpSocket open(Target target, @Nullable InetAddress source, Listener listener) throws IOException;
    }

    /**
     * Sends the readable bytes of {@code bytes}; if the connection is not established yet, as soon as it is.
     *
     * @return whether everything is sent; if not, {@link Listener#sent} is called later
     */
    boolean send(ByteBuf bytes);

    /** Has the listener called when the connection is established, for callers that send nothing before. */
    void awaitConnected();

    /** Returns when it began to connect, of {@link System#nanoTime()}. */
    long begunNanos();

    /** Returns when the last bytes sent were handed to the kernel, of {@link System#nanoTime()}. */
    long sentNanos();

    /** Returns the client's own address, once the connection is established. */
    InetSocketAddress localAddress();

    /** Sends small packets at once from here on, even before the server has acknowledged the last (TCP_NODELAY). */
    void noDelay();

    /**
     * Closes the connection, and drops unsent bytes. The listener is not called any more.
     *
     * @param reset whether to reset the connection, so that no port stays in TIME_WAIT
     */
    void close(boolean reset);
}
