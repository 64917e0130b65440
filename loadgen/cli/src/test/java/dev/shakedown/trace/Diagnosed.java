package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import java.io.IOException;
import java.util.stream.Stream;

/** A server that is traced by the command line, and what it found. */
final class Diagnosed {
    private Diagnosed() {}

    /** Its verdict on a handshake with these options is known, and begins like that. */
    static JsonNode assertCause(String beginning, ChoosyServer server, String options) throws IOException {
        var verdict = trace(server, 1, options).get(0).get("verdict");
        assertTrue(verdict.get("cause").asText().startsWith(beginning), verdict::toString);
        assertTrue(verdict.get("probes").asInt() <= Diagnosis.MOST, verdict::toString);
        // One more where it tried what it advises.
        var tried = server.visits() - 1 - verdict.get("probes").asInt();
        assertTrue(tried == 1 || tried == 0 && verdict.get("command").isNull(), verdict::toString);
        return verdict;
    }

    static JsonNode trace(ChoosyServer server, int exitCode, String options) throws IOException {
        var run = run(server, "--format json " + options);
        assertEquals(exitCode, run.exitCode(), run::toString);
        return new JsonMapper().readTree(run.out()).get("connections");
    }

    static CommandRun run(ChoosyServer server, String options) {
        return CommandRun.of(Stream.concat(Stream.of("trace", "127.0.0.1:" + server.port()),
                Stream.of(options.split(" ")).filter(word -> !word.isEmpty())).toArray(String[]::new));
    }
}
