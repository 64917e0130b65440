package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.HostPort;
import dev.shakedown.results.RunResult;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Results of servers of which one takes 20 ms more for a handshake, on whichever machine, however busy it is. */
@Tag("interop")
@Timeout(120)
class CompareCommandTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void runs() throws IOException {
        run("quick", 10, "--rate", "100");
        run("slow", 30, "--rate", "100");
        run("other", 10, "--rate", "50", "--key-share", "fresh");
    }

    private static void run(String name, int serviceMillis, String... options) throws IOException {
        var workers = TlsServerOptions.defaults().withWorkers(Duration.ofMillis(serviceMillis).toNanos(), 50);
        try (var target = TlsServer.start(workers)) {
            var arguments = new ArrayList<>(List.of("run", HostPort.of(target.address()), "--duration", "6s",
                    "--warmup", "500ms", "--tls", "1.2", "--quiet", "--out", directory.resolve(name).toString()));
            arguments.addAll(List.of(options));
            var run = CommandRun.of(arguments.toArray(String[]::new));
            assertEquals(0, run.exitCode(), run::toString);
        }
    }

    private static CommandRun compare(String... arguments) {
        var all = new ArrayList<>(List.of("compare"));
        for (var argument : arguments) {
            all.add(Files.exists(directory.resolve(argument)) ? directory.resolve(argument).toString() : argument);
        }
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void aPageGoesToAFileOrToStandardOutput() throws IOException {
        var file = directory.resolve("compare.html");
        var written = compare("quick", "slow", "--format", "html", "--out", file.toString());
        assertEquals(0, written.exitCode(), written::toString);
        assertEquals(file + System.lineSeparator(), written.out());
        var printed = compare("quick", "slow", "--format", "html");
        assertEquals(0, printed.exitCode(), printed::toString);
        assertEquals(Files.readString(file), printed.out());
        assertTrue(printed.out().startsWith("<!DOCTYPE html>"), printed::out);
        var text = compare("quick", "slow", "--out", file.toString());
        assertEquals(2, text.exitCode(), text::toString);
        assertTrue(text.err().contains("--out is where the page goes, so it needs --format html"), text::err);
    }

    @Test
    void theDifferenceIsThatOfTheResults() throws IOException {
        var run = compare("quick", "slow", "--format", "json");
        assertEquals(0, run.exitCode(), run::toString);
        var found = JsonMapper.builder().build().readTree(run.out());
        var median = row(found, "full latency p50");
        var ratio = median.at("/ratios/0");
        var quick = RunResult.read(directory.resolve("quick")).kinds().full().latencyMicros().p50();
        var slow = RunResult.read(directory.resolve("slow")).kinds().full().latencyMicros().p50();
        var truth = slow / quick;
        assertEquals(quick, median.at("/values/0").asDouble(), 1e-3);
        assertEquals(slow, median.at("/values/1").asDouble(), 1e-3);
        assertEquals(truth, ratio.get("value").asDouble(), 1e-6);
        assertTrue(ratio.get("low").asDouble() <= truth && truth <= ratio.get("high").asDouble(), median::toString);
        assertEquals(600, row(found, "planned").at("/values/0").asDouble());
        assertEquals(1, row(found, "full bytes sent").at("/ratios/0/value").asDouble(), 0.01);
        // 300 of a kind: ten percent of them are too few to tell the quantile they lie beyond.
        assertEquals(null, row(found, "full latency p90"));
        var text = compare("quick", "slow", "--details").out();
        assertTrue(text.startsWith("A  quick\nB  slow\n"), text);
        assertTrue(text.contains("full serverHello p50") && text.contains("B/A"), text);
        var screen = compare("quick", "slow").out();
        assertTrue(screen.startsWith("A  quick\nB  slow\n") && screen.contains("\nfull latency p50 "), screen);
        assertFalse(screen.contains("serverHello"), screen);
    }

    @Test
    void aRunAgainstItselfIsNoDifferent() throws IOException {
        var found = JsonMapper.builder().build().readTree(compare("quick", "quick", "slow", "--format", "json").out());
        var median = row(found, "resumed latency p50");
        assertEquals(1, median.at("/ratios/0/value").asDouble());
        assertTrue(median.at("/ratios/0/low").asDouble() <= 1 && median.at("/ratios/0/high").asDouble() >= 1);
        var slower = RunResult.read(directory.resolve("slow")).kinds().resumed().latencyMicros().p50()
                / RunResult.read(directory.resolve("quick")).kinds().resumed().latencyMicros().p50();
        assertEquals(slower, median.at("/ratios/1/value").asDouble(), 1e-6);
    }

    @Test
    void oneRunComparesItsFullWithItsResumedHandshakes() throws IOException {
        var found = JsonMapper.builder().build().readTree(compare("quick", "--format", "json").out());
        assertEquals("[\"full\",\"resumed\"]", found.findValuesAsText("name").subList(0, 2).stream()
                .map(name -> '"' + name + '"').toList().toString().replace(" ", ""));
        assertTrue(row(found, "bytes received").at("/ratios/0/value").asDouble() < 0.5, found::toString);
        assertTrue(row(found, "latency p50").at("/ratios/0/low").isNumber(), found::toString);
    }

    @Test
    void whatDiffersInMoreIsRefusedUntilItIsAllowed() {
        var refused = compare("quick", "other");
        assertEquals(2, refused.exitCode(), refused::toString);
        assertTrue(refused.err().contains("plan.ratePerSecond is 100.0 and 50.0") && refused.err()
                .contains("client.keyShare is \"base-point\" and \"fresh\"")
                && refused.err()
                        .contains("--despite client,plan"),
                refused::err);
        var half = compare("quick", "other", "--despite", "plan");
        assertTrue(half.err().contains("client.keyShare is") && half.err().contains("--despite client ("), half::err);
        var allowed = compare("quick", "other", "--despite", "plan,client", "--details");
        assertEquals(0, allowed.exitCode(), allowed::toString);
        assertTrue(allowed.out().contains("differs: other: plan.ratePerSecond"), allowed::out);
    }

    @Test
    void benchmarksAreMatchedByNameAndParameters() throws IOException {
        var row = "{\"benchmark\": \"a.XBenchmark.y\", \"mode\": \"avgt\", \"jdkVersion\": \"%s\", \"params\":"
                + " {\"p\": \"%s\"},"
                + " \"primaryMetric\": {\"score\": 1, \"scoreUnit\": \"us/op\", \"rawData\": [[%s], [%s]]}}";
        var one = "[" + row.formatted("25", "1", "2.0, 2.1", "2.0") + "," + row.formatted("25", "2", "5", "6") + "]";
        var a = Files.writeString(directory.resolve("a.json"), one).toString();
        var b = Files.writeString(directory.resolve("b.json"), "[" + row.formatted("25", "1", "4.0", "4.2") + "]")
                .toString();
        var c = Files.writeString(directory.resolve("c.json"), "[" + row.formatted("26", "1", "4.0", "4.2") + "]")
                .toString();
        var run = compare(a, b, "--format", "json");
        assertEquals(0, run.exitCode(), run::toString);
        var found = JsonMapper.builder().build().readTree(run.out());
        assertEquals(1, found.get("rows").size());
        assertEquals(2.0248, row(found, "X.y 1").at("/ratios/0/value").asDouble(), 1e-3);
        var other = compare(a, c);
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("the JVM is  25 and  26"), other::err);
        var mixed = compare(a, "quick");
        assertTrue(mixed.err().contains("runs cannot be compared with benchmarks; name results of one kind"),
                mixed::err);
        assertTrue(compare(a).err().contains("need a second"), () -> compare(a).err());
        assertTrue(compare("nowhere").err().contains("nowhere"), () -> compare("nowhere").err());
    }

    @Test
    void threeAreSetSideBySide() {
        var run = compare("quick", "slow", "quick", "--details");
        assertEquals(0, run.exitCode(), run::toString);
        var lines = run.out().lines().toList();
        assertEquals(List.of("A", "B", "B/A", "95 % interval", "C", "C/A", "95 % interval"),
                List.of(lines.stream().filter(line -> line.contains("95 % interval")).findFirst().orElseThrow().strip()
                        .split(" {2,}")),
                "below what may be said of a busy machine");
        var median = lines.stream().filter(line -> line.startsWith("full latency p50")).findFirst().orElseThrow()
                .split(" {2,}");
        assertEquals(median[1], median[5], "the third is the first");
        assertEquals("1.000", median[6]);
    }

    /** Whatever is wrong with what is there: one line, and the exit code of wrong usage. */
    @Test
    void whatCannotBeReadIsNamedInALine() throws IOException {
        assertRefused("nowhere", "nowhere does not exist");
        var json = Files.readString(directory.resolve("quick/run.json"));
        for (var length : List.of(0, 1, json.length() / 3, json.length() / 2, json.length() - 3)) {
            assertRefused(copy("cut", json.substring(0, length), Integer.MAX_VALUE), "run.json is not the result");
        }
        assertRefused(copy("cut", "{}", Integer.MAX_VALUE), "tool is missing");
        var size = Files.readAllBytes(directory.resolve("quick/intervals.hlog")).length;
        // Into the head, between lines, and at many places of the last lines.
        for (var length = 0; length < size - 1; length += length < size - 1500 ? size / 20 : 61) {
            assertRefused(copy("cut", json, length), "intervals.hlog is damaged");
        }
        for (var name : List.of("capacity.json", "cost.json", "bench.json")) {
            for (var text : List.of("", "{", "{}", "[{}]", "null", "7")) {
                var report = CommandRun.of("report", Files.writeString(directory.resolve(name), text).toString());
                assertEquals(2, report.exitCode(), () -> name + " " + text + ": " + report);
                assertEquals(1, report.err().lines().count(), report::err);
                assertTrue(report.err().contains(name), report::err);
            }
        }
    }

    /** A run with one truncated file. */
    private static String copy(String name, String json, int logLength) throws IOException {
        var copy = Files.createDirectories(directory.resolve(name));
        var log = Files.readAllBytes(directory.resolve("quick/intervals.hlog"));
        Files.writeString(copy.resolve("run.json"), json);
        Files.write(copy.resolve("intervals.hlog"), Arrays.copyOf(log, Math.min(log.length, logLength)));
        return copy.toString();
    }

    private static void assertRefused(String results, String words) {
        for (var run : List.of(CommandRun.of("compare", directory.resolve("quick").toString(), results),
                CommandRun.of("report", results, "--format", "html"))) {
            assertEquals(2, run.exitCode(), run::toString);
            assertEquals("", run.out());
            assertEquals(1, run.err().lines().count(), run::err);
            assertTrue(run.err().contains(words), () -> words + " is not in: " + run.err());
        }
    }

    private static JsonNode row(JsonNode found, String name) {
        for (var row : found.get("rows")) {
            if (row.get("name").asText().equals(name)) {
                return row;
            }
        }
        return null;
    }
}
