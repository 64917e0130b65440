package dev.shakedown.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.JmhFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JMH file from elsewhere may have any name and any content. */
class BenchPageTest {
    private static final String ROW = """
            {"benchmark": "%s", "mode": "sample", "params": {"p": "%s"}, "primaryMetric":
             {"score": 1, "scoreError": "NaN", "scoreUnit": "us/op", "rawDataHistogram": [[[[0.25, 10], [3, 1]]]]}}""";

    @TempDir
    private Path directory;

    private Page page(String... rows) throws IOException {
        var file = Files.writeString(directory.resolve("bench.json"), "[" + String.join(",", rows) + "]");
        return BenchPage.of(JmhFile.read(file));
    }

    private static List<Chart> charts(Page page) {
        return page.sections().stream().flatMap(section -> section.parts().stream()).filter(Chart.class::isInstance)
                .map(Chart.class::cast).toList();
    }

    @Test
    void namesOfBenchmarksCannotLeaveTheDirectoryOrTheirAttribute() throws IOException {
        var page = page(ROW.formatted("a.b\\\" onmouseover=\\\"alert(1)", "1"), ROW.formatted("../../../../evil", "2"),
                ROW.formatted("nodot", "3"), ROW.formatted("...", "4"), ROW.formatted("", "5"),
                ROW.formatted("a.X.<script>alert(2)</script>", "6"), ROW.formatted("x".repeat(5000), "7"),
                ROW.formatted("one.X.y", "8"), ROW.formatted("two.X.Y", "9"));
        var names = charts(page).stream().map(Chart::name).toList();
        assertEquals(10, names.size(), names::toString);
        for (var name : names) {
            assertTrue(name.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,110}"), name);
        }
        assertEquals(names.size(), names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().count());
        var results = Files.createDirectory(directory.resolve("results"));
        HtmlPage.write(page, results);
        try (var files = Files.list(results.resolve("csv"))) {
            assertEquals(names.size(), files.count());
        }
        assertFalse(Files.exists(directory.resolve("evil.csv")));
        var html = Files.readString(results.resolve("report.html"));
        assertFalse(html.contains("\" onmouseover=\"alert(1)"), "an attribute of its own");
        assertFalse(html.contains("<script>alert(2)"), "a script of its own");
    }

    /** Bars on a logarithmic axis begin at one microsecond, so smaller values would point the other way. */
    @Test
    void mediansArePoints() throws IOException {
        var medians = charts(page(ROW.formatted("a.B.c", "1"))).getFirst();
        assertEquals(Form.POINTS, medians.form());
        assertEquals(0.25, medians.rows().getFirst().values().getFirst());
    }

    @Test
    void whatIsNoNumberIsNoPoint() throws IOException {
        var row = """
                {"benchmark": "a.B.c", "mode": "avgt", "primaryMetric": {"score": "NaN", "scoreUnit": "us/op",
                 "rawData": [["NaN"]]}}""";
        var medians = charts(page(row)).getFirst();
        assertNull(medians.rows().getFirst().values().getFirst());
        assertEquals("benchmark,median µs\r\nB.c,\r\n", medians.csv());
    }

    /** Two forks of one iteration each, with the same counts. */
    private static String cost(String kind, double clientNanos) {
        var counters = Map.of("clientNanos", clientNanos, "serverNanos", 3e6, "timed", 10.0, "elapsedNanos", 1e9,
                "cpuNanos", 5e8, "clientBytes", 4000.0, "serverBytes", 30_000.0);
        var more = Map.of("handshakes", 20.0, "flights", 80.0, "clientHeapBytes", 5000.0, "serverHeapBytes", 6000.0,
                "weighed", 5.0);
        return """
                {"benchmark": "a.HandshakeBenchmark.cost", "mode": "avgt",
                 "params": {"kind": "%s", "certificate": "RSA", "peers": "JDK_JDK"},
                 "primaryMetric": {"score": 1, "scoreUnit": "us/op", "rawData": [[1], [1]]},
                 "secondaryMetrics": {%s}}""".formatted(kind, Stream.of(counters, more)
                .flatMap(each -> each.entrySet().stream())
                .map(each -> "\"%s\": {\"rawData\": [[%s], [%2$s]]}".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining(", ")));
    }

    private static List<Table> inMemory(Page page) {
        return page.sections().stream().filter(section -> section.title().equals("Full against resumed, in memory"))
                .flatMap(section -> section.parts().stream()).map(Table.class::cast).toList();
    }

    /** The thread had the CPU for half of the elapsed time. */
    @Test
    void fullAgainstResumedInMemoryIsATable() throws IOException {
        var tables = inMemory(page(cost("TLS13_FULL", 8e6), cost("TLS13_PSK", 2e6), cost("TLS12_TICKET", 1e6)));
        assertEquals(1, tables.size());
        assertTrue(tables.getFirst().caption().startsWith("Full against resumed, in memory: JDK_JDK, RSA ("));
        assertEquals(List.of(
                List.of("TLS13_FULL", "400 µs", "-", "150 µs", "-", "200", "1,500", "4", "1,000", "1,200"),
                List.of("TLS13_PSK", "100 µs", "0.25", "150 µs", "1.000", "200", "1,500", "4", "1,000", "1,200"),
                List.of("TLS12_TICKET", "50.0 µs", "-", "150 µs", "-", "200", "1,500", "4", "1,000", "1,200")),
                tables.getFirst().rows());
        assertEquals(List.of(), inMemory(page(cost("TLS13_FULL", 8e6).replace("\"weighed\"", "\"other\""))));
    }
}
