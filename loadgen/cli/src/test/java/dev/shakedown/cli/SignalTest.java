package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.HostPort;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C and its kin, on processes of their own. */
@Tag("interop")
@Timeout(60)
class SignalTest {
    private static final int BOUND_SECONDS = 40;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aSignalEndsTheLoadWithItsReport(String signal) throws IOException, InterruptedException {
        try (var silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout(BOUND_SECONDS * 1_000);
            var process = load("127.0.0.1:" + silent.getLocalPort());
            try {
                for (var i = 0; i < 5; i++) {
                    silent.accept(); // held by the client until the signal
                }
                send(signal, process);
                var printed = rest(process);
                assertSaysInterrupted(printed);
                assertTrue(printed.contains("5 cancelled"), printed);
                // Nothing completed, which is what the exit code tells.
                assertEquals(3, exitCode(process));
                assertEquals(5, result().at("/outcomes/cancelled").asInt());
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void whatCompletedBeforeTheSignalIsAResult() throws IOException, InterruptedException {
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            var process = load(HostPort.of(target.address()));
            try {
                // Five at a time: by then the client has seen the end of all but the last few.
                while (target.counts().full() + target.counts().resumed() < 20) {
                    Thread.sleep(10);
                }
                send("INT", process);
                var printed = rest(process);
                assertSaysInterrupted(printed);
                assertEquals(0, exitCode(process));
                var result = result();
                assertTrue(result.at("/interrupted").asBoolean(), result::toString);
                var outcomes = result.at("/outcomes");
                assertTrue(outcomes.at("/completed").asInt() >= 15, outcomes::toString);
                assertEquals(outcomes.at("/planned").asLong(), outcomes.at("/completed").asLong()
                        + outcomes.at("/cancelled").asLong(), outcomes::toString);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, INT, 130", "TERM, TERM, 143", "INT, TERM, 143", "TERM, INT, 130", "HUP, HUP, 129",
        "HUP, TERM, 143"})
    void aSecondSignalDoesNotWaitForAnything(String first, String second, int exitCode)
            throws IOException, InterruptedException {
        var process = start("dev.shakedown.cli.HangingWork");
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("ready", out.readLine());
            send(first, process);
            assertEquals("ending", out.readLine());
            send(second, process);
            assertEquals(exitCode, exitCode(process));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** On a line of its own: a loaded machine may put UNFIT above it. */
    private static void assertSaysInterrupted(String printed) {
        assertTrue(printed.lines().anyMatch(line -> line.startsWith("INTERRUPTED: ")), printed);
    }

    private Process load(String target) throws IOException {
        return start("dev.shakedown.cli.Main", "run", target, "--concurrency", "5", "--duration", "50s", "--warmup",
                "0s", "--timeout", "50s", "--quiet", "--out", directory.resolve("result").toString());
    }

    private JsonNode result() throws IOException {
        return new JsonMapper().readTree(Files.readString(directory.resolve("result").resolve("run.json")));
    }

    private static Process start(String... mainAndArguments) throws IOException {
        // What a shell starts in the background ignores SIGINT, what nohup starts SIGHUP, and hands that on to its
        // children; GNU's env takes it back.
        var command = new ArrayList<>(
                OS.current() == OS.LINUX ? List.of("env", "--default-signal=HUP,INT,TERM") : List.of());
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(mainAndArguments));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        // So that no test can wait for its output for ever.
        CompletableFuture.delayedExecutor(BOUND_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return process;
    }

    private static void send(String signal, Process process) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor());
    }

    private static String rest(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertTrue(process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS));
        return process.exitValue();
    }
}
