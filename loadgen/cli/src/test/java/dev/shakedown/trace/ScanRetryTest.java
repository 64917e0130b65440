package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.trace.ChoosyServer.Script;
import dev.shakedown.trace.ChoosyServer.Visit;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that drops connections now and then is found to take what it takes. */
@Tag("interop")
@Timeout(120)
class ScanRetryTest {
    private static final Script EVERY_THIRD_IS_RESET = visit -> {
        if (visit.number() % 3 == 1) {
            visit.reset();
        } else {
            visit.serve();
        }
    };

    /** Each scan has a server of its own, and they go on at the same time: most of it is pauses. */
    @Test
    void everyThirdConnectionIsReset() throws Exception {
        try (var steady = new ChoosyServer(Visit::serve);
                var shaky = new ChoosyServer(EVERY_THIRD_IS_RESET);
                var again = new ChoosyServer(EVERY_THIRD_IS_RESET);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var expected = threads.submit(() -> scan(steady));
            var found = threads.submit(() -> scan(shaky));
            var text = CommandRun.of("scan", "127.0.0.1:" + again.port()).out();
            assertTrue(text.contains(", which had ended without an answer\n"), text);
            assertEquals(0, expected.get().get("repeated").asInt());
            assertTrue(found.get().get("repeated").asInt() > 10, found.get()::toString);
            assertEquals(0, found.get().get("unanswered").asInt(), found.get()::toString);
            for (var both : List.of(expected.get(), found.get())) {
                ((ObjectNode) both).remove(List.of("target", "handshakes", "repeated"));
            }
            assertEquals(expected.get(), found.get());
        }
    }

    private static JsonNode scan(ChoosyServer server) throws IOException {
        var run = CommandRun.of("scan", "127.0.0.1:" + server.port(), "--format", "json");
        assertEquals(0, run.exitCode(), run::toString);
        return new JsonMapper().readTree(run.out()).at("/servers/0");
    }
}
