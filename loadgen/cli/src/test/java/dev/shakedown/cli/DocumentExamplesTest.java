package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each example of a command in the documents runs, with these changes alone: a port of 127.0.0.1 is that of a server
 * that the test starts, a directory in {@code results/runs} is that of a run which the test made, and {@link #SHORTER}
 * makes measurements short. What never ends by itself, takes hours or compares two builds is only parsed.
 */
@Tag("interop")
@Timeout(300)
class DocumentExamplesTest {
    private static final Map<String, List<String>> SHORTER = Map.of(
            "run", List.of("--count", "40", "--warmup", "100ms", "--quiet"),
            "capacity", List.of("--step", "500ms", "--confirm", "500ms", "--warmup", "100ms", "--max-rate", "200",
                    "--quiet"),
            "cost", List.of("--groups", "1", "--block", "500ms", "--warmup", "100ms", "--rate", "100", "--quiet"));
    private static final Set<String> ONLY_PARSED = Set.of("server", "gate", "bench");
    /** What these print goes to a directory of results. */
    private static final Set<String> WITH_RESULTS = Set.of("run", "capacity", "cost");

    @TempDir
    private static Path directory;

    private static TlsServer server;
    private static int results;

    static Stream<List<String>> examples() throws IOException {
        return Document.all().stream().flatMap(document -> document.examples().stream()).distinct();
    }

    @BeforeAll
    static void start() throws Exception {
        server = TlsServer.start(TlsServerOptions.defaults());
        for (var name : List.of("before", "after", "latest")) {
            assertEquals(0, CommandRun.of("run", "127.0.0.1:" + server.address().getPort(), "--rate", "100",
                    "--duration", "2s", "--warmup", "100ms", "--quiet", "--out", directory.resolve(name).toString())
                    .exitCode());
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isTrue(List<String> example) {
        var command = example.getFirst();
        if (ONLY_PARSED.contains(command) || command.startsWith("-") || example.contains("--help")) {
            Main.commandLine().parseArgs(example.toArray(String[]::new));
            return;
        }
        var words = shortened(example.stream().map(DocumentExamplesTest::here)
                .collect(Collectors.toCollection(ArrayList::new)));
        var ran = CommandRun.of(words.toArray(String[]::new));
        assertFalse(ran.err().contains("a bug in"), ran::err);
        // A search says when it found the generator's limit, and a trace when the handshake failed.
        var fine = switch (command) {
            case "capacity" -> Set.of(0, 3);
            case "trace" -> Set.of(0, 1);
            default -> Set.of(0);
        };
        assertTrue(fine.contains(ran.exitCode()), () -> Document.joined(words) + ": " + ran);
        assertTrue(command.equals("runs") || !ran.out().isBlank(), () -> Document.joined(words) + ": " + ran);
    }

    private static String here(String word) {
        return word.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:" + server.address().getPort())
                .replaceAll("results/runs/(before|after|latest)", directory.resolve("$1").toString());
    }

    private static List<String> shortened(List<String> words) {
        var command = words.getFirst();
        if (!WITH_RESULTS.contains(command)) {
            return words;
        }
        var changes = new ArrayList<>(words.contains("--plan") ? List.of("--quiet") : SHORTER.get(command));
        while (!changes.isEmpty()) {
            var option = changes.removeFirst();
            var given = words.indexOf(option);
            if (option.equals("--quiet")) {
                words.add(option);
            } else if (given < 0) {
                words.addAll(List.of(option, changes.removeFirst()));
            } else {
                words.set(given + 1, changes.removeFirst());
            }
        }
        words.addAll(List.of("--out", directory.resolve("of-" + ++results).toString()));
        return words;
    }
}
