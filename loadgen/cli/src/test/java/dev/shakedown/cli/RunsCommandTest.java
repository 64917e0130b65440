package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Results that nobody gave a directory: the last ones are at hand, and the others by their names. */
@Tag("interop")
@Timeout(120)
class RunsCommandTest {
    @TempDir
    private Path directory;

    private record Ended(int exitCode, String out) {}

    /** In a process of its own, whose working directory is the test's. */
    private Ended in(String... arguments) throws IOException, InterruptedException {
        var process = new ProcessBuilder(RunVerdictTest.java(List.of(arguments))).directory(directory.toFile())
                .redirectErrorStream(true).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a privilege there")
    void theLastResultsAreTakenWhereNoneAreNamed() throws IOException, InterruptedException {
        var none = in("report");
        assertEquals(2, none.exitCode, none.out);
        assertTrue(none.out.contains("results/runs holds no results; name a directory, or measure with"), none.out);
        assertEquals(0, in("runs").exitCode);

        var quick = List.of("run", "--count", "8", "--warmup", "0s", "--quiet", "--name");
        var first = in(with(quick, "before"));
        assertEquals(0, first.exitCode, first.out);
        assertTrue(first.out.contains("  page results/runs/latest/report.html  more: shakedown report --details\n")
                || first.out.contains("  page results/runs/latest/report.html\n"), first.out);
        var second = in(with(quick, "after"));
        assertEquals(second.out, in("report").out);
        var runs = directory.resolve("results/runs");
        assertTrue(Files.isSymbolicLink(runs.resolve("latest")));
        assertTrue(Files.readSymbolicLink(runs.resolve("latest")).toString().endsWith("-after"));

        var listed = in("runs").out.lines().toList();
        assertEquals(2, listed.size(), listed::toString);
        assertTrue(listed.getFirst().contains("-after ") && listed.getLast().contains("-before "), listed::toString);
        assertTrue(listed.stream().allMatch(line -> line.length() <= 80 && line.contains("  run ")), listed::toString);

        var compared = in("compare", "--despite", "plan,client,machine");
        assertEquals(0, compared.exitCode, compared.out);
        assertTrue(compared.out.matches("(?s)A  \\S+-before\nB  \\S+-after\n.*"), compared.out);
        var named = in("compare", "after", "before", "--despite", "plan,client,machine");
        assertTrue(named.out.matches("(?s)A  \\S+-after\nB  \\S+-before\n.*"), named.out);
        assertTrue(in("report", "before").out.contains("/report.html"), "of another than the last");
    }

    private static String[] with(List<String> arguments, String name) {
        var all = new ArrayList<>(arguments);
        all.add(name);
        return all.toArray(String[]::new);
    }

    @Test
    void aNameIsOneThatADirectoryCanHave() {
        for (var name : List.of("a b", "../up", "1st", "", "x".repeat(61))) {
            var run = CommandRun.of("run", "--name", name);
            assertEquals(2, run.exitCode(), run::toString);
            assertTrue(run.err().startsWith("shakedown: --name " + name + " must have 1 to 60 letters"), run::err);
        }
        var both = CommandRun.of("run", "--name", "x", "--out", directory.toString());
        assertEquals(2, both.exitCode());
        assertTrue(both.err().contains("--out names another; leave one out"), both::err);
    }
}
