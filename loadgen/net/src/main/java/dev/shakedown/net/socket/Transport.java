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

/** The ways to drive sockets, in order of preference. */
public enum Transport {
    IO_URING {
        @Override
        public @Nullable Throwable unavailability() {
            var cause = IoUring.unavailabilityCause();
            return cause != null ? cause : IoUringEntry.refusal().orElse(null);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setCqSize(MAX_COMPLETIONS));
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
     * The size of the completion queue: the maximum that Linux allows, 16 bytes each, so that all connections can end
     * at once. Netty prints a warning if it is too small.
     */
    private static final int MAX_COMPLETIONS = 1 << 16;

    static {
        disableIoUringMultishotPoll();
    }

    /** Returns why this transport cannot be used here; {@code null} if it can. */
    public abstract @Nullable Throwable unavailability();

    public abstract IoHandlerFactory ioHandlerFactory();

    /** Returns the opener for the client sockets of one event loop; it is used on that loop. */
    public abstract TcpSocket.Opener opener(EventLoop events);

    public abstract Class<? extends ServerSocketChannel> serverChannelType();

    /** Whether kernel, container and native library allow it. */
    public boolean isAvailable() {
        return unavailability() == null;
    }

    /** Returns the name in options and results, such as {@code io_uring}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the first transport that works; NIO always does. */
    public static Transport best() {
        return Arrays.stream(values()).filter(Transport::works).findFirst().orElse(NIO);
    }

    /** Whether an event loop can be created: a container's limits may only show then. */
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
     * Returns this transport if it can be used here.
     *
     * @throws IllegalArgumentException with a sentence for the user, if it cannot
     */
    public Transport usable() {
        if (!isAvailable()) {
            throw new IllegalArgumentException("transport " + label() + " cannot be used here (" + reason()
                    + "); available: " + available());
        }
        return this;
    }

    /** Returns why it cannot be used here, from the original exception. */
    private String reason() {
        var cause = Objects.requireNonNull(unavailability(), "it can be used");
        while (cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // The system's loader repeats the file name that Java has added.
        return String.valueOf(cause.getMessage()).replaceFirst("^(.+?): \\1: ", "$1: ");
    }

    /**
     * Returns a sentence that says why NIO is the {@linkplain #best best} although this operating system has a faster
     * transport; empty if it has none, or that one is available.
     */
    public static Optional<String> whyOnlyNio() {
        var system = System.getProperty("os.name");
        var own = system.equals("Linux") ? EPOLL : system.startsWith("Mac") ? KQUEUE : NIO;
        return own.isAvailable()
                ? Optional.empty()
                : Optional.of("transport " + own.label() + " cannot be used here (" + own.reason()
                        + "), so nio is used, which takes more of the generator's CPU; if programs may not run from "
                        + System.getProperty("java.io.tmpdir")
                        + ", SHAKEDOWN_JAVA_OPTS=-Djava.io.tmpdir=DIR names another directory");
    }

    /**
     * Makes Netty poll again before each read instead of once for all (multishot). Otherwise Netty (4.2.18) loses the
     * end of a connection that arrives together with data: when it has read the data, the only notification is used up,
     * so that the channel stays open for ever. Netty reads the property when io_uring is first used.
     */
    private static void disableIoUringMultishotPoll() {
        System.setProperty("io.netty.iouring.pollAddMultishotEnabled", "false");
    }

    private static String available() {
        return Arrays.stream(values()).filter(Transport::isAvailable).map(Transport::label)
                .collect(Collectors.joining(", "));
    }
}
