package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.cli.CommandRun;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that drops connections now and then is found to take what it takes. */
@Tag("interop")
@Timeout(60)
class ScanRetryTest {
    @Test
    void everyThirdConnectionIsReset() throws Exception {
        JsonNode steady;
        try (var server = new ChoosyServer(ChoosyServer.Visit::serve)) {
            steady = scan(server);
            assertEquals(0, steady.get("repeated").asInt());
        }
        try (var server = new ChoosyServer(visit -> {
            if (visit.number() % 3 == 1) {
                visit.reset();
            } else {
                visit.serve();
            }
        })) {
            var found = scan(server);
            assertTrue(found.get("repeated").asInt() > 10, found::toString);
            assertEquals(0, found.get("unanswered").asInt(), found::toString);
            for (var both : List.of(steady, found)) {
                ((ObjectNode) both).remove(List.of("target", "handshakes", "repeated"));
            }
            assertEquals(steady, found);
            var text = CommandRun.of("scan", "127.0.0.1:" + server.port()).out();
            assertTrue(text.contains(", which had ended without an answer\n"), text);
        }
    }

    private static JsonNode scan(ChoosyServer server) throws IOException {
        var run = CommandRun.of("scan", "127.0.0.1:" + server.port(), "--format", "json");
        assertEquals(0, run.exitCode(), run::toString);
        return new JsonMapper().readTree(run.out()).at("/servers/0");
    }
}
