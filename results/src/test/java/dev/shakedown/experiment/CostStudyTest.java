package dev.shakedown.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.experiment.CostStudy.Probe;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.RunFacts;
import dev.shakedown.results.RunResult.NegotiatedRow;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Full against resumed, of a server whose costs are known. */
class CostStudyTest {
    private static final int HANDSHAKES = 1000;

    @TempDir
    private Path directory;

    /** A block in which the machine is as many times slower; of resumed handshakes every {@code declined}-th is a full one. */
    private static Trial trial(Kind kind, double slower, int declined) {
        return trial(kind, slower, declined, "A");
    }

    private static Trial trial(Kind kind, double slower, int declined, String suite) {
        return trial(kind, slower, declined, suite, 500);
    }

    private static Trial trial(Kind kind, double slower, int declined, String suite, int resumedBytes) {
        var recorder = new Recorder();
        for (var n = 0; n < HANDSHAKES; n++) {
            var really = kind == Kind.RESUMED && declined > 0 && n % declined == 0 ? Kind.FULL : kind;
            var marks = new long[Mark.values().length];
            Arrays.fill(marks, Marks.NOT_REACHED);
            marks[Mark.PLANNED.ordinal()] = 0;
            marks[Mark.BEGUN.ordinal()] = 0;
            marks[Mark.FINISHED.ordinal()] = (long) ((really == Kind.FULL ? 3_000_000 : 1_000_000) * slower);
            recorder.planned();
            recorder.record(new Sample(new Completed(really, new Negotiated("TLSv1.2", suite,
                    really == Kind.FULL ? "x25519" : null, null)), kind,
                    kind == Kind.FULL
                            ? Resumption.NOT_OFFERED
                            : really == Kind.FULL ? Resumption.DECLINED : Resumption.ACCEPTED,
                    Marks.of(marks), 300, really == Kind.FULL ? 2000 : resumedBytes));
        }
        var interval = recorder.take(0, 10_000);
        var summary = new Summary();
        summary.add(interval);
        var facts = Facts.of(Facts.open(100, "constant", 10.0));
        // Ten seconds: a full handshake takes 5 ms of the server, a resumed one 1 ms; the client 2 and 1 ms.
        var server = HANDSHAKES * (kind == Kind.FULL ? 0.005 : 0.001) * slower;
        var client = HANDSHAKES * (kind == Kind.FULL ? 0.002 : 0.001) * slower;
        return new Trial(summary.result(new RunFacts(facts.tool(), facts.startedAt(), 10, false, facts.plan(),
                facts.target(), facts.host(), facts.client(), 1, client, null, new RunFacts.ServerCpu(1, server))),
                summary.latencyMicros(), interval, List.of());
    }

    @Test
    void blocksAlternateSoThatSlowDriftTouchesBothAlike() throws IOException {
        var order = new ArrayList<Kind>();
        new CostStudy().measure(2, (kind, block, blocks) -> {
            order.add(kind);
            assertEquals(order.size(), block);
            assertEquals(8, blocks);
            return trial(kind, 1, 0);
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
            var trial = trial(kind, 1, 0);
            var run = trial.run();
            return new Trial(Facts.result(Facts.remote(Facts.of(run.plan()))), trial.latencyMicros(), trial.recorded(),
                    List.of());
        });
        var result = one.result("now", List.of(new Probe(Map.of(), null)), 0.8);
        assertNull(result.ratio().serverCpuMicros());
        assertNull(result.ratio().flights());
        assertNull(result.perCore(0.8));
        assertNull(result.confidence().get("serverCpuMicros").low());
        assertTrue(CostReport.of(result).contains("Give --server-pid"), () -> CostReport.of(result));
    }

