package dev.shakedown.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.experiment.CostStudy.Probe;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.CostScreen;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.ScreensTest;
import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.Kind;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.Setting;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What reports say about the cost of full and resumed handshakes, and what they withhold. */
class CostReportTest {
    @Test
    void theReportSaysWhatResumptionSaves() throws IOException {
        var text = CostReport.of(CostBlock.measured(2, 0, 0));
        assertTrue(text.contains("At 80 % resumed, one core carries 556 handshakes/s instead of 200."), text);
        assertTrue(text.contains("The server resumed 4,000 of 4,000 sessions offered to it.\n"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("server CPU +5\\.00 ms +1\\.00 ms +5\\.00")), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("flights +4 +3 +1\\.33")), text);
        assertFalse(text.contains("UNFIT"), text);
        assertFalse(text.contains("full ones done instead") || text.contains("†"), text);
    }

    @Test
    void theScreenEndsWithWhetherItIsFit() throws IOException {
        var result = CostBlock.measured(2, 0, 0);
        var text = ScreensTest.checked(CostScreen.of(List.of(result), Setting.Names.OWN, ScreensTest.FURTHER));
        assertTrue(text.lines().anyMatch(line -> line.matches("server CPU +5\\.00 ms +1\\.00 ms +5\\.00")), text);
        assertTrue(text.contains("At 80 % resumed, one core carries 556 handshakes/s instead of 200."), text);
        assertTrue(text.contains("\nFIT  page "), text);
        var both = ScreensTest.checked(CostScreen.of(List.of(result, result), Setting.Names.OWN,
                ScreensTest.FURTHER));
        assertEquals(2, both.lines().filter(line -> line.matches("TLS 1\\.2 +\\d.* ms.*")).count(), both);
        assertFalse(both.contains("serverHello"), "of two versions without their phases");
        ScreensTest.checked(CostScreen.of(Collections.nCopies(5, result), Setting.Names.OWN, ScreensTest.FURTHER));
    }

    private static String words(CostResult result) {
        return CostReport.of(result).replaceAll("\\s+", " ");
    }

    /** Twenty percent were full: half of them declined, half of them not offered. */
    @Test
    void whatFullHandshakesTookIsTakenOff() throws IOException {
        var result = CostBlock.measured(2, 0.01, 2);
        assertEquals(1000, result.full().serverCpuMicros() / 5 / (1 + 0.01 * 4.5), 1);
        assertEquals(result.full().serverCpuMicros() / 5, result.resumed().serverCpuMicros(), 5);
        assertEquals(result.full().clientCpuMicros() / 2, result.resumed().clientCpuMicros(), 5);
        assertEquals(5, result.ratio().serverCpuMicros(), 0.1);
        assertEquals(2, result.ratio().clientCpuMicros(), 0.05);
        assertEquals(0.8, result.mixed().resumedShare(), 1e-9);
        assertEquals(800, result.mixed().full());
        assertEquals(1.8 * result.resumed().serverCpuMicros(), result.mixed().serverCpuMicros(), 10);
        var text = words(result);
        assertTrue(text
                .contains("The server resumed 3,200 of 3,600 sessions offered to it; 400 of 4,000 handshakes had no"
                        + " session to offer (priming). In the blocks of resumed handshakes 80.0 % were resumed; the"
                        + " CPU time of the full ones done instead is subtracted, as measured in the blocks of full"
                        + " handshakes. At 80 % resumed, one core carries "),
                text);
    }

    /** Where most were full, the cost of resumed ones cannot be separated. */
    @Test
    void whatCannotBeToldApartIsWithheld() throws IOException {
        assertEquals(5, CostBlock.measured(2, 0, 5).ratio().serverCpuMicros(), 1e-6);
        var result = CostBlock.measured(2, 0, 6);
        assertNull(result.resumed().serverCpuMicros());
        assertNull(result.ratio().serverCpuMicros());
        assertNull(result.ratio().clientCpuMicros());
        assertNull(result.confidence().get("serverCpuMicros").low());
        assertNull(result.perCore(0.8));
        assertNull(result.saving().fullPerCore());
        assertEquals(5000 * 0.6 + 1000 * 0.4, result.mixed().serverCpuMicros(), 1);
        assertEquals(3, result.ratio().latencyMicros().p50(), 0.01, "latencies are of resumed handshakes alone");
        assertEquals(4, result.ratio().bytesReceived(), 1e-9, "as are bytes");
        assertTrue(words(result)
                .contains("In the blocks of resumed handshakes 40.0 % were resumed: their CPU time cannot be told from"
                        + " that of the full ones done instead. So nothing can be said about what resumption saves"
                        + " this server."),
                () -> words(result));
        assertTrue(CostReport.of(result).lines().anyMatch(line -> line.matches("server CPU +5\\.00 ms +- +-")),
                () -> CostReport.of(result));
    }

    /** 98 of either kind are too few to compare. */
    @Test
    void fewHandshakesAreNotCompared() throws IOException {
        for (var few : Kind.values()) {
            var study = new CostStudy();
            study.measure(1, (kind, _, _) -> new CostBlock(kind, 1, 0, "A", 500, kind == few ? 49 : 50).trial());
            var result = study.result("2026-01-01T00:00:00Z",
                    List.of(new Probe(Map.of(Kind.FULL, 4, Kind.RESUMED, 3), null)), 0.8);
            assertFalse(result.compares());
            assertNull(result.ratio().latencyMicros().p50());
            assertNull(result.ratio().bytesReceived());
            assertNull(result.saving().sharedPerCore());
            assertTrue(result.confidence().values().stream().allMatch(within -> within.low() == null));
            var text = words(result);
            assertTrue(text.contains((few == Kind.FULL
                    ? "Too few to compare: 98 full and 100"
                    : "Too few to compare: 100 full and 98")
                    + " resumed handshakes completed in blocks of their kind, and it takes at least 100 of each kind."),
                    text);
            assertFalse(text.contains("one core carries"), text);
            assertTrue(HtmlPage.of(Report.cost(List.of(result), Setting.Names.OWN).pages().make())
                    .contains("Too few to compare: "));
        }
        var study = new CostStudy();
        study.measure(1, (kind, _, _) -> new CostBlock(kind, 1, 0, "A", 500, 50).trial());
        assertTrue(study.result("2026-01-01T00:00:00Z", List.of(new Probe(Map.of(), null)), 0.8).compares());
    }

    /** Blocks of each kind are four times as slow in turn, which hides a threefold difference. */
    @Test
    void whatCouldBeNoDifferenceIsSaidToBe() throws IOException {
        var at = new EnumMap<Kind, Integer>(Map.of(Kind.FULL, 0, Kind.RESUMED, 0));
        var study = new CostStudy();
        study.measure(2, (kind, _, _) -> new CostBlock(kind,
                (at.merge(kind, 1, Integer::sum) % 2 == 0) == (kind == Kind.FULL) ? 4 : 1, 0).trial());
        var result = study.result("2026-01-01T00:00:00Z", List.of(new Probe(Map.of(), null)), 0.8);
        var within = result.confidence().get("latencyMicros.p50");
        assertEquals(3, result.ratio().latencyMicros().p50(), 0.01);
        assertTrue(within.low() < 1 && within.high() > 1, within::toString);
        var text = CostReport.of(result);
        assertTrue(text.lines()
                .anyMatch(line -> line.matches("latency p50 +\\S+ ms +\\S+ ms +3\\.00† +0\\.\\d+ to \\d.*")), text);
        assertTrue(text.contains("  † no difference could be shown: the interval contains 1.\n"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("bytes received +2,000 +500 +4\\.00")), text);
        assertTrue(words(result)
                .contains("No difference in the server's CPU time could be shown, and so no saving by"
                        + " resumption."),
                text);
        assertFalse(text.contains("one core carries"), text);
        var page = Report.cost(List.of(result), Setting.Names.OWN).pages().make();
        assertTrue(page.verdict().startsWith("TLS 1.2: no difference in time could be shown: a full handshake took 0."),
                page::verdict);
        assertTrue(page.verdict().contains("; no difference in the server's CPU time could be shown (0."),
                page::verdict);
        assertTrue(HtmlPage.of(page).contains("† no difference could be shown: the interval contains 1."));
    }

    @Test
    void theHeadlineSaysHowSureItIs() throws IOException {
        var verdict = Report.cost(List.of(CostBlock.measured(3, 0.01, 0)), Setting.Names.OWN).pages().make().verdict();
        assertTrue(
                verdict.matches("TLS 1\\.2: a full handshake takes [23]\\.\\d\\d times as long as a resumed one at p50"
                        + " \\(2\\.\\d\\d to 3\\.\\d\\d with 95 % confidence\\); it costs the server [45]\\.\\d\\d"
                        + " times the CPU time \\(.*"
                        + " confidence\\); 90 % of them within 3\\.\\d\\d ms \\(full\\), 1\\.\\d\\d ms"
                        + " \\(resumed\\)\\. The server resumed"
                        + " 6,000 of 6,000 sessions offered to it\\. At 80 % resumed.*"),
                verdict);
    }

    @Test
    void handshakesThatAreNotAlikeAreSaidToBe() throws IOException {
        var study = new CostStudy();
        study.measure(1,
                (kind, block, _) -> new CostBlock(kind, 1, 0, kind == Kind.FULL ? "A" : "B", 500, CostBlock.HANDSHAKES)
                        .trial());
        var result = study.result("2026-01-01T00:00:00Z",
                List.of(new Probe(Map.of(Kind.FULL, 4, Kind.RESUMED, 3), "RSA CN=a"),
                        new Probe(Map.of(Kind.FULL, 6, Kind.RESUMED, 3), "ECDSA CN=b")),
                0.5);
        assertEquals(List.of("cipher suites (A, B)", "certificates (RSA CN=a, ECDSA CN=b)",
                "numbers of flights when full (4, 6)"), result.unlike());
        assertTrue(CostReport.of(result).startsWith("NOT ALIKE: handshakes had different cipher suites (A, B); "),
                () -> CostReport.of(result));
        var page = HtmlPage.of(Report.cost(List.of(result), Setting.Names.OWN).pages().make());
        assertTrue(page.contains("NOT ALIKE: TLS 1.2, handshakes had different cipher suites (A, B); "), page);
        assertTrue(page.contains("TLSv1.2, B, no group"), page);
    }

    /** Each block has a reason with its own figures; the first few are enough. */
    @Test
    void aLongListOfReasonsIsCut() throws IOException {
        var few = CostBlock.measured(2, 0, 0);
        var reasons = List.of("one", "two", "three", "four", "five");
        var result = new CostResult(few.tool(), few.startedAt(), few.plan(), few.target(), few.host(), few.client(),
                few.blocks(), few.full(), few.resumed(), few.ratio(), few.confidence(), few.resumption(), few.saving(),
                few.unlike(), reasons, null);
        assertTrue(CostReport.unfit(result).startsWith("the generator or its machine may have distorted the figures of"
                + " some blocks, because one; two; three; and for 2 similar reasons. "),
                () -> CostReport.unfit(result));
    }

    /** One block with too little CPU time is enough, since its share of the whole is unknown. */
    @Test
    void withoutEnoughOfTheServersTimeNothingIsSaidOfIt() throws IOException {
        var study = new CostStudy();
        study.measure(1, (kind, block, _) -> {
            var trial = new CostBlock(kind, 1, 0).trial();
            var run = trial.run();
            return block != 3
                    ? trial
                    : new Trial(new RunResult(run.course(), run.setup(), run.sums(), run.rows(), run.generator(),
                            new RunResult.Server(1, null, null, "too little was seen"), null, null),
                            trial.latencyMicros(), trial.recorded(), List.of());
        });
        var result = study.result("2026-01-01T00:00:00Z", List.of(new Probe(Map.of(), null)), 0.5);
        assertNull(result.ratio().serverCpuMicros());
        assertNull(result.saving().fullPerCore());
        assertNull(result.confidence().get("serverCpuMicros").low());
        assertEquals("too little was seen", result.saving().withheldBecause());
        var text = CostReport.of(result).replaceAll("\\s+", " ");
        assertTrue(text.contains("What resumption saves this server is withheld, because in a block too little was"
                + " seen."), text);
        assertTrue(text.matches(".* server CPU 5\\.00 ms - - .*"), text);
    }

    @Test
    void whatIsWeakIsSaidFirst() throws IOException {
        var side = new CostResult.Side(1, null, Map.of(), null, null, null, null, null,
                List.of(new RunRows.NegotiatedRow("TLSv1.0", "TLS_RSA_WITH_RC4_128_SHA", null, null, 1)), null);
        var strong = CostBlock.measured(1, 0, 0);
        var weak = new CostResult(strong.tool(), "2026-01-01T00:00:00Z", strong.plan(), strong.target(), strong.host(),
                strong.client(),
                1,
                strong.full(), side, strong.ratio(), strong.confidence(), strong.resumption(), null, List.of(),
                List.of(), null);
        assertTrue(RunWords.weak(strong.negotiated()) == null, strong::toString);
        assertEquals("WEAK", RunWords.weak(weak.negotiated()).lead());
    }
}
