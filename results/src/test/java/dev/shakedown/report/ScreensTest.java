package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.comparison.Comparison;
import dev.shakedown.comparison.GateResult;
import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Interval;
import dev.shakedown.results.JmhFile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows.CertificateRow;
import dev.shakedown.results.RunRows.FailureRow;
import dev.shakedown.results.RunRows.NegotiatedRow;
import dev.shakedown.results.RunRows.ObjectiveTerm;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.RunSetup;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Samples;
import dev.shakedown.results.Setting;
import dev.shakedown.results.UnsentReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Screens are no wider and no longer than a terminal, whatever they contain. */
public class ScreensTest {
    public static final FurtherReading FURTHER = new FurtherReading("results/runs/latest/report.html",
            "shakedown report --details");

    private static final String TRACE = "shakedown trace [2001:db8:1234:5678:9abc:def0:1234:5678]:65535 --tls 1.2-1.3"
            + " --sni a.rather.long.name.of.a.server.example --authorized-target 2001:db8:1234:5678::/64 --client-cert"
            + " '/home/somebody/certificates of the laboratory/client.pem'";

    /** Returns the screen, after checks that hold for every screen. */
    public static String checked(String screen) {
        var lines = screen.lines().toList();
        assertTrue(lines.size() <= Screen.LINES, () -> lines.size() + " lines:\n" + screen);
        for (var line : lines) {
            assertTrue(line.length() <= Screen.COLUMNS, () -> line.length() + " columns: " + line);
            assertEquals(line.stripTrailing(), line);
        }
        assertFalse(screen.contains("NaN") || screen.contains("null") || screen.contains("Infinity"), screen);
        return screen;
    }

    private static String screen(RunResult result) {
        return checked(RunScreen.of(result, Setting.Names.OWN, FURTHER));
    }

    private static List<Interval> seconds() {
        return List.of(Facts.second(400, 1000, 350), Facts.second(400, 1010, 360), Facts.second(400, 990, 340),
                Facts.second(400, 1005, 352));
    }

    @Test
    void aRunSaysWhatWasLoadedThenTheTableThenWhetherItIsFit() {
        var result = with(Facts.result(Facts.of(Facts.CLOSED), seconds()),
                List.of(new CertificateRow("RSA 2048", "a.example", "2030-01-01T00:00:00Z", true, 1600)), List.of());
        var text = screen(result);
        assertTrue(text.startsWith("localhost:8443 (127.0.0.1)  embedded target"), text);
        assertTrue(text.contains("  x25519\n  cert RSA 2048 a.example\n"), text);
        assertTrue(text.contains("closed loop, 64 at a time, 80 % resumed, 10 s:"), text);
        assertTrue(text.contains("all 3,200 completed"), text);
        assertTrue(text.contains("\nfull     1,600  1.00 ms  1.01 ms  1.01 ms*  1.01 ms*  2,140\n"), text);
        assertTrue(text.replaceAll("\\s+", " ").contains("A resumed handshake takes "), text);
        assertTrue(text.contains("\np50 of full     "), text);
        assertTrue(text.endsWith("\nFIT  page results/runs/latest/report.html  more: shakedown report --details\n"),
                text);
    }

    @Test
    void whatTheGeneratorMayHaveMovedIsNotFitAndWhatHelpsIsSaid() {
        var facts = Facts.saturated(Facts.of(Facts.CLOSED), "an event loop of the generator was busy 97 % of the time");
        var text = screen(Facts.result(facts, seconds()));
        assertTrue(text.contains("\nUNFIT: the generator was the bottleneck, because an event loop"), text);
        assertTrue(text.replaceAll("\\s+", " ").contains("Lower the rate, add threads, or load from more machines."),
                text);
        assertTrue(text.contains("\nNOT FIT  page "), text);
    }

    @Test
    void whereNothingCompletedTheCauseIsThereAndHowToSeeIt() {
        var failed = Samples.failed("serverHello", "handshake_failure");
        var result = traced(Facts.result(Facts.of(Facts.CLOSED), failed, failed), "shakedown trace a.example:443");
        var text = screen(result);
        assertTrue(text.contains("\nfailed  2 at serverHello, received handshake_failure: "), text);
        assertTrue(text.contains("\n  shakedown trace a.example:443\n"), text);
        assertTrue(text.contains("\nFAILED  page "), text);
        assertFalse(text.contains("MISSED"), text);
    }

