package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several server names in one run. */
@Tag("interop")
@Timeout(60)
class ServerNamesInteropTest {
    @TempDir
    private Path directory;

    /**
     * Sessions are offered only for the name that they were made with: a server that is asked otherwise would decline.
     */
    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void namesTakeTurnsInBothKindsOfHandshakes(String version) throws Exception {
        var names = Files.writeString(directory.resolve("names"),
                "# those of the shop\na.example\n\nb.example\nc.example\n");
        try (var server = new NamedNginx(directory)) {
            var run = LoadRun.against(server.port(),
                    "--count 300 --mix full=1,resumed=1 --concurrency 4 --threads 2 --tls "
                            + version + " --complete-on response --close notify --sni " + names);
            assertEquals("3 names of " + names, run.result().plan().offer().sni());
            var resumption = run.result().resumption();
            assertEquals(300, run.result().outcomes().completed(), run::toString);
            assertEquals(0, resumption.declined(), run::toString);
            assertTrue(resumption.accepted() >= 120, run::toString);
            var seen = server.awaitLines(300).stream().collect(Collectors.groupingBy(Function.identity(),
                    Collectors.counting()));
            for (var name : new String[]{"a.example", "b.example", "c.example"}) {
                var full = seen.getOrDefault(name + " .", 0L);
                var resumed = seen.getOrDefault(name + " r", 0L);
                assertEquals(100, full + resumed, 2, seen::toString);
                assertTrue(resumed >= 35, seen::toString);
            }
            for (var row : run.result().names()) {
                var full = seen.getOrDefault(row.name() + " .", 0L);
                var resumed = seen.getOrDefault(row.name() + " r", 0L);
                assertEquals(full + resumed, row.outcomes().completed(), run::toString);
                assertEquals(full, row.fullLatencyMicros().count(), run::toString);
                assertEquals(resumed, row.resumption().accepted(), run::toString);
                assertEquals(full, row.certificates().getFirst().count(), run::toString);
            }
            assertEquals(List.of("a.example", "b.example", "c.example"),
                    run.result().names().stream().map(RunRows.NameRow::name).toList());
            assertEquals(resumption.accepted(), seen.entrySet().stream().filter(entry -> entry.getKey().endsWith(" r"))
                    .mapToLong(Map.Entry::getValue).sum());
        }
    }

    /** A name before an address, and several names without a file. */
    @Test
    void namesAreAskedForAtAnAddress() throws Exception {
        try (var server = new NamedNginx(directory)) {
            var out = directory.resolve("at");
            var run = CommandRun.of("run", "b.example@127.0.0.1:" + server.port(), "--count", "10", "--warmup", "0s",
                    "--complete-on", "response", "--quiet", "--out", out.toString());
            assertEquals(0, run.exitCode(), run::toString);
            assertTrue(server.awaitLines(10).stream().allMatch(line -> line.startsWith("b.example ")), run::toString);
            var target = RunResult.read(out).target();
            assertEquals("b.example", target.host());
            assertEquals("127.0.0.1", target.address());
            var list = LoadRun.against(server.port(), "--count 20 --complete-on response --sni a.example,c.example");
            assertEquals(List.of("a.example", "c.example"),
                    list.result().names().stream().map(RunRows.NameRow::name).toList());
        }
    }

    @Test
    void aBadListIsRefused() throws IOException {
        var bad = Files.writeString(directory.resolve("bad"), "a.example\nb example\n");
        var empty = Files.writeString(directory.resolve("empty"), "# nothing\n");
        for (var wrong : new String[]{bad + "|'b example' (line 2 of " + bad + ") is not a value for --sni",
            empty + "|has 0 names; write from 1 to 1000"}) {
            var parts = wrong.split("\\|");
            var run = CommandRun.of("run", "127.0.0.1:1", "--sni", parts[0], "--out",
                    directory.resolve("out").toString());
            assertEquals(2, run.exitCode(), run::toString);
            assertTrue(run.err().contains(parts[1]), run::err);
        }
    }
}
