package dev.shakedown.net.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket that is read and written by plain system calls, when epoll or io_uring reports that it is ready. A load
 * generator opens a connection for every few packets, so that what a Netty channel does for each (options, addresses, a
 * pipeline, promises) would cost as much as TLS.
 */
abstract sealed class PolledSocket implements TcpSocket, IoHandle permits EpollSocket, IoUringSocket {
    /** Fits a server's whole flight; more waits for the event loop's next turn, so that a flood delays no deadline. */
    private static final int BUFFER_BYTES = 1 << 14;
    private static final int IPPROTO_IP = 0;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;

    /** The state that the sockets of one event loop share. */
    static final class Loop {
        private final IoEventLoop events;
        private final TimedReader in = new TimedReader(BUFFER_BYTES);
        private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

        Loop(IoEventLoop events) {
            this.events = events;
        }
    }

    /** A Netty socket of the target's address family. */
    private static final class Descriptor extends Socket {
        Descriptor(InetAddress target) {
            super(newSocketStream0(target instanceof Inet6Address));
        }
    }

    private final Loop loop;
    private final Listener listener;
    private final Descriptor descriptor;
    private @Nullable IoRegistration registration;
    private long begunNanos;
    /** When the connection was established, if connect(2) did so at once, as it does within a machine; otherwise 0. */
    private long establishedNanos;
    /** When connect(2) returned. */
    private long connectReturnedNanos;
    private long sentNanos;
    private boolean connected;
    /** The failure of sending; {@code null} if there is none. */
    private @Nullable Exception failure;
    private boolean closed;
    /** Whether {@link #ready} is running, after which the socket waits again in any case. */
    private boolean handling;
    /** Bytes that the kernel did not accept yet. */
    private ByteBuf waiting = Unpooled.EMPTY_BUFFER;

    PolledSocket(Loop loop, InetSocketAddress target, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        this.descriptor = new Descriptor(target.getAddress());
    }

    private IoRegistration registration() {
        return Objects.requireNonNull(registration, "not connected");
    }

    /** Waits until the socket is readable or, if {@code writable}, writable, and then calls {@link #ready}. */
    abstract void await(IoRegistration registration, boolean writable);

    /** Stops waiting for a socket whose descriptor is closed. */
    abstract void forget(IoRegistration registration);

