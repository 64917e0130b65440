package dev.shakedown.load;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.load.End.AfterCount;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.net.Target;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.results.Summary;
import dev.shakedown.results.Tally;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.ScriptedService;
import dev.shakedown.tls.client.ScriptedService.Course;
import dev.shakedown.tls.client.ScriptedService.Left;
import dev.shakedown.tls.client.ScriptedService.Slowness;
import dev.shakedown.tls.client.ScriptedTls;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import dev.shakedown.tls.wire.ContentType;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers of every version that stall after each of their bytes, are slow, or never get to the point, and a clock that
 * jumps to the deadlines once all of them have got as far as they will.
 */
@Tag("interop")
@Timeout(120)
class FlightDeadlineTest {
    /** Long enough that no machine reaches it before the clock is stopped. */
    private static final long TIMEOUT_NANOS = Duration.ofHours(1).toNanos();
    /** Concurrent connections. */
    private static final int MOST_CASES = 300;
    /** Number of records that makes a flood: no server has that many to send. */
    private static final int FLOOD = 100;
    /** Slots for normal handshakes, besides those that stall. */
    private static final int BY_THE_BOOK = 8;
    private static final byte[] NO_DATA = {};

    /** The machine's clock until it is stopped. */
    private static final class Clock implements LongSupplier {
        private volatile long standsAt;

        @Override
        public long getAsLong() {
            return standsAt == 0 ? System.nanoTime() : standsAt;
        }

        void standAt(long nanos) {
            standsAt = nanos;
        }
    }

    /** Counts the records received in each handshake, and the handshakes ended by the deadline. */
    private static final class Arrivals implements FailureObserver {
        private final Map<String, Integer> records = new ConcurrentHashMap<>();
        private final AtomicInteger timedOut = new AtomicInteger();

        @Override
        public HandshakeObserver next(int inFlight) {
            return new HandshakeObserver() {
                private String random;

                @Override
                public void record(boolean sent, byte[] record, ContentType type, byte[] content,
                        boolean isProtected) {
                    if (random == null) {
                        // The client's hello: type, length, version, random.
                        random = HexFormat.of().formatHex(content, 6, 38);
                    } else if (!sent) {
                        records.merge(random, 1, Integer::sum);
                    }
                }

                @Override
                public void secret(String label, byte[] secret) {
                    // not of interest
                }
            };
        }

        @Override
        public void failed(HandshakeFailure failure, HandshakeObserver observer) {
            // counted in the tally
        }

        @Override
        public void timedOut(Stage stage, HandshakeObserver observer) {
            timedOut.incrementAndGet();
        }

        boolean have(Left left) {
            return records.getOrDefault(left.random(), 0) >= left.records();
        }

        long flooded() {
            return records.values().stream().filter(each -> each > FLOOD).count();
        }
    }

    static Stream<Arguments> serversOnceAndTransportsOnce() {
        return Stream.concat(Arrays.stream(ScriptedTls.values()).map(tls -> Arguments.of(Transport.best(), tls)),
                Arrays.stream(Transport.values())
                        .filter(transport -> transport.isAvailable() && transport != Transport.best())
                        .map(transport -> Arguments.of(transport, ScriptedTls.TLS12_ECDHE)));
    }

