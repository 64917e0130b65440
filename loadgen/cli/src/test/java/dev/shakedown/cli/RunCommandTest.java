package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands as a user runs them. */
@Tag("interop")
@Timeout(60)
class RunCommandTest {
    private static final int WIDTH = 100;

    @TempDir
    private Path directory;

    @Test
    void aRunWithoutTargetLoadsTheEmbeddedOneAndItsReportCanBePrintedAgain() throws IOException {
        var out = directory.resolve("result").toString();
        var run = CommandRun.of("run", "--count", "40", "--warmup", "0s", "--concurrency", "2", "--mix",
                "full=1,resumed=3", "--quiet", "--out", out);
        assertEquals(0, run.exitCode(), run::err);
        assertEquals("", run.err());
        assertTrue(run.out().contains("embedded target"), run::out);
        assertTrue(run.out().contains("shares this machine"), run::out);
        assertEquals(run.out(), CommandRun.of("report", out).out());

        var json = new JsonMapper().readTree(CommandRun.of("report", out, "--format", "json").out());
        assertEquals(json, new JsonMapper().readTree(Files.readString(Path.of(out, "run.json"))));
        assertEquals(40, json.at("/outcomes/planned").asInt());
        assertEquals(40, json.at("/outcomes/completed").asInt());
        assertEquals(30, json.at("/resumption/asked").asInt());
        assertEquals(30, json.at("/resumption/accepted").asInt() + json.at("/resumption/priming").asInt());
        assertEquals(json.at("/resumption/accepted").asInt(), json.at("/kinds/resumed/completed").asInt());
    }

    @Test
    void aRealisticClientTrustsTheEmbeddedTarget() {
        var run = CommandRun.of("run", "--count", "4", "--warmup", "0s", "--client", "realistic", "--quiet",
                "--details", "--out",
                directory.resolve("result").toString());
        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().contains("key-share fresh, premaster fresh, verify always"), run::out);
    }

    /** Its ECDSA certificate lies on P-256: a client without that group gets the RSA one. */
    @ParameterizedTest
    @ValueSource(strings = {"x25519", "secp256r1", "secp384r1"})
    void theEmbeddedTargetServesEachGroupAlone(String group) {
        var run = CommandRun.of("run", "--group", group, "--count", "4", "--warmup", "0s", "--quiet", "--out",
                directory.resolve("result").toString());
        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().contains("  " + group + "  cert "), run::out);
    }

    @Test
    void progressAndWhereResultsLieGoToStandardError() {
        var out = directory.resolve("result").toString();
        var run = CommandRun.of("run", "--count", "4", "--warmup", "0s", "--out", out);
        assertTrue(run.err().contains("results in " + out), run::err);
    }

    @Test
    void helpFitsATerminalAndExplainsEveryOption() {
        var commands = new ArrayList<>(Main.commandLine().getSubcommands().values());
        commands.add(Main.commandLine());
        for (var command : commands) {
            command.getUsageMessage(CommandLine.Help.Ansi.OFF).lines()
                    .forEach(line -> assertTrue(line.length() <= WIDTH, line));
            for (var option : command.getCommandSpec().options()) {
                assertTrue(option.description().length > 0 && !option.description()[0].isBlank(),
                        option.longestName());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void aReportIsWhatTheRunPrinted(String format) throws IOException {
        var out = directory.resolve("result");
        var run = CommandRun.of("run", "--count", "20", "--warmup", "0s", "--quiet", "--format", format, "--out",
                out.toString());
        assertEquals(0, run.exitCode(), run::err);
        for (var named : List.of(out, out.resolve("run.json"))) {
            assertEquals(new CommandRun(0, run.out(), ""),
                    CommandRun.of("report", named.toString(), "--format", format));
        }
        if (format.equals("json")) {
            assertEquals(Files.readString(out.resolve("run.json")), run.out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "run --help", "target --help", "report --help", "--version"})
    void helpIsNoError(String arguments) {
        var run = CommandRun.of(arguments.split(" "));
        assertEquals(0, run.exitCode());
        assertEquals("", run.err());
        assertTrue(run.out().contains("shakedown"), run::out);
    }
}
