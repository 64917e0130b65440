package dev.shakedown.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every benchmark with every parameter for one short iteration, in which it makes its own checks: each must give
 * a figure. Also tests what is written and printed.
 */
class BenchmarksTest {
    private static final List<Class<?>> CLASSES = List.of(ChainBenchmark.class, ClientCryptoBenchmark.class,
            FinishedMacBenchmark.class,
            HandshakeBenchmark.class, HelloBenchmark.class, HybridBenchmark.class, InjectedBenchmark.class,
            KeyDerivationBenchmark.class,
            KeyExchangeBenchmark.class, KeyScheduleBenchmark.class, OldPrfBenchmark.class, PremasterBenchmark.class,
            RecordBenchmark.class,
            SignatureBenchmark.class, SpinBenchmark.class, TranscriptBenchmark.class);

    private static Collection<RunResult> results;

    @TempDir
    private Path directory;

    @BeforeAll
    static void run() throws RunnerException {
        results = new Runner(new OptionsBuilder().include(".*").forks(0).warmupIterations(0)
                .measurementIterations(1).measurementTime(TimeValue.milliseconds(20))
                .shouldFailOnError(true).verbosity(VerboseMode.SILENT).build()).run();
    }

    @Test
    void everyBenchmarkRuns() {
        var quiet = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        var known = new TreeSet<String>();
        BenchmarkList.defaultList().getAll(quiet, List.of()).forEach(entry -> known.add(entry.getUsername()));
        var written = CLASSES.stream().flatMap(type -> Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(method -> type.getName() + "." + method.getName())).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(written, known);
        var ran = new TreeSet<String>();
        for (var result : results) {
            assertTrue(result.getPrimaryResult().getScore() > 0, result.getParams()::getBenchmark);
            ran.add(result.getParams().getBenchmark());
        }
        assertEquals(known, ran);
    }

    @Test
    void everyBaselineThatIsNamedIsThere() {
        var names = results.stream().map(result -> result.getParams().getBenchmark()).collect(Collectors.toSet());
        var with = names.stream().filter(name -> Tables.baseline(name) != null).toList();
        assertTrue(with.size() >= 12, with::toString);
        with.forEach(name -> assertTrue(names.contains(Tables.baseline(name)), name));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Bench.write(directory, results);
        var json = new ObjectMapper().readTree(directory.resolve("bench.json").toFile());
        assertEquals(results.size(), json.size());
        var at = 0;
        for (var result : results) {
            var entry = json.get(at++);
            assertEquals(result.getParams().getBenchmark(), entry.get("benchmark").asText());
            assertEquals(result.getPrimaryResult().getScore(), entry.at("/primaryMetric/score").asDouble(),
                    Math.ulp((float) result.getPrimaryResult().getScore()));
            assertEquals(result.getParams().getParamsKeys().size(), entry.path("params").size());
        }
        // The page has a bar for each, with its data.
        assertEquals(results.size(), Files.readAllLines(directory.resolve("csv").resolve("medians.csv")).size() - 1);
        assertTrue(Files.readString(directory.resolve("report.html")).contains("FinishedMac.make SHA_256"));
        var tags = new HashMap<String, Histogram>();
        try (var reader = new HistogramLogReader(directory.resolve("bench.hlog").toFile())) {
            for (Histogram next; (next = (Histogram) reader.nextIntervalHistogram()) != null;) {
                tags.put(next.getTag(), next);
            }
        }
        var sampled = results.stream().filter(Samples::isSampled).toList();
        assertEquals(sampled.size(), tags.size());
        for (var result : sampled) {
            var read = tags.get(Samples.name(result).replace(' ', ';'));
            assertNotNull(read, () -> Samples.name(result) + " in " + tags.keySet());
            assertEquals(result.getPrimaryResult().getStatistics().getN(), read.getTotalCount());
            // JMH interpolates between the few samples of such a short run, but not up to the largest.
            var most = result.getPrimaryResult().getStatistics().getMax();
            assertEquals(most, read.getMaxValue() / 1e3, most * 0.002 + 0.01);
        }
    }

