package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several servers in one run: each gets its share of both kinds of handshakes, and has a row of its own. */
@Tag("interop")
@Timeout(60)
class SeveralTargetsInteropTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void eachHasItsRowAndItsOwnSessions(String version) throws IOException {
        try (var first = Program.NGINX.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256));
                var second = Program.NGINX.start(PeerOptions.bothVersions(ServerCertificate.RSA_2048))) {
            var arguments = "--count 400 --mix full=1,resumed=1 --concurrency 4 --threads 2 --tls " + version;
            var result = run(List.of(first.port(), second.port()), arguments);
            assertEquals(400, result.outcomes().completed(), result::toString);
            assertEquals(0, result.resumption().declined(), result::toString);
            assertEquals(2, result.targets().size());
            var ports = List.of(first.port(), second.port());
            for (var row : result.targets()) {
                assertEquals(ports.get(result.targets().indexOf(row)), row.target().port());
                assertEquals(200, row.outcomes().planned(), 1, result::toString);
                assertEquals(row.outcomes().planned(), row.outcomes().completed());
                assertTrue(row.resumed().completed() > 60 && row.latencyMicros().p50() > 0, result::toString);
                (row == result.targets().getFirst() ? first : second).assertCounts(row.full().completed(),
                        row.resumed().completed());
            }
            assertEquals(result.kinds().full().completed(), result.targets().stream()
                    .mapToLong(row -> row.full().completed()).sum());
        }
    }

    @Test
    void whatOneFailsIsInItsRow() throws IOException {
        int nobody;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        try (var server = Program.NGINX.start(PeerOptions.of(ServerCertificate.ECDSA_P256))) {
            var result = run(List.of(server.port(), nobody), "--mix full=1 --steps 50,100:500ms");
            assertEquals(List.of(0L, result.outcomes().failed()),
                    result.targets().stream().map(row -> row.outcomes().failed()).toList(), result::toString);
            assertEquals(result.outcomes().planned(),
                    result.targets().stream().mapToLong(row -> row.outcomes().planned())
                            .sum());
            assertEquals(2, result.loadPhases().size());
            assertEquals(result.outcomes().planned(), result.loadPhases().stream()
                    .mapToLong(phase -> phase.outcomes().planned()).sum());
            assertNull(run(List.of(server.port()), "--mix full=1 --count 4").targets(), "one server needs no row");
        }
    }

    @Test
    void eachVersionHasARowAndWhoHasAHigherOneIsKnown() throws IOException {
        try (var old = Program.NGINX.start(PeerOptions.of(ServerCertificate.ECDSA_P256));
                var both = Program.NGINX.start(PeerOptions.bothVersions(ServerCertificate.RSA_2048))) {
            var ports = List.of(old.port(), both.port());
            var result = run(ports, "--count 40 --mix full=1");
            assertEquals("1.2-1.3", result.plan().offer().tls());
            assertEquals(List.of("TLSv1.3", "TLSv1.2"),
                    result.versions().stream().map(RunRows.VersionRow::version).toList());
            for (var row : result.versions()) {
                assertEquals(20, row.completed(), result::toString);
                assertEquals(20, row.fullLatencyMicros().count(), result::toString);
            }
            assertEquals(0, result.higherVersion());
            assertEquals(20, run(ports, "--count 40 --mix full=1 --tls 1.2").higherVersion());
            assertNull(run(List.of(both.port()), "--count 4 --mix full=1").versions(), "one version needs no row");
        }
    }

    /** Nobody has said which process serves. */
    @Test
    void theServersProcessIsFound() throws IOException {
        try (var server = Program.NGINX.start(PeerOptions.of(ServerCertificate.ECDSA_P256));
                var other = Program.NGINX.start(PeerOptions.of(ServerCertificate.ECDSA_P256))) {
            var target = "127.0.0.1:" + server.port();
            var found = CommandRun.of("run", target, "--count", "9", "--warmup", "0s", "--out",
                    directory.resolve("found").toString());
            assertEquals(server.pid(), RunResult.read(directory.resolve("found")).server().pid(), found::toString);
            assertTrue(found.err().contains("server: nginx " + server.pid() + " + "), found::err);
            var wrong = CommandRun.of("run", target, "--server-pid", Long.toString(other.pid()), "--count", "9",
                    "--warmup", "0s", "--out", directory.resolve("wrong").toString());
            assertTrue(wrong.err().contains("--server-pid " + other.pid() + " does not listen there: nginx "
                    + server.pid()), wrong::err);
            CommandRun.of("run", target, "--server-pid", "none", "--count", "9", "--warmup", "0s", "--out",
                    directory.resolve("none").toString());
            assertNull(RunResult.read(directory.resolve("none")).server());
            var two = CommandRun.of("run", target, "127.0.0.1:" + other.port(), "--server-pid", "auto", "--count", "9",
                    "--out", directory.resolve("two").toString());
            assertEquals(2, two.exitCode(), two::toString);
        }
    }

    @Test
    void theReportHasATable() throws IOException {
        try (var server = Program.NGINX.start(PeerOptions.of(ServerCertificate.ECDSA_P256))) {
            var target = "127.0.0.1:" + server.port();
            var run = CommandRun.of("run", target, target, "--count", "20", "--warmup", "0s", "--quiet", "--details",
                    "--out",
                    directory.resolve("text").toString());
            assertTrue(run.out().contains("target: " + target + " and 1 more"), run::out);
            assertTrue(run.out().contains("target ") && run.out().contains("accepted"), run::out);
            assertEquals(2, run.out().lines().filter(line -> line.startsWith(target)).count(), run::out);
        }
    }

    private RunResult run(List<Integer> ports, String options) throws IOException {
        var out = Files.createTempDirectory(directory, "run").resolve("out");
        var run = CommandRun.of(("run " + String.join(" ", ports.stream().map(port -> "127.0.0.1:" + port).toList())
                + " --warmup 0s --quiet --format json --out " + out + " " + options).split(" +"));
        return JsonMapper.builder().build().readValue(run.out(), RunResult.class);
    }
}
