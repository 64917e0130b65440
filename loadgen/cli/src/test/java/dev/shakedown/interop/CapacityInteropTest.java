package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A short search of a real server; how exact longer ones are, scripts/measure-capacity tells. */
@Tag("truth")
@Timeout(180)
class CapacityInteropTest {
    /** Handshakes with which a search sees whether the server is idle, before each run and once at first. */
    private static final int PROBES = 5;
    private static final double LOOP_SECONDS = 1.5;

    @TempDir
    private Path directory;

    /** A search that lies well below what the server can do, so that few runs find its end. */
    @ParameterizedTest
    @CsvSource({"full=1, 1.2", "'full=1,resumed=1', 1.2", "full=1, 1.3"})
    void theServerHasSeenWhatWasFound(String mix, String tls) throws IOException {
        try (var server = server()) {
            var before = server.counts(0).total();
            var run = search(server, mix, tls, "--from", "20", "--max-rate", "40", "--confirm", "1s");
            assertEquals(exitCode(run), run.exitCode(), run::toString);
            assertSeen(server, before, run);
            judged(run);
            assertEquals(40, found(run).at("/capacity/ratePerSecond").doubleValue(), run::toString);
            assertEquals("maxRate", found(run).at("/capacity/limitedBy").textValue());
        }
    }

    @Test
    void theAnswerLiesWhereTheServerIsBusy() throws IOException {
        try (var server = server()) {
            var mix = "full=1,resumed=1";
            var loop = closedLoop(server, mix, "1.2");
            var saturated = loop / LOOP_SECONDS;
            var before = server.counts(loop).total();
            var run = search(server, mix, "1.2", "--from", String.valueOf(saturated / 3), "--confirm", "2s");
            assertEquals(exitCode(run), run.exitCode(), run::toString);
            assertSeen(server, before, run);

            var rate = found(run).at("/capacity/ratePerSecond").doubleValue();
            // What else runs on the machine may have slowed the first.
            var most = Math.max(saturated, closedLoop(server, mix, "1.2") / LOOP_SECONDS);
            assertTrue(rate < 3 * most, () -> most + "/s in a closed loop" + run);
            if (rate <= saturated / 3) {
                judged(run);
            }
            assertTrue(rate > saturated / 3, () -> saturated + "/s in a closed loop" + run);
        }
    }

    private static Peer server() throws IOException {
        return (Peer) ServerKind.NGINX.start(PeerOptions.bothVersions(ServerCertificate.RSA_2048));
    }

    private CommandRun search(Peer server, String mix, String tls, String... options) {
        var arguments = new ArrayList<>(List.of("capacity", "127.0.0.1:" + server.port(), "--objective",
                "p99<200ms,failures<1%", "--mix", mix, "--tls", tls, "--precision", "50%", "--step", "1s", "--warmup",
                "0s", "--format", "json", "--out", directory.resolve("out").toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static JsonNode found(CommandRun run) throws IOException {
        return JsonMapper.builder().build().readTree(run.out());
    }

    /** The generator may be the limit on a machine that both share; then it says so. */
    private static boolean unfit(CommandRun run) throws IOException {
        return found(run).at("/capacity/limitedBy").textValue().equals("generator");
    }

    private static int exitCode(CommandRun run) throws IOException {
        return unfit(run) ? 3 : 0;
    }

    private static void judged(CommandRun run) throws IOException {
        if (unfit(run)) {
            abort("not judged: this machine was busy: " + found(run).at("/capacity/because").textValue());
        }
    }

    /** Every handshake that the search tells of, those with which it asks whether the server is idle, and few more. */
    private static void assertSeen(Peer server, long before, CommandRun run) throws IOException {
        var steps = found(run).get("steps");
        long completed = 0;
        long cutOff = 0;
        for (var step : steps) {
            completed += step.at("/outcomes/completed").asLong();
            cutOff += step.at("/outcomes/timedOut").asLong();
        }
        var least = completed + PROBES * (steps.size() + 1L);
        var seen = server.counts(before + least).total() - before;
        assertTrue(seen >= least, () -> seen + " of " + least + " at least" + run);
        // A server that was not idle was asked again.
        var bound = least + cutOff + 20 * PROBES;
        assertTrue(seen <= bound, () -> seen + " of " + bound + " at most" + run);
    }

    /** How many complete, with 64 under way at any time. */
    private static long closedLoop(Peer server, String mix, String tls) throws IOException {
        return LoadRun.against(server.port(), "--duration " + LOOP_SECONDS + "s --mix " + mix + " --tls " + tls)
                .result().outcomes().completed();
    }
}
