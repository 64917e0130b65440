package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Suite;
import dev.shakedown.net.socket.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Many handshakes at once, on every way to drive sockets, with the servers that take many at once. */
@Tag("interop")
class LoadInteropTest {

    private static final PeerOptions USUAL = PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);

    static List<Arguments> manyAtOnce() {
        return Stream.of(ServerKind.NGINX, ServerKind.HAPROXY, ServerKind.TARGET_JDK, ServerKind.TARGET_BORINGSSL)
                .flatMap(kind -> Arrays.stream(Transport.values()).filter(Transport::isAvailable)
                        .map(transport -> Arguments.of(kind, transport)))
                .toList();
    }

    /**
     * Both workers prime sessions of their own, and more than one handshake may be under way before the first is there.
     */
    @ParameterizedTest
    @MethodSource
    void manyAtOnce(ServerKind kind, Transport transport) {
        try (var server = kind.start(USUAL)) {
            for (var tickets : List.of("--tickets", "--no-tickets")) {
                var run = LoadRun.against(server.port(), "--count 200 --concurrency 16 --threads 2 --mix"
                        + " full=1,resumed=4 --close " + kind.close() + " --transport " + transport.label() + " "
                        + tickets);
                var kinds = run.result().kinds();
                var resumption = run.result().resumption();
                run.assertCompleted(kinds.full().completed(), 200 - kinds.full().completed());
                assertEquals(160, resumption.asked());
                assertEquals(resumption.offered(), resumption.accepted());
                assertEquals(resumption.accepted(), kinds.resumed().completed());
                assertEquals(160, resumption.offered() + resumption.priming());
                assertEquals(transport.label(), run.result().client().transport());
                assertTrue(resumption.priming() <= 16, () -> "one for each slot at most: " + resumption);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NGINX", "HAPROXY", "TARGET_JDK", "TARGET_BORINGSSL"})
    void theServerCountsWhatWeCountUnderLoad(ServerKind kind) {
        try (var server = kind.start(USUAL)) {
            var closed = LoadRun.against(server.port(), "--count 300 --concurrency 16 --threads 2 --mix"
                    + " full=1,resumed=4 --close " + kind.close()).result().kinds();
            var open = LoadRun.against(server.port(), "--count 100 --rate 400 --arrivals poisson --mix"
                    + " full=1,resumed=1 --close " + kind.close()).result();
            assertEquals(100, open.outcomes().completed(), open::toString);
            server.assertCounts(closed.full().completed() + open.kinds().full().completed(),
                    closed.resumed().completed() + open.kinds().resumed().completed());
        }
    }

    @Test
    void requiredResumption() {
        try (var server = ServerKind.NGINX.start(USUAL)) {
            var mix = "--concurrency 1 --count 20 --mix full=1,resumed=4 --require-resumed 1";
            LoadRun.against(server.port(), mix).assertCompleted(4, 16);
        }
        try (var server = ServerKind.NGINX.start(USUAL.resumption(false, false))) {
            var run = LoadRun.against(server.port(), "--count 20 --mix full=1,resumed=4 --require-resumed 0.01");
            assertEquals(1, run.exitCode());
            assertTrue(
                    run.err().contains("--require-resumed: the server issued no session that could be offered to it"),
                    run.err());
        }
    }

    @Test
    void theServersCpuTimeIsThatOfItsProcessAndChildren() {
        Program.NGINX.require();
        try (var peer = Program.NGINX.start(USUAL)) {
            var run = LoadRun.against(peer.port(), "--count 400 --mix full=1 --server-pid " + peer.pid());
            run.assertCompleted(400, 0);
            var server = run.result().server();
            assertEquals(peer.pid(), server.pid());
            assertTrue(server.cpuMicrosPerHandshake() > 50, server::toString);
        }
    }

    @Test
    void connectionsComeFromEverySourceAddress() throws Exception {
        var expected = new TreeSet<>(Set.of("127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4", "127.0.1.5",
                "127.0.1.6"));
        for (var transport : Arrays.stream(Transport.values()).filter(Transport::isAvailable).toList()) {
            var sources = new ConcurrentSkipListSet<String>();
            try (var server = new ScriptedServer(socket -> sources.add(socket.getInetAddress().getHostAddress()))) {
                LoadRun.against(server.port(), "--count 24 --mix full=1 --source-address 127.0.1.0/29 --transport "
                        + transport.label());
            }
            assertEquals(expected, sources, transport::label);
        }
        try (var server = ServerKind.NGINX.start(USUAL)) {
            LoadRun.against(server.port(), "--count 24 --mix full=1 --source-address 127.0.1.0/29")
                    .assertCompleted(24, 0);
            server.assertCounts(24, 0);
        }
    }
}