    @Test
    void anObjectiveHasASignForEachTerm() {
        var text = screen(with(Facts.result(Facts.of(Facts.CLOSED), seconds()), List.of(),
                List.of(new ObjectiveTerm("p99", 500, 1005.0, false),
                        new ObjectiveTerm("failures", 0.001, 0.0, true))));
        assertTrue(text.contains("\nobjective  ✗ p99 1.01 ms (limit 500 µs)  ✓ failures 0 % (limit 0.1 %)\n"), text);
    }

    @Test
    void anAddressIsWrittenInOneWay() {
        var result = Facts.result(Facts.of(Facts.CLOSED), seconds());
        var setup = new RunSetup(result.plan(), new RunSetup.Target("0:0:0:0:0:0:0:1", 443, "::1", false, null, null),
                result.host(), result.client());
        assertTrue(screen(new RunResult(result.course(), setup, result.sums(), result.rows(), result.generator(),
                result.server(), null, null)).startsWith("[::1]:443  TLS 1.2  "));
    }

    /** All at once: long names, every way to end, several servers, early data, a weak suite, an unfit generator. */
    @Test
    void theWorstRunFits() {
        var samples = new ArrayList<Sample>();
        samples.addAll(Collections.nCopies(3000, Samples.full(2_410_000)));
        samples.addAll(Collections.nCopies(3000, Samples.early(620_000, Sample.EarlyData.ACCEPTED)));
        samples.addAll(Collections.nCopies(300, Samples.early(620_000, Sample.EarlyData.RETRIED)));
        samples.addAll(Collections.nCopies(300, Samples.priming(620_000)));
        samples.addAll(Collections.nCopies(500, Samples.declined(620_000)));
        for (var way = 0; way < 30; way++) {
            samples.add(Samples.failed("serverFlightDone", "certificate_unknown_of_kind_" + way));
        }
        samples.add(Samples.timedOut("serverHello"));
        samples.add(Samples.cancelled());
        samples.addAll(List.of(Samples.unsent(UnsentReason.PORTS), Samples.unsent(UnsentReason.LATE)));
        var saturated = Facts.saturated(Facts.of(Facts.open(123_456.5, "poisson", 86_400.0)),
                "this machine was busy with other work: an event loop waited 1234.5 of 86400.0 s for a processor, of"
                        + " which the server takes its part, and half of the handshakes began more than 1234.5 ms after"
                        + " they were due");
        var result = Facts.result(Facts.interrupted(saturated),
                List.of(Samples.interval(samples.toArray(Sample[]::new))));
        var address = new RunSetup.Target("2001:db8:1234:5678:9abc:def0:1234:5678", 65_535,
                "2001:db8:1234:5678:9abc:def0:1234:5678", false, null, "2001:db8:1234:5678::/64");
        var setup = new RunSetup(result.plan(), address, result.host(), result.client(), List.of(), TRACE);
        var row = new RunResult.TargetRow(address, result.outcomes(), 1234.5, result.kinds().full().latencyMicros(),
                result.kinds().full(), result.kinds().resumed(), result.resumption());
        var failures = result.failures().stream().map(each -> new FailureRow(each.stage(), each.direction(),
                each.cause(), each.alert(), each.transport(), each.rule(), each.count(),
                "the server says that it does not know the authority of the client's certificate, which it asked for"
                        + " because its configuration says so, and that is where one should look"))
                .toList();
        var rows = new RunRows(failures, result.timeouts(), result.unsentReasons(),
                List.of(new NegotiatedRow("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "X25519MLKEM768",
                        null, 3000), new NegotiatedRow("TLSv1.0", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", null, null, 3000)),
                List.of(new CertificateRow("RSA 16384",
                        "*.a.rather.long.name.of.a.server.in.a.domain.example\u001b[2J" + "x".repeat(200),
                        "2030-01-01T00:00:00Z", false, 3000)),
                null, null, List.of(new ObjectiveTerm("p99.9", 1e6, 2.41e6, false),
                        new ObjectiveTerm("failures", 0.001, 0.0123456, false)));
        var worst = new RunResult(result.course(), setup, result.sums(), rows, result.generator(), result.server(),
                null,
                Collections.nCopies(9, row));
        var text = screen(worst);
        assertTrue(text.startsWith("[2001:db8:1234:5678:9abc:def0:1234:5678]:65535  and 8 servers more\n"), text);
        assertTrue(text.contains("\nfull ") && text.contains("\nresumed ") && text.contains("\nobjective  ✗"), text);
        assertTrue(text.contains("NOT FIT  page results/runs/latest/report.html"), text);
        assertFalse(text.contains("\u001b"), "what a server says of itself is no order to a terminal");
        var pasted = text.substring(text.indexOf("  shakedown trace "));
        assertTrue(pasted.replaceAll(" \\\\\n +", " ").strip().startsWith(TRACE), "lines that a shell takes together");
    }

    @Test
    void theWorstComparisonFits() {
        var unfit = "this machine was busy with other work: an event loop waited 1234.5 of 86400.0 s for a processor";
        var sides = IntStream.range(0, 7).mapToObj(at -> new Comparison.Side(
                "20261128-135806-" + at + "-2001_db8_1234_5678_9abc_def0_1234_5678-65535-and-more", true, unfit, true,
                true)).toList();
        var names = new ArrayList<>(List.of("planned", "completed", "failed", "timed out", "client CPU", "server CPU"));
        for (var kind : List.of("full", "resumed")) {
            for (var what : List.of("latency p50", "latency p90", "latency p99", "serverFlightDone p50",
                    "bytes received")) {
                names.add(kind + " " + what);
            }
        }
        for (var count : List.of(2, 3, 7)) {
            var rows = names.stream().map(name -> new Comparison.Row(name, Comparison.Unit.MICROS,
                    Collections.nCopies(count, 1_234_567.8),
                    Collections.nCopies(count - 1, new Estimates.Ratio(123.456, 99.123, 200.456)))).toList();
            var comparison = new Comparison(sides.subList(0, count), Collections.nCopies(5,
                    "B: client.keyShare is base-point and fresh, which is a rather long difference between them"), rows,
                    List.of(), List.of(), "intervals");
            var text = checked(ComparisonReport.screen(comparison,
                    "shakedown compare results/runs/20261128-135806-a results/runs/20261128-135806-b --details"));
            assertTrue(text.startsWith("A  20261128-135806-0-"), text);
            assertTrue(text.contains("B/A") && text.contains("\nNOT FIT"), text);
        }
    }

    @Test
    void benchmarksFit(@TempDir Path directory) throws IOException {
        var row = "{\"benchmark\": \"dev.shakedown.bench.KeyExchangeBenchmark.serverKeyExchangeOfALongName%d\","
                + " \"mode\": \"avgt\", \"jdkVersion\": \"25\", \"params\": {\"group\": \"X25519MLKEM768\"},"
                + " \"primaryMetric\": {\"score\": 12.3, \"scoreUnit\": \"us/op\", \"rawData\": [[12.3, 12.4]]}}";
        var rows = IntStream.range(0, 60).mapToObj(row::formatted).collect(Collectors.joining(",", "[", "]"));
        var file = JmhFile.read(Files.writeString(directory.resolve("bench.json"), rows));
        var text = checked(BenchScreen.of(file, FURTHER));
        assertTrue(text.contains("12.4 µs\n") && text.contains("\nand 42 rows more\n"), text);
    }

    @Test
    void theWorstGateFits() {
        var rows = IntStream.range(0, 60).mapToObj(at -> new RowVerdict(
                "dev.shakedown.bench.KeyExchangeBenchmark.serverKeyExchange-" + at + " group=X25519MLKEM768",
                RowVerdict.Verdict.values()[at % 4], 1.234, 1.111, 1.345, 1.2, 123_456.7, 234_567.8, "allocations", 24,
                "reason " + at
                        + ": slower by 23.4 % in 24 pairs of forks, and again by 22.1 % with fresh ones, which is"
                        + " surely more than the threshold of 3 %"))
                .toList();
        var text = checked(GateReport.screen(new GateResult("time", "a-rather-long-name-of-a-branch/with-slashes",
                "the working tree", 0.03, "a JVM", rows), "results/runs/20261128-135806-gate/gate.md"));
        assertTrue(text.contains("FAIL: the working tree against"), text);
    }

    private static RunResult with(RunResult result, List<CertificateRow> certificates, List<ObjectiveTerm> objective) {
        return new RunResult(result.course(), result.setup(), result.sums(),
                new RunRows(result.failures(), result.timeouts(), result.unsentReasons(), result.negotiated(),
                        certificates, null, null, objective),
                result.generator(), result.server(), null, null);
    }

    private static RunResult traced(RunResult result, String command) {
        var setup = new RunSetup(result.plan(), new RunSetup.Target("a.example", 443, "192.0.2.7", false, null, null),
                result.host(), result.client(), List.of(), command);
        return new RunResult(result.course(), setup, result.sums(), new RunRows(result.failures(), result.timeouts(),
                result.unsentReasons(), result.negotiated(), List.of(), null, null, List.of()), result.generator(),
                result.server(), null, null);
    }
}
