package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The step of the GitHub Action, as a runner would run it, in a tree whose launcher starts the classes under test. */
@Tag("interop")
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class GateLoadActionTest {
    private static final Pattern INPUT = Pattern.compile("\\$\\{\\{ inputs\\.([\\w-]+) }}");

    @TempDir
    private Path directory;
    private JsonNode action;

    private record Ended(int exitCode, String printed, Map<String, String> outputs, String summary) {}

    @BeforeEach
    void makeTree() throws IOException {
        var copy = Files.createDirectories(directory.resolve(WorkflowsTest.ACTION));
        for (var name : new String[]{"action.yml", "gate-load"}) {
            Files.copy(Document.root().resolve(WorkflowsTest.ACTION).resolve(name), copy.resolve(name));
        }
        action = WorkflowsTest.read(copy.resolve("action.yml"));
        var launcher = Files.createDirectories(directory.resolve("scripts")).resolve("shakedown");
        Files.writeString(launcher, "#!/bin/sh\nexec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' %s \"$@\"\n"
                .formatted(Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path"), Main.class.getName()));
        assertTrue(launcher.toFile().setExecutable(true));
    }

    private Ended run(Map<String, String> inputs) throws IOException, InterruptedException {
        var gate = WorkflowsTest.gate(action);
        var outputs = directory.resolve("outputs");
        var summary = Files.writeString(directory.resolve("summary"), "");
        var printed = directory.resolve("printed");
        var builder = new ProcessBuilder("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c",
                gate.path("run").asText()).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        gate.path("env").properties().forEach(variable -> builder.environment().put(variable.getKey(),
                INPUT.matcher(variable.getValue().asText()).replaceAll(input -> Matcher.quoteReplacement(inputs
                        .getOrDefault(input.group(1),
                                action.at("/inputs/" + input.group(1) + "/default").asText())))));
        builder.environment().putAll(Map.of("GITHUB_ACTION_PATH", directory.resolve(WorkflowsTest.ACTION).toString(),
                "GITHUB_OUTPUT", outputs.toString(), "GITHUB_STEP_SUMMARY", summary.toString()));
        var process = builder.start();
        try {
            assertTrue(process.waitFor(100, TimeUnit.SECONDS), () -> "it goes on");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        var given = new HashMap<String, String>();
        for (var line : Files.readAllLines(outputs)) {
            given.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        return new Ended(process.exitValue(), Files.readString(printed), given, Files.readString(summary));
    }

    /** What it finds is up to this machine; that it says what it found is not. */
    @Test
    void aServerIsJudgedByAnother() throws Exception {
        try (var base = TlsServer.start(TlsServerOptions.defaults());
                var head = TlsServer.start(TlsServerOptions.defaults())) {
            var ended = run(Map.of("base", "127.0.0.1:" + base.address().getPort() + " --warmup 100ms",
                    "head", "127.0.0.1:" + head.address().getPort() + " --warmup 100ms", "rate", "30", "mix", "full=1",
                    "block",
                    "300ms", "pairs", "8", "threshold", "1000%"));
            var codes = Map.of("PASS", 0, "FAIL", 1, "INCONCLUSIVE", 3, "INCOMPARABLE", 4);
            assertEquals(codes.get(ended.outputs.get("verdict")), ended.exitCode, ended::toString);
            assertEquals(Files.readString(directory.resolve(ended.outputs.get("report"))), ended.summary);
            assertTrue(ended.summary.contains(" against 127.0.0.1:" + base.address().getPort()), ended::summary);
        }
    }

    @Test
    void aServerWithACommandIsStartedAndEnded() throws Exception {
        var port = freePort();
        var pid = directory.resolve("pid");
        var server = "echo $$ > '%s'; exec ./scripts/shakedown server --listen 127.0.0.1:%d".formatted(pid, port);
        var place = "127.0.0.1:" + port;
        var ended = run(Map.of("base", place, "base-command", server, "head", place + " --nonsense"));
        assertEquals(2, ended.exitCode, ended::toString);
        assertTrue(ended.printed.contains("--nonsense"), ended::printed);
        assertEquals(Map.of("verdict", "NONE", "report", ""), ended.outputs);
        var process = Long.parseLong(Files.readString(pid).strip());
        assertFalse(ProcessHandle.of(process).filter(ProcessHandle::isAlive).isPresent(), ended::toString);
    }

    @Test
    void aCommandThatStartsNothingIsNamed() throws Exception {
        var ended = run(
                Map.of("base", "127.0.0.1:" + freePort(), "base-command", "echo no server", "head", "127.0.0.1:1"));
        assertEquals(3, ended.exitCode, ended::toString);
        assertTrue(ended.printed.contains("::error::the command for 127.0.0.1:"), ended::printed);
        assertTrue(ended.printed.contains("ended before anything listened there: echo no server"), ended::printed);
        assertEquals("NONE", ended.outputs.get("verdict"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
