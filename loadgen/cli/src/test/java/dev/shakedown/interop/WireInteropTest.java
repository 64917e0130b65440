package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.Capture.Hello;
import dev.shakedown.interop.PeerOptions.Feature;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run says of TLS 1.3 resumption, against what a capture of its packets shows. */
@Tag("interop")
class WireInteropTest {

    private static final PeerOptions USUAL = PeerOptions.tls13(ServerCertificate.ECDSA_P256);

    /** No ticket is offered twice, by which an observer could link the connections (RFC 8446, C.4). */
    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "NGINX", "GNUTLS", "TARGET_BORINGSSL"})
    void asManyAreResumedAsServerHellosSay(ServerKind kind) {
        try (var server = kind.start(USUAL); var capture = new Capture(server.port())) {
            // s_server serves one connection at a time.
            var run = run(server, kind, "--count 100 --mix full=1,resumed=4 "
                    + (kind == ServerKind.OPENSSL ? "--concurrency 1" : "--concurrency 8 --threads 2"));
            var resumption = run.result().resumption();
            run.assertCompleted(100 - resumption.accepted(), resumption.accepted());
            assertTrue(resumption.accepted() >= 60, run::toString);
            var hellos = capture.hellos();
            assertShows(run, hellos);
            assertEquals(resumption.offered(), uses(hellos).size());
            server.assertCounts(100 - resumption.accepted(), resumption.accepted());
        }
    }

    /** Each second connection meets a server with another key: what it declines is offered, but not resumed. */
    @Test
    void aDeclinedSessionShowsInClientHellosOnly() {
        try (var server = ServerKind.NGINX.start(USUAL.with(Feature.CHANGING_TICKET_KEYS));
                var capture = new Capture(server.port())) {
            var run = run(server, ServerKind.NGINX, "--count 100 --mix full=1,resumed=4 --concurrency 1");
            var resumption = run.result().resumption();
            assertTrue(resumption.accepted() > 0 && resumption.declined() > 0, run::toString);
            assertEquals(resumption.offered(), resumption.accepted() + resumption.declined());
            run.assertCompleted(100 - resumption.accepted(), resumption.accepted());
            assertShows(run, capture.hellos());
            server.assertCounts(100 - resumption.accepted(), resumption.accepted());
        }
    }

    @Test
    void aTicketIsOfferedAsOftenAsAllowed() {
        try (var server = ServerKind.NGINX.start(USUAL); var capture = new Capture(server.port())) {
            var run = run(server, ServerKind.NGINX, "--count 200 --mix full=1,resumed=9 --concurrency 8 --threads 2"
                    + " --resume-uses 3");
            var resumption = run.result().resumption();
            var uses = uses(capture.hellos());
            assertEquals(resumption.offered(), uses.stream().mapToLong(Long::longValue).sum());
            assertEquals(3, uses.stream().mapToLong(Long::longValue).max().orElseThrow());
            assertEquals(resumption.offered(), resumption.accepted());
        }
    }

    private static void assertShows(LoadRun run, List<Hello> hellos) {
        var resumption = run.result().resumption();
        assertEquals(run.result().outcomes().completed(), count(hellos, true, false));
        assertEquals(resumption.accepted(), count(hellos, true, true));
        assertEquals(run.result().outcomes().completed(), count(hellos, false, false));
        assertEquals(resumption.offered(), count(hellos, false, true));
    }

    private static long count(List<Hello> hellos, boolean fromServer, boolean onlyWithPreSharedKey) {
        return hellos.stream().filter(hello -> hello.fromServer() == fromServer
                && (hello.preSharedKey() || !onlyWithPreSharedKey)).count();
    }

    /** For each ticket that was offered, how often it was. */
    private static Collection<Long> uses(List<Hello> hellos) {
        return hellos.stream().map(Hello::identity).filter(identity -> !identity.isEmpty())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())).values();
    }

    private static LoadRun run(Server server, ServerKind kind, String options) {
        return LoadRun.against(server.port(), "--tls 1.3 --close " + kind.close() + " " + options);
    }
}
