package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
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

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"full=1, 1.2", "'full=1,resumed=1', 1.2", "full=1, 1.3"})
    void theServerHasSeenWhatWasFound(String mix, String tls) throws IOException {
        try (var server = (Peer) ServerKind.NGINX.start(PeerOptions.bothVersions(ServerCertificate.RSA_2048))) {
            var loop = closedLoop(server, mix, tls);
            var saturated = loop / 3.0;
            var before = server.counts(loop).total();

            var run = CommandRun.of("capacity", "127.0.0.1:" + server.port(), "--objective", "p99<200ms,failures<1%",
                    "--mix", mix, "--tls", tls, "--precision", "20%", "--from", String.valueOf(saturated / 3), "--step",
                    "1s", "--confirm", "2s", "--warmup", "0s", "--format", "json", "--out",
                    directory.resolve("out").toString());
            var found = JsonMapper.builder().build().readTree(run.out());
            // The generator may be the limit on a machine that both share; then it says so.
            var unfit = found.at("/capacity/limitedBy").textValue().equals("generator");
            assertEquals(unfit ? 3 : 0, run.exitCode(), run::toString);

            long completed = 0;
            long cutOff = 0;
            for (var step : found.get("steps")) {
                completed += step.at("/outcomes/completed").asLong();
                cutOff += step.at("/outcomes/timedOut").asLong();
            }
            var least = completed + PROBES * (found.get("steps").size() + 1L);
            var seen = server.counts(before + least).total() - before;
            assertTrue(seen >= least, () -> seen + " of " + least + " at least" + run);
            // A server that was not idle was asked again.
            var bound = least + cutOff + 20 * PROBES;
            assertTrue(seen <= bound, () -> seen + " of " + bound + " at most" + run);

            var rate = found.at("/capacity/ratePerSecond").doubleValue();
            // What else runs on the machine may have slowed the first.
            var most = Math.max(saturated, closedLoop(server, mix, tls) / 3.0);
            assertTrue(rate < 3 * most, () -> most + "/s in a closed loop" + run);
            if (unfit && rate <= saturated / 3) {
                abort("not judged: this machine was busy: " + found.at("/capacity/because").textValue());
            }
            assertTrue(rate > saturated / 3, () -> saturated + "/s in a closed loop" + run);
        }
    }

    /** How many complete in three seconds, with 64 under way at any time. */
    private static long closedLoop(Peer server, String mix, String tls) throws IOException {
        return LoadRun.against(server.port(), "--duration 3s --mix " + mix + " --tls " + tls).result().outcomes()
                .completed();
    }
}
