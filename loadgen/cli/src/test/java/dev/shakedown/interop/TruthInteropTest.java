package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.interop.Attempts.Reading;
import dev.shakedown.interop.Packets.Flow;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums.KindResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Latencies that are known from elsewhere: a server that is stopped, a proxy that delays, a packet capture. */
@Tag("truth")
@Timeout(240)
class TruthInteropTest {
    private static final PeerOptions ECDSA = PeerOptions.of(ServerCertificate.ECDSA_P256);
    private static final PeerOptions BOTH = PeerOptions.bothVersions(ServerCertificate.ECDSA_P256);
    private static final String RESUMED = "--mix resumed=1 --threads 1";
    private static final String BEFORE_HELLO = "connected and helloSent";

    /** A kind of handshake, and what packets its phases lie between. */
    enum Shape {
        FULL_12("--tls 1.2 --mix full=1"),
        RESUMED_12("--tls 1.2 --mix resumed=1"),
        FULL_13("--tls 1.3 --mix full=1"),
        RESUMED_13("--tls 1.3 --mix resumed=1");

        private final String options;

        Shape(String options) {
            this.options = options;
        }

        KindResult of(RunResult result) {
            return this == FULL_12 || this == FULL_13 ? result.kinds().full() : result.kinds().resumed();
        }

        /** Whether it is such a handshake, from its begin to its end; the first have no session to resume yet. */
        boolean isWhole(Flow stream) {
            return switch (this) {
                case FULL_12 -> stream.flight(3) != null;
                case RESUMED_12 -> stream.flight(2) != null && stream.flight(3) == null;
                case FULL_13, RESUMED_13 -> stream.flight(2) != null;
            };
        }

        /** Microseconds by the phase's name; a flight is all that one side sends until the other does. */
        Map<String, Long> phases(Flow stream) {
            var hello = stream.flight(0);
            var answer = stream.flight(1);
            var reply = stream.flight(2);
            var phases = new LinkedHashMap<String, Long>();
            // On loopback the SYN is answered within connect(2), which nobody sees from outside: the two phases are
            // one.
            phases.put(BEFORE_HELLO, hello[0] - stream.syn);
            phases.put("serverHello", answer[0] - hello[0]);
            phases.put("serverFlightDone", answer[1] - answer[0]);
            var end = reply[0];
            if (this == FULL_12) {
                end = stream.flight(3)[1];
                phases.put("keyExchangeSent", reply[0] - answer[1]);
                phases.put("finished", end - reply[0]);
            } else {
                phases.put("finished", end - answer[1]);
            }
            phases.put("service", end - stream.syn);
            return phases;
        }
    }

    /**
     * Who is due while the server stands still waits until it goes on: no arrival is left out, and none is late for it.
     * They are resumed, so that the server has soon done with those that wait.
     */
    @Test
    void aFrozenServerShowsInEveryArrivalThatWasDue() throws Exception {
        try (var server = Program.NGINX.start(ECDSA)) {
            LoadRun.warm(server.port(), RESUMED);
            Attempts.assertOnce(_ -> {
                var frozen = CompletableFuture.supplyAsync(() -> freeze(server, 2_500, 1_000));
                var run = LoadRun.against(server.port(), RESUMED + " --rate 100 --duration 5s");
                var seconds = frozen.get();
                if (run.result().outcomes().completed() != 500) {
                    return Reading.of("not all completed: " + run.result().outcomes(), run.result());
                }
                var latency = run.result().kinds().resumed().latencyMicros();
                // A fifth of the arrivals came in that time, and waited from all of it down to nothing.
                var share = seconds / 5;
                return Reading.of(outside(5, seconds * (1 - 0.1 / share), latency.p90() / 1e6)
                        + outside(5, seconds * (1 - 0.01 / share), latency.p99() / 1e6)
                        + outside(5, seconds, latency.max() / 1e6)
                        + (latency.p50() < 50_000 ? "" : "p50 " + latency.p50()), run.result());
            });
        }
    }

