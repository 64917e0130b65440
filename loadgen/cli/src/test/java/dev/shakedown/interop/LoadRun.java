package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One {@code shakedown run}, with its result as read from standard output.
 *
 * @param result {@code null} where nothing was run
 * @param err    standard error
 */
record LoadRun(int exitCode, RunResult result, String err) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ENOUGH_TO_TELL = 3000;

    /**
     * Loads a port of 127.0.0.1, without warm-up and progress, with TLS 1.2 unless the options say otherwise.
     *
     * @param options separated by blanks
     */
    static LoadRun against(int port, String options) {
        return against(List.of("127.0.0.1:" + port), options);
    }

    static LoadRun against(List<String> target, String options) {
        var arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(target);
        arguments.addAll(List.of("--warmup", "0s", "--format", "json", "--quiet"));
        arguments.addAll(List.of(options.strip().split(" +")));
        if (!arguments.contains("--tls")) {
            arguments.addAll(List.of("--tls", "1.2"));
        }
        try {
            var directory = Files.createTempDirectory("shakedown-run-");
            try {
                arguments.addAll(List.of("--out", directory.resolve("out").toString()));
                var run = CommandRun.of(arguments.toArray(String[]::new));
                return new LoadRun(run.exitCode(),
                        run.out().isEmpty() ? null : JSON.readValue(run.out(), RunResult.class), run.err());
            } finally {
                delete(directory);
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("no result on standard output", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles and caches first what would otherwise disturb the measurement. */
    static void warm(int port, String options) {
        against(port, options + " --concurrency 4 --count 1000");
    }

    /** Returns how many handshakes per second the server at this port handles now. */
    static double carried(int port, String options) {
        return ENOUGH_TO_TELL / against(port, options + " --concurrency 16 --count " + ENOUGH_TO_TELL).result()
                .measuredSeconds();
    }

    /** Fails unless all arrivals completed, as many of each kind as given, and nobody complained. */
    LoadRun assertCompleted(long full, long resumed) {
        assertEquals("", err);
        assertEquals(0, exitCode);
        var planned = full + resumed;
        assertEquals(new RunSums.Outcomes(planned, planned, 0, 0, 0, 0), result.outcomes(), this::toString);
        assertEquals(new Peer.Counts(full, resumed), new Peer.Counts(result.kinds().full().completed(),
                result.kinds().resumed().completed()), this::toString);
        return this;
    }

    /** Fails unless every arrival failed, all in this one way, and the run was given up as unfit. */
    LoadRun assertAllFailed(String stage, String direction, String cause) {
        assertEquals(1, result.failures().size(), this::toString);
        var failure = result.failures().getFirst();
        assertEquals(stage + " " + direction + " " + cause,
                failure.stage() + " " + failure.direction() + " " + failure.cause(), this::toString);
        assertEquals(result.outcomes().planned(), result.outcomes().failed(), this::toString);
        assertEquals(3, exitCode);
        return this;
    }

    String meaning() {
        return result.failures().getFirst().meaning();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
