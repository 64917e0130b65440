package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.report.CapacityReport;
import dev.shakedown.results.HostPort;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/** The capacity of targets that have as many workers, each occupied by a handshake for as long, is known. */
@Tag("interop")
@Timeout(180)
class CapacityCommandTest {
    /** How often a search is made of which its own generator says that it was at fault. */
    private static final int TRIES = 3;

    @TempDir
    private Path directory;
    private Path out;

    @BeforeEach
    void chooseDirectory() {
        out = directory.resolve("out");
    }

    /**
     * Runs are long against the stalls of a busy machine, and the objective is loose: a worker that is asked for too
     * much is told by its backlog, not by a stall that its tail remembers.
     */
    @Tag("truth")
    @Timeout(480)
    @ParameterizedTest
    @CsvSource({"5, 1, resumed=1, 1.2", "20, 6, 'full=1,resumed=1', 1.3", "8, 1, full=1, 1.3",
        "4, 1, 'full=1,resumed=3', 1.2"})
    void theTruthIsFound(int serviceMillis, int workers, String mix, String tls) throws IOException {
        try (var target = target(serviceMillis, workers)) {
            assertFindsTruth(HostPort.of(target.address()), serviceMillis, workers, mix, tls);
        }
    }

    /** The same by the command line alone, with the target in a process of its own. */
    @Tag("truth")
    @Timeout(480)
    @Test
    void theTruthIsFoundOfATargetThatStandsAlone() throws IOException {
        var process = java("server", "--listen", "127.0.0.1:0", "--threads", "1", "--service-time", "10ms", "--workers",
                "4").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            var address = out.readLine().replaceFirst(".*?(127\\.0\\.0\\.1:\\d+),.*", "$1");
            assertEquals("each handshake occupies one of 4 workers for 10.000 ms: 400.0 a second",
                    out.lines().filter(line -> line.startsWith("each ")).findFirst().orElseThrow());
            assertFindsTruth(address, 10, 4, "full=1", "1.2");
        } finally {
            process.destroy();
        }
    }

    private void assertFindsTruth(String target, int serviceMillis, int workers, String mix, String tls)
            throws IOException {
        var truth = workers * 1000.0 / serviceMillis;
        var run = fit(target, "--objective", "p99<" + (serviceMillis + 250) + "ms,failures<0.1%", "--mix", mix, "--tls",
                tls, "--precision", "2%", "--from", String.valueOf(truth / 1.4), "--step", "3s", "--confirm", "5s",
                "--warmup", "300ms", "--format", "json");
        assertEquals(0, run.exitCode(), run::toString);
        var found = JsonMapper.builder().build().readTree(run.out());
        assertEquals(truth, found.at("/capacity/ratePerSecond").doubleValue(), 0.03 * truth, run::toString);
        assertEquals("server", found.at("/capacity/limitedBy").textValue());
        assertEquals(run.out(), Files.readString(out.resolve("capacity.json")));
        assertTrue(run.err().contains("bracket: trying ") && run.err().contains(" held, "), run::err);
    }

    /** Four times what the server can do leaves it with seconds of work, on which no other run may begin. */
    @Tag("truth")
    @Timeout(480)
    @Test
    void aRunBeginsOnlyWhenTheServerHasDoneWithTheOneBefore() throws IOException {
        try (var target = target(20, 1)) {
            var run = fit(HostPort.of(target.address()), "--objective", "p99<270ms,failures<0.1%", "--mix",
                    "full=1", "--precision", "2%", "--from", "200", "--step", "2500ms", "--confirm", "4s", "--warmup",
                    "300ms");
            assertEquals(0, run.exitCode(), run::toString);
            var found = JsonMapper.builder().build().readTree(out.resolve("capacity.json").toFile());
            assertEquals(50, found.at("/capacity/ratePerSecond").doubleValue(), 1.5, run::toString);
        }
    }

    @Tag("truth")
    @Test
    void aServerThatDoesNotComeToRestIsSaidToBe() throws IOException {
        try (var target = target(100, 1)) {
            var run = run(HostPort.of(target.address()), "--mix", "full=1", "--from", "40", "--step", "600ms",
                    "--warmup", "0s", "--settle", "100ms");
            assertEquals(3, run.exitCode(), run::toString);
            assertTrue(run.err().contains("the server has not become idle within 0.1 s"), run::err);
            assertTrue(run.err().contains("--settle"), run::err);
        }
    }

    /** Full and resumed in turn: what a server needs for each says nothing of the other. */
    @Tag("truth")
    @Test
    void eachMixHasAnAnswerOfItsOwn() throws IOException {
        try (var target = target(10, 1)) {
            var run = fit(HostPort.of(target.address()), "--objective", "p50<2s", "--mix", "full=1", "--mix",
                    "resumed=1", "--tls", "1.2", "--max-rate", "40", "--from", "40", "--step", "1s", "--confirm", "1s",
                    "--warmup", "300ms");
            assertEquals(0, run.exitCode(), run::toString);
            var found = JsonMapper.builder().build().readTree(out.resolve("capacity.json").toFile());
            assertEquals(2, found.get("mixes").size());
            for (var i = 0; i < 2; i++) {
                var one = found.at("/mixes/" + i);
                assertEquals(i == 0 ? 1 : 0, one.at("/capacity/mix/full").asInt());
                assertEquals(40, one.at("/capacity/ratePerSecond").asDouble());
                assertEquals("maxRate", one.at("/capacity/limitedBy").textValue());
            }
            assertEquals(found.get("capacity"), found.at("/mixes/0/capacity"));
            var text = run.out().replaceAll("\\s+", " ");
            assertTrue(text.contains("mix full=1 resumed=0") && text.contains("mix full=0 resumed=1"), text);
        }
    }

    /** Each handshake takes longer than the objective allows, however few there are. */
    @Tag("truth")
    @Test
    void whereNoRateHoldsTheExitCodeIsOne() throws IOException {
        try (var target = target(50, 1)) {
            var run = run(HostPort.of(target.address()), "--objective", "p50<10ms", "--mix", "full=1", "--from",
                    "1", "--step", "300ms", "--warmup", "0s");
            assertEquals(1, run.exitCode(), run::toString);
            assertTrue(run.out().replaceAll("\\s+", " ").contains("holds p50<10ms at no rate that was tried"),
                    run::out);
        }
    }

    /** One connection at a time, of 50 ms each, to a server that would carry 400 a second. */
    @Tag("truth")
    @Test
    void whereTheGeneratorIsTheLimitTheExitCodeIsThree() throws IOException {
        try (var target = target(50, 20)) {
            var run = run(HostPort.of(target.address()), "--objective", "p99<2s", "--mix", "full=1", "--from",
                    "5", "--step", "1s", "--confirm", "1s", "--warmup", "0s", "--source-address", "127.0.0.1",
                    "--connections-per-source", "1");
            assertEquals(3, run.exitCode(), run::toString);
            assertTrue(run.out().replaceAll("\\s+", " ").contains(
                    "the generator is the limit, not the server: this machine ran out of sources"), run::out);
        }
    }

    /** Neither a failure of what was tested nor a proof of it. */
    @Tag("truth")
    @Test
    void aSearchThatCallsItselfUnfitIsNotJudged() throws IOException {
        try (var target = target(50, 20)) {
            var aborted = assertThrows(TestAbortedException.class,
                    () -> fit(HostPort.of(target.address()), "--objective", "p99<2s", "--mix", "full=1",
                            "--from",
                            "80", "--step", "300ms", "--confirm", "300ms", "--warmup", "0s", "--source-address",
                            "127.0.0.1", "--connections-per-source", "1"));
            assertTrue(aborted.getMessage().startsWith("not judged: this machine was busy: 127.0.0.1:")
                    && aborted.getMessage().contains("the generator is the limit, not the server"),
                    aborted::getMessage);
            assertEquals(directory.resolve("out3"), out);
        }
    }

    @Tag("truth")
    @Test
    void aServerThatGoesAwayIsSaidNotToComeToRest() throws Exception {
        var target = target(10, 1);
        var process = java("capacity", HostPort.of(target.address()), "--objective", "p99<2s", "--mix", "full=1",
                "--from", "10", "--step", "1s", "--warmup", "0s", "--settle", "200ms", "--out",
                directory.resolve("out").toString()).start();
        try (target; var err = process.errorReader(StandardCharsets.UTF_8)) {
            assertTrue(err.lines().anyMatch(line -> line.contains("trying 20.0/s; 10.0/s held")));
            target.close();
            var said = err.lines().collect(Collectors.joining("\n"));
            assertEquals(3, process.waitFor(), said);
            assertTrue(said.contains("the server has not become idle within 0.2 s: single handshakes do not complete"),
                    said);
        } finally {
            process.destroyForcibly();
        }
    }

    @Tag("truth")
    @Test
    void anInterruptLeavesWhatWasFoundUntilThen() throws Exception {
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
            var report = CommandRun.of("report", out.toString(), "--details");
            assertTrue(report.out().startsWith("INTERRUPTED: "), report::out);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --workers 2                    | --workers are what --service-time occupies
            --service-time 0s              | --service-time must be longer than nothing
            --service-time 1ms --workers 0 | --workers must be at least 1
            --service-time soon            | 'soon'
            """)
    void aTargetOfNoCapacityIsRefused(String options, String complaint) {
        var run = CommandRun.of(("target --listen 127.0.0.1:0 " + options).split(" +"));
        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains(complaint), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
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

    @Test
    void aServerThatIsNotThereIsSaidToBe() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var run = CommandRun.of("capacity", "127.0.0.1:" + port, "--out", directory.resolve("out").toString());
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(run.err().contains("nothing listens at the target's port"), run::err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --objective p94<1ms | no objective
            --precision 3       | --precision must be from 0.1% to 100%
            --from 0            | --from must be from 0.1
            --rate 5            | Unknown options: '--rate'
            --count 5           | Unknown options: '--count'
            --step 0s           | longer than nothing
            --mix full=0        | full=1,resumed=4
            """)
    void whatIsWrongIsSaid(String options, String complaint) {
        var run = CommandRun.of(("capacity 127.0.0.1:1 " + options).split(" +"));
        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains(complaint), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    /** A search, made again where its generator was at fault; where that stays so, the test ends without a verdict. */
    private CommandRun fit(String target, String... options) throws IOException {
        for (var tries = 1;; tries++) {
            out = directory.resolve("out" + tries);
            var run = run(target, options);
            var unfit = unfit(run);
            if (unfit.isEmpty()) {
                return run;
            }
            if (tries == TRIES) {
                abort("not judged: this machine was busy: " + unfit.get());
            }
        }
    }

    /** What a search found of which the generator was the limit. */
    private Optional<String> unfit(CommandRun run) throws IOException {
        var file = out.resolve("capacity.json");
        return run.exitCode() != 3 || !Files.exists(file)
                ? Optional.empty()
                : CapacityResult.read(file).stream()
                        .filter(result -> result.capacity().limitedBy().equals(Capacity.GENERATOR))
                        .map(CapacityReport::sentence).findFirst();
    }

    private CommandRun run(String target, String... options) {
        var arguments = new ArrayList<>(List.of("capacity", target, "--out", out.toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
