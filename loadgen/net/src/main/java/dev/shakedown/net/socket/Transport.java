package dev.shakedown.net.socket;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How sockets are driven, in the order in which they are tried. */
public enum Transport {
    IO_URING {
        @Override
        public @Nullable Throwable unavailability() {
            var cause = IoUring.unavailabilityCause();
            return cause != null ? cause : IoUringEntry.refusal().orElse(null);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setCqSize(MOST_COMPLETIONS));
        }

        @Override
        public TcpSocket.Opener opener(EventLoop events) {
            var loop = new PolledSocket.Loop((IoEventLoop) events);
            return (target, source, listener) -> new IoUringSocket(loop, target.socket(), listener)
                    .connect(target.socket(), source);
        }

        @Override
        public Class<? extends ServerSocketChannel> serverChannelType() {
            return IoUringServerSocketChannel.class;
        }
    },
    EPOLL {
        @Override
        public @Nullable Throwable unavailability() {
            return Epoll.unavailabilityCause();
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return EpollIoHandler.newFactory();
        }

        @Override
        public TcpSocket.Opener opener(EventLoop events) {
            var loop = new PolledSocket.Loop((IoEventLoop) events);
            return (target, source, listener) -> new EpollSocket(loop, target.socket(), listener)
                    .connect(target.socket(), source);
        }

        @Override
        public Class<? extends ServerSocketChannel> serverChannelType() {
            return EpollServerSocketChannel.class;
        }
    },
    KQUEUE {
        @Override
        public @Nullable Throwable unavailability() {
            return KQueue.unavailabilityCause();
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return KQueueIoHandler.newFactory();
        }

        @Override
        public TcpSocket.Opener opener(EventLoop events) {
            return (target, source, listener) -> new ChannelSocket(new KQueueSocketChannel(), listener).connect(events,
                    target.socket(), source);
        }

        @Override
        public Class<? extends ServerSocketChannel> serverChannelType() {
            return KQueueServerSocketChannel.class;
        }
    },
    NIO {
        @Override
        public @Nullable Throwable unavailability() {
            return null;
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return NioIoHandler.newFactory();
        }

        @Override
        public TcpSocket.Opener opener(EventLoop events) {
            return (target, source, listener) -> new ChannelSocket(new NioSocketChannel(), listener).connect(events,
                    target.socket(), source);
        }

        @Override
        public Class<? extends ServerSocketChannel> serverChannelType() {
            return NioServerSocketChannel.class;
        }
    };

    /**
     * Room for what completes at once when all connections end together; the most that Linux allows, 16 bytes each.
     * Netty warns on the screen when it is too small.
     */
    private static final int MOST_COMPLETIONS = 1 << 16;

    static {
        askIoUringAnewForEachRead();
    }

    /** Why this transport cannot be used here; {@code null} when it can. */
    public abstract @Nullable Throwable unavailability();

    public abstract IoHandlerFactory ioHandlerFactory();

    /** What opens the client sockets of one event loop, on that loop. */
    public abstract TcpSocket.Opener opener(EventLoop events);

    public abstract Class<? extends ServerSocketChannel> serverChannelType();

    /** Whether kernel, container and native library allow it. */
    public boolean isAvailable() {
        return unavailability() == null;
    }

    /** The name in options and results, such as {@code io_uring}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The first that works; NIO always does. */
    public static Transport best() {
        return Arrays.stream(values()).filter(Transport::works).findFirst().orElse(NIO);
    }

    /** Whether an event loop can be had: a container's limits may show only then. */
    private boolean works() {
        if (!isAvailable()) {
            return false;
        }
        try {
            new MultiThreadIoEventLoopGroup(1, ioHandlerFactory()).shutdownGracefully(0, 0, TimeUnit.SECONDS);
            return true;
        } catch (RuntimeException | LinkageError _) {
            return false;
        }
    }

    /**
     * This one, if it can be used here.
     *
     * @throws IllegalArgumentException with a sentence for the user, when it cannot
     */
    public Transport usable() {
        if (!isAvailable()) {
            throw new IllegalArgumentException("transport " + label() + " cannot be used here (" + reason()
                    + "); available: " + available());
        }
        return this;
    }

    /** Why it cannot be used here, in the words of who found out first. */
    private String reason() {
        var cause = Objects.requireNonNull(unavailability(), "it can be used");
        while (cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // The system's loader names the file as Java has done already.
        return String.valueOf(cause.getMessage()).replaceFirst("^(.+?): \\1: ", "$1: ");
    }

    /**
     * Why NIO is the {@linkplain #best best}, although this operating system has a faster one, in a sentence; empty
     * where it has none, or that would be available.
     */
    public static Optional<String> whyOnlyNio() {
        var system = System.getProperty("os.name");
        var own = system.equals("Linux") ? EPOLL : system.startsWith("Mac") ? KQUEUE : NIO;
        return own.isAvailable()
                ? Optional.empty()
                : Optional.of("transport " + own.label() + " cannot be used here (" + own.reason()
                        + "), so that nio is, which takes more of the generator's CPU; if programs may not run from "
                        + System.getProperty("java.io.tmpdir")
                        + ", SHAKEDOWN_JAVA_OPTS=-Djava.io.tmpdir=DIR names another directory");
    }

    /**
     * Lets io_uring say before each read whether there is something to read, not only when something comes. Else Netty
     * (4.2.18) loses the end of a connection that arrives together with data: by the time that it has read the data,
     * the one notice is spent, so that the channel stays open for ever. Netty reads the property when io_uring is first
     * used.
     */
    private static void askIoUringAnewForEachRead() {
        System.setProperty("io.netty.iouring.pollAddMultishotEnabled", "false");
    }

    private static String available() {
        return Arrays.stream(values()).filter(Transport::isAvailable).map(Transport::label)
                .collect(Collectors.joining(", "));
    }
}
