package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.End.AfterCount;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.net.Target;
import dev.shakedown.results.Summary;
import dev.shakedown.results.Tally;
import dev.shakedown.tls.client.ScriptedService;
import dev.shakedown.tls.client.ScriptedService.Course;
import dev.shakedown.tls.client.ScriptedService.End;
import dev.shakedown.tls.client.ScriptedService.Slowness;
import dev.shakedown.tls.client.ScriptedTls;
import dev.shakedown.tls.client.SessionMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers of every version that stop after each byte of theirs, or are slow, or never come to the point. */
@Timeout(180)
class FlightFaultTest {
    private static final byte[] NO_DATA = {};
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(500);
    /** Many servers at a time must get as far as they should within it. */
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final double PER_SECOND = 200;
    /** So many handshakes at that rate bring at least one session, which a deadline does not spoil. */
    private static final int FOR_SESSIONS = 100;
    /** Within this of the deadline, all is over. */
    private static final long LATEST_NANOS = Duration.ofMillis(50).toNanos();
    /** A busy machine may be late now and then, but not each time. */
    private static final int TRIES = 6;

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

    /** Enough handshakes for so many cases; see {@link #enough}. */
    private static Tally run(Listener server, ScriptedTls tls, Transport transport, int cases, Duration timeout,
            Lasted watch) throws IOException {
        return run(server, tls, transport, concurrency(tls, cases), enough(tls, cases), timeout, watch, NO_DATA);
    }

    private static Tally run(Listener server, ScriptedTls tls, Transport transport, int concurrency, long count,
            Duration timeout, Lasted watch, byte[] earlyData) throws IOException {
        var ending = new Ending(CompleteOn.FINISHED, new byte[]{1}, earlyData, 1_000_000_000);
        return run(plan(server, tls, transport, timeout).pacing(new Pacing.ClosedLoop(concurrency)).ending(ending),
                count, watch);
    }

    private static LoadPlan.Builder plan(Listener server, ScriptedTls tls, Transport transport, Duration timeout) {
        return LoadPlan
                .of(Target.loopback((InetSocketAddress) server.socket.getLocalSocketAddress()), tls.settings())
                .warmupNanos(0).mix(Mix.parse(tls.resumes() ? "resumed=1" : "full=1"))
                .resumeUses(SessionMemory.UNLIMITED).timeouts(timeout.toNanos(), LONG.toNanos()).close(Close.RST)
                .threads(1).transport(transport);
    }

    /** Evenly, so that no more begin or end at a time than a small machine can see to. */
    private static Tally runEvenly(Listener server, ScriptedTls tls, Transport transport, int cases, Duration timeout,
            Lasted watch) throws IOException {
        var count = tls.resumes() ? cases + FOR_SESSIONS : cases;
        return run(plan(server, tls, transport, timeout)
                .pacing(new Pacing.OpenLoop(Schedule.constant(Schedule.Shape.CONSTANT, PER_SECOND), 100_000,
                        OptionalLong.empty()))
                .ending(new Ending(CompleteOn.FINISHED, new byte[]{1}, NO_DATA, 1_000_000_000)), count, watch);
    }

    private static Tally run(LoadPlan.Builder plan, long count, Lasted watch) throws IOException {
        var summary = new Summary();
        new Load(plan.end(new AfterCount(count)).build(), watch)
                .run((interval, _, _, _) -> summary.add(interval));
        assertEquals(count, summary.tally().planned());
        return summary.tally();
    }

    /** A server of TLS 1.3 signs in every handshake. */
    private static int concurrency(ScriptedTls tls, int cases) {
        return Math.min(Math.max(cases, 8), tls.name().startsWith("TLS13") ? 64 : 160);
    }

    /** So many handshakes that so many of the kind in question are among them, though each spoils a session. */
    private static long enough(ScriptedTls tls, int cases) {
        return tls.resumes() ? 2L * (cases + concurrency(tls, cases)) : cases;
    }

