package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.HostPort;
import dev.shakedown.results.RunResult;
import dev.shakedown.run.RunVerdict;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** When a run's figures are no good, and when it goes on or not, whatever the figures. */
@Tag("interop")
@Timeout(60)
class RunVerdictTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;
    private Path out;

    @BeforeEach
    void chooseDirectory() {
        out = directory.resolve("out");
    }

    /** A server that carries 50 a second is offered 100: all complete, but half of them when the time is over. */
    @Tag("truth")
    @Test
    void aRateThatTheServerDoesNotCarryIsMissed() throws IOException, InterruptedException {
        try (var target = target(20)) {
            BusyMachine.tolerate(number -> {
                out = directory.resolve("missed" + number);
                var run = run(target, "--rate", "100", "--duration", "1s", "--mix", "full=1", "--strict");
                var result = result();
                var unfit = unfit(result);
                if (unfit.isEmpty()) {
                    assertEquals(3, run.exitCode(), run::toString);
                    assertTrue(run.err().startsWith("shakedown: --strict: the rate was missed"), run::err);
                    assertTrue(run.out().contains("MISSED RATE: 100/s were offered, only "), run::out);
                    assertEquals(100, result.at("/outcomes/completed").asInt(), result::toString);
                    assertTrue(result.at("/rate/missed").asBoolean(), result::toString);
                    assertEquals(100, result.at("/rate/offeredPerSecond").asDouble(), 0.1);
                    assertTrue(result.at("/rate/achievedPerSecond").asDouble() <= 51, result::toString);
                    assertPassesUnlessStrict();
                }
                return unfit;
            });
        }
    }

    /** What no handshake is quick enough for, and what each is. */
    @Test
    void anObjectiveIsJudgedTermByTerm() throws IOException {
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            var missed = run(target, "--count", "10", "--objective", "p95<1us,failures<=0%");
            assertEquals(1, missed.exitCode(), missed::toString);
            assertTrue(missed.err().startsWith("shakedown: objective missed: p95 "), missed::err);
            var terms = result().at("/objective");
            assertEquals(List.of("p95", "failures"), terms.findValuesAsText("name"));
            assertEquals(List.of("false", "true"), terms.findValuesAsText("held"));
            assertEquals(1, terms.at("/0/limit").asDouble());
            assertEquals(0, terms.at("/1/measured").asDouble(1));
            assertTrue(Files.readString(out.resolve("report.html")).contains("✗ missed"));
            var refused = CommandRun.of("run", "--objective", "p98<1s");
            assertEquals(2, refused.exitCode());
            assertTrue(refused.err().startsWith("shakedown: 'p98<1s' is not an objective; write, for example, "),
                    refused::err);
        }
    }

    /** What the run was at fault for by its own word. */
    private static Optional<String> unfit(JsonNode result) {
        return result.at("/generator/saturated").asBoolean()
                ? Optional.of(result.at("/generator/saturatedBecause").asText())
                : Optional.empty();
    }

    /** The same result passes if nothing was required. */
    private void assertPassesUnlessStrict() throws IOException {
        var result = JSON.readValue(out.resolve("run.json").toFile(), RunResult.class);
        assertEquals(new RunVerdict.Passed(), RunVerdict.of(result, RunVerdict.Requirements.NONE));
    }

    /** While the generator stands still for a third of its time nothing begins, which is not the server's delay. */
    @Tag("truth")
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aGeneratorThatStoodStillIsUnfit() throws IOException, InterruptedException {
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            BusyMachine.tolerate(number -> {
                out = directory.resolve("stopped" + number);
                var before = target.counts().full();
                var process = new ProcessBuilder(java(arguments(target, "--rate", "50", "--duration", "3s", "--mix",
                        "full=1", "--strict"))).redirectErrorStream(true).start();
                CompletableFuture.delayedExecutor(40, TimeUnit.SECONDS).execute(process::destroyForcibly);
                try {
                    while (target.counts().full() < before + 20 && process.isAlive()) {
                        Thread.sleep(10);
                    }
                    var stopped = System.nanoTime();
                    signal("STOP", process);
                    Thread.sleep(1000);
                    signal("CONT", process);
                    var seconds = (System.nanoTime() - stopped) / 1e9;
                    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertEquals(3, process.waitFor(), printed);
                    var result = result();
                    assertTrue(result.at("/generator/saturated").asBoolean(), printed);
                    var because = result.at("/generator/saturatedBecause").asText();
                    if (!result.at("/generator/saturatedCause").asText().equals("suspended")
                            || result.at("/generator/health/suspensions").size() > 1) {
                        return Optional.of(because);
                    }
                    assertTrue(printed.startsWith("UNFIT: the whole generator was suspended for 1."), printed);
                    assertTrue(
                            printed.contains("--strict: the generator or its machine may have distorted the figures"),
                            printed);
                    // Sending a signal takes its time, and so does waking up.
                    assertEquals(seconds, result.at("/generator/health/suspensions/0/seconds").asDouble(), 0.3,
                            printed);
                    assertPassesUnlessStrict();
                    return Optional.empty();
                } finally {
                    process.destroyForcibly().waitFor();
                }
            });
        }
    }

    static List<String> java(List<String> arguments) {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), "dev.shakedown.cli.Main"));
        command.addAll(arguments);
        return command;
    }

    /** A fifth of a processor for what takes more than that, as the kernel itself counts it. */
    @Tag("truth")
    @Test
    void aGeneratorWithALimitOnItsCpuTimeIsUnfit() throws IOException, InterruptedException {
        try (var target = TlsServer.start(TlsServerOptions.defaults()); var limit = CpuLimit.of(0.2)) {
            var process = new ProcessBuilder(limit.around(java(arguments(target, "--rate", "500", "--duration",
                    "2s", "--mix", "full=1")))).redirectErrorStream(true).start();
            CompletableFuture.delayedExecutor(50, TimeUnit.SECONDS).execute(process::destroyForcibly);
            try {
                var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(0, process.waitFor(), printed);
                assertTrue(
                        printed.startsWith("UNFIT: the CPU limit of its control group stopped the generator in "),
                        printed);
                assertEquals("cpu_quota", result().at("/generator/saturatedCause").asText());
                var throttled = result().at("/generator/health/quota/throttledPeriods").asLong();
                var counted = Files.readAllLines(limit.group().resolve("cpu.stat")).stream()
                        .filter(line -> line.startsWith("nr_throttled ")).findFirst().orElseThrow();
                assertTrue(throttled > 0 && throttled <= Long.parseLong(counted.split(" ")[1]), counted + printed);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    static void signal(String name, Process process) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }

    /** Each of two connections takes half a second of the server's, and what is due meanwhile is not begun. */
    @Tag("truth")
    @Test
    void aSourceHasOnlySoManyConnections() throws IOException, InterruptedException {
        try (var target = target(300)) {
            BusyMachine.tolerate(number -> {
                out = directory.resolve("sources" + number);
                var run = run(target, "--rate", "20", "--duration", "2s", "--mix", "full=1", "--source-address",
                        "127.0.0.1", "--connections-per-source", "2", "--close", "notify");
                var result = result();
                var completed = result.at("/outcomes/completed").asInt();
                // One each 300 ms at most, and two wait for their turn when the time is over.
                assertTrue(completed <= 9, result::toString);
                assertEquals(40 - completed, result.at("/outcomes/unsent").asInt(), result::toString);
                assertEquals("sources", result.at("/unsentReasons/0/reason").asText());
                assertTrue(run.out().contains("allow more --connections-per-source"), run::out);
                assertEquals(0, run.exitCode(), run::toString);
                if (completed >= 3) {
                    return Optional.empty();
                }
                assertTrue(unfit(result).isPresent(), result::toString);
                return unfit(result);
            });
        }
    }

    @Test
    void aSourceIsFreeOnceItsConnectionIsClosed() throws IOException {
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            var run = run(target, "--count", "50", "--concurrency", "2", "--source-address", "127.0.0.1",
                    "--connections-per-source", "2", "--close", "notify", "--tls", "1.3");
            assertEquals(0, run.exitCode(), run::toString);
            assertEquals(50, result().at("/outcomes/completed").asInt(), run::out);
        }
    }

    /** In its first second it has met only the one that nobody listens at. */
    @Test
    void oneDeadServerOfTwoDoesNotEndARun() throws IOException {
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            var run = CommandRun.of("run", "127.0.0.1:" + nobody(), HostPort.of(target.address()), "--rate", "1",
                    "--duration", "4s", "--warmup", "0s", "--mix", "full=1", "--threads", "1", "--quiet", "--out",
                    out.toString());
            assertEquals(0, run.exitCode(), run::toString);
            var result = result();
            assertFalse(result.at("/interrupted").asBoolean(), result::toString);
            assertEquals(2, result.at("/outcomes/completed").asInt(), result::toString);
            assertEquals(2, result.at("/outcomes/failed").asInt(), result::toString);
        }
    }

    @Test
    void twoDeadServersDo() throws IOException {
        var run = CommandRun.of("run", "127.0.0.1:" + nobody(), "127.0.0.1:" + nobody(), "--rate", "10", "--duration",
                "50s", "--warmup", "0s", "--mix", "full=1", "--quiet", "--out", out.toString());
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(result().at("/measuredSeconds").asDouble() < 10, run::out);
        assertTrue(result().at("/endedBecause").asText().startsWith("nothing listens at any of the 2 servers ("),
                run::out);
    }

    /** Nobody interrupted it: it ended by itself, and says why. */
    @Test
    void aTargetThatIsDownEndsARunThatSaysSo() throws IOException {
        var address = "127.0.0.1:" + nobody();
        var run = CommandRun.of("run", address, "--rate", "100", "--duration", "50s", "--warmup", "0s", "--mix",
                "full=1",
                "--quiet", "--details", "--out", out.toString());
        assertEquals(3, run.exitCode(), run::toString);
        var failed = result().at("/outcomes/failed").asLong();
        assertEquals("nothing listens at " + address + " (" + failed + " of " + failed + " connections were refused)",
                result().at("/endedBecause").asText());
        assertFalse(result().at("/interrupted").asBoolean());
        assertTrue(run.out().startsWith("STOPPED: the run stopped after "), run::out);
        assertFalse(run.out().contains("INTERRUPTED"), run::out);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    private static int nobody() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** One handshake at a time, each for so long. */
    private static TlsServer target(int millis) throws IOException {
        return TlsServer.start(TlsServerOptions.defaults().withWorkers(Duration.ofMillis(millis).toNanos(), 1));
    }

    private List<String> arguments(TlsServer target, String... options) {
        var arguments = new ArrayList<>(
                List.of("run", HostPort.of(target.address()), "--warmup", "0s", "--quiet", "--details",
                        "--out", out.toString()));
        arguments.addAll(List.of(options));
        return arguments;
    }

    private CommandRun run(TlsServer target, String... options) {
        return CommandRun.of(arguments(target, options).toArray(String[]::new));
    }

    private JsonNode result() throws IOException {
        return JSON.readTree(out.resolve("run.json").toFile());
    }
}
