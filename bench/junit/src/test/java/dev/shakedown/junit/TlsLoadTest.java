package dev.shakedown.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.RunResult;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Test classes with loads, each run by an engine of its own. */
@Tag("interop")
@Timeout(120)
class TlsLoadTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        Loads.server = TlsServer.start(TlsServerOptions.defaults());
    }

    @AfterAll
    static void stop() {
        Loads.server.close();
    }

    @Test
    void aTestWhoseObjectiveHoldsGetsTheResult() throws IOException {
        assertEquals(Map.of("itHolds", "passed"), EngineRun.judged(Loads.Held.class, directory).ends());
        var written = EngineRun.entries(directory).getLast();
        assertTrue(written.getFileName().toString().matches("\\d{8}-\\d{6}-Held\\.itHolds(-\\d+)?"), written::toString);
        assertEquals(2, RunResult.read(written.resolve("run.json")).rows().objective().size());
        assertTrue(Files.readString(written.resolve("report.html")).contains("max"));
    }

    @Test
    void aMissedObjectiveFailsTheTestBeforeItRuns() {
        var run = EngineRun.judged(Loads.Missed.class, directory);
        var words = assertInstanceOf(AssertionFailedError.class, run.thrown().get("itMisses")).getMessage();
        assertTrue(words.matches("objective missed: p50 [0-9.]+ m?s?µ?s? \\(limit 1\\.00 µs\\); results in .*"), words);
        assertTrue(Files.exists(Path.of(words.replaceFirst(".*results in ", ""))), words);
        assertFalse(Loads.Missed.ran);
    }

    @Test
    void aGeneratorThatIsUnfitAbortsTheTest() {
        var words = assertInstanceOf(TestAbortedException.class,
                EngineRun.of(Loads.Overloaded.class, directory).thrown().get("itIsTooMuch")).getMessage();
        assertTrue(words.startsWith("the generator or its machine may have distorted the figures, because ")
                || words.startsWith("this machine cannot make the load: "), words);
    }

    @Test
    void aServerThatIsNotThereFailsTheTest() {
        var words = EngineRun.judged(Loads.Unanswered.class, directory).thrown().get("nobodyListens").getMessage();
        assertTrue(words.startsWith("no handshake completed: "), words);
    }

    @Test
    void aClassSaysItForEachOfItsTests() throws IOException {
        assertEquals(Map.of("asTheClass", "passed", "asTheMethod", "passed", "asTheClassAround", "passed"),
                EngineRun.judged(Loads.OnAClass.class, directory).ends());
        var loads = EngineRun.entries(directory).stream().map(path -> path.getFileName().toString().substring(16));
        assertTrue(loads.toList().containsAll(List.of("OnAClass.asTheClass", "OnAClass.asTheMethod",
                "Within.asTheClassAround")));
    }

    @Test
    void aServerIsNamedInManyWays() {
        assertEquals(Map.of("address", "passed", "everywhere", "passed", "port", "passed", "words", "passed", "target",
                "passed"), EngineRun.judged(Loads.Kinds.class, directory).ends());
    }
}
