package dev.shakedown.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.report.CapacityReport;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the server's CPU time per handshake shows that the machine became slower or faster by itself. */
class MachineDriftTest {
    private static Step step(double rate, double achieved, Double cpuMicros) {
        return step("narrow", rate, achieved, cpuMicros);
    }

    private static Step step(String purpose, double rate, double achieved, Double cpuMicros) {
        return new Step(purpose, rate, 10, true, null, achieved, 0, Distribution.EMPTY, null,
                cpuMicros == null ? null : cpuMicros * achieved / 1e6, cpuMicros, null, null);
    }

    /**
     * Compares a run at 400/s with 2000 µs of CPU each with another: arrivals due, handshakes completed, CPU time each.
     */
    @ParameterizedTest(name = "{5}")
    @CsvSource({"400, 400, 2800, 2000, 2800, the same rate", "436, 436, 2100, 2000, 2100, within 10 %",
        "370, 370, 1500, 1500, 2000, quicker", "445, 445, 2800, , , another load",
        "400, 400, 2050, , , within the precision",
        "400, 400, 2065, , , beyond it by less than a clock tick at both ends of both runs",
        "430, 400, 2150, , , no more than its backlog explains",
        "430, 400, 2800, 2000, 2604.65, more than its backlog explains", "400, 0, , , , nothing completed",
        "400, 400, , , , not watched"})
    void onlyRunsThatAreAlikeTell(double rate, double achieved, Double micros, Double low, Double high, String what) {
        for (var steps : List.of(List.of(step(400, 400, 2000.0), step(rate, achieved, micros)),
                List.of(step(rate, achieved, micros), step(400, 400, 2000.0)))) {
            var moved = MachineDrift.during(steps, 0.03);
            assertEquals(low, moved.map(MachineDrift::lowMicros).orElse(null), what);
            assertEquals(high, moved.map(all -> Math.round(100 * all.highMicros()) / 100.0).orElse(null), what);
        }
    }

    /** Forty handshakes of 2 ms per second are 8 % of a core, as much as other work of the server may take. */
    @Test
    void aServerThatIsHardlyBusyTellsNothing() {
        assertEquals(Optional.empty(),
                MachineDrift.during(List.of(step(40, 40, 2000.0), step(40, 40, 3000.0)), 0.03));
    }

    /** Tries of the first rate may differ because the server was cold, but not later ones. */
    @Test
    void aServerThatWarmsUpIsNoMachineThatMoves() {
        var cold = step("bracket", 400, 400, 3000.0);
        var warm = step("bracket", 400, 400, 2000.0);
        assertEquals(Optional.empty(), MachineDrift.during(List.of(cold, warm), 0.03));
        assertEquals(Optional.of(new MachineDrift(2000, 2600)),
                MachineDrift.during(List.of(warm, step("confirm", 400, 400, 2600.0)), 0.03));
    }

    @Test
    void theTwoThatDifferMostAreNamed() {
        var steps = List.of(step(400, 400, 2000.0), step(410, 410, 2500.0), step(420, 420, 3000.0),
                step(800, 800, 1000.0));
        assertEquals(Optional.of(new MachineDrift(2000, 3000)), MachineDrift.during(steps, 0.03));
    }

    @Test
    void theReportSaysIt() throws IOException {
        var model = new SearchModel(400);
        model.cpuMicros = (run, _) -> run <= 6 ? 1_500 : 2_200;
        var result = model.search(100, 1e6);
        var moved = result.capacity().machineMoved();
        assertEquals(1_500, moved.lowMicros());
        assertEquals(2_200, moved.highMicros(), 2, "the last of those due completed beyond the run");
        assertEquals(List.of(1_500.0, 2_200.0),
                List.of(result.steps().getFirst().serverCpuMicros(), result.steps().getLast().serverCpuMicros()));
        var text = CapacityReport.of(result).replaceAll("\\s+", " ");
        assertTrue(text.contains(". This machine changed speed during the search: the server took 1,500 to 2,199 µs of"
                + " CPU per handshake at rates within 10 % of each other. That spread exceeds the precision of 3 %; the"
                + " answer is as uncertain. offered/s"), text);
        assertTrue(Report.capacity(List.of(result)).pages().make().warnings().contains(
                CapacityReport.drift(result).orElseThrow()));
    }

    @Test
    void itsFileHasIt(@TempDir Path directory) throws IOException {
        var model = new SearchModel(400);
        model.cpuMicros = (run, _) -> run <= 6 ? 1_500 : 2_200;
        var result = model.search(100, 1e6);
        var file = Files.writeString(directory.resolve(Report.CAPACITY), CapacityResult.toJson(List.of(result)));
        assertEquals(List.of(result), CapacityResult.read(file));
        var json = JsonMapper.builder().build().readTree(file.toFile());
        assertEquals(1_500, json.at("/capacity/machineMoved/lowMicros").doubleValue());
        assertEquals(result.capacity().machineMoved().highMicros(),
                json.at("/capacity/machineMoved/highMicros").doubleValue());
        assertEquals(1_500, json.at("/steps/0/serverCpuMicros").doubleValue());
        assertTrue(CapacityResult.toJson(List.of(new SearchModel(400).search(100, 1e6))).lines()
                .noneMatch(line -> line.contains("machineMoved")));
    }

    /** The more a server has to do at once, the less each handshake costs. */
    @Test
    void whatTheLoadExplainsIsNoMove() throws IOException {
        var model = new SearchModel(400);
        model.cpuMicros = (_, rate) -> 1_500 + 20_000 / rate;
        var result = model.search(100, 1e6);
        assertNull(result.capacity().machineMoved());
        assertTrue(CapacityReport.drift(result).isEmpty());
    }
}
