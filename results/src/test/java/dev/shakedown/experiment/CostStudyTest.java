package dev.shakedown.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.experiment.CostStudy.Probe;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.CostScreen;
import dev.shakedown.report.ScreensTest;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.RunFacts;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows.NegotiatedRow;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Setting;
import dev.shakedown.results.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Full against resumed, of a server whose costs are known. */
class CostStudyTest {
    private static final int HANDSHAKES = 1000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    /**
     * A block.
     *
     * @param slower    how many times as slow the machine is
     * @param fullOfTen of ten handshakes that should be resumed so many are full, half of them because there was no
     *                  session
     */
    private record Block(Kind kind, double slower, int fullOfTen, String suite, int resumedBytes, int handshakes) {
        Block(Kind kind, double slower, int fullOfTen) {
            this(kind, slower, fullOfTen, "A", 500, HANDSHAKES);
        }

        Trial trial() {
            var recorder = new Recorder();
            var really = new EnumMap<Kind, Integer>(Map.of(Kind.FULL, 0, Kind.RESUMED, 0));
            for (var n = 0; n < handshakes; n++) {
                var done = kind == Kind.RESUMED && n % 10 < fullOfTen ? Kind.FULL : kind;
                really.merge(done, 1, Integer::sum);
                var marks = new long[Mark.values().length];
                Arrays.fill(marks, Marks.NOT_REACHED);
                marks[Mark.PLANNED.ordinal()] = 0;
                marks[Mark.BEGUN.ordinal()] = 0;
                marks[Mark.FINISHED.ordinal()] = (long) ((done == Kind.FULL ? 3_000_000 : 1_000_000) * slower);
                recorder.planned();
                recorder.record(new Sample(new Completed(done, new Negotiated("TLSv1.2", suite,
                        done == Kind.FULL ? "x25519" : null, null)), kind, resumption(done, n),
                        Marks.of(marks), 300, done == Kind.FULL ? 2000 : resumedBytes));
            }
            var interval = recorder.take(0, 10_000);
            var summary = new Summary();
            summary.add(interval);
            var facts = Facts.of(Facts.open(100, "constant", 10.0));
            // Ten seconds: a full handshake takes 5 ms of the server, a resumed one 1 ms; the client 2 and 1 ms.
            var server = (really.get(Kind.FULL) * 0.005 + really.get(Kind.RESUMED) * 0.001) * slower;
            var client = (really.get(Kind.FULL) * 0.002 + really.get(Kind.RESUMED) * 0.001) * slower;
            return new Trial(
                    summary.result(Facts.with(facts, 10, false, client, null, new RunFacts.ServerCpu(1, server))),
                    summary.latencyMicros(), interval, List.of());
        }

        private Resumption resumption(Kind done, int n) {
            if (kind == Kind.FULL) {
                return Resumption.NOT_OFFERED;
            }
            return done == Kind.RESUMED
                    ? Resumption.ACCEPTED
                    : n % 2 == 0 ? Resumption.NOT_OFFERED : Resumption.DECLINED;
        }
    }

    @Test
    void blocksAlternateSoThatSlowDriftTouchesBothAlike() throws IOException {
        var order = new ArrayList<Kind>();
        new CostStudy().measure(2, (kind, block, blocks) -> {
            order.add(kind);
            assertEquals(order.size(), block);
            assertEquals(8, blocks);
            return new Block(kind, 1, 0).trial();
        });
        assertEquals("FRRFRFFR", order.stream().map(kind -> kind.name().substring(0, 1)).collect(Collectors.joining()));
    }

