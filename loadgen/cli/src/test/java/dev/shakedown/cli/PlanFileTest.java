package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.load.Schedule.Phase;
import dev.shakedown.load.Schedule.Shape;
import dev.shakedown.run.LoadShapes;
import dev.shakedown.run.PlanFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans of phases: what they hold, what is wrong with them, and that they repeat a run. */
@Tag("interop")
class PlanFileTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            plan.yaml | arrivals: poisson\\noptions:\\n  mix: full=1\\nphases:\\n- {duration: 2s, rate: 5}\\n\
            - {name: b, duration: 3s, burst: {count: 9, every: 1s}}
            plan.json | {"arrivals": "poisson", "options": {"mix": "full=1"}, \
            "phases": [{"duration": "2s", "rate": 5}, \
            {"name": "b", "duration": "3s", "burst": {"count": 9, "every": "1s"}}]}
            """)
    void yamlAndJsonAreTheSame(String name, String text) throws IOException {
        var plan = PlanFile.read("--plan", Files.writeString(directory.resolve(name), text.translateEscapes()));
        assertEquals(List.of(new Phase("phase 1", 2 * SECOND, 5, 5, 1), new Phase("b", 3 * SECOND, 9, 9, 9)),
                plan.schedule("--plan", null).phases());
        assertEquals(Shape.POISSON, plan.schedule("--plan", null).shape());
        assertEquals(Shape.CONSTANT, plan.schedule("--plan", Shape.CONSTANT).shape());
        assertEquals(List.of("--mix=full=1"), plan.arguments(Set.of("tls")));
        assertEquals(List.of(), plan.arguments(Set.of("mix")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            phases: []                                                   | must have from 1 to 200 phases
            phase: [] | line 1: 'phase' is not known here; write one of
            phase: [], phases: []                                        | line 1
            phases: [{duration: 5s, raet: 5}]                            | did you mean rate?
            phases: [{duration: 5s, ramp: {from: 1}}]                    | ramp, must have from and to
            phases: [{duration: 5s, burst: {count: some, every: 1s}}]    | count: 'some' is not a whole number
            phases: [{duration: 5s, rate: [1]}]                          | line 1
            {phases: [{duration: 5s, rate: 1}], arrivals: poison} | arrivals: 'poison' is not one of constant, poisson
            phases: [{rate: 5}]                                          | phase 1, duration is missing
            phases: [{rate: 5, duration: 5}] | did you mean 5s?
            phases: [{duration: 5s}]                                     | phase 1 must have exactly one of rate, ramp
            phases: [{duration: 5s, rate: 1, ramp: {from: 1, to: 2}}]    | phase 1 must have exactly one of rate, ramp
            phases: [{duration: 5s, rate: -1}]                           | line 1: rate: '-1' is not a rate
            phases: [{duration: 5s, rate: 0}]                            | no phase has a rate above 0
            phases: [{duration: 5s, ramp: {from: 0, to: 0}}]             | from 0 to 0 makes no load
            phases: [{duration: 5s, burst: {count: 0, every: 1s}}]       | count must be at least 1
            phases: [{duration: 5s, burst: {count: 5}}]                  | burst, every is missing
            phases: [{duration: 5s, rate: 1, colour: red}]               | 'colour' is not known here; write one of
            phases: [                                                    | line 1: this is not valid YAML
            """)
    void aMalformedPlanIsRefused(String text, String complaint) throws IOException {
        var file = Files.writeString(directory.resolve("plan.yaml"), text);
        var run = CommandRun.of("run", "--plan", file.toString(), "--out", directory.resolve("out").toString());
        assertEquals(2, run.exitCode(), run::err);
        assertTrue(run.err().contains(complaint), run::err);
        assertTrue(run.err().endsWith(" (see 'shakedown run --help')\n"), run::err);
        assertEquals(run.err().indexOf("(see"), run.err().lastIndexOf("(see"), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --ramp 1:2               | write FROM:TO:TIME
            --ramp 1:2:0s            | '0s' is not a time above 0
            --ramp 0:0:5s            | from 0 to 0 makes no load
            --ramp 1:x:5s            | 'x' is not a rate
            --steps 1,2              | write R1,R2,...:TIME
            --steps 0,0:1s           | has no rate above 0
            --steps 1,,2:1s          | '' is not a rate
            --burst 5                | write N:EVERY
            --burst 0:1s             | must begin 1 to 9999999 handshakes at once
            --burst 5:1x             | '1x' is not a duration
            --ramp 1:2:1s --rate 5   | --rate and --ramp cannot be used together
            --burst 5:1s --concurrency 5 | --concurrency and --burst cannot be used together
            --steps 1:1s --duration 5s | --duration cannot be used with --steps
            --plan nowhere.yaml      | cannot be read
            --arrivals poisson       | is for open loops; add --rate
            """)
    void aMalformedShapeIsRefused(String options, String complaint) {
        var run = CommandRun.of(("run " + options).split(" +"));
        assertEquals(2, run.exitCode(), run::err);
        assertTrue(run.err().contains(complaint), run::err);
    }

    /** The first run's own plan does the same again, with what the command line says now going first. */
    @Test
    void aRunsPlanRepeatsIt() throws IOException {
        var first = run("first", "--steps", "50,0,100:500ms", "--max-late", "7s", "--tls", "1.3", "--mix",
                "full=2,resumed=1");
        var again = run("again", "--plan", directory.resolve("first").resolve(PlanFile.NAME).toString(), "--tls",
                "1.2");
        for (var same : List.of("/plan/ratePerSecond", "/plan/arrivals", "/plan/durationSeconds", "/plan/mix",
                "/outcomes/planned", "/loadPhases/2/outcomes/planned")) {
            assertEquals(first.at(same), again.at(same), same);
        }
        assertEquals(75, first.at("/outcomes/planned").intValue());
        assertEquals(25, first.at("/loadPhases/0/outcomes/planned").intValue());
        assertEquals(0, first.at("/loadPhases/1/outcomes/planned").intValue());
        assertEquals(7, first.at("/plan/maxLateSeconds").doubleValue());
        assertEquals(7, again.at("/plan/maxLateSeconds").doubleValue());
        assertEquals("1.3", first.at("/plan/tls").textValue());
        assertEquals("1.2", again.at("/plan/tls").textValue());
    }

    /** Whatever shape it had: every phase, its arrivals, and what each event loop's chance made of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --ramp 10:200:1s                         | 10 | 105
            --ramp 200:0:1s --arrivals poisson --threads 2 | 10 |
            --steps 50,0,100:300ms                   | 3  | 45
            --burst 20:400ms --duration 1s           | 0  | 60
            --rate 100 --arrivals poisson --duration 700ms --threads 3 | 0 |
            --rate 30 --duration 1001ms              | 0  | 31
            """)
    void theSameAgain(String options, int phases, Integer planned) throws IOException {
        var first = run("first", (options + " --no-tickets --mix full=1 --close notify").split(" +"));
        var file = directory.resolve("first").resolve(PlanFile.NAME);
        var again = run("again", "--plan", file.toString());
        for (var same : List.of("/plan", "/client", "/outcomes", "/generator/threads")) {
            assertEquals(first.at(same), again.at(same), same);
        }
        assertEquals(false, again.at("/plan/tickets").booleanValue());
        assertEquals(phases, first.at("/loadPhases").size());
        for (var i = 0; i < phases; i++) {
            for (var same : List.of("/name", "/startSeconds", "/seconds", "/fromPerSecond", "/toPerSecond",
                    "/outcomes/planned")) {
                assertEquals(first.at("/loadPhases/" + i + same), again.at("/loadPhases/" + i + same), same);
            }
        }
        if (planned != null) {
            assertEquals(planned, first.at("/outcomes/planned").intValue());
        }
        assertEquals(Files.readString(file), Files.readString(directory.resolve("again").resolve(PlanFile.NAME)));
    }

    @Test
    void equalPhasesAreNumberedApart() throws IOException {
        var plan = PlanFile.read("--plan", Files.writeString(directory.resolve("plan.yaml"),
                "phases: [{duration: 2s, rate: 5}, {duration: 2s, rate: 5}]"));
        assertEquals(List.of("phase 1", "phase 2"),
                plan.schedule("--plan", null).phases().stream().map(Phase::name).toList());
    }

    @ParameterizedTest
    @CsvSource({"1000, 0.001ms", "500000000, 0.500s", "1500000, 1.500ms", "60000000000, 60s",
        "35999999940000000, 35999999.940s"})
    void timesAreReadAsTheyWereWritten(long nanos, String text) {
        assertEquals(text, LoadShapes.text(nanos));
        assertEquals(nanos, LoadShapes.nanos("--plan", text));
    }

    private JsonNode run(String out, String... options) throws IOException {
        var arguments = new ArrayList<>(List.of("run", "--warmup", "100ms", "--quiet", "--format", "json", "--out",
                directory.resolve(out).toString()));
        arguments.addAll(List.of(options));
        var run = CommandRun.of(arguments.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run::err);
        return JsonMapper.builder().build().readTree(run.out());
    }
}
