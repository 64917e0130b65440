package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.target.Target;
import dev.shakedown.target.TargetOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The capacity of targets that have as many workers, each occupied by a handshake for as long, is known. */
@Timeout(180)
class CapacityCommandTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"10, 4, full=1, 1.2", "5, 1, resumed=1, 1.2", "20, 6, 'full=1,resumed=1', 1.3", "8, 1, full=1, 1.3",
        "4, 1, 'full=1,resumed=3', 1.2"})
    void theTruthIsFound(int serviceMillis, int workers, String mix, String tls) throws IOException {
        var truth = workers * 1000.0 / serviceMillis;
        var options = TargetOptions.defaults().withWorkers(Duration.ofMillis(serviceMillis).toNanos(), workers);
        try (var target = Target.start(options)) {
            var run = run(target, "--objective", "p99<" + (serviceMillis + 40) + "ms,failures<0.1%", "--mix", mix,
                    "--tls",
                    tls, "--from", String.valueOf(truth / 2.3), "--step", "1500ms", "--confirm", "3s", "--warmup",
                    "300ms",
                    "--format", "json");
            assertEquals(0, run.exitCode(), run::toString);
            var found = JsonMapper.builder().build().readTree(run.out());
            assertEquals(truth, found.at("/capacity/ratePerSecond").doubleValue(), 0.03 * truth, run::toString);
            assertEquals("server", found.at("/capacity/limitedBy").textValue());
            assertEquals(run.out(), Files.readString(directory.resolve("out").resolve("capacity.json")));
            assertTrue(run.err().contains("bracket: trying ") && run.err().contains(" held, "), run::err);
        }
    }

    /** Full and resumed in turn: what a server needs for each says nothing of the other. */
    @Test
    void eachMixHasAnAnswerOfItsOwn() throws IOException {
        var options = TargetOptions.defaults().withWorkers(Duration.ofMillis(10).toNanos(), 1);
        try (var target = Target.start(options)) {
            var run = run(target, "--objective", "p90<60ms", "--mix", "full=1", "--mix", "resumed=1", "--tls", "1.2",
                    "--max-rate", "60", "--from", "60", "--step", "300ms", "--confirm", "300ms", "--warmup", "300ms");
            assertEquals(0, run.exitCode(), run::toString);
            var found = JsonMapper.builder().build()
                    .readTree(directory.resolve("out").resolve("capacity.json").toFile());
            assertEquals(2, found.get("mixes").size());
            for (var i = 0; i < 2; i++) {
                var one = found.at("/mixes/" + i);
                assertEquals(i == 0 ? 1 : 0, one.at("/capacity/mix/full").asInt());
                assertEquals(60, one.at("/capacity/ratePerSecond").asDouble());
                assertEquals("maxRate", one.at("/capacity/limitedBy").textValue());
            }
            assertEquals(found.get("capacity"), found.at("/mixes/0/capacity"));
            assertTrue(run.out().contains("mix full=1 resumed=0") && run.out().contains("mix full=0 resumed=1"),
                    run::out);
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidToBe() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var run = CommandRun.of("capacity", "127.0.0.1:" + port, "--out", directory.resolve("out").toString());
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(run.err().contains("nothing listens at the target's port"), run::err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --objective p95<1ms | no objective
            --precision 3       | --precision must be from 0.1% to 100%
            --from 0            | --from must be from 0.1
            --rate 5            | Unknown options: '--rate'
            --count 5           | Unknown options: '--count'
            --step 0s           | longer than nothing
            --mix full=0        | full=1,resumed=4
            """)
    void whatIsWrongIsSaid(String options, String complaint) {
        var run = CommandRun.of(("capacity 127.0.0.1:1 " + options).split(" +"));
        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains(complaint), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    private CommandRun run(Target target, String... options) {
        var arguments = new ArrayList<>(List.of("capacity", TargetAddress.text(target.address()), "--out",
                directory.resolve("out").toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