    static Stream<Arguments> servers() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable)
                .flatMap(transport -> Arrays.stream(ScriptedTls.values()).map(tls -> Arguments.of(transport, tls)));
    }

    /** Every version once, and every transport once. */
    static Stream<Arguments> serversOnceAndTransportsOnce() {
        return Stream.concat(Arrays.stream(ScriptedTls.values()).map(tls -> Arguments.of(Transport.best(), tls)),
                Arrays.stream(Transport.values())
                        .filter(transport -> transport.isAvailable() && transport != Transport.best())
                        .map(transport -> Arguments.of(transport, ScriptedTls.TLS12_ECDHE)));
    }

    static Stream<Arguments> versions() {
        return transports().flatMap(transport -> Stream.of(ScriptedTls.SSL3, ScriptedTls.TLS10, ScriptedTls.TLS11,
                ScriptedTls.TLS12_ECDHE, ScriptedTls.TLS13).map(tls -> Arguments.of(transport, tls)));
    }

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable);
    }

    /** Each stage as often as the message awaited there has bytes. */
    private static Map<String, Long> expected(ScriptedTls tls) {
        return tls.parts().stream().collect(Collectors.groupingBy(ScriptedTls.Part::stage, TreeMap::new,
                Collectors.summingLong(ScriptedTls.Part::bytes)));
    }

    private static int bytes(ScriptedTls tls) {
        return tls.parts().stream().mapToInt(ScriptedTls.Part::bytes).sum();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void finAfterEveryByte(Transport transport, ScriptedTls tls) throws IOException {
        assertEnds(transport, tls, "connection_closed", socket -> {
            socket.shutdownOutput();
            ScriptedService.drain(socket);
        });
    }

    @ParameterizedTest
    @MethodSource("servers")
    void resetAfterEveryByte(Transport transport, ScriptedTls tls) throws IOException {
        assertEnds(transport, tls, "connection_reset", socket -> socket.setSoLinger(true, 0));
    }

    private static void assertEnds(Transport transport, ScriptedTls tls, String cause, End end) throws IOException {
        var service = new ScriptedService(tls);
        var bytes = bytes(tls);
        var next = new AtomicInteger();
        try (var server = new Listener((socket, _) -> service.serve(socket, () -> {
            var most = next.getAndIncrement();
            return most < bytes ? Course.upTo(most, end) : Course.BY_THE_BOOK;
        }))) {
            var tally = run(server, tls, transport, bytes, LONG, new Lasted());
            var found = new TreeMap<String, Long>();
            tally.failures().forEach((failure, times) -> {
                assertEquals("received " + cause + " false",
                        failure.direction() + " " + failure.cause() + " " + failure.byAlert());
                found.merge(failure.stage(), times, Long::sum);
            });
            assertEquals(expected(tls), found);
            assertEquals(enough(tls, bytes) - bytes, tally.completed());
        }
    }

    /** Nothing ends before its deadline, and of each byte it can be shown that what waits for it ends in time. */
    @ParameterizedTest
    @MethodSource("serversOnceAndTransportsOnce")
    void stallAfterEveryByte(Transport transport, ScriptedTls tls) throws IOException {
        var service = new ScriptedService(tls);
        var stages = tls.parts().stream()
                .flatMap(part -> IntStream.range(0, part.bytes()).mapToObj(_ -> part.stage())).toList();
        var pending = IntStream.range(0, stages.size()).boxed().toList();
        for (var tried = 1; !pending.isEmpty(); tried++) {
            var lasted = new Lasted();
            Queue<Integer> late = new ConcurrentLinkedQueue<>();
            var timeouts = stall(service, transport, tls, pending, lasted, late);
            lasted.assertNeverBefore(STALL);
            var expected = pending.stream().collect(Collectors.groupingBy(stages::get, Collectors.counting()));
            if (tried == TRIES) {
                assertEquals(expected, timeouts);
                assertEquals(List.of(), List.copyOf(late), "too late after so many bytes");
            }
            // A machine that stood still may have kept a server from getting as far as it should.
            pending = timeouts.equals(expected) ? List.copyOf(late) : pending;
        }
    }

    /**
     * Stalls once after each number of bytes in {@code cases}.
     *
     * @param late takes those of them that ended too late
     * @return where the deadlines came
     */
    private static Map<String, Long> stall(ScriptedService service, Transport transport, ScriptedTls tls,
            List<Integer> cases, Lasted lasted, Queue<Integer> late) throws IOException {
        var next = new AtomicInteger();
        var going = new CountDownLatch(cases.size());
        try (var server = new Listener((socket, _) -> {
            var begun = System.nanoTime();
            service.serve(socket, () -> {
                var number = next.getAndIncrement();
                return number >= cases.size() ? Course.BY_THE_BOOK : Course.upTo(cases.get(number), stalled -> {
                    ScriptedService.drain(stalled);
                    if (System.nanoTime() - begun > STALL.toNanos() + LATEST_NANOS) {
                        late.add(cases.get(number));
                    }
                    going.countDown();
                });
            });
        })) {
            var timeouts = runEvenly(server, tls, transport, cases.size(), STALL, lasted).timeouts();
            if (timeouts.values().stream().mapToLong(each -> each).sum() == cases.size()) {
                await(going);
            }
            return timeouts;
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void oneByteAWriteAndOneByteARecord(Transport transport, ScriptedTls tls) throws IOException {
        var service = new ScriptedService(tls);
        var next = new AtomicInteger();
        try (var server = new Listener((socket, _) -> service.serve(socket,
                () -> Course.inPieces(1, next.getAndIncrement() % 2 == 0 ? 1 : 20_000)))) {
            assertEquals(enough(tls, 20), run(server, tls, transport, 20, LONG, new Lasted()).completed());
            assertTrue(next.get() >= 20, next::toString);
        }
    }

    /** What a client must ignore must not keep it from its deadline. */
    @ParameterizedTest
    @MethodSource("versions")
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
            assertInTime(SHORT, Map.of("server_hello", 4L),
                    lasted -> run(server, tls, transport, 4, 4, SHORT, lasted, NO_DATA).timeouts());
        }
    }

    /** Warnings before each message of the server's, under the keys that it would be under. */
    @ParameterizedTest
    @MethodSource("serversOnceAndTransportsOnce")
    void aFloodAmidTheHandshakeEndsAtTheDeadline(Transport transport, ScriptedTls tls) throws IOException {
        var stages = tls.stages();
        for (var step = 0; step < stages.size(); step++) {
            var at = step;
            assertInTime(SHORT, Map.of(stages.get(at), 1L), lasted -> {
                try (var server = slow(tls, Slowness.FLOOD, List.of(at))) {
                    return run(server, tls, transport, 1, SHORT, lasted).timeouts();
                }
            });
        }
    }

    /** A byte each second, from each message on. */
    @ParameterizedTest
    @MethodSource("serversOnceAndTransportsOnce")
    void aByteEachSecondEndsAtTheDeadline(Transport transport, ScriptedTls tls) throws IOException {
        var timeout = Duration.ofMillis(2500);
        var stages = tls.stages();
        var expected = stages.stream().collect(Collectors.groupingBy(stage -> stage, Collectors.counting()));
        assertInTime(timeout, expected, lasted -> {
            try (var server = slow(tls, Slowness.DRIP, IntStream.range(0, stages.size()).boxed().toList())) {
                return run(server, tls, transport, stages.size(), timeout, lasted).timeouts();
            }
        });
    }

    /** @param steps where it is slow, one after the other; by the book when there are no more */
    private static Listener slow(ScriptedTls tls, Slowness slowness, List<Integer> steps) throws IOException {
        var service = new ScriptedService(tls);
        var next = new AtomicInteger();
        return new Listener((socket, _) -> service.serve(socket, () -> {
            var number = next.getAndIncrement();
            return number < steps.size() ? Course.slow(slowness, steps.get(number)) : Course.BY_THE_BOOK;
        }));
    }

    private interface Runs {
        /** @return where the deadlines came */
        Map<String, Long> with(Lasted lasted) throws IOException;
    }

    private static void assertInTime(Duration timeout, Map<String, Long> expected, Runs runs) throws IOException {
        for (var tried = 1; tried <= TRIES; tried++) {
            var lasted = new Lasted();
            var found = runs.with(lasted);
            lasted.assertNeverBefore(timeout);
            var inTime = lasted.latestNanos() <= timeout.toNanos() + LATEST_NANOS;
            if (inTime && found.equals(expected)) {
                return;
            }
            if (tried == TRIES) {
                assertEquals(expected, found);
                assertTrue(inTime, () -> "never in time, but after " + lasted.latestNanos() / 1_000_000 + " ms");
            }
        }
    }

    static Stream<Arguments> endsOfAHello() {
        return transports().flatMap(transport -> Stream.of("stall", "fin", "reset")
                .map(end -> Arguments.of(transport, end)));
    }

    /** Of a ClientHello and the early data behind it no more is read than a byte, so that it cannot leave whole. */
    @ParameterizedTest
    @MethodSource("endsOfAHello")
    void aHelloThatCannotLeaveWhole(Transport transport, String end) throws IOException {
        var service = new ScriptedService(ScriptedTls.TLS13_RESUMED, Integer.MAX_VALUE);
        var over = new CountDownLatch(1);
        try (var server = new Listener((socket, n) -> {
            if (n == 0) {
                service.serve(socket, () -> Course.BY_THE_BOOK);
                return;
            }
            socket.getInputStream().read();
            switch (end) {
                case "fin" -> socket.shutdownOutput();
                case "reset" -> {
                    socket.setSoLinger(true, 0);
                    return;
                }
                default -> {
                    // as if nothing had come
                }
            }
            // To close it now would reset it.
            await(over);
        })) {
            var tally = run(server, ScriptedTls.TLS13_RESUMED, transport, 1, 2,
                    end.equals("stall") ? Duration.ofSeconds(2) : LONG, new Lasted(), new byte[1 << 25]);
            assertEquals(1, tally.completed());
            if (end.equals("stall")) {
                assertEquals(Map.of("client_hello", 1L), tally.timeouts());
            } else {
                var failure = tally.failures().keySet().iterator().next();
                assertEquals("client_hello received " + (end.equals("fin") ? "connection_closed" : "connection_reset"),
                        failure.stage() + " " + failure.direction() + " " + failure.cause());
            }
        } finally {
            over.countDown();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