    @Test
    void theTablesShowThemAll() {
        var bytes = new ByteArrayOutputStream();
        new Tables(new PrintStream(bytes, true, StandardCharsets.UTF_8)).print(results);
        var text = bytes.toString(StandardCharsets.UTF_8);
        for (var result : results) {
            if (!result.getParams().getBenchmark().endsWith(".cost")) {
                assertTrue(text.contains(Samples.name(result)), () -> Samples.name(result) + " in\n" + text);
            }
        }
        for (var peers : HandshakeBenchmark.Peers.values()) {
            for (var certificate : HandshakeBenchmark.Certificate.values()) {
                assertTrue(text.contains(peers + ", " + certificate), text);
            }
        }
        for (var kind : HandshakeBenchmark.Kind.values()) {
            assertEquals(6, text.lines().filter(line -> line.startsWith(kind.name())).count(), text);
        }
    }

    /** Rules of the wire, which do not depend on time. */
    @Test
    void flightsAndBytesAreWhatTheProtocolHas() {
        for (var result : results) {
            if (result.getParams().getBenchmark().endsWith(".cost")) {
                var kind = HandshakeBenchmark.Kind.valueOf(result.getParams().getParam("kind"));
                var counters = result.getSecondaryResults();
                var handshakes = counters.get("handshakes").getScore();
                assertTrue(handshakes >= 1);
                assertEquals(kind == HandshakeBenchmark.Kind.TLS12_FULL ? 4 : 3,
                        counters.get("flights").getScore() / handshakes, Samples.name(result));
                assertTrue(counters.get("clientHeapBytes").getScore() > 0, Samples.name(result));
            }
        }
    }

    /** A stalled machine is not a fault of the harness, so there are several tries. */
    @Test
    void theHarnessMeasuresWhatItSays() throws RunnerException {
        for (var attempt = 1;; attempt++) {
            var spins = new Runner(new OptionsBuilder().include("SpinBenchmark").forks(0).warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(200)).measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(300)).verbosity(VerboseMode.SILENT).build()).run();
            assertEquals(2, spins.size());
            var off = spins.stream().mapToDouble(spin -> Math.abs(Tables.medianMicros(spin)
                    / Integer.parseInt(spin.getParams().getParam("micros")) - 1)).max().orElseThrow();
            if (off <= 0.05) {
                return;
            }
            assertTrue(attempt < 5, "off by " + off);
        }
    }

    /** Lines as OpenSSL 3.0 prints them. */
    @Test
    void opensslsLinesAreRead() {
        var lines = List.of("+F2:2:2048:3539.130435:59403.000000", "+F5:22:253:30305.000000:0.000033",
                "+F4:3:256:48943.877551:16488.000000", "+F6:0:253:Ed25519:26744.444444:9756.000000", "+H:4096",
                "+F:25:AES-128-GCM:4096000000.00");
        var micros = OpensslSpeed.MEASURES.stream().filter(measure -> lines.stream()
                .anyMatch(line -> line.startsWith(measure.line() + ":"))).collect(Collectors.toMap(
                        OpensslSpeed.Measure::name, measure -> measure.micros(lines)));
        assertEquals(1e6 / 59403, micros.get("Premaster.encrypt 2048 JDK"), 1e-6);
        assertEquals(1e6 / 3539.130435, micros.get("Premaster.baselineDecrypt 2048 JDK"), 1e-6);
        assertEquals(1e6 / 30305, micros.get("KeyExchange.agree X25519 JDK"), 1e-6);
        assertEquals(1e6 / 16488, micros.get("Signature.verify JDK ECDSA_SECP256R1_SHA256"), 1e-6);
        assertEquals(1e6 / 9756, micros.get("Signature.verify JDK ED25519"), 1e-6);
        assertEquals(1, micros.get("Record.seal 4096 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), 1e-6);
    }

    @Test
    void whatOpensslIsComparedWithIsThere() {
        var names = results.stream().map(Samples::name).collect(Collectors.toSet());
        OpensslSpeed.MEASURES.forEach(measure -> assertTrue(names.contains(measure.name()), measure::name));
    }
}