    @Test
    void knownCostsAreFound() throws IOException {
        var result = measured(3, 0.01, 0);
        assertEquals(3, result.ratio().latencyMicros().p50(), 0.1);
        assertEquals(5, result.ratio().serverCpuMicros(), 0.1);
        assertEquals(2, result.ratio().clientCpuMicros(), 0.05);
        assertEquals(4, result.ratio().bytesReceived(), 1e-9);
        assertEquals(1, result.ratio().bytesSent(), 1e-9);
        assertEquals(4 / 3.0, result.ratio().flights(), 1e-9);
        // The twelve blocks are slower by 6.5 % on average.
        assertEquals(5325, result.full().serverCpuMicros(), 1);
        assertEquals(6000, result.resumed().completed());
        var server = result.confidence().get("serverCpuMicros");
        assertTrue(server.low() < 5 && 5 < server.high(), server::toString);
        assertTrue(server.high() / server.low() < 1.2, server::toString);
        assertEquals(1e6 / 5325, result.perCore(0), 0.1);
        assertEquals(1e6 / (0.2 * 5325 + 0.8 * 1065), result.perCore(0.8), 0.1);
        assertEquals(List.of(), result.unfit());
    }

    @Test
    void whatIsNotKnownIsLeftOut() throws IOException {
        var one = new CostStudy();
        one.measure(1, (kind, _, _) -> {
            var trial = new Block(kind, 1, 0).trial();
            var run = trial.run();
            return new Trial(Facts.result(Facts.remote(Facts.of(run.plan()))), trial.latencyMicros(), trial.recorded(),
                    List.of());
        });
        var result = one.result("now", List.of(new Probe(Map.of(), null)), 0.8);
        assertNull(result.ratio().serverCpuMicros());
        assertNull(result.ratio().flights());
        assertNull(result.perCore(0.8));
        assertNull(result.confidence().get("serverCpuMicros").low());
        assertTrue(CostReport.of(result).contains("Give server process"), () -> CostReport.of(result));
    }