    final PolledSocket connect(InetSocketAddress target, @Nullable InetAddress source) throws IOException {
        TimedReader.requestTimestamps(descriptor);
        try {
            if (source != null) {
                // The kernel chooses the port when connecting, so that each target can use all ports.
                descriptor.setIntOpt(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
                bind(source);
            }
            begunNanos = System.nanoTime();
            var established = beginToConnect(target);
            connectReturnedNanos = System.nanoTime();
            if (established) {
                establishedNanos = connectReturnedNanos;
            }
            var registered = loop.events.register(this);
            registration = registered.getNow();
            if (registration == null) {
                throw new IOException("the event loop takes no more sockets", registered.cause());
            }
            return this;
        } catch (IOException | RuntimeException e) {
            close(false);
            throw e;
        }
    }

    /**
     * Begins to connect. Netty does not report why there is no route; connecting a datagram socket, which sends
     * nothing, does.
     */
    private boolean beginToConnect(InetSocketAddress target) throws IOException {
        try {
            return descriptor.connect(target);
        } catch (NoRouteToHostException e) {
            try (var probe = DatagramChannel.open()) {
                probe.connect(target);
            }
            throw e;
        }
    }

    private void bind(InetAddress source) throws SourceException {
        try {
            descriptor.bind(new InetSocketAddress(source, 0));
        } catch (IOException e) {
            throw new SourceException(e);
        }
    }

    /**
     * {@inheritDoc} A connection within this machine is established at once, so bytes are sent even on a socket that is
     * not known to be connected: if the kernel accepts them, it is.
     */
    @Override
    public final boolean send(ByteBuf bytes) {
        if (closed) {
            return false;
        }
        if (waiting.isReadable()) {
            waiting = Unpooled.wrappedBuffer(waiting, Unpooled.copiedBuffer(bytes));
            return false;
        }
        // If the kernel accepts them, the connection was established by then, since its SYN was answered within
        // connect(2).
        var nowNanos = connected ? 0 : connectReturnedNanos;
        var left = bytes.slice();
        try {
            write(left);
            if (left.readerIndex() > 0) {
                established(nowNanos);
            }
            if (left.isReadable()) {
                waiting = Unpooled.copiedBuffer(left);
            }
            if (!handling) {
                await(registration(), left.isReadable());
            }
            return !left.isReadable();
        } catch (IOException | RuntimeException e) {
            if (TransportCause.of(e) == TransportCause.CONNECTION_RESET) {
                established(nowNanos);
            }
            // Report it later: the sender is in the middle of something.
            failure = e;
            loop.events.execute(() -> failed(e));
            return false;
        }
    }

    @Override
    public final void awaitConnected() {
        if (!closed && !connected && !handling) {
            await(registration(), true);
        }
    }

    @Override
    public final long begunNanos() {
        return begunNanos;
    }

    @Override
    public final long sentNanos() {
        return sentNanos;
    }

    @Override
    public final InetSocketAddress localAddress() {
        return descriptor.localAddress();
    }

    @Override
    public final void noDelay() {
        if (!closed) {
            try {
                descriptor.setTcpNoDelay(true);
            } catch (IOException e) {
                loop.events.execute(() -> failed(e));
            }
        }
    }

    @Override
    public final void close(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (reset) {
                descriptor.setSoLinger(0);
            }
            descriptor.close();
        } catch (IOException _) {
            // the descriptor is closed in any case
        }
        if (registration != null) {
            forget(registration);
            registration.cancel();
        }
    }

    /** Closes the socket because its event loop ends. */
    @Override
    public final void close() {
        close(true);
    }

    final FileDescriptor descriptor() {
        return descriptor;
    }

    /** Handles a socket that is readable or writable, or has ended. */
    final void ready() {
        if (closed) {
            return;
        }
        handling = true;
        try {
            if (!connected) {
                finishConnect();
                established(establishedNanos != 0 ? establishedNanos : System.nanoTime());
            }
            if (!closed && waiting.isReadable()) {
                write(waiting);
                if (!waiting.isReadable()) {
                    listener.sent();
                }
            }
            if (!closed) {
                read();
            }
            if (!closed) {
                await(registration(), waiting.isReadable());
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        } finally {
            handling = false;
        }
    }

    /** Finishes connecting. Netty's own method does not report why a target is unreachable. */
    private void finishConnect() throws IOException {
        var errno = descriptor.getSoError();
        if (errno != 0) {
            throw new NativeIoException("connect", -errno, false);
        }
    }

    private void established(long nowNanos) {
        if (!connected) {
            connected = true;
            listener.connected(nowNanos);
        }
    }

    /** Sends as much as the kernel accepts. */
    private void write(ByteBuf bytes) throws IOException {
        while (bytes.isReadable()) {
            var length = Math.min(bytes.readableBytes(), BUFFER_BYTES);
            bytes.getBytes(bytes.readerIndex(), loop.out.clear().limit(length));
            // Take the time before the call: within this machine the kernel delivers the packet to the server before it
            // returns.
            sentNanos = System.nanoTime();
            var sent = descriptor.send(loop.out, 0, length);
            bytes.skipBytes(sent);
            if (sent < length) {
                return;
            }
        }
    }

    private void read() throws IOException {
        var length = loop.in.read(descriptor);
        if (length > 0) {
            listener.received(loop.in.bytes(), loop.in.arrivedNanos());
        } else if (length < 0 && failure != null) {
            // The kernel reports a reset once, and afterwards only the end of the stream.
            failed(failure);
        } else if (length < 0) {
            listener.ended();
            close(false);
        }
    }

    private void failed(Exception error) {
        if (!closed) {
            listener.failed(error);
            close(false);
        }
    }
}