    @Test
    void theReportSaysWhatResumptionSaves() throws IOException {
        var text = CostReport.of(measured(2, 0, 0));
        assertTrue(text.contains("At 80 % resumed, one core carries 556 handshakes/s instead of 200."), text);
        assertTrue(text.contains("The server took up 4,000 of 4,000 sessions (100.0 %)."), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("server CPU +5\\.00 ms +1\\.00 ms +5\\.00 .*")), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("flights +4 +3 +1\\.33")), text);
        assertFalse(text.contains("UNFIT"), text);
        assertTrue(CostReport.of(measured(2, 0, 5)).replace('\n', ' ')
                .contains("hold the full handshakes that were done instead"));
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
        study.measure(1, (kind, block, _) -> trial(kind, 1, 0, kind == Kind.FULL ? "A" : "B"));
        var result = study.result("now", List.of(new Probe(Map.of(Kind.FULL, 4, Kind.RESUMED, 3), "RSA CN=a"),
                new Probe(Map.of(Kind.FULL, 6, Kind.RESUMED, 3), "ECDSA CN=b")), 0.5);
        assertEquals(List.of("cipher suites (A, B)", "certificates (RSA CN=a, ECDSA CN=b)",
                "numbers of flights when full (4, 6)"), result.unlike());
        assertTrue(CostReport.of(result).startsWith("NOT ALIKE: handshakes had different cipher suites (A, B); "),
                () -> CostReport.of(result));
        var page = HtmlPage.of(Report.cost(List.of(result)).pages().make());
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
                few.unlike(), reasons);
        assertTrue(CostReport.unfit(result).startsWith("the generator was the bottleneck in some blocks, because one;"
                + " two; three; and for 2 reasons more like these; "), () -> CostReport.unfit(result));
    }

    @Test
    void bytesThatVaryHaveAnInterval() throws IOException {
        var same = measured(2, 0, 0).confidence().get("bytesReceived");
        assertEquals(4, same.low(), 1e-9);
        assertEquals(4, same.high(), 1e-9);
        var study = new CostStudy();
        study.measure(2, (kind, block, _) -> trial(kind, 1, 0, "A", block > 4 ? 550 : 500));
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
                        .anyMatch(line -> line.matches(" +finished p99 +3\\.00 ms +1\\.00 ms +3\\.00.*")),
                () -> CostReport.of(result));
    }

    /** What was reckoned with is in the file, and a report of it says the same. */
    @Test
    void theShareIsKept() throws IOException {
        var study = new CostStudy();
        study.measure(1, (kind, _, _) -> trial(kind, 1, 0));
        var file = directory.resolve("cost.json");
        Files.writeString(file,
                CostResult.toJson(List.of(study.result("now", List.of(new Probe(Map.of(), null)), 0.5))));
        var saving = CostResult.read(file).getFirst().saving();
        assertEquals(new CostResult.Saving(0.5, 200.0, 1e6 / 3000, null), saving);
        var sentence = "At 50 % resumed, one core carries 333 handshakes/s instead of 200.";
        assertTrue(Report.read(directory).text().contains(sentence), () -> "no: " + sentence);
    }

    /** One block of which too little was seen is enough: its share of the whole is not known. */
    @Test
    void withoutEnoughOfTheServersTimeNothingIsSaidOfIt() throws IOException {
        var study = new CostStudy();
        study.measure(1, (kind, block, _) -> {
            var trial = trial(kind, 1, 0);
            var run = trial.run();
            return block != 3
                    ? trial
                    : new Trial(new RunResult(run.tool(), run.startedAt(), run.measuredSeconds(), false, run.plan(),
                            run.target(), run.host(), run.client(), run.outcomes(), run.kinds(), run.resumption(), null,
                            null, 0, List.of(), List.of(), List.of(), run.negotiated(), run.generator(),
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
    void theIntervalIsStudents() {
        // Mean 0, standard error 1 / sqrt(4); t of 3 degrees of freedom is 3.182.
        var logs = List.of(-Math.sqrt(0.75), -Math.sqrt(0.75), Math.sqrt(0.75), Math.sqrt(0.75));
        var interval = CostStudy.interval(logs);
        assertEquals(1.591, Math.log(interval.high()), 0.001);
        assertEquals(-1.591, Math.log(interval.low()), 0.001);
        assertNull(CostStudy.interval(List.of(1.0)).low());
    }

    @Test
    void severalVersionsStandSideBySideAndTheFirstAlsoOnTop() throws IOException {
        var result = measured(1, 0, 0);
        var json = JsonMapper.builder().build().readTree(CostResult.toJson(List.of(result, result)));
        assertEquals(5, json.at("/ratio/serverCpuMicros").doubleValue(), 0.01);
        assertEquals(2, json.at("/versions").size());
        assertEquals(5000, json.at("/versions/1/full/serverCpuMicros").doubleValue(), 1);
        var single = JsonMapper.builder().build().readTree(CostResult.toJson(List.of(result)));
        assertTrue(single.at("/versions").isMissingNode());
        assertEquals(3, single.at("/ratio/latencyMicros/p99").doubleValue(), 0.01);
    }

    @Test
    void whatIsWeakIsSaidFirst() throws IOException {
        var side = new CostResult.Side(1, null, Map.of(), null, null, null, null, null,
                List.of(new RunResult.NegotiatedRow("TLSv1.0", "TLS_RSA_WITH_RC4_128_SHA", null, null, 1)), null);
        var strong = measured(1, 0, 0);
        var weak = new CostResult(strong.tool(), "now", strong.plan(), strong.target(), strong.host(), strong.client(),
                1,
                strong.full(), side, strong.ratio(), strong.confidence(), strong.resumption(), null, List.of(),
                List.of());
        assertTrue(RunWords.weak(strong.negotiated()) == null, strong::toString);
        assertEquals("WEAK", RunWords.weak(weak.negotiated()).lead());
    }

    /** The machine gets slower from block to block. */
    private static CostResult measured(int groups, double drift, int declined) throws IOException {
        var study = new CostStudy();
        study.measure(groups, (kind, block, _) -> trial(kind, 1 + drift * block, declined));
        return study.result("now", List.of(new Probe(Map.of(Kind.FULL, 4, Kind.RESUMED, 3), "RSA CN=a")), 0.8);
    }
}