    static Stream<Arguments> versions() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable)
                .flatMap(transport -> Stream.of(ScriptedTls.SSL3, ScriptedTls.TLS10, ScriptedTls.TLS11,
                        ScriptedTls.TLS12_ECDHE, ScriptedTls.TLS13).map(tls -> Arguments.of(transport, tls)));
    }

    /** Runs one load, in which the given number of handshakes meet a slow server and all others a normal one. */
    private static final class Slow {
        private final ScriptedTls tls;
        private final int cases;
        private final int count;
        private final Listener server;
        private final Clock clock = new Clock();
        private final Arrivals arrivals = new Arrivals();
        private final Summary summary = new Summary();
        private final Load load;

        Slow(Transport transport, ScriptedTls tls, int cases, Listener server) {
            this.tls = tls;
            this.cases = cases;
            this.server = server;
            var slots = tls.resumes() ? cases + BY_THE_BOOK : cases;
            // Each slot begins with a full handshake, for want of a session.
            this.count = tls.resumes() ? 2 * (cases + slots) : cases;
            var plan = LoadPlan.of(Target.loopback(server.address()), tls.settings()).warmupNanos(0)
                    .mix(Mix.parse(tls.resumes() ? "resumed=1" : "full=1")).resumeUses(SessionMemory.UNLIMITED)
                    .timeouts(TIMEOUT_NANOS, TIMEOUT_NANOS).close(Close.RST).threads(1).transport(transport)
                    .pacing(new Pacing.ClosedLoop(slots))
                    .ending(new Ending(CompleteOn.FINISHED, new byte[]{1}, NO_DATA, 1_000_000_000))
                    .end(new AfterCount(count)).build();
            this.load = new Load(clock, plan, Optional.empty(), Load.NOTHING_EMBEDDED, arrivals);
        }

        /**
         * Checks that nothing ends before its deadline, and everything at it.
         *
         * @param beats run one after another, at equal intervals until the deadline
         * @param slow  whether all have reached the point at which they are slow
         */
        void assertEndAtTheDeadline(Map<String, Long> expected, BooleanSupplier slow, Runnable... beats)
                throws Exception {
            var first = System.nanoTime();
            var tally = CompletableFuture.supplyAsync(this::run, task -> Thread.ofPlatform().daemon().start(task));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> tally.isDone()
                            || server.ended() == count - cases && slow.getAsBoolean());
            var last = System.nanoTime();
            for (var beat = 0; beat < beats.length; beat++) {
                clock.standAt(first + (beat + 1) * TIMEOUT_NANOS / (beats.length + 1));
                load.clockMoved();
                beats[beat].run();
            }
            clock.standAt(first + TIMEOUT_NANOS - 1);
            load.clockMoved();
            assertEquals(0, arrivals.timedOut.get(), "before the deadline");
            clock.standAt(last + TIMEOUT_NANOS);
            load.clockMoved();
            assertEquals(cases, arrivals.timedOut.get(), "with the deadline");
            assertEquals(expected, tally.get().timeouts());
            assertEquals(count, tally.get().planned());
            assertEquals(count - cases, tally.get().completed());
        }

        /** Every connection has ended, as seen from the server. */
        void assertClosed() {
            await("all closed").atMost(Duration.ofSeconds(60)).until(() -> server.ended() == count);
        }

        private Tally run() {
            try {
                load.run((interval, _, _, _) -> summary.add(interval));
                return summary.tally();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("serversOnceAndTransportsOnce")
    void stallAfterEveryByte(Transport transport, ScriptedTls tls) throws Exception {
        var stages = tls.parts().stream()
                .flatMap(part -> IntStream.range(0, part.bytes()).mapToObj(_ -> part.stage())).toList();
        for (var from = 0; from < stages.size(); from += MOST_CASES) {
            var after = IntStream.range(from, Math.min(from + MOST_CASES, stages.size())).boxed().toList();
            var service = new ScriptedService(tls);
            var next = new AtomicInteger();
            Queue<Left> stalled = new ConcurrentLinkedQueue<>();
            try (var server = new Listener((socket, _) -> service.serve(socket, () -> {
                var number = next.getAndIncrement();
                return number >= after.size() ? Course.BY_THE_BOOK : Course.upTo(after.get(number), (stalls, left) -> {
                    stalled.add(left);
                    ScriptedService.drain(stalls);
                });
            }))) {
                var load = new Slow(transport, tls, after.size(), server);
                load.assertEndAtTheDeadline(
                        after.stream().collect(Collectors.groupingBy(stages::get, Collectors.counting())),
                        () -> stalled.size() == after.size() && stalled.stream().allMatch(load.arrivals::have));
                load.assertClosed();
            }
        }
    }

    /** Messages that a client must ignore must not extend its deadline. */
    @ParameterizedTest
    @MethodSource("versions")
    void aFloodEndsAtTheDeadline(Transport transport, ScriptedTls tls) throws Exception {
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
            var load = new Slow(transport, tls, 4, server);
            load.assertEndAtTheDeadline(Map.of("server_hello", 4L), () -> load.arrivals.flooded() == 4);
            load.assertClosed();
        }
    }

    /** Warning alerts before each message of the server, protected as that message would be. */
    @ParameterizedTest
    @MethodSource("serversOnceAndTransportsOnce")
    void aFloodAmidTheHandshakeEndsAtTheDeadline(Transport transport, ScriptedTls tls) throws Exception {
        var service = new ScriptedService(tls);
        try (var server = slow(tls, service, Slowness.FLOOD)) {
            var cases = tls.stages().size();
            var load = new Slow(transport, tls, cases, server);
            load.assertEndAtTheDeadline(stages(tls), () -> load.arrivals.flooded() == cases);
            load.assertClosed();
        }
    }

    /** One byte now and then, from each message on. */
    @ParameterizedTest
    @MethodSource("serversOnceAndTransportsOnce")
    void aByteNowAndThenEndsAtTheDeadline(Transport transport, ScriptedTls tls) throws Exception {
        var cases = tls.stages().size();
        var beats = new Phaser(1);
        Map<String, Left> dripping = new ConcurrentHashMap<>();
        var waiting = new AtomicInteger();
        var service = new ScriptedService(tls, left -> {
            dripping.putIfAbsent(left.random(), left);
            var beat = beats.getPhase();
            waiting.incrementAndGet();
            beats.awaitAdvanceInterruptibly(beat);
        });
        Runnable beat = () -> {
            waiting.set(0);
            beats.arrive();
            await().atMost(Duration.ofSeconds(60)).until(() -> waiting.get() == cases);
        };
        try (var server = slow(tls, service, Slowness.DRIP)) {
            var load = new Slow(transport, tls, cases, server);
            load.assertEndAtTheDeadline(stages(tls),
                    () -> waiting.get() == cases && dripping.values().stream().allMatch(load.arrivals::have),
                    beat, beat);
            beats.forceTermination();
            load.assertClosed();
        }
    }

    /** The first connection is slow at the first step, and so on; further ones are normal. */
    private static Listener slow(ScriptedTls tls, ScriptedService service, Slowness slowness) throws IOException {
        var steps = tls.stages().size();
        var next = new AtomicInteger();
        return new Listener((socket, _) -> service.serve(socket, () -> {
            var number = next.getAndIncrement();
            return number < steps ? Course.slow(slowness, number) : Course.BY_THE_BOOK;
        }));
    }

    private static Map<String, Long> stages(ScriptedTls tls) {
        return tls.stages().stream().collect(Collectors.groupingBy(stage -> stage, Collectors.counting()));
    }
}