    private static String outside(double percent, double expected, double found) {
        return Math.abs(found - expected) <= percent / 100 * expected ? "" : "expected " + expected + " s: " + found;
    }

    /** @return for how long the server's processes stood still, seconds */
    private static double freeze(Peer server, long afterMillis, long forMillis) {
        try {
            Thread.sleep(afterMillis);
            var processes = Stream.concat(Stream.of(server.pid()),
                    ProcessHandle.of(server.pid()).orElseThrow().descendants().map(ProcessHandle::pid)).toList();
            signal("STOP", processes);
            var stopped = System.nanoTime();
            try {
                Thread.sleep(forMillis);
            } finally {
                signal("CONT", processes);
            }
            return (System.nanoTime() - stopped) / 1e9;
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void signal(String name, List<Long> processes) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(process.toString()));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    /** A flight goes each way in the phase of the ServerHello, and in that of the server's last Finished. */
    @ParameterizedTest
    @CsvSource({"1, FULL_12", "1, RESUMED_12", "1, FULL_13", "1, RESUMED_13", "10, FULL_12", "10, RESUMED_13",
        "100, FULL_12", "100, RESUMED_12", "100, FULL_13"})
    void aDelayOfEachFlightIsInItsPhase(int millis, Shape shape) throws Exception {
        var delayMillis = new AtomicInteger();
        try (var _ = new Awake();
                var server = Program.NGINX.start(BOTH);
                var proxy = new ScriptedServer(client -> {
                    try (var upstream = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                        client.setTcpNoDelay(true);
                        upstream.setTcpNoDelay(true);
                        var up = Thread.ofPlatform().start(() -> forward(client, upstream, delayMillis.get()));
                        forward(upstream, client, delayMillis.get());
                        up.join();
                    }
                });
                var packets = new Packets(proxy.port())) {
            var options = shape.options + " --threads 1 --close notify ";
            LoadRun.against(proxy.port(), options + "--concurrency 1 --count 200");
            delayMillis.set(millis);
            Attempts.assertOnce(_ -> {
                var before = packets.streams().size();
                var result = LoadRun.against(proxy.port(), options + pacing(millis)).result();
                // The first have no session to resume yet.
                var wire = wire(shape, packets.streams(), before + 5);
                var delayed = percentile(wire.get("serverHello"), 0.5);
                return Reading.of((delayed < 2000 * millis ? "the proxy is too quick: " + delayed : "")
                        // Twenty have no tail to speak of.
                        + disagreement(wire, shape.of(result), 200, millis > 50 ? Double.MAX_VALUE : 200, 0.02),
                        result);
            });
        }
    }

    /**
     * One at a time, or where that takes long, several: begun at such distances that no two are at work at once, since
     * no multiple of them is near one of the delay.
     */
    private static String pacing(int delayMillis) {
        return switch (delayMillis) {
            case 1 -> "--concurrency 1 --count 205";
            case 10 -> "--rate 73 --count 205";
            case 100 -> "--rate 27 --count 25";
            default -> throw new IllegalArgumentException("no pacing for " + delayMillis + " ms");
        };
    }

    private static void forward(Socket from, Socket to, int millis) {
        var bytes = new byte[65_536];
        try {
            for (int length; (length = from.getInputStream().read(bytes)) > 0;) {
                Sleeper.waitUntil(System.nanoTime() + millis * 1_000_000L);
                to.getOutputStream().write(bytes, 0, length);
            }
            to.shutdownOutput();
        } catch (IOException _) {
            // one side has gone
        }
    }

    /** 2,000 handshakes at a third of what the server carries. */
    @ParameterizedTest
    @EnumSource(Shape.class)
    void theWireAgrees(Shape shape) throws Exception {
        try (var _ = new Awake();
                var server = Program.NGINX.start(BOTH);
                var packets = new Packets(server.port())) {
            var millis = (int) Math.ceil(500_000 * 3 / LoadRun.carried(server.port(), shape.options));
            var rate = String.format(Locale.ROOT, "%.3f", 500_000.0 / millis);
            var options = shape.options + " --steps " + String.join(",", rate, rate, rate, rate) + ":" + millis + "ms";
            Attempts.assertOnce(_ -> {
                var before = packets.streams().size();
                var result = LoadRun.against(server.port(), options).result();
                var streams = packets.streams();
                // Who did not get through at once, or had no session in time, is a matter of the machine.
                if (Math.abs(streams.size() - before - 2000) > 2
                        || result.outcomes().planned() - shape.of(result).completed() > 60) {
                    return Reading.of(streams.size() - before + " connections for " + result.outcomes(), result);
                }
                var first = drift(shape, streams, before, result, 0);
                var last = drift(shape, streams, before, result, 3);
                return Reading.of(disagreement(wire(shape, streams, before), shape.of(result), 50, 500, 0)
                        + (Math.abs(last - first) > 50
                                ? "drift: at first " + first + " µs more than on the wire, at last " + last
                                : ""),
                        result);
            });
        }
    }

    /** How much more than the wire latency says of a quarter, at its median. */
    private static double drift(Shape shape, List<Flow> streams, int from, RunResult result, int quarter) {
        var phase = result.loadPhases().get(quarter);
        var size = (streams.size() - from) / 4;
        var wire = wire(shape, streams.subList(from + quarter * size, from + (quarter + 1) * size), 0).get("service");
        return phase.latencyMicros().p50() - percentile(wire, 0.5);
    }

    /** Of each phase, sorted. */
    private static Map<String, long[]> wire(Shape shape, List<Flow> streams, int from) {
        var phases = new LinkedHashMap<String, LongStream.Builder>();
        for (var stream : streams.subList(from, streams.size())) {
            if (shape.isWhole(stream)) {
                shape.phases(stream).forEach((name, micros) -> phases
                        .computeIfAbsent(name, _ -> LongStream.builder()).add(micros));
            }
        }
        var sorted = new LinkedHashMap<String, long[]>();
        phases.forEach((name, micros) -> sorted.put(name, micros.build().sorted().toArray()));
        return sorted;
    }

    /**
     * Where we and the wire do not agree, as a table; empty if they do.
     *
     * @param middle how far medians may be apart, microseconds
     * @param tail   how far the 99th percentiles may
     * @param share  or so much of what they are
     */
    private static String disagreement(Map<String, long[]> wire, KindResult found, double middle, double tail,
            double share) {
        var table = new StringBuilder();
        var wrong = false;
        for (var entry : wire.entrySet()) {
            var micros = entry.getValue();
            var p50 = percentile(micros, 0.5);
            var p99 = percentile(micros, 0.99);
            var ours = switch (entry.getKey()) {
                case "service" -> List.of(found.serviceMicros());
                case BEFORE_HELLO -> List.of(found.phases().get("connected"), found.phases().get("helloSent"));
                default -> List.of(found.phases().get(entry.getKey()));
            };
            var our50 = ours.stream().mapToDouble(Distribution::p50).sum();
            var our99 = ours.stream().mapToDouble(Distribution::p99).sum();
            var off = Math.abs(our50 - p50) > Math.max(middle, share * p50)
                    || Math.abs(our99 - p99) > Math.max(tail, share * p99);
            wrong |= off;
            table.append(String.format(Locale.ROOT,
                    "%-23s wire and ours: p50 %6d %6.0f  p99 %6d %6.0f %s%n", entry.getKey(), p50, our50, p99, our99,
                    off ? "<" : ""));
        }
        return wrong ? table.toString() : "";
    }

    /** As HdrHistogram counts: the least value that so many are not above. */
    private static long percentile(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
