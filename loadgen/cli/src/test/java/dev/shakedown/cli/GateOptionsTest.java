package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.comparison.GateResult;
import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.comparison.RowVerdict.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a gate writes, prints and returns of rows that are made up. */
class GateOptionsTest {
    @TempDir
    private Path directory;

    private CommandRun finish(GateResult result, String... arguments) throws IOException {
        var options = new GateOptions();
        var out = new StringWriter();
        var err = new StringWriter();
        var command = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
        command.parseArgs(arguments);
        options.directory = directory;
        var exitCode = options.finish(result, command);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    private static GateResult gate(Verdict... verdicts) {
        return new GateResult("time", "old.jar", "new.jar", 0.03, "a JVM",
                List.of(verdicts).stream().map(verdict -> new RowVerdict("row of " + verdict, verdict, 1.2, 1.1, 1.3,
                        verdict == Verdict.INCONCLUSIVE ? 1.05 : null, 2000.0, 2400.0, "ns", 20, "made up")).toList());
    }

    @ParameterizedTest
    @CsvSource({"PASS, --on-inconclusive=fail, 0", "FAIL, --on-inconclusive=fail, 1",
        "INCONCLUSIVE, --on-inconclusive=fail, 3", "INCOMPARABLE, --on-inconclusive=fail, 4",
        "PASS, --on-inconclusive=warn, 0", "FAIL, --on-inconclusive=warn, 1",
        "INCONCLUSIVE, --on-inconclusive=warn, 0", "INCOMPARABLE, --on-inconclusive=warn, 4"})
    void theWorstRowIsTheExitCode(Verdict worst, String option, int exitCode) throws IOException {
        var run = finish(gate(Verdict.PASS, worst), option, "--details");
        assertEquals(exitCode, run.exitCode(), run::toString);
        assertTrue(run.out().startsWith(worst.name()), run::out);
        assertEquals(worst == Verdict.INCONCLUSIVE && exitCode == 0,
                run.err().contains("some rows are inconclusive (--on-inconclusive=warn)"), run::err);
    }

    @Test
    void standardOutputIsTheFileOfItsFormat() throws IOException {
        var run = finish(gate(Verdict.INCONCLUSIVE), "--format", "json", "--on-inconclusive=warn");
        assertEquals(Files.readString(directory.resolve("gate.json")), run.out());
        var row = JsonMapper.builder().build().readTree(run.out()).at("/rows/0");
        assertEquals("INCONCLUSIVE", row.get("verdict").asText());
        assertEquals(1.05, row.get("detectable").asDouble());
        assertEquals(Files.readString(directory.resolve("gate.md")),
                finish(gate(Verdict.INCONCLUSIVE), "--format", "markdown").out());
    }
}
