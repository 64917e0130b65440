package dev.shakedown.net.socket;

import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target;
import io.netty.buffer.ByteBuf;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Causes errors with the JDK's own sockets, which have no number, and reports how they are classified. */
public final class CausesInAnyLanguage {
    /** What {@link #all} must find. */
    public static final List<String> EXPECTED = List.of("connection_refused", "connection_refused", "source_address",
            "source_address", "ports", "unreachable", "connection_reset", "connection_reset", "connection_reset",
            "connection_reset");

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    /** An address reserved for documentation (RFC 5737), which no machine has. */
    private static final String NOT_HERE = "192.0.2.1";
    /** An address that unicast cannot reach. */
    private static final String NOWHERE = "255.255.255.255";

    /** @param text the operating system's message */
    record Told(String cause, String text) {}

    private interface Attempt {
        void run() throws IOException, InterruptedException;
    }

    private CausesInAnyLanguage() {}

    /**
     * Prints a line for each error: its cause and its message.
     *
     * @param arguments none for errors that any machine can cause; {@code exhaust} to open connections until resources
     *                  run out; addresses, to which each transport tries to connect
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            all().forEach(told -> System.out.println(told.cause + "|" + told.text));
        } else if (arguments[0].equals("exhaust")) {
            var told = exhaust();
            System.out.println(told.cause + "|" + told.text);
        } else {
            for (var transport : Transport.values()) {
                if (transport.isAvailable()) {
                    for (var address : arguments) {
                        var error = connect(transport, new InetSocketAddress(address, 9));
                        var cause = TransportCause.of(error);
                        System.out.println(cause.label() + "|" + cause.meaning(error));
                    }
                }
            }
        }
        System.exit(0);
    }

    private static Told exhaust() throws IOException {
        // Resources needed later may not be available any more, so run this first.
        all();
        var opened = new ArrayList<Channel>();
        try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0), 1000)) {
            return of(false, () -> {
                while (true) {
                    opened.add(SocketChannel.open(server.getLocalAddress()));
                }
            });
        } finally {
            for (var each : opened) {
                each.close();
            }
        }
    }

    private static Throwable connect(Transport transport, InetSocketAddress target) throws Exception {
        var failed = new CompletableFuture<Throwable>();
        var group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlerFactory());
        var loop = group.next();
        loop.execute(() -> {
            try {
                var host = target.getAddress().getHostAddress();
                // No other machine is ever reached: that is the error.
                transport.opener(loop).open(Target.of(host, target.getPort(), Authorization.of(host)), null,
                        new Failing(failed)).awaitConnected();
            } catch (IOException e) {
                failed.complete(e);
            }
        });
        try {
            return failed.get(20, TimeUnit.SECONDS);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private record Failing(CompletableFuture<Throwable> failed) implements TcpSocket.Listener {
        @Override
        public void connected(long nowNanos) {
            failed.complete(new IllegalStateException("it is connected"));
        }

        @Override
        public void received(ByteBuf bytes, long arrivedNanos) {
            // nothing is received
        }

        @Override
        public void sent() {
            // nothing is sent
        }

        @Override
        public void ended() {
            failed.complete(new IllegalStateException("it has ended"));
        }

        @Override
        public void failed(Throwable error) {
            failed.complete(error);
        }
    }

    static List<Told> all() {
        var told = new ArrayList<Told>();
        told.add(of(false, () -> SocketChannel.open(nobody())));
        told.add(of(false, () -> new Socket().connect(nobody())));
        told.add(of(true, () -> SocketChannel.open().bind(new InetSocketAddress(NOT_HERE, 0))));
        told.add(of(true, () -> new Socket().bind(new InetSocketAddress(NOT_HERE, 0))));
        told.add(of(true, CausesInAnyLanguage::bindTwice));
        told.add(of(false, () -> SocketChannel.open().bind(new InetSocketAddress(HERE, 0))
                .connect(new InetSocketAddress(NOWHERE, 9))));
        told.add(of(false, () -> channelAfterReset().read(ByteBuffer.allocate(1))));
        told.add(of(false, () -> {
            var channel = channelAfterReset();
            channel.write(ByteBuffer.allocate(1));
            channel.write(ByteBuffer.allocate(1));
        }));
        told.add(of(false, () -> socketAfterReset().getInputStream().read()));
        told.add(of(false, () -> {
            var out = socketAfterReset().getOutputStream();
            try {
                out.write(1);
            } catch (IOException _) {
                // The first may be the reset itself, the second is a broken pipe.
            }
            out.write(1);
        }));
        return told;
    }

    private static Told of(boolean binding, Attempt attempt) {
        try {
            attempt.run();
            return new Told("none", "");
        } catch (IOException | InterruptedException e) {
            return new Told((binding ? TransportCause.ofSource(e) : TransportCause.of(e)).label(), e.getMessage());
        }
    }

    private static InetSocketAddress nobody() throws IOException {
        try (var server = new ServerSocket(0, 1, HERE)) {
            return new InetSocketAddress(HERE, server.getLocalPort());
        }
    }

    private static void bindTwice() throws IOException {
        try (var first = SocketChannel.open().bind(new InetSocketAddress(HERE, 0))) {
            SocketChannel.open().bind(first.getLocalAddress());
        }
    }

    private static SocketChannel channelAfterReset() throws IOException, InterruptedException {
        try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0))) {
            var channel = SocketChannel.open(server.getLocalAddress());
            reset(server.accept().socket());
            return channel;
        }
    }

    private static Socket socketAfterReset() throws IOException, InterruptedException {
        try (var server = new ServerSocket(0, 1, HERE)) {
            var socket = new Socket(HERE, server.getLocalPort());
            reset(server.accept());
            return socket;
        }
    }

    /** Resets the connection; within a machine the other end has received the reset when this returns. */
    private static void reset(Socket peer) throws IOException {
        peer.setSoLinger(true, 0);
        peer.close();
    }
}
