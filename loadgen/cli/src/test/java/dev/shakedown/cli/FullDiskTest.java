package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linux's {@code /dev/full} is a disk without room; a link to it is a file on one. */
@Tag("interop")
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class FullDiskTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--version", "run --help", "run --count 4 --warmup 0s --quiet --format json --out OUT",
        "trace"})
    void whatStandardOutputCannotTakeIsNoSuccess(String arguments) throws IOException, InterruptedException {
        var process = main(arguments).redirectOutput(FULL.toFile()).start();
        assertSaysSo(process, "No space left on device");
    }

    @Test
    void aReaderThatGoesIsNoFaultOfOurs() throws IOException, InterruptedException {
        var process = main("run --help").start();
        process.getInputStream().close();
        assertSaysSo(process, "Broken pipe");
    }

    private static void assertSaysSo(Process process, String because) throws IOException, InterruptedException {
        try {
            assertEquals("shakedown: not all of the output could be written to standard output: " + because + "\n",
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(process.waitFor(40, TimeUnit.SECONDS));
            assertEquals(3, process.exitValue());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private ProcessBuilder main(String arguments) {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), "dev.shakedown.cli.Main"));
        command.addAll(List.of(arguments.replace("OUT", directory.resolve("out").toString()).split(" ")));
        var builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.json", "report.html", "plan.yaml", "csv/phases.csv"})
    void aFileThatIsNotWholeIsNamedAndGoneAndTheReportPrintedAllTheSame(String file) throws IOException {
        var named = directory.resolve(file);
        var part = directory.resolve(file + ".part");
        Files.createDirectories(part.getParent());
        Files.createSymbolicLink(part, FULL);
        var run = CommandRun.of("run", "--rate", "20", "--duration", "200ms", "--warmup", "0s", "--quiet", "--details",
                "--out",
                directory.toString());
        assertEquals(3, run.exitCode(), run::err);
        assertEquals("shakedown: cannot write " + named + ": No space left on device\n", run.err());
        assertTrue(run.out().contains("arrivals: 4 planned = 4 completed"), run::out);
        assertFalse(Files.exists(named), file);
        assertFalse(Files.exists(part, LinkOption.NOFOLLOW_LINKS), file);
    }

    /** A limit on the length of files, in blocks of 512 bytes, is a disk that becomes full on the way. */
    @Test
    void whatWasMeasuredUntilTheDiskWasFullIsReported() throws IOException, InterruptedException {
        // No native library could be unpacked either.
        var java = main("run --rate 50 --duration 50s --warmup 0s --quiet --details --transport nio --out OUT");
        java.command().add(1, "-XX:-UsePerfData");
        java.command().addAll(0, List.of("sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"));
        var process = java.start();
        try {
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("shakedown: cannot write " + directory.resolve("out/intervals.hlog") + ": File too large\n",
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(out.contains("INTERRUPTED") && out.contains("arrivals: "), out);
            assertTrue(process.waitFor(40, TimeUnit.SECONDS));
            assertEquals(3, process.exitValue());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pcap", "--keylog"})
    void aTraceGoesOnWithoutItsFiles(String option) throws IOException {
        var file = Files.createSymbolicLink(directory.resolve("file"), FULL);
        var trace = CommandRun.of("trace", option, file.toString());
        assertEquals(3, trace.exitCode(), trace::err);
        assertEquals("shakedown: cannot write " + file + ": No space left on device\n", trace.err());
        assertTrue(trace.out().contains("Finished"), trace::out);
        assertEquals(CommandRun.of("trace").out().lines().reduce((_, last) -> last).orElseThrow().split(" ")[0],
                trace.out().lines().reduce((_, last) -> last).orElseThrow().split(" ")[0], "to its last line");
    }
}
