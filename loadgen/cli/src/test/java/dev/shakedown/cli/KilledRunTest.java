package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.HostPort;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a run that nobody gave the time to end. */
@Tag("interop")
@Timeout(60)
class KilledRunTest {
    @TempDir
    private Path directory;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aKilledRunIsReportedAsFarAsItCame() throws IOException, InterruptedException {
        var out = directory.resolve("out");
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            var process = new ProcessBuilder(RunVerdictTest.java(List.of("run", HostPort.of(target.address()),
                    "--rate", "50", "--duration", "50s", "--warmup", "1s", "--mix", "full=1", "--quiet", "--out",
                    out.toString()))).redirectErrorStream(true).start();
            CompletableFuture.delayedExecutor(40, TimeUnit.SECONDS).execute(process::destroyForcibly);
            try {
                while (seconds(out) < 3 && process.isAlive()) {
                    Thread.sleep(20);
                }
                RunVerdictTest.signal("KILL", process);
                var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(128 + 9, process.waitFor(), printed);
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertFalse(Files.exists(out.resolve("run.json")));

            var json = CommandRun.of("report", out.toString(), "--format", "json");
            assertEquals(0, json.exitCode(), json::toString);
            var found = JsonMapper.builder().build().readTree(json.out());
            assertTrue(found.at("/unfinished").asBoolean(), json::out);
            var completed = found.at("/outcomes/completed").asLong();
            assertTrue(completed >= 100 && completed < target.counts().full(), completed + " of " + target.counts());
            assertEquals(completed, found.at("/kinds/full/latencyMicros/count").asLong());
            assertEquals(50, found.at("/plan/ratePerSecond").asDouble());
            assertTrue(found.at("/measuredSeconds").asDouble() > 2, json::out);
        }
        var text = CommandRun.of("report", out.toString(), "--details");
        assertEquals(0, text.exitCode(), text::toString);
        assertTrue(text.out().startsWith("UNFINISHED: the run was ended from outside after "), text::out);
        var html = CommandRun.of("report", out.toString(), "--format", "html");
        assertEquals(0, html.exitCode(), html::err);
        assertTrue(Files.readString(out.resolve("report.html")).contains("UNFINISHED: the run was ended from outside"));
        assertTrue(Files.exists(out.resolve("csv/latency-over-time.csv")));
        var compared = CommandRun.of("compare", out.toString(), out.toString());
        assertEquals(2, compared.exitCode(), compared::toString);
        assertTrue(compared.err().contains("the run was ended from outside before it could write its result"),
                compared::err);
    }

    /** How many intervals the log holds so far in which handshakes completed. */
    private static long seconds(Path out) throws IOException {
        var log = out.resolve("intervals.hlog");
        if (!Files.exists(log)) {
            return 0;
        }
        return Files.readAllLines(log).stream().filter(line -> line.startsWith("Tag=full.latency,")).count();
    }
}