    @Test
    void theReportSaysWhatResumptionSaves() throws IOException {
        var text = CostReport.of(measured(2, 0, 0));
        assertTrue(text.contains("At 80 % resumed, one core carries 556 handshakes/s instead of 200."), text);
        assertTrue(text.contains("The server took up 4,000 of 4,000 sessions offered to it.\n"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("server CPU +5\\.00 ms +1\\.00 ms +5\\.00")), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("flights +4 +3 +1\\.33")), text);
        assertFalse(text.contains("UNFIT"), text);
        assertFalse(text.contains("full ones done instead") || text.contains("†"), text);
    }

    @Test
    void theScreenEndsWithWhetherItIsFit() throws IOException {
        var result = measured(2, 0, 0);
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
        var result = measured(2, 0.01, 2);
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
                .contains("The server took up 3,200 of 3,600 sessions offered to it; for 400 of 4,000 handshakes there"
                        + " was no session to offer (priming). Of the handshakes in the blocks of resumed ones 80.0 %"
                        + " were resumed;"
                        + " from their CPU the full ones done instead are taken off, at what a full one took in a"
                        + " block of its own."
                        + " At 80 % resumed, one core carries "),
                text);
    }

    /** Where most were full, what resumed ones took is lost in what those did. */
    @Test
    void whatCannotBeToldApartIsWithheld() throws IOException {
        assertEquals(5, measured(2, 0, 5).ratio().serverCpuMicros(), 1e-6);
        var result = measured(2, 0, 6);
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
                .contains("Of the handshakes in the blocks of resumed ones 40.0 % were resumed: what CPU"
                        + " those took cannot be told from that of the full ones done instead. So nothing can be said"
                        + " of what"
                        + " resumption saves this server."),
                () -> words(result));
        assertTrue(CostReport.of(result).lines().anyMatch(line -> line.matches("server CPU +5\\.00 ms +- +-")),
                () -> CostReport.of(result));
    }

    /** 98 of each kind in all: there is nothing to compare, and nothing is. */
    @Test
    void fewHandshakesAreNotCompared() throws IOException {
        for (var few : Kind.values()) {
            var study = new CostStudy();
            study.measure(1, (kind, _, _) -> new Block(kind, 1, 0, "A", 500, kind == few ? 49 : 50).trial());
            var result = study.result("now", List.of(new Probe(Map.of(Kind.FULL, 4, Kind.RESUMED, 3), null)), 0.8);
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
        study.measure(1, (kind, _, _) -> new Block(kind, 1, 0, "A", 500, 50).trial());
        assertTrue(study.result("now", List.of(new Probe(Map.of(), null)), 0.8).compares());
    }

    /** A slow pair and a quick one: pooled, the slow blocks would make the quantile. */
    @Test
    void anEstimateLiesWithinItsOwnInterval() throws IOException {
        var slower = Map.of(Kind.FULL, List.of(1.0, 1.1, 5.0, 1.2), Kind.RESUMED, List.of(1.0, 1.5, 4.0, 0.9));
        var at = new EnumMap<Kind, Integer>(Map.of(Kind.FULL, 0, Kind.RESUMED, 0));
        var study = new CostStudy();
        study.measure(2, (kind, _, _) -> new Block(kind, slower.get(kind).get(at.merge(kind, 1, Integer::sum) - 1), 0)
                .trial());
        var result = study.result("now", List.of(new Probe(Map.of(), null)), 0.8);
        var mean = Math.pow(1.1 * 5 * 1.2 / (1.5 * 4 * 0.9), 0.25);
        assertEquals(3 * mean, result.ratio().latencyMicros().p50(), 0.01);
        assertEquals(3 * mean, result.ratio().latencyMicros().p99(), 0.01);
        assertEquals(5 * mean, result.ratio().serverCpuMicros(), 0.01);
        assertEquals(2 * mean, result.ratio().clientCpuMicros(), 0.01);
        var ratios = JSON.readTree(CostResult.toJson(List.of(result)));
        assertEquals(0.95, ratios.at("/confidenceLevel").doubleValue());
        result.confidence().forEach((name, within) -> {
            var ratio = ratios.at("/ratio/" + name.replace('.', '/')).doubleValue();
            assertTrue(within.low() <= ratio + 1e-12 && ratio - 1e-12 <= within.high(), () -> name + ratio + within);
        });
    }

    /** Blocks of either kind are by turns four times as slow: a threefold difference drowns in that. */
    @Test
    void whatCouldBeNoDifferenceIsSaidToBe() throws IOException {
        var at = new EnumMap<Kind, Integer>(Map.of(Kind.FULL, 0, Kind.RESUMED, 0));
        var study = new CostStudy();
        study.measure(2, (kind, _, _) -> new Block(kind,
                (at.merge(kind, 1, Integer::sum) % 2 == 0) == (kind == Kind.FULL) ? 4 : 1, 0).trial());
        var result = study.result("now", List.of(new Probe(Map.of(), null)), 0.8);
        var within = result.confidence().get("latencyMicros.p50");
        assertEquals(3, result.ratio().latencyMicros().p50(), 0.01);
        assertTrue(within.low() < 1 && within.high() > 1, within::toString);
        var text = CostReport.of(result);
        assertTrue(text.lines()
                .anyMatch(line -> line.matches("latency p50 +\\S+ ms +\\S+ ms +3\\.00† +0\\.\\d+ to \\d.*")), text);
        assertTrue(text.contains("  † no difference could be shown: the interval holds 1.\n"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("bytes received +2,000 +500 +4\\.00")), text);
        assertTrue(words(result)
                .contains("No difference in the server's CPU could be shown, and so nothing that resumption"
                        + " saves it."),
                text);
        assertFalse(text.contains("one core carries"), text);
        var page = Report.cost(List.of(result), Setting.Names.OWN).pages().make();
        assertTrue(page.verdict().startsWith("TLS 1.2: no difference in time could be shown: a full handshake took 0."),
                page::verdict);
        assertTrue(page.verdict().contains("; no difference in the server's CPU could be shown (0."), page::verdict);
        assertTrue(HtmlPage.of(page).contains("† no difference could be shown: the interval holds 1."));
    }

    @Test
    void theHeadlineSaysHowSureItIs() throws IOException {
        var verdict = Report.cost(List.of(measured(3, 0.01, 0)), Setting.Names.OWN).pages().make().verdict();
        assertTrue(
                verdict.matches("TLS 1\\.2: a full handshake takes [23]\\.\\d\\d times as long as a resumed one at p50"
                        + " \\(2\\.\\d\\d to 3\\.\\d\\d with 95 % confidence\\); it costs the server [45]\\.\\d\\d"
                        + " times the CPU \\(.*"
                        + " confidence\\); 90 % of them within 3\\.\\d\\d ms \\(full\\), 1\\.\\d\\d ms"
                        + " \\(resumed\\)\\. The server took up"
                        + " 6,000 of 6,000 sessions offered to it\\. At 80 % resumed.*"),
                verdict);
    }

    /** Of two times that the histogram cannot tell apart there is no quotient. */
    @Test
    void phasesTooShortToMeasureHaveNoRatio() throws IOException {
        var result = measured(1, 0, 0);
        assertTrue(result.full().phases().get("begun").p50() < 0.1);
        assertNull(result.ratio().phases().get("begun").p50());
        assertTrue(CostReport.of(result).lines()
                .anyMatch(line -> line.matches(" +begun p50 +<0\\.1 µs +<0\\.1 µs +-")), () -> CostReport.of(result));
    }

    @Test
    void whatWasAgreedOnIsPublished() throws IOException {
        var result = measured(2, 0, 0);
        assertEquals(List.of(new NegotiatedRow("TLSv1.2", "A", "x25519", null, 4000)), result.full().negotiated());
        assertEquals(List.of(new NegotiatedRow("TLSv1.2", "A", null, null, 4000)), result.resumed().negotiated());
        assertEquals("RSA CN=a", result.full().certificate());
        assertEquals(List.of(), result.unlike(), "to resume in TLS 1.2 is to agree on no group");
        var text = CostReport.of(result);
        assertTrue(text.contains("full: TLSv1.2, A, x25519; certificate RSA CN=a"), text);
        assertTrue(text.contains("resumed: TLSv1.2, A, no group"), text);
        assertFalse(text.contains("NOT ALIKE"), text);
    }

    @Test
    void handshakesThatAreNotAlikeAreSaidToBe() throws IOException {
        var study = new CostStudy();
        study.measure(1,
                (kind, block, _) -> new Block(kind, 1, 0, kind == Kind.FULL ? "A" : "B", 500, HANDSHAKES).trial());
        var result = study.result("now", List.of(new Probe(Map.of(Kind.FULL, 4, Kind.RESUMED, 3), "RSA CN=a"),
                new Probe(Map.of(Kind.FULL, 6, Kind.RESUMED, 3), "ECDSA CN=b")), 0.5);
        assertEquals(List.of("cipher suites (A, B)", "certificates (RSA CN=a, ECDSA CN=b)",
                "numbers of flights when full (4, 6)"), result.unlike());
        assertTrue(CostReport.of(result).startsWith("NOT ALIKE: handshakes had different cipher suites (A, B); "),
                () -> CostReport.of(result));
        var page = HtmlPage.of(Report.cost(List.of(result), Setting.Names.OWN).pages().make());
        assertTrue(page.contains("NOT ALIKE: TLS 1.2, handshakes had different cipher suites (A, B); "), page);
        assertTrue(page.contains("TLSv1.2, B, no group"), page);
    }

    /** Each block has a reason with figures of its own; the first of them will do. */
    @Test
    void aLongListOfReasonsIsCut() throws IOException {
        var few = measured(2, 0, 0);
        var reasons = List.of("one", "two", "three", "four", "five");
        var result = new CostResult(few.tool(), few.startedAt(), few.plan(), few.target(), few.host(), few.client(),
                few.blocks(), few.full(), few.resumed(), few.ratio(), few.confidence(), few.resumption(), few.saving(),
                few.unlike(), reasons, null);
        assertTrue(CostReport.unfit(result).startsWith("the generator or its machine may have made the figures of"
                + " some blocks, because one; two; three; and for 2 reasons more like these; "),
                () -> CostReport.unfit(result));
    }

    @Test
    void bytesThatVaryHaveAnInterval() throws IOException {
        var same = measured(2, 0, 0).confidence().get("bytesReceived");
        assertEquals(4, same.low(), 1e-9);
        assertEquals(4, same.high(), 1e-9);
        var study = new CostStudy();
        study.measure(2, (kind, block, _) -> new Block(kind, 1, 0, "A", block > 4 ? 550 : 500, HANDSHAKES).trial());
        var varying = study.result("now", List.of(new Probe(Map.of(), null)), 0.8).confidence().get("bytesReceived");
        assertTrue(varying.low() < 2000 / 550.0 && varying.high() > 4, varying::toString);
    }

    @Test
    void phasesHaveTheirRatiosToo() throws IOException {
        var result = measured(1, 0, 0);
        assertEquals(3, result.ratio().phases().get("finished").p50(), 0.01);
        assertEquals(3, result.ratio().phases().get("finished").p99(), 0.01);
        assertTrue(
                CostReport.of(result).lines()
                        .anyMatch(line -> line.matches(" +finished p99 +3\\.00 ms\\* +1\\.00 ms\\* +3\\.00.*")),
                () -> CostReport.of(result));
    }

    /** What was reckoned with is in the file, and a report of it says the same. */
    @Test
    void theShareIsKept() throws IOException {
        var study = new CostStudy();
        study.measure(1, (kind, _, _) -> new Block(kind, 1, 0).trial());
        var file = directory.resolve("cost.json");
        Files.writeString(file,
                CostResult.toJson(List.of(study.result("now", List.of(new Probe(Map.of(), null)), 0.5))));
        var saving = CostResult.read(file).getFirst().saving();
        assertEquals(new CostResult.Saving(0.5, 200.0, 1e6 / 3000, null), saving);
        var sentence = "At 50 % resumed, one core carries 333 handshakes/s instead of 200.";
        assertTrue(Report.read(directory, Setting.Names.OWN).text().contains(sentence), () -> "no: " + sentence);
    }

    /** One block of which too little was seen is enough: its share of the whole is not known. */
    @Test
    void withoutEnoughOfTheServersTimeNothingIsSaidOfIt() throws IOException {
        var study = new CostStudy();
        study.measure(1, (kind, block, _) -> {
            var trial = new Block(kind, 1, 0).trial();
            var run = trial.run();
            return block != 3
                    ? trial
                    : new Trial(new RunResult(run.course(), run.setup(), run.sums(), run.rows(), run.generator(),
                            new RunResult.Server(1, null, null, "too little was seen"), null, null),
                            trial.latencyMicros(), trial.recorded(), List.of());
        });
        var result = study.result("now", List.of(new Probe(Map.of(), null)), 0.5);
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
    void severalVersionsStandSideBySideAndTheFirstAlsoOnTop() throws IOException {
        var result = measured(1, 0, 0);
        var json = JSON.readTree(CostResult.toJson(List.of(result, result)));
        assertEquals(5, json.at("/ratio/serverCpuMicros").doubleValue(), 0.01);
        assertEquals(2, json.at("/versions").size());
        assertEquals(5000, json.at("/versions/1/full/serverCpuMicros").doubleValue(), 1);
        var single = JSON.readTree(CostResult.toJson(List.of(result)));
        assertTrue(single.at("/versions").isMissingNode());
        assertEquals(3, single.at("/ratio/latencyMicros/p99").doubleValue(), 0.01);
    }

    @Test
    void whatIsWeakIsSaidFirst() throws IOException {
        var side = new CostResult.Side(1, null, Map.of(), null, null, null, null, null,
                List.of(new RunRows.NegotiatedRow("TLSv1.0", "TLS_RSA_WITH_RC4_128_SHA", null, null, 1)), null);
        var strong = measured(1, 0, 0);
        var weak = new CostResult(strong.tool(), "now", strong.plan(), strong.target(), strong.host(), strong.client(),
                1,
                strong.full(), side, strong.ratio(), strong.confidence(), strong.resumption(), null, List.of(),
                List.of(), null);
        assertTrue(RunWords.weak(strong.negotiated()) == null, strong::toString);
        assertEquals("WEAK", RunWords.weak(weak.negotiated()).lead());
    }

    /** The machine gets slower from block to block. */
    private static CostResult measured(int groups, double drift, int fullOfTen) throws IOException {
        var study = new CostStudy();
        study.measure(groups, (kind, block, _) -> new Block(kind, 1 + drift * block, fullOfTen).trial());
        return study.result("now", List.of(new Probe(Map.of(Kind.FULL, 4, Kind.RESUMED, 3), "RSA CN=a")), 0.8);
    }
}
