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
 * A socket that is read and written by plain system calls, when epoll or io_uring says that it can be. A load generator
 * opens a connection for every few packets, so that what a Netty channel does for each (options, addresses, a pipeline,
 * promises) costs as much as TLS does.
 */
abstract sealed class PolledSocket implements TcpSocket, IoHandle permits EpollSocket, IoUringSocket {
    /** A server's whole flight fits; more waits for the loop's next turn, so that a flood keeps no deadline waiting. */
    private static final int BUFFER_BYTES = 1 << 14;
    private static final int IPPROTO_IP = 0;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;

    /** What the sockets of one event loop share. */
    static final class Loop {
        private final IoEventLoop events;
        private final TimedReader in = new TimedReader(BUFFER_BYTES);
        private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

        Loop(IoEventLoop events) {
            this.events = events;
        }
    }

    /** Netty's socket, of the one address family that it needs. */
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
    /** When the connection stood, if it did as soon as it was begun, as it does within a machine; else 0. */
    private long establishedNanos;
    /** When the kernel came back from beginning to connect. */
    private long askedNanos;
    private long sentNanos;
    private boolean connected;
    /** What sending has failed with; {@code null} if it has not. */
    private @Nullable Exception broken;
    private boolean closed;
    /** Whether what is ready is being taken, after which the socket waits again in any case. */
    private boolean handling;
    /** What the kernel would not take yet. */
    private ByteBuf waiting = Unpooled.EMPTY_BUFFER;

    PolledSocket(Loop loop, InetSocketAddress target, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        this.descriptor = new Descriptor(target.getAddress());
    }

    private IoRegistration waitsBy() {
        return Objects.requireNonNull(registration, "not connected");
    }

    /** Begins to wait until the socket can be read or, if so wished, written; {@link #ready} then follows. */
    abstract void await(IoRegistration registration, boolean writable);

    /** Ends the waiting of a socket whose descriptor is closed. */
    abstract void forget(IoRegistration registration);

    final PolledSocket connect(InetSocketAddress target, @Nullable InetAddress source) throws IOException {
        TimedReader.askFor(descriptor);
        try {
            if (source != null) {
                // The kernel chooses the port when connecting, so that ports are free for each target anew.
                descriptor.setIntOpt(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
                bind(source);
            }
            begunNanos = System.nanoTime();
            var established = beginToConnect(target);
            askedNanos = System.nanoTime();
            if (established) {
                establishedNanos = askedNanos;
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

    /** Netty does not tell why there is no route. Connecting a datagram socket asks for one, too, and sends nothing. */
    private boolean beginToConnect(InetSocketAddress target) throws IOException {
        try {
            return descriptor.connect(target);
        } catch (NoRouteToHostException e) {
            try (var asks = DatagramChannel.open()) {
                asks.connect(target);
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
     * {@inheritDoc} A connection within this machine stands as soon as it is begun, so a socket that is not known to be
     * connected is tried at once: if the kernel takes the bytes, it is.
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
        // If it takes them, the connection stood by then, as its SYN was answered within the call that sent it.
        var nowNanos = connected ? 0 : askedNanos;
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
                await(waitsBy(), left.isReadable());
            }
            return !left.isReadable();
        } catch (IOException | RuntimeException e) {
            if (TransportCause.of(e) == TransportCause.CONNECTION_RESET) {
                established(nowNanos);
            }
            // Not now: whoever sends is in the middle of something.
            broken = e;
            loop.events.execute(() -> failed(e));
            return false;
        }
    }

    @Override
    public final void awaitConnected() {
        if (!closed && !connected && !handling) {
            await(waitsBy(), true);
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
            // the descriptor is gone in any case
        }
        if (registration != null) {
            forget(registration);
            registration.cancel();
        }
    }

    /** The event loop ends. */
    @Override
    public final void close() {
        close(true);
    }

    final FileDescriptor descriptor() {
        return descriptor;
    }

    /** The socket can be read or written, or has come to its end. */
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
                await(waitsBy(), waiting.isReadable());
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        } finally {
            handling = false;
        }
    }

    /** Netty's own way does not tell why a target is unreachable. */
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

    /** Sends as much as the kernel takes. */
    private void write(ByteBuf bytes) throws IOException {
        while (bytes.isReadable()) {
            var length = Math.min(bytes.readableBytes(), BUFFER_BYTES);
            bytes.getBytes(bytes.readerIndex(), loop.out.clear().limit(length));
            // Not after it: within this machine the kernel takes the packet as far as the server before it comes back.
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
        } else if (length < 0 && broken != null) {
            // The kernel tells of a reset once, and then only that there is no more.
            failed(broken);
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
