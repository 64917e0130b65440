package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.comparison.RunComparison;
import dev.shakedown.report.RunScreen;
import dev.shakedown.report.ScreensTest;
import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of ten seconds after two of warm-up, killed in its fourth. */
class UnfinishedRunTest {
    private static final RunFacts FACTS = Facts.of(Facts.CLOSED);
    private static final int SECONDS = 4;

    @TempDir
    private Path directory;

    @BeforeEach
    void killed() throws IOException {
        try (var file = ResultFile.create(directory, FACTS.window().startedAt().minusSeconds(2))) {
            file.begin(new Summary().result(FACTS));
            for (var second = 0; second < SECONDS; second++) {
                var start = FACTS.window().startedAt().toEpochMilli() + 1000L * second;
                var recorded = Facts.second(50, 2000, 500);
                file.append(new Interval(start, start + 1000, recorded.tally(), recorded.histograms()));
            }
        }
    }

    @Test
    void whatItHadWrittenIsThere() throws IOException {
        assertTrue(UnfinishedRun.isIn(directory));
        var run = UnfinishedRun.read(directory);
        assertTrue(run.unfinished());
        assertEquals(SECONDS, run.measuredSeconds());
        assertEquals(FACTS.setup().plan(), run.plan());
        assertEquals(FACTS.setup().target(), run.target());
        assertEquals(FACTS.setup().host(), run.host());
        assertEquals(FACTS.setup().client(), run.client());
        assertEquals(new RunSums.Outcomes(400, 400, 0, 0, 0, 0), run.outcomes());
        var whole = Facts.result(FACTS, Collections.nCopies(SECONDS, Facts.second(50, 2000, 500))).kinds();
        assertEquals(whole.full().latencyMicros(), run.kinds().full().latencyMicros());
        assertEquals(whole.full().serviceMicros(), run.kinds().full().serviceMicros());
        assertEquals(whole.full().phases(), run.kinds().full().phases());
        assertEquals(whole.resumed().phases(), run.kinds().resumed().phases());
        assertEquals(50, run.kinds().resumed().ratePerSecond());
        assertNull(run.rate(), "what was offered is not known");
        assertFalse(run.missedRate());
    }

    @Test
    void reportsAreHeadedAsSuchAndClaimNothingOfOthers() throws IOException {
        for (var path : List.of(directory, directory.resolve("begun.json"))) {
            var report = Report.read(path, Setting.Names.OWN);
            assertTrue(report.text().startsWith("UNFINISHED: the run was ended from outside after 4 s ("),
                    report::text);
            assertTrue(report.text().contains("full        200          50.0   2.00 ms "), report::text);
            assertTrue(report.json().contains("\"unfinished\" : true"), report::json);
            for (var unknown : List.of(" failed +", "resumption:", "INTERRUPTED", "negotiated:", "CPU per handshake")) {
                assertFalse(report.text().contains(unknown), () -> unknown + " is in: " + report.text());
            }
            var page = report.pages().make();
            assertTrue(page.warnings().getFirst().startsWith("UNFINISHED: the run was ended from outside after 4 s"));
            assertTrue(page.verdict().startsWith("400 handshakes had completed, 100 per second; "), page::verdict);
            var html = HtmlPage.of(page);
            assertTrue(html.contains("Latency over time") && html.contains("is not known"));
            assertFalse(html.contains("Every planned arrival"));
        }
    }

    /** A report of only one kind says how many bytes it moved; for a killed run these are unknown. */
    @Test
    void ofFullHandshakesAloneTheScreenSaysWhatIsKnown() throws IOException {
        var log = directory.resolve(ResultFile.INTERVALS);
        Files.write(log, Files.readAllLines(log).stream().filter(line -> !line.startsWith("Tag=resumed")).toList());
        var screen = ScreensTest
                .checked(RunScreen.of(UnfinishedRun.read(directory), Setting.Names.OWN, ScreensTest.FURTHER));
        assertTrue(screen.contains("A full handshake took 2.00 ms at p50; "), screen);
    }

    @Test
    void itIsNotCompared() {
        var e = assertThrows(IOException.class,
                () -> RunComparison.of(List.of(directory, directory), Set.of()));
        assertEquals(
                directory.resolve("run.json") + " does not exist: the run was ended from outside before it could write"
                        + " its result, or is still going on; 'shakedown report " + directory
                        + "' shows what it has left",
                e.getMessage());
    }

    @Test
    void ofOneThatHadNotMeasuredYetOnlyItsPlanIsTold() throws IOException {
        Files.delete(directory.resolve(ResultFile.INTERVALS));
        ResultFile.create(directory, FACTS.window().startedAt().minusSeconds(2)).close();
        var run = UnfinishedRun.read(directory);
        assertEquals(0, run.measuredSeconds());
        assertEquals(0, run.outcomes().completed());
        assertTrue(Report.read(directory, Setting.Names.OWN).text()
                .startsWith("UNFINISHED: the run was ended from outside after 0 s ("));
        assertFalse(HtmlPage.of(Report.read(directory, Setting.Names.OWN).pages().make()).isEmpty());
    }

    /** Intervals logged between reading the figures and reading the curves are not taken for damage. */
    @Test
    void aRunThatGoesOnHasAPage() throws IOException {
        var report = Report.read(directory, Setting.Names.OWN);
        var log = directory.resolve(ResultFile.INTERVALS);
        var lines = Files.readAllLines(log);
        lines.add(lines.getLast().replace(",3.000,", ",4.000,"));
        lines.add(lines.stream().filter(line -> line.startsWith("Tag=full.latency,3.")).findFirst().orElseThrow()
                .replace(",3.000,", ",4.000,"));
        Files.write(log, lines);
        assertTrue(HtmlPage.of(report.pages().make()).contains("400 handshakes had completed"));
    }

    @Test
    void aRunThatComesToItsEndIsNone() throws IOException {
        var finished = directory.resolve("finished");
        var result = Facts.result(FACTS, Samples.full(2400));
        try (var file = ResultFile.create(finished, FACTS.window().startedAt())) {
            file.begin(new Summary().result(FACTS));
            assertTrue(UnfinishedRun.isIn(finished));
            file.finish(result);
        }
        assertFalse(UnfinishedRun.isIn(finished));
        assertEquals(result, RunResult.read(finished));
        assertFalse(result.toJson().contains("unfinished"));
        try (var files = Files.list(finished)) {
            assertEquals(Set.of("intervals.hlog", "run.json"), files.map(path -> path.getFileName().toString())
                    .collect(Collectors.toSet()));
        }
    }
}
