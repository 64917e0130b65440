package dev.shakedown.net.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.net.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract for every transport that is available here. */
@Tag("interop")
class TcpSocketTest {
    private static final byte[] HELLO = "hello".getBytes();

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable);
    }

    /** An event loop, and the events of its sockets. */
    private static final class Client implements TcpSocket.Listener, AutoCloseable {
        private final MultiThreadIoEventLoopGroup group;
        private final EventLoop loop;
        private final TcpSocket.Opener opener;
        private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private TcpSocket socket;
        private volatile long arrivedNanos;

        Client(Transport transport) {
            group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlerFactory());
            loop = group.next();
            opener = transport.opener(loop);
        }

        /** Opens a socket and sends at once. */
        boolean open(InetSocketAddress target, byte[] bytes) throws Exception {
            return onLoop(() -> {
                socket = opener.open(Target.loopback(target), null, this);
                return socket.send(Unpooled.wrappedBuffer(bytes));
            });
        }

        /** Opens a socket and sends a hello; returns the other end, which has received it. */
        Socket meet(ServerSocket server) throws Exception {
            var left = open(address(server), HELLO);
            var peer = server.accept();
            assertArrayEquals(HELLO, peer.getInputStream().readNBytes(HELLO.length));
            assertTold("connected");
            if (!left) {
                assertTold("sent");
            }
            return peer;
        }

        <T> T onLoop(Callable<T> action) throws Exception {
            return loop.submit(action).get(10, TimeUnit.SECONDS);
        }

        void closeSocket(boolean reset) throws Exception {
            onLoop(() -> {
                socket.close(reset);
                return null;
            });
        }

        void assertTold(String expected) throws InterruptedException {
            assertEquals(expected, told.poll(10, TimeUnit.SECONDS));
        }

        @Override
        public void connected(long nowNanos) {
            assertTrue(nowNanos - System.nanoTime() <= 0 && nowNanos != 0);
            told.add("connected");
        }

        @Override
        public void received(ByteBuf bytes, long arrivedNanos) {
            assertTrue(arrivedNanos - System.nanoTime() <= 0);
            this.arrivedNanos = arrivedNanos;
            received.writeBytes(ByteBufUtil.getBytes(bytes));
            told.add("received " + received.size());
        }

        @Override
        public void sent() {
            told.add("sent");
        }

        @Override
        public void ended() {
            told.add("ended");
        }

        @Override
        public void failed(Throwable error) {
            told.add("failed: " + TransportCause.of(error).label());
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static ServerSocket listener(int backlog) throws IOException {
        return new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    }

    private static InetSocketAddress address(ServerSocket server) {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void talksAndHearsTheEnd(Transport transport) throws Exception {
        try (var server = listener(5); var client = new Client(transport)) {
            try (var peer = client.meet(server)) {
                peer.getOutputStream().write(HELLO);
                client.assertTold("received 5");
                assertTrue(client.onLoop(() -> client.socket.send(Unpooled.wrappedBuffer(HELLO))));
                assertArrayEquals(HELLO, peer.getInputStream().readNBytes(HELLO.length));
            }
            client.assertTold("ended");
            assertArrayEquals(HELLO, client.received.toByteArray());
        }
    }

    /** The kernel knows when bytes arrived, however late the event loop reads them. */
    @ParameterizedTest
    @MethodSource("transports")
    void tellsWhenBytesArrived(Transport transport) throws Exception {
        try (var server = listener(5); var client = new Client(transport); var peer = client.meet(server)) {
            var sentNanos = System.nanoTime();
            var readNanos = client.onLoop(() -> {
                peer.getOutputStream().write(HELLO);
                Thread.sleep(300);
                return System.nanoTime();
            });
            client.assertTold("received 5");
            var arrivedNanos = client.arrivedNanos;
            assertTrue(arrivedNanos - sentNanos >= 0, "not before they were sent");
            assertEquals(List.of(Transport.IO_URING, Transport.EPOLL).contains(transport),
                    arrivedNanos - readNanos < 0);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void whatIsSentBeforeConnectingIsSentOnceConnected(Transport transport) throws Exception {
        // The kernel drops a SYN for which the listener's queue has no room, and tries again after a second.
        try (var server = listener(1); var client = new Client(transport)) {
            var fillers = new ArrayList<Socket>();
            try {
                for (var i = 0; i < 2; i++) {
                    fillers.add(new Socket(server.getInetAddress(), server.getLocalPort()));
                }
                assertFalse(client.open(address(server), HELLO));
                assertFalse(client.onLoop(() -> client.socket.send(Unpooled.wrappedBuffer(HELLO))));
                assertEquals(List.of(), List.copyOf(client.told));
                for (var _ : fillers) {
                    server.accept().close();
                }
                try (var peer = server.accept()) {
                    assertEquals("hellohello", new String(peer.getInputStream().readNBytes(10)));
                    client.assertTold("connected");
                    client.assertTold("sent");
                }
            } finally {
                for (var filler : fillers) {
                    filler.close();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void whatTheKernelDoesNotTakeAtOnceLeavesInOrder(Transport transport) throws Exception {
        var bytes = new byte[20_000_000];
        new SplittableRandom(1).nextBytes(bytes);
        try (var server = listener(5); var client = new Client(transport)) {
            assertFalse(client.open(address(server), bytes));
            assertFalse(client.onLoop(() -> client.socket.send(Unpooled.wrappedBuffer(HELLO))));
            try (var peer = server.accept()) {
                assertArrayEquals(bytes, peer.getInputStream().readNBytes(bytes.length));
                assertArrayEquals(HELLO, peer.getInputStream().readNBytes(HELLO.length));
                client.assertTold("connected");
                client.assertTold("sent");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aLargeAnswerToOneThatAlreadyListensAndSends(Transport transport) throws Exception {
        var bytes = new byte[20_000_000];
        new SplittableRandom(2).nextBytes(bytes);
        try (var server = listener(5); var client = new Client(transport)) {
            try (var peer = client.meet(server)) {
                assertFalse(client.onLoop(() -> client.socket.send(Unpooled.wrappedBuffer(bytes))));
                assertArrayEquals(bytes, peer.getInputStream().readNBytes(bytes.length));
                client.assertTold("sent");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void closesWithAResetOrWithout(Transport transport) throws Exception {
        for (var reset : new boolean[]{true, false}) {
            try (var server = listener(5); var client = new Client(transport)) {
                try (var peer = client.meet(server)) {
                    client.closeSocket(reset);
                    if (reset) {
                        assertThrows(SocketException.class, () -> peer.getInputStream().read());
                    } else {
                        assertEquals(-1, peer.getInputStream().read());
                    }
                    assertFalse(client.onLoop(() -> client.socket.send(Unpooled.wrappedBuffer(HELLO))));
                }
                assertEquals(List.of(), List.copyOf(client.told), "a closed socket's listener hears no more");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aResetIsReportedOnce(Transport transport) throws Exception {
        try (var server = listener(5); var client = new Client(transport)) {
            try (var peer = client.meet(server)) {
                peer.setSoLinger(true, 0);
            }
            client.assertTold("failed: connection_reset");
            assertNull(client.told.poll(50, TimeUnit.MILLISECONDS));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aRefusalIsNoConnection(Transport transport) throws Exception {
        InetSocketAddress nobody;
        try (var server = listener(1)) {
            nobody = address(server);
        }
        try (var client = new Client(transport)) {
            client.open(nobody, HELLO);
            client.assertTold("failed: connection_refused");
            assertNull(client.told.poll(50, TimeUnit.MILLISECONDS));
        }
    }

    /** The address is reserved for documentation (RFC 5737), so no machine has it. */
    @ParameterizedTest
    @MethodSource("transports")
    void aSourceThatIsNotHereIsNoWantOfPorts(Transport transport) throws Exception {
        try (var server = listener(5); var client = new Client(transport)) {
            client.onLoop(() -> {
                try {
                    client.opener.open(Target.loopback(address(server)), InetAddress.getByName("192.0.2.1"), client);
                } catch (IOException e) {
                    client.failed(e);
                }
                return null;
            });
            client.assertTold("failed: source_address");
            assertNull(client.told.poll(50, TimeUnit.MILLISECONDS));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void connectsFromTheSourceThatIsAskedFor(Transport transport) throws Exception {
        var source = InetAddress.getByName("127.0.0.77");
        try (var server = listener(5); var client = new Client(transport)) {
            client.onLoop(() -> {
                client.socket = client.opener.open(Target.loopback(address(server)), source, client);
                return client.socket.send(Unpooled.wrappedBuffer(HELLO));
            });
            try (var peer = server.accept()) {
                assertEquals(source, peer.getInetAddress());
            }
        }
    }
}
