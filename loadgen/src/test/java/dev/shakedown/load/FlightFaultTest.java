package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.load.socket.Transport;
import dev.shakedown.results.Summary;
import dev.shakedown.results.Tally;
import dev.shakedown.tls.client.ScriptedTls;
import dev.shakedown.tls.client.ScriptedTls.End;
import dev.shakedown.tls.client.SessionMemory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers of every version that stop after each byte of theirs, or are slow, or never come to the point. */
@Timeout(120)
class FlightFaultTest {
    private static final Ending ENDING = new Ending(CompleteOn.FINISHED, new byte[]{1}, new byte[0], 1_000_000_000);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(500);

    /** Serves each connection in a thread of its own. */
    private static final class Listener implements AutoCloseable {
        private interface Service {
            void serve(Socket socket, int n) throws IOException;
        }

        private final ServerSocket socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());

        Listener(Service service) throws IOException {
            Thread.ofPlatform().daemon().name("listener").start(() -> {
                try {
                    for (var n = 0;; n++) {
                        var connection = socket.accept();
                        var number = n;
                        Thread.ofVirtual().start(() -> {
                            try (connection) {
                                service.serve(connection, number);
                            } catch (IOException _) {
                                // the client was faster
                            }
                        });
                    }
                } catch (IOException _) {
                    // closed
                }
            });
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Tally run(Listener server, ScriptedTls tls, Transport transport, long count, Duration timeout)
            throws IOException {
        var plan = new LoadPlan((InetSocketAddress) server.socket.getLocalSocketAddress(),
                // A server of TLS 1.3 signs in every handshake.
                tls == ScriptedTls.TLS13 ? 64 : 160, null,
                Long.MAX_VALUE, count, 0, Mix.parse("full=1"), timeout.toNanos(), LONG.toNanos(), Close.RST, 0, 1,
                transport, List.of(), ENDING);
        var summary = new Summary();
        new Load(plan, tls.settings(), SessionMemory.UNLIMITED, null, null, FailureWatch.NONE)
                .run((interval, _, _, _) -> summary.add(interval));
        assertEquals(count, summary.tally().planned());
        return summary.tally();
    }

    static Stream<Arguments> servers() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable)
                .flatMap(transport -> Arrays.stream(ScriptedTls.values()).map(tls -> Arguments.of(transport, tls)));
    }

    /** Each stage as often as the message awaited there has bytes. */
    private static Map<String, Long> expected(ScriptedTls tls) {
        return tls.parts().stream().collect(Collectors.groupingBy(ScriptedTls.Part::stage, TreeMap::new,
                Collectors.summingLong(ScriptedTls.Part::bytes)));
    }

    private static long bytes(ScriptedTls tls) {
        return tls.parts().stream().mapToLong(ScriptedTls.Part::bytes).sum();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void finAfterEveryByte(Transport transport, ScriptedTls tls) throws IOException {
        assertEnds(transport, tls, "connection_closed", socket -> {
            socket.shutdownOutput();
            drain(socket);
        });
    }

    @ParameterizedTest
    @MethodSource("servers")
    void resetAfterEveryByte(Transport transport, ScriptedTls tls) throws IOException {
        assertEnds(transport, tls, "connection_reset", socket -> socket.setSoLinger(true, 0));
    }

    private static void assertEnds(Transport transport, ScriptedTls tls, String cause, End end) throws IOException {
        try (var server = new Listener(
                (socket, n) -> tls.serve(socket, n, Integer.MAX_VALUE, Integer.MAX_VALUE, end))) {
            var tally = run(server, tls, transport, bytes(tls), LONG);
            var found = new TreeMap<String, Long>();
            tally.failures().forEach((failure, count) -> {
                assertEquals("received " + cause + " false",
                        failure.direction() + " " + failure.cause() + " " + failure.byAlert());
                found.merge(failure.stage(), count, Long::sum);
            });
            assertEquals(expected(tls), found);
        }
    }

    /** Every version once, and every transport once: each byte waits until the deadline. */
    static Stream<Arguments> stalling() {
        return Stream.concat(Arrays.stream(ScriptedTls.values()).map(tls -> Arguments.of(Transport.best(), tls)),
                Arrays.stream(Transport.values())
                        .filter(transport -> transport.isAvailable() && transport != Transport.best())
                        .map(transport -> Arguments.of(transport, ScriptedTls.TLS12_ECDHE)));
    }

    /** Nothing waits longer than it was told, and half of all ends within 50 ms of the deadline. */
    @ParameterizedTest
    @MethodSource("stalling")
    void stallAfterEveryByte(Transport transport, ScriptedTls tls) throws IOException {
        Queue<Long> lasted = new ConcurrentLinkedQueue<>();
        try (var server = new Listener((socket, n) -> {
            var begun = System.nanoTime();
            tls.serve(socket, n, Integer.MAX_VALUE, Integer.MAX_VALUE, stalled -> {
                drain(stalled);
                lasted.add(System.nanoTime() - begun);
            });
        })) {
            var tally = run(server, tls, transport, bytes(tls), SHORT);
            assertEquals(expected(tls), new TreeMap<>(tally.timeouts()));
            assertDeadlineKept(lasted);
        }
    }

    private static void assertDeadlineKept(Queue<Long> lastedNanos) {
        var sorted = lastedNanos.stream().mapToLong(TimeUnit.NANOSECONDS::toMillis).sorted().toArray();
        var median = sorted[sorted.length / 2];
        assertTrue(Math.abs(median - SHORT.toMillis()) <= 50, () -> median + " ms");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void oneByteAWriteAndOneByteARecord(Transport transport, ScriptedTls tls) throws IOException {
        try (var server = new Listener((socket, n) -> tls.serve(socket, Long.MAX_VALUE, 1, n % 2 == 0 ? 1 : 20_000,
                FlightFaultTest::drain))) {
            assertEquals(20, run(server, tls, transport, 20, LONG).completed());
        }
    }

    /** A flood that a client must ignore must not keep it from its deadline. */
    @ParameterizedTest
    @MethodSource("servers")
    void aFloodEndsAtTheDeadline(Transport transport, ScriptedTls tls) throws IOException {
        var record = switch (tls) {
            case SSL3 -> new byte[]{21, 3, 0, 0, 2, 1, 90};
            case TLS13 -> new byte[]{20, 3, 3, 0, 1, 1};
            default -> new byte[]{21, 3, 3, 0, 2, 1, 90};
        };
        var flood = new byte[record.length * 1000];
        for (var i = 0; i < flood.length; i++) {
            flood[i] = record[i % record.length];
        }
        try (var server = new Listener((socket, _) -> {
            while (true) {
                socket.getOutputStream().write(flood);
            }
        })) {
            assertEquals(Map.of("server_hello", 4L), run(server, tls, transport, 4, SHORT).timeouts());
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void dripsEndAtTheDeadline(Transport transport, ScriptedTls tls) throws IOException {
        try (var server = new Listener((socket, _) -> {
            // The beginning of a long ServerHello, a byte now and then.
            for (var b : new byte[]{22, 3, 1, 2, 0, 2, 0, 1, (byte) 0xfc, 3, 3}) {
                socket.getOutputStream().write(b);
                pause();
            }
        })) {
            assertEquals(Map.of("server_hello", 8L), run(server, tls, transport, 8, SHORT).timeouts());
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void drain(Socket socket) throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // a reset ends it as well
        }
    }
}
