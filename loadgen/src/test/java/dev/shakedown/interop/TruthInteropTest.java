package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.RunResult.Distribution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Latencies that are known from elsewhere: a server that is stopped, a proxy that delays, a packet capture. */
@Timeout(120)
class TruthInteropTest {
    private static final PeerOptions ECDSA = PeerOptions.of(ServerCertificate.ECDSA_P256);

    @TempDir
    private Path directory;

    /** Who is due while the server stands still waits until it goes on: no arrival is left out, and none is late for it. */
    @Test
    void aFrozenServerShowsInEveryArrivalThatWasDue() throws Exception {
        try (var server = Program.NGINX.start(ECDSA)) {
            LoadRun.against(server.port(), "--rate 100 --duration 1s --mix full=1");
            var frozen = CompletableFuture.supplyAsync(() -> freeze(server, 5_000, 2_000));
            var run = LoadRun.against(server.port(), "--rate 100 --duration 10s --mix full=1").assertCompleted(1000, 0);
            var seconds = frozen.get();
            var latency = run.result().kinds().full().latencyMicros();
            // A fifth of the arrivals came in that time, and waited from all of it down to nothing.
            var share = seconds / 10;
            assertEquals(seconds * (1 - 0.1 / share), latency.p90() / 1e6, 0.05 * seconds, run::toString);
            assertEquals(seconds * (1 - 0.01 / share), latency.p99() / 1e6, 0.05 * seconds, run::toString);
            assertEquals(seconds, latency.max() / 1e6, 0.05 * seconds, run::toString);
            assertTrue(latency.p50() < 50_000, run::toString);
        }
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

    /** A flight goes each way in the phase of the ServerHello, and in that of the server's Finished. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void aDelayOfEachFlightIsInItsPhase(int millis) throws Exception {
        var file = directory.resolve("wire.pcap");
        try (var server = Program.NGINX.start(ECDSA);
                var proxy = new ScriptedServer(client -> {
                    try (var upstream = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                        client.setTcpNoDelay(true);
                        upstream.setTcpNoDelay(true);
                        var up = Thread.ofPlatform().start(() -> forward(client, upstream, millis));
                        forward(upstream, client, millis);
                        up.join();
                    }
                });
                var capture = Capture.to(file, proxy.port())) {
            var count = millis > 50 ? 20 : 200;
            var options = "--mix full=1 --concurrency 1 --close notify --count " + count;
            LoadRun.against(proxy.port(), options).assertCompleted(count, 0);
            var begun = System.currentTimeMillis() / 1e3;
            var full = LoadRun.against(proxy.port(), options).assertCompleted(count, 0).result().kinds().full();
            capture.finish();
            var wire = intervals(file, proxy.port(), begun);
            for (var phase : List.of("serverHello", "finished")) {
                var median = assertAgree(phase, wire.get(phase), full.phases().get(phase), count);
                assertTrue(median >= 2000 * millis, () -> "the proxy is too quick: " + median);
            }
            assertTrue(full.phases().get("connected").p50() < 1000, "the proxy answers at once");
        }
    }

    private static void forward(Socket from, Socket to, int millis) {
        var bytes = new byte[65_536];
        try {
            for (int length; (length = from.getInputStream().read(bytes)) > 0;) {
                waitUntil(System.nanoTime() + millis * 1_000_000L);
                to.getOutputStream().write(bytes, 0, length);
            }
            to.shutdownOutput();
        } catch (IOException _) {
            // one side has gone
        }
    }

    private static void waitUntil(long nanos) {
        for (long left; (left = nanos - System.nanoTime()) > 0;) {
            LockSupport.parkNanos(left);
        }
    }

    /** The phases that are on the wire; the others begin or end where only the program knows. */
    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void theWireAgrees(String version) throws Exception {
        var file = directory.resolve("wire.pcap");
        try (var server = Program.NGINX.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256));
                var capture = Capture.to(file, server.port())) {
            var options = "--mix full=1 --rate 200 --tls " + version + " ";
            LoadRun.against(server.port(), options + "--count 400");
            var begun = System.currentTimeMillis() / 1e3;
            var run = LoadRun.against(server.port(), options + "--count 2000").assertCompleted(2000, 0);
            capture.finish();
            var wire = intervals(file, server.port(), begun);
            var full = run.result().kinds().full();
            for (var phase : version.equals("1.2") ? List.of("serverHello", "finished") : List.of("serverHello")) {
                assertAgree(phase, wire.get(phase), full.phases().get(phase), 2000);
            }
            // The kernel is at work on connect(2) before the SYN leaves, and after its answer has come.
            assertEquals(median(wire.get("connected")) + 125, full.phases().get("connected").p50(), 125);
            if (version.equals("1.2")) {
                assertEquals(median(wire.get("service")) + 125, full.serviceMicros().p50(), 125);
            }
        }
    }

    private static double median(List<Double> values) {
        return values.stream().mapToDouble(value -> value).sorted().toArray()[values.size() / 2];
    }

    /** @return the median of the wire, microseconds */
    private static double assertAgree(String name, List<Double> wire, Distribution found, int count) {
        var sorted = wire.stream().mapToDouble(micros -> micros).sorted().toArray();
        assertEquals(count, sorted.length, name);
        var median = sorted[count / 2];
        assertEquals(median, found.p50(), Math.max(50, 0.02 * median),
                () -> name + ": the wire says " + median + ", we say "
                        + found);
        // The tail of both is this machine's; ours may only be what came on top of the wire's.
        var late = sorted[count * 9 / 10];
        assertEquals(late, found.p90(), Math.max(500, 0.05 * late), () -> name + ": the wire says " + late + ", we say "
                + found);
        return median;
    }

    /** From ClientHello to ServerHello, from ClientKeyExchange to the server's end, of each stream. */
    private static Map<String, List<Double>> intervals(Path file, int port, double fromEpoch) throws Exception {
        var process = new ProcessBuilder("tshark", "-r", file.toString(), "-n", "-d", "tcp.port==" + port + ",tls",
                "-T",
                "fields", "-e", "frame.time_epoch", "-e", "tcp.stream", "-e", "tcp.srcport", "-e",
                "tls.handshake.type", "-e", "tls.record.content_type", "-e", "tcp.flags", "-Y", "tcp.port==" + port)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var times = new HashMap<String, Map<String, Double>>();
        for (var line : new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines()
                .toList()) {
            var fields = line.split("\t", -1);
            if (Double.parseDouble(fields[0]) < fromEpoch) {
                continue;
            }
            var stream = times.computeIfAbsent(fields[1], _ -> new HashMap<>());
            var fromServer = fields[2].equals(String.valueOf(port));
            var types = Arrays.asList(fields[3].split(","));
            var time = Double.valueOf(fields[0]);
            if ((Integer.decode(fields[5]) & 2) != 0) {
                stream.putIfAbsent(fromServer ? "synAck" : "syn", time);
            } else if (!fromServer && types.contains("1")) {
                stream.putIfAbsent("clientHello", time);
            } else if (fromServer && types.contains("2")) {
                stream.putIfAbsent("serverHello", time);
            } else if (!fromServer && types.contains("16")) {
                stream.putIfAbsent("keyExchange", time);
            } else if (fromServer && fields[4].contains("20") && stream.containsKey("keyExchange")) {
                stream.putIfAbsent("end", time);
            }
        }
        var intervals = new HashMap<String, List<Double>>();
        for (var stream : times.values()) {
            interval(intervals, "connected", stream, "syn", "synAck");
            interval(intervals, "service", stream, "syn", "end");
            interval(intervals, "serverHello", stream, "clientHello", "serverHello");
            interval(intervals, "finished", stream, "keyExchange", "end");
        }
        return intervals;
    }

    private static void interval(Map<String, List<Double>> intervals, String name, Map<String, Double> times,
            String from,
            String to) {
        if (times.containsKey(from) && times.containsKey(to)) {
            intervals.computeIfAbsent(name, _ -> new ArrayList<>()).add((times.get(to) - times.get(from)) * 1e6);
        }
    }

    /** What is offered is carried, and begins when it is due. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1000})
    void theRateIsTheRate(int rate) {
        try (var server = Program.NGINX.start(ECDSA)) {
            LoadRun.against(server.port(), "--mix resumed=1 --count 300 --concurrency 4");
            var run = LoadRun.against(server.port(), "--mix resumed=1 --rate " + rate + " --duration 5s");
            var outcomes = run.result().outcomes();
            assertEquals(5 * rate, outcomes.planned(), 0.005 * 5 * rate, run::toString);
            assertEquals(outcomes.planned(), outcomes.completed(), run::toString);
            var begun = run.result().kinds().resumed().phases().get("begun");
            assertTrue(begun.p50() < 1000, () -> "half began more than 1 ms late: " + begun);
        }
    }
}
