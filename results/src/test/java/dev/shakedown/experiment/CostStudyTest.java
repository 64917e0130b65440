package dev.shakedown.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.experiment.CostStudy.Probe;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Kind;
import dev.shakedown.results.RunRows.NegotiatedRow;
import dev.shakedown.results.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Full against resumed handshakes, with a server whose costs are known. */
class CostStudyTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    @Test
    void blocksAlternateSoThatSlowDriftTouchesBothAlike() throws IOException {
        var order = new ArrayList<Kind>();
        new CostStudy().measure(2, (kind, block, blocks) -> {
            order.add(kind);
            assertEquals(order.size(), block);
            assertEquals(8, blocks);
            return new CostBlock(kind, 1, 0).trial();
        });
        assertEquals("FRRFRFFR", order.stream().map(kind -> kind.name().substring(0, 1)).collect(Collectors.joining()));
    }

    @Test
    void knownCostsAreFound() throws IOException {
        var result = CostBlock.measured(3, 0.01, 0);
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
            var trial = new CostBlock(kind, 1, 0).trial();
            var run = trial.run();
            return new Trial(Facts.result(Facts.remote(Facts.of(run.plan()))), trial.latencyMicros(), trial.recorded(),
                    List.of());
        });
        var result = one.result("2026-01-01T00:00:00Z", List.of(new Probe(Map.of(), null)), 0.8);
        assertNull(result.ratio().serverCpuMicros());
        assertNull(result.ratio().flights());
        assertNull(result.perCore(0.8));
        assertNull(result.confidence().get("serverCpuMicros").low());
        assertTrue(CostReport.of(result).contains("Give server process"), () -> CostReport.of(result));
    }

    /** A slow pair and a fast one: pooled, the slow blocks would decide the quantile. */
    @Test
    void anEstimateLiesWithinItsOwnInterval() throws IOException {
        var slower = Map.of(Kind.FULL, List.of(1.0, 1.1, 5.0, 1.2), Kind.RESUMED, List.of(1.0, 1.5, 4.0, 0.9));
        var at = new EnumMap<Kind, Integer>(Map.of(Kind.FULL, 0, Kind.RESUMED, 0));
        var study = new CostStudy();
        study.measure(2,
                (kind, _, _) -> new CostBlock(kind, slower.get(kind).get(at.merge(kind, 1, Integer::sum) - 1), 0)
                        .trial());
        var result = study.result("2026-01-01T00:00:00Z", List.of(new Probe(Map.of(), null)), 0.8);
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

    /** Two times that the histogram cannot tell apart have no quotient. */
    @Test
    void phasesTooShortToMeasureHaveNoRatio() throws IOException {
        var result = CostBlock.measured(1, 0, 0);
        assertTrue(result.full().phases().get("begun").p50() < 0.1);
        assertNull(result.ratio().phases().get("begun").p50());
        assertTrue(CostReport.of(result).lines()
                .anyMatch(line -> line.matches(" +begun p50 +<0\\.1 µs +<0\\.1 µs +-")), () -> CostReport.of(result));
    }

    @Test
    void whatWasAgreedOnIsPublished() throws IOException {
        var result = CostBlock.measured(2, 0, 0);
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
    void bytesThatVaryHaveAnInterval() throws IOException {
        var same = CostBlock.measured(2, 0, 0).confidence().get("bytesReceived");
        assertEquals(4, same.low(), 1e-9);
        assertEquals(4, same.high(), 1e-9);
        var study = new CostStudy();
        study.measure(2, (kind, block, _) -> new CostBlock(kind, 1, 0, "A", block > 4 ? 550 : 500, CostBlock.HANDSHAKES)
                .trial());
        var varying = study.result("2026-01-01T00:00:00Z", List.of(new Probe(Map.of(), null)), 0.8).confidence()
                .get("bytesReceived");
        assertTrue(varying.low() < 2000 / 550.0 && varying.high() > 4, varying::toString);
    }

    @Test
    void phasesHaveTheirRatiosToo() throws IOException {
        var result = CostBlock.measured(1, 0, 0);
        assertEquals(3, result.ratio().phases().get("finished").p50(), 0.01);
        assertEquals(3, result.ratio().phases().get("finished").p99(), 0.01);
        assertTrue(
                CostReport.of(result).lines()
                        .anyMatch(line -> line.matches(" +finished p99 +3\\.00 ms\\* +1\\.00 ms\\* +3\\.00.*")),
                () -> CostReport.of(result));
    }

    /** The share of resumption is in the file, and a report of the file says the same. */
    @Test
    void theShareIsKept() throws IOException {
        var study = new CostStudy();
        study.measure(1, (kind, _, _) -> new CostBlock(kind, 1, 0).trial());
        var file = directory.resolve("cost.json");
        Files.writeString(file,
                CostResult.toJson(
                        List.of(study.result("2026-01-01T00:00:00Z", List.of(new Probe(Map.of(), null)), 0.5))));
        var saving = CostResult.read(file).getFirst().saving();
        assertEquals(new CostResult.Saving(0.5, 200.0, 1e6 / 3000, null), saving);
        var sentence = "At 50 % resumed, one core carries 333 handshakes/s instead of 200.";
        assertTrue(Report.read(directory, Setting.Names.OWN).text().contains(sentence), () -> "no: " + sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ratePerSecond", "durationSeconds"})
    void aFileThatDoesNotSayWhatWasOfferedIsRefused(String name) throws IOException {
        var json = (ObjectNode) JSON.readTree(CostResult.toJson(List.of(CostBlock.measured(1, 0, 0))));
        var file = directory.resolve("cost.json");
        Files.writeString(file, json.toString());
        Report.read(directory, Setting.Names.OWN);
        ((ObjectNode) json.get("plan")).remove(name);
        Files.writeString(file, json.toString());
        assertEquals(file + " is not a whole result: it lacks parts that every cost.json has",
                assertThrows(IOException.class, () -> Report.read(directory, Setting.Names.OWN)).getMessage());
    }

    @Test
    void severalVersionsStandSideBySideAndTheFirstAlsoOnTop() throws IOException {
        var result = CostBlock.measured(1, 0, 0);
        var json = JSON.readTree(CostResult.toJson(List.of(result, result)));
        assertEquals(5, json.at("/ratio/serverCpuMicros").doubleValue(), 0.01);
        assertEquals(2, json.at("/versions").size());
        assertEquals(5000, json.at("/versions/1/full/serverCpuMicros").doubleValue(), 1);
        var single = JSON.readTree(CostResult.toJson(List.of(result)));
        assertTrue(single.at("/versions").isMissingNode());
        assertEquals(3, single.at("/ratio/latencyMicros/p99").doubleValue(), 0.01);
    }
}
