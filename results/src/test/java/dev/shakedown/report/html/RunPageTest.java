package dev.shakedown.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.report.html.Chart.Guide;
import dev.shakedown.report.html.Chart.Row;
import dev.shakedown.report.html.Page.Fact;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Json;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunFacts;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.EarlyData;
import dev.shakedown.results.Sample.Tickets;
import dev.shakedown.results.Samples;
import dev.shakedown.results.Setting;
import dev.shakedown.results.Summary;
import dev.shakedown.results.UnsentReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPageTest {
    private static final RunFacts FACTS = Facts.of(Facts.CLOSED);

    @TempDir
    private Path directory;

    private Page page(RunFacts facts, Sample... samples) throws IOException {
        return RunPage.of(Facts.result(facts, samples), directory, Setting.Names.OWN);
    }

    private static <T> T part(Page page, Class<T> type, String name) {
        return page.sections().stream().flatMap(section -> section.parts().stream()).filter(type::isInstance)
                .map(type::cast).filter(part -> switch (part) {
                    case Chart chart -> chart.name().equals(name);
                    case Table table -> table.caption().startsWith(name);
                    default -> false;
                }).findFirst().orElseThrow(() -> new AssertionError("no " + name));
    }

    @Test
    void theHeadingSaysThatHalfOfThemFailed() throws IOException {
        var samples = new ArrayList<Sample>();
        samples.addAll(Collections.nCopies(10, Samples.full(2000)));
        samples.addAll(Collections.nCopies(5, Samples.resumed(500)));
        samples.addAll(Collections.nCopies(14, Samples.failed("serverHello", "handshake_failure")));
        samples.add(Samples.failed("connect", "connection_reset"));
        samples.addAll(List.of(Samples.timedOut("finished"), Samples.unsent(UnsentReason.PORTS), Samples.cancelled()));
        var page = page(FACTS, samples.toArray(Sample[]::new));
        assertTrue(page.verdict().startsWith("15 of 33 arrivals completed (45.5 %), "), page::verdict);
        for (var words : List.of(" per second; all of them within 2.00 ms (full), 500 µs (resumed). ",
                "15 failed, most often at serverHello, received handshake_failure (14): the server ended it with",
                "1 timed out, most often waiting at finished (1). ",
                "The generator could not start 1, for lack of ports. ", "The end of the run cancelled 1. ",
                "Too few to compare: 10 full and 5 resumed handshakes completed, and it takes at least 100")) {
            assertTrue(page.verdict().contains(words), () -> words + " is not in: " + page.verdict());
        }
        assertEquals("key-share base-point, premaster reused, verify none; epoll, 1 thread", page.client());
        assertTrue(HtmlPage.of(page).contains("<p class=\"client\">Client: key-share base-point, premaster reused,"));
    }

    /** A thousand of the rarer kind are enough for p90, and two hundred for p50. */
    @Test
    void theHeadingHasTheHighestQuantileThatIsTold() throws IOException {
        for (var each : List.of("3334 99 %", "3333 90 %", "334 90 %", "333 50 %", "67 50 %", "66 all")) {
            var count = Integer.parseInt(each.split(" ")[0]);
            var second = Facts.second(count, 2000, 500);
            var verdict = RunPage.of(Facts.result(FACTS, List.of(second, second, second)), directory, Setting.Names.OWN)
                    .verdict();
            assertTrue(verdict.contains(" per second; " + each.substring(each.indexOf(' ') + 1)
                    + " of them within 2.00 ms (full), 500 µs (resumed). A resumed handshake takes 0.25 times as long"
                    + " as a full one at p50 (0.25 to 0.25 with 95 % confidence) and 0.24 times as many bytes (512"
                    + " instead of 2,140)."),
                    verdict);
        }
    }

    @Test
    void quantilesOfFewAreMarkedInEachTable() throws IOException {
        var second = Facts.second(400, 2000, 500);
        var page = RunPage.of(Facts.result(FACTS, List.of(second, second, second)), directory, Setting.Names.OWN);
        var table = part(page, Table.class, "Latency runs");
        assertEquals(List.of("what", "count", "completed/s", "p50", "p90", "p99", "p99.9", "max"), table.columns());
        assertEquals(List.of("full latency", "1,200", "120", "2.00 ms", "2.00 ms", "2.00 ms*", "2.00 ms*", "2.00 ms"),
                table.rows().getFirst());
        assertEquals(List.of("finished", "1.00 ms", "1.00 ms*", "250 µs", "250 µs*"),
                part(page, Table.class, "Quantiles of the phases").rows().getLast());
    }

    @Test
    void aRunOfWhichNothingCompletedHasNoEmptyPictures() throws IOException {
        var page = page(Facts.interrupted(Facts.saturated(FACTS, "it swapped")),
                Samples.failed("connect", "connection_refused"));
        assertTrue(page.verdict().startsWith("0 of 1 arrival completed (0 %). 1 failed"), page::verdict);
        assertEquals(2, page.warnings().size());
        assertTrue(page.warnings().getFirst().startsWith("UNFIT: the generator was the bottleneck, because it swapped"),
                () -> page.warnings().toString());
        assertTrue(page.warnings().getLast().startsWith("INTERRUPTED: "), () -> page.warnings().toString());
        for (var section : page.sections()) {
            for (var part : section.parts()) {
                assertTrue(!(part instanceof Chart chart) || !chart.series().isEmpty() && !chart.rows().isEmpty(),
                        part::toString);
            }
        }
    }

    /** Some had a HelloRetryRequest, some waited for a ticket: neither may lengthen the bar of all. */
    @Test
    void meansOfPhasesAddUpToTheMeanLatency() throws IOException {
        var result = Facts.result(FACTS, Samples.full(2400), Samples.full(4800), Samples.full(9600),
                Samples.retried(3000, Tickets.CAME), Samples.resumed(700), Samples.early(900, EarlyData.ACCEPTED));
        var chart = part(RunPage.of(result, directory, Setting.Names.OWN), Chart.class, "phases");
        assertTrue(chart.series().contains("helloRetryRequest"), () -> chart.series().toString());
        assertEquals("finished", chart.series().getLast());
        assertEquals(List.of("full", "resumed"), chart.rows().stream().map(Row::name).toList());
        for (var row : chart.rows()) {
            var kind = row.name().equals("full") ? result.kinds().full() : result.kinds().resumed();
            var sum = row.values().stream().filter(Objects::nonNull).mapToDouble(value -> value).sum();
            assertEquals(kind.latencyMicros().mean(), sum, 0.005 * sum, row::toString);
        }
    }

    @Test
    void aFileThatDoesNotTellOfEventLoopsHasAPage() throws IOException {
        var json = (ObjectNode) Json.PLAIN.readTree(Facts.result(FACTS, Samples.full(2000)).toJson());
        ((ObjectNode) json.get("generator")).putObject("health").put("gcPauses", 3);
        Files.writeString(directory.resolve(ResultFile.RUN_JSON), json.toString());
        var page = RunPage.of(RunResult.read(directory), directory, Setting.Names.OWN);
        assertTrue(part(page, Table.class, "CPU costs").rows()
                .contains(List.of("garbage collection", "3 pauses, <0.1 µs in total")),
                () -> part(page, Table.class, "CPU costs").toString());
    }

    @Test
    void aStalledSecondIsAGap() throws IOException {
        var start = FACTS.window().startedAt().toEpochMilli();
        var summary = new Summary();
        try (var file = ResultFile.create(directory.resolve("run"), FACTS.window().startedAt())) {
            // Second 1 has only the loop's lag, and seconds 3 to 5 are missing from the log.
            for (var second : List.of(0, 1, 2, 6)) {
                var interval = interval(start + 1000 * second, second == 1 ? 0 : 50);
                file.append(interval);
                summary.add(interval);
            }
        }
        var page = RunPage.of(summary.result(FACTS), directory.resolve("run"), Setting.Names.OWN);
        var latency = part(page, Chart.class, "latency-over-time").rows();
        var rate = part(page, Chart.class, "rate-over-time").rows();
        assertEquals(List.of(0.0, 1.0, 2.0, 3.0, 5.8, 6.0), latency.stream().map(Row::x).toList());
        for (var i = 0; i < latency.size(); i++) {
            var stalled = List.of(1.0, 3.0, 5.8).contains(latency.get(i).x());
            if (stalled) {
                assertNull(latency.get(i).values().getFirst());
                assertEquals(0, rate.get(i).values().getFirst());
            } else {
                assertNotNull(latency.get(i).values().getFirst());
                assertEquals(50, rate.get(i).values().getFirst());
            }
        }
    }

    /** The charts have the same time axis, even where one of them has no values at its end. */
    @Test
    void secondsInWhichTheGeneratorWasLateAreMarked() throws IOException {
        var start = FACTS.window().startedAt().toEpochMilli();
        var summary = new Summary();
        try (var file = ResultFile.create(directory.resolve("run"), FACTS.window().startedAt())) {
            for (var second = 0; second < 6; second++) {
                var late = second == 2 || second == 3 || second == 5;
                var interval = interval(start + 1000 * second, 50, late ? 30_000_000 : 1000);
                file.append(interval);
                summary.add(interval);
            }
        }
        var page = RunPage.of(summary.result(FACTS), directory.resolve("run"), Setting.Names.OWN);
        var latency = part(page, Chart.class, "latency-over-time");
        var rate = part(page, Chart.class, "rate-over-time");
        assertEquals(List.of(Guide.span("generator late", 2, 4), Guide.span("generator late", 5, 6)),
                latency.guides());
        assertEquals(latency.guides(), rate.guides());
        assertEquals(latency.rows().stream().map(Row::x).toList(), rate.rows().stream().map(Row::x).toList());
        assertTrue(latency.caption().contains("Shaded: the generator itself was late"), latency::caption);
    }

    @Test
    void theStripHasWhatIsLookedForFirst() throws IOException {
        var second = Facts.second(4000, 2000, 500);
        var fit = RunPage.of(Facts.result(FACTS, List.of(second, second, second)), directory, Setting.Names.OWN)
                .strip();
        assertTrue(fit.containsAll(List.of(new Fact("target", "localhost:8443"),
                new Fact("date", "2026-01-02 03:04 UTC"), new Fact("completed", "24,000 of 24,000"),
                new Fact("full p99", "2.00 ms"), new Fact("resumed p99", "500 µs"),
                new Fact("resumed / full, p50", "0.25 (0.25 to 0.25)"), new Fact("fitness", "✓ FIT"))), fit::toString);
        var unfit = page(Facts.saturated(FACTS, "it swapped"), Samples.full(2000)).strip();
        assertTrue(unfit.containsAll(List.of(new Fact("full p99", "2.00 ms, of few samples"),
                new Fact("fitness", "✗ NOT FIT"))), unfit::toString);
    }

    @Test
    void namesAndVersionsHaveRows() throws IOException {
        var run = (ObjectNode) Json.PLAIN.readTree(Facts.result(FACTS, Samples.full(2000)).toJson());
        run.set("names", Json.PLAIN.readTree("""
                [{"name": "a.example", "outcomes": {"planned": 9, "completed": 7}, "ratePerSecond": 0.7,
                  "fullLatencyMicros": {"count": 1000, "p50": 2000, "p99": 3000},
                  "resumedLatencyMicros": {"count": 0}, "resumption": {"offered": 4, "accepted": 1},
                  "certificates": [{"key": "RSA 2048", "name": "b.example", "notAfter": "2027-01-02T03:04:05Z",
                                    "bearsName": false, "count": 7}]},
                 {"outcomes": {"planned": 1, "completed": 1}, "fullLatencyMicros": {"count": 0},
                  "resumedLatencyMicros": {"count": 0}, "resumption": {}, "certificates": []}]"""));
        run.set("versions", Json.PLAIN.readTree("""
                [{"version": "TLSv1.3", "completed": 8, "ratePerSecond": 0.8, "fullLatencyMicros": {"count": 0},
                  "resumedLatencyMicros": {"count": 100000, "p50": 500, "p99": 600}}]"""));
        run.set("certificates", run.at("/names/0/certificates"));
        Files.writeString(directory.resolve(ResultFile.RUN_JSON), run.toString());
        var page = RunPage.of(RunResult.read(directory), directory, Setting.Names.OWN);
        assertEquals(List.of(
                List.of("a.example", "0.70", "2", "2.00 ms", "3.00 ms*", "-", "-", "25.0 %",
                        "RSA 2048 for b.example, valid until 2027-01-02; it does not contain the requested name (7"
                                + " handshakes)"),
                List.of("no name", "-", "0", "-", "-", "-", "-", "-", "none was presented")),
                part(page, Table.class, "Requested names").rows());
        assertEquals(List.of(List.of("TLS 1.3", "0.80", "8", "-", "-", "500 µs", "600 µs")),
                part(page, Table.class, "Negotiated versions").rows());
        assertTrue(page.strip().contains(new Fact("certificate", "RSA 2048 for b.example")), () -> page.strip()
                .toString());
    }

    private static Interval interval(long startMillis, int completed) {
        return interval(startMillis, completed, 1000);
    }

    private static Interval interval(long startMillis, int completed, long lagNanos) {
        var recorder = new Recorder();
        for (var i = 0; i < completed; i++) {
            recorder.planned();
            recorder.record(Samples.full(2400));
        }
        recorder.loopLag(lagNanos);
        return recorder.take(startMillis, startMillis + 1000);
    }

    @Test
    void ticketsEarlyDataAndRetriesAreTold() throws IOException {
        var page = page(Facts.of(Facts.open(100, "constant", 10.0)), Samples.retried(3000, Tickets.CAME),
                Samples.retried(3000, Tickets.MISSING), Samples.early(900, EarlyData.ACCEPTED),
                Samples.early(900, EarlyData.RETRIED));
        var rows = part(page, Table.class, "Early data").rows();
        for (var row : List.of(List.of("early data offered", "2"), List.of("early data accepted", "1"),
                List.of("early data sent again", "1"), List.of("tickets waited for", "2"),
                List.of("tickets missing", "1"), List.of("HelloRetryRequests", "2"))) {
            assertTrue(rows.stream().anyMatch(each -> each.subList(0, 2).equals(row)), () -> row + " not in " + rows);
        }
        assertEquals(List.of("resumed, without early data", "resumed, with early data"),
                part(page, Table.class, "The first byte").rows().stream().map(List::getFirst).toList());
        assertEquals(List.of("planned", "completed", "failed", "timed out", "cancelled", "unsent"),
                part(page, Table.class, "Every planned").rows().stream().map(List::getFirst).toList());
    }
}
