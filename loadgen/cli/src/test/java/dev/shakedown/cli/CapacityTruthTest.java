package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.HostPort;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The capacity of targets that have as many workers, each occupied by a handshake for as long, is known: here by the
 * clock, over sockets. What a search does and says beyond that, CapacityCommandTest asks a simulated server.
 */
@Tag("truth")
@Timeout(300)
class CapacityTruthTest {
    /** Of an answer, as a share of the truth, where a search's precision is 3 %. */
    private static final double TOLERANCE = 0.04;

    @TempDir
    private Path directory;

    @Test
    void theTruthIsFound() throws IOException {
        try (var target = target(20, 6)) {
            assertFindsTruth(HostPort.of(target.address()), 20, 6, "full=1,resumed=1", "1.3");
        }
    }

    /** The same by the command line alone, with the target in a process of its own. */
    @Test
    void theTruthIsFoundOfATargetThatStandsAlone() throws IOException {
        var process = java("server", "--listen", "127.0.0.1:0", "--threads", "1", "--service-time", "10ms", "--workers",
                "4").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            var address = out.readLine().replaceFirst(".*?(127\\.0\\.0\\.1:\\d+),.*", "$1");
            assertEquals("each handshake occupies one of 4 workers for 10.000 ms: 400.0 per second",
                    out.lines().filter(line -> line.startsWith("each ")).findFirst().orElseThrow());
            assertFindsTruth(address, 10, 4, "full=1", "1.2");
        } finally {
            process.destroy();
        }
    }

    /**
     * The two first rates lie on either side of the truth, so that few runs narrow it down. The runs are long against
     * the stalls of a busy machine, and the objective is loose: a worker that is asked for too much is told by its
     * backlog, not by a stall that its tail remembers.
     */
    private void assertFindsTruth(String target, int serviceMillis, int workers, String mix, String tls)
            throws IOException {
        var truth = workers * 1000.0 / serviceMillis;
        var search = FitSearch.of(directory, rate -> Math.abs(rate - truth) < TOLERANCE * truth,
                out -> CommandRun.of("capacity", target, "--out", out.toString(),
                        "--objective", "p99<1s,failures<0.1%", "--mix", mix, "--tls", tls,
                        "--precision", "3%", "--from", String.valueOf(truth / 1.15), "--max-rate",
                        String.valueOf(1.15 * truth), "--step", "2s", "--confirm", "3s", "--warmup", "200ms",
                        "--format",
                        "json"));
        var run = search.run();
        assertEquals(0, run.exitCode(), run::toString);
        var found = JsonMapper.builder().build().readTree(run.out());
        assertEquals(truth, found.at("/capacity/ratePerSecond").doubleValue(), TOLERANCE * truth, run::toString);
        assertEquals("server", found.at("/capacity/limitedBy").textValue());
        assertEquals(run.out(), Files.readString(search.out().resolve("capacity.json")));
        assertTrue(run.err().contains("bracket: trying ") && run.err().contains(" held, "), run::err);
    }

    @Test
    void anInterruptLeavesWhatWasFoundUntilThen() throws Exception {
        var out = directory.resolve("out");
        try (var target = target(10, 1)) {
            var process = java("capacity", HostPort.of(target.address()), "--objective", "p99<2s", "--mix",
                    "full=1", "--from", "10", "--step", "1s", "--warmup", "0s", "--out", out.toString()).start();
            try (var err = process.errorReader(StandardCharsets.UTF_8)) {
                var second = err.lines().filter(line -> line.contains("trying 20.0/s; 10.0/s held")).findFirst();
                assertTrue(second.isPresent());
                process.toHandle().destroy();
                var said = err.lines().collect(Collectors.joining("\n"));
                assertEquals(3, process.waitFor(), said);
            } finally {
                process.destroyForcibly();
            }
            var found = JsonMapper.builder().build().readTree(out.resolve("capacity.json").toFile());
            assertEquals("interrupted", found.at("/capacity/limitedBy").textValue());
            assertEquals(10, found.at("/capacity/ratePerSecond").doubleValue());
            var report = CommandRun.of("report", out.toString());
            assertTrue(report.out().contains("INTERRUPTED: "), report::out);
        }
    }

    private static TlsServer target(int serviceMillis, int workers) throws IOException {
        return TlsServer.start(
                TlsServerOptions.defaults().withWorkers(Duration.ofMillis(serviceMillis).toNanos(), workers));
    }

    private static ProcessBuilder java(String... arguments) {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), "dev.shakedown.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
