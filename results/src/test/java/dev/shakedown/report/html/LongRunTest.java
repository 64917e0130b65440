package dev.shakedown.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Interval;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run of a whole day, in which every half-hour has latencies of its own. */
@Tag("interop")
@Timeout(180)
class LongRunTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PARTS = 48;
    private static final int SECONDS_EACH = 1800;
    private static final int HANDSHAKES_A_SECOND = 20;

    @TempDir
    private Path directory;

    /** Does what {@code shakedown report} does, in a JVM of its own. */
    static final class MakePage {
        public static void main(String[] args) throws IOException {
            var directory = Path.of(args[0]);
            HtmlPage.write(Report.read(directory, Setting.Names.OWN).pages().make(), directory);
        }
    }

    @Test
    void aDayBecomesAPageInLittleMemory() throws IOException, InterruptedException {
        var facts = Facts.of(Facts.CLOSED);
        var seconds = IntStream.range(0, PARTS).mapToObj(LongRunTest::second).toList();
        var result = JSON.readTree(Facts.result(facts, seconds).toJson());
        result.findParents("count").forEach(LongRunTest::ofTheWholeDay);
        Files.writeString(directory.resolve(ResultFile.RUN_JSON), result.toString());
        writeLog(seconds, facts.window().startedAt().toEpochMilli());

        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m", "-cp", System.getProperty("java.class.path"), MakePage.class.getName(),
                directory.toString()).redirectErrorStream(true).start();
        try {
            var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), printed);
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }

        assertTrue(Files.readString(directory.resolve(HtmlPage.FILE)).contains("ended in each 256 seconds"));
        var rates = csv("rate-over-time.csv");
        assertEquals(338, rates.size(), "86,400 s by 256 s, and the rest");
        for (var i = 0; i < rates.size(); i++) {
            assertEquals(List.of(256.0 * i, (double) HANDSHAKES_A_SECOND, (double) HANDSHAKES_A_SECOND), rates.get(i));
        }
        var latencies = csv("latency-over-time.csv");
        assertEquals(rates.size(), latencies.size());
        for (var part = 0; part < PARTS; part++) {
            // In the middle of the half-hour, where the row has only latencies of that half-hour.
            var row = latencies.get((SECONDS_EACH * part + SECONDS_EACH / 2) / 256);
            assertEquals(fullMicros(part), row.get(1), 0.002 * row.get(1), row::toString);
            assertEquals(fullMicros(part), row.get(2), 0.002 * row.get(2), row::toString);
            assertEquals(fullMicros(part) / 4.0, row.get(3), 0.002 * row.get(3), row::toString);
        }
    }

    private static long fullMicros(int part) {
        return 2000 + 100 * part;
    }

    private static Interval second(int part) {
        return Facts.second(HANDSHAKES_A_SECOND, fullMicros(part), fullMicros(part) / 4);
    }

    private static void ofTheWholeDay(JsonNode distribution) {
        ((ObjectNode) distribution).put("count", SECONDS_EACH * distribution.get("count").asLong());
    }

    /** Writes for every second of a part the lines that {@link ResultFile} writes for its first, without phases. */
    private void writeLog(List<Interval> seconds, long startMillis) throws IOException {
        var log = directory.resolve(ResultFile.INTERVALS);
        try (var out = new PrintWriter(Files.newBufferedWriter(log))) {
            for (var part = 0; part < PARTS; part++) {
                var lines = lines(part, seconds.get(part), startMillis);
                if (part == 0) {
                    lines.stream().filter(line -> !line.startsWith("Tag=")).forEach(out::println);
                }
                var recorded = lines.stream().filter(line -> line.matches("Tag=\\w+\\.(latency|service),.*"))
                        .map(line -> line.split(",", 3)).toList();
                for (var i = 0; i < SECONDS_EACH; i++) {
                    for (var line : recorded) {
                        out.println(line[0] + "," + (part * SECONDS_EACH + i) + ".000," + line[2]);
                    }
                }
            }
        }
        assertTrue(Files.size(log) < 100_000_000, () -> String.format(Locale.ROOT, "%s is too long for a test", log));
    }

    private List<String> lines(int part, Interval second, long startMillis) throws IOException {
        var first = directory.resolve("part-" + part);
        try (var file = ResultFile.create(first, Facts.of(Facts.CLOSED).window().startedAt())) {
            file.append(new Interval(startMillis, startMillis + 1000, second.tally(), second.histograms()));
        }
        return Files.readAllLines(first.resolve(ResultFile.INTERVALS));
    }

    private List<List<Double>> csv(String name) throws IOException {
        var rows = new ArrayList<List<Double>>();
        var lines = Files.readAllLines(directory.resolve("csv").resolve(name));
        for (var line : lines.subList(1, lines.size())) {
            rows.add(List.of(line.split(",")).stream().map(Double::valueOf).toList());
        }
        return rows;
    }
}
