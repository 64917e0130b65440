package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.End.AfterCount;
import dev.shakedown.load.End.AfterTime;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.load.LoadPlan.Sources;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.net.socket.SourceAddresses;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.load.Schedule.Shape;
import dev.shakedown.load.FaultyServer.Fault;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.net.Target;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Outcome.Failure;
import dev.shakedown.results.Summary;
import dev.shakedown.results.Tally;
import dev.shakedown.results.UnsentReason;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Load over real sockets, on each transport that this machine has, against servers that fail in known ways. */
@Tag("interop")
@Timeout(60)
class LoadTest {
    private static final Ending ENDING = new Ending(CompleteOn.FINISHED, new byte[]{1}, new byte[0], 1_000_000_000);
    private static final Duration LONG = Duration.ofSeconds(30);

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable);
    }

    static Stream<Arguments> faults() {
        return transports().flatMap(transport -> Stream.of(
                Arguments.of(transport, Fault.CLOSE_AFTER_BYTE, "server_hello", "received", "connection_closed", null),
                Arguments.of(transport, Fault.RESET_AFTER_BYTE, "server_hello", "received", "connection_reset", null),
                Arguments.of(transport, Fault.HTTP, "server_hello", "sent", "unexpected_message", "not_tls"),
                Arguments.of(transport, Fault.GARBAGE, "server_hello", "sent", "unexpected_message", "not_tls"),
                Arguments.of(transport, Fault.HALF_RECORD, "server_hello", "received", "connection_closed", null),
                Arguments.of(transport, Fault.ALERT, "server_hello", "received", "handshake_failure", null),
                Arguments.of(transport, Fault.OVERSIZED, "server_hello", "sent", "record_overflow",
                        "record_too_long")));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsNamedWithStageDirectionAndCause(Transport transport, Fault fault, String stage, String direction,
            String cause, String rule) throws IOException {
        try (var server = new FaultyServer(_ -> fault)) {
            var tally = run(plan(server.address(), transport, 4, 20, LONG));
            assertEquals(20, tally.planned());
            assertEquals(20, tally.failed());
            assertEquals(1, tally.failures().size(), tally.failures()::toString);
            var failure = tally.failures().keySet().iterator().next();
            assertEquals(List.of(stage, direction, cause),
                    List.of(failure.stage(), failure.direction(), failure.cause()), failure::meaning);
            assertEquals(rule, failure.rule());
            assertEquals(20, server.accepted());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anEndBeforeTheHelloIsAFailureWhateverWasReachedByThen(Transport transport) throws IOException {
        try (var server = new FaultyServer(n -> n % 2 == 0 ? Fault.CLOSE : Fault.RESET)) {
            var tally = run(plan(server.address(), transport, 2, 40, LONG));
            assertEquals(40, tally.failed());
            for (var failure : tally.failures().keySet()) {
                assertEquals("received", failure.direction(), failure::toString);
                assertTrue(List.of("connection_closed", "connection_reset").contains(failure.cause()),
                        failure::toString);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void silenceEndsAtTheDeadlineAndNotBefore(Transport transport) throws IOException {
        var timeout = Duration.ofMillis(300);
        try (var server = new FaultyServer(_ -> Fault.SILENCE)) {
            var began = System.nanoTime();
            var tally = run(plan(server.address(), transport, 50, 50, timeout));
            assertTrue(System.nanoTime() - began >= timeout.toNanos());
            assertEquals(50, tally.timeouts().get("server_hello"));
            assertEquals(50, tally.planned());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void nobodyListening(Transport transport) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), unusedPort());
        var tally = run(plan(address, transport, 2, 6, LONG));
        assertEquals(6, tally.failed());
        var failure = tally.failures().keySet().iterator().next();
        assertEquals(new Failure("connect", "received", "connection_refused", false, null,
                "nothing listens at the target's port"), failure);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void arrivalsAreConservedUnderMixedFaults(Transport transport) throws IOException {
        var random = new SplittableRandom(42);
        try (var server = new FaultyServer(_ -> {
            synchronized (random) {
                return Fault.values()[random.nextInt(Fault.values().length)];
            }
        })) {
            var plan = begun(server.address(), transport, Duration.ofMillis(200))
                    .pacing(new OpenLoop(Schedule.constant(Shape.POISSON, 2000), 60, OptionalLong.empty()))
                    .end(new AfterTime(Duration.ofMillis(500).toNanos())).mix(Mix.parse("full=1,resumed=1"))
                    .timeouts(Duration.ofMillis(200).toNanos(), Duration.ofMillis(200).toNanos()).threads(2).build();
            var tally = run(plan);
            assertTrue(tally.planned() > 500, "planned " + tally.planned());
            assertTrue(tally.failed() > 0 && tally.timedOut() > 0, "failed and timed out");
            assertEquals(tally.planned(),
                    tally.completed() + tally.failed() + tally.timedOut() + tally.cancelled() + tally.unsent());
            assertEquals(tally.planned(), tally.asked(Kind.FULL)
                    + tally.asked(Kind.RESUMED));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void stoppingCancelsWhatIsUnderWay(Transport transport) throws IOException {
        try (var server = new FaultyServer(_ -> Fault.SILENCE)) {
            var summary = new Summary();
            var load = new Load(plan(server.address(), transport, 30, 1000, LONG), FailureObserver.NONE);
            CompletableFuture.runAsync(() -> {
                while (server.accepted() < 30) {
                    Thread.onSpinWait();
                }
                load.stop();
            });
            var measured = load.run((interval, _, _, _) -> summary.add(interval));
            assertTrue(measured.interrupted());
            assertEquals(30, summary.tally().planned());
            assertEquals(30, summary.tally().cancelled());
        }
    }

    @ParameterizedTest
    @EnumSource(Close.class)
    void manySourceAddressesAreUsedInTurn(Close close) throws IOException {
        try (var listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            var sources = SourceAddresses.parse("127.0.9.0/29");
            var seen = new ConcurrentSkipListSet<String>();
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        try (var socket = listener.accept()) {
                            seen.add(socket.getInetAddress().getHostAddress());
                        }
                    }
                } catch (IOException _) {
                    // closed
                }
            });
            var plan = begun((InetSocketAddress) listener.getLocalSocketAddress(), Transport.best(), LONG)
                    .pacing(new ClosedLoop(2)).end(new AfterCount(30)).close(close).threads(2)
                    .sources(new Sources(sources)).build();
            run(plan);
            assertEquals(6, seen.size(), seen::toString);
        }
    }

    /** With two source addresses of at most two connections each, no more than four wait for a silent server. */
    @ParameterizedTest
    @MethodSource("transports")
    void noSourceHasMoreConnectionsThanItMay(Transport transport) throws IOException {
        try (var server = new FaultyServer(_ -> Fault.SILENCE)) {
            var plan = begun(server.address(), transport, LONG)
                    .pacing(new OpenLoop(Schedule.constant(Shape.CONSTANT, 100), 1000, OptionalLong.empty()))
                    .end(new AfterCount(20)).threads(2)
                    .sources(new Sources(SourceAddresses.parse("127.0.9.0/30"), OptionalInt.of(2))).build();
            var summary = new Summary();
            var load = new Load(plan, FailureObserver.NONE);
            load.run((interval, _, _, _) -> {
                summary.add(interval);
                if (summary.tally().unsent() == 16) {
                    load.stop();
                }
            });
            var tally = summary.tally();
            assertEquals(20, tally.planned());
            assertEquals(4, tally.cancelled());
            assertEquals(16, tally.unsentReasons().get(UnsentReason.SOURCES));
            assertEquals(4, server.accepted());
        }
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static LoadPlan plan(InetSocketAddress target, Transport transport, int concurrency, long count,
            Duration timeout) {
        return begun(target, transport, timeout).pacing(new ClosedLoop(concurrency)).end(new AfterCount(count)).build();
    }

    private static LoadPlan.Builder begun(InetSocketAddress target, Transport transport, Duration timeout) {
        return LoadPlan.of(Target.loopback(target), settings()).warmupNanos(0).mix(Mix.parse("full=1"))
                .resumeUses(SessionMemory.UNLIMITED).timeouts(timeout.toNanos(), LONG.toNanos()).close(Close.RST)
                .threads(1).transport(transport)
                .ending(ENDING);
    }

    private static ClientSettings settings() {
        return new ClientSettings(List.of(ProtocolVersion.TLS_1_2),
                Arrays.stream(CipherSuite.values()).filter(suite -> suite.isUsual() && !suite.isTls13()).toList(),
                List.of(NamedGroup.X25519), null, List.of(), true, PskMode.DHE_KE, KeyShareMode.BASE_POINT,
                PremasterMode.REUSED, VerifyMode.NONE, null, null);
    }

    private static Tally run(LoadPlan plan) throws IOException {
        var summary = new Summary();
        new Load(plan, FailureObserver.NONE)
                .run((interval, _, _, _) -> summary.add(interval));
        return summary.tally();
    }
}
