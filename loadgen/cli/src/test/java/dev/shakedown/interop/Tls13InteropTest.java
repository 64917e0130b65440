package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.report.TextReport;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.RunRows.NegotiatedRow;
import dev.shakedown.results.RunSums.Resumption;
import dev.shakedown.results.RunSums.Tickets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS 1.3 with every server, full and resumed: what we count is what the server itself counted. */
@Tag("interop")
class Tls13InteropTest {

    private static final PeerOptions USUAL = PeerOptions.tls13(ServerCertificate.ECDSA_P256);
    private static final String SUITE = "TLS_AES_128_GCM_SHA256";
    private static final String MIX = "--count 6 --mix full=1,resumed=2 ";
    /** F R R F R R; where tickets come only after a request, that is sent by then. */
    private static final String SIX = MIX + "--ticket-timeout 500ms ";

    @ParameterizedTest
    @EnumSource
    void everyGroupWithEverySuite(ServerKind kind) {
        for (var group : Group.values()) {
            try (var server = kind.start(USUAL.group(group))) {
                for (var suite : USUAL.suites()) {
                    var run = run(server, kind, SIX + "--group " + group.label() + " --cipher " + suite);
                    assertAllAccepted(run);
                    assertEquals(List.of(new NegotiatedRow("TLSv1.3", suite.name(), group.label(), null, 6)),
                            run.result().negotiated());
                    assertEquals(0, run.result().helloRetryRequests());
                }
                server.assertCounts(6, 12);
            }
        }
    }

    /** A server that wants another group than the first asks for its share, of those that come to resume, too. */
    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "NGINX", "HAPROXY", "GNUTLS"})
    void anotherGroupIsAskedFor(ServerKind kind) {
        for (var group : List.of(Group.SECP256R1, Group.SECP384R1)) {
            try (var server = kind.start(USUAL.group(group))) {
                assertRetried(run(server, kind, SIX), group.label());
                server.assertCounts(2, 4);
            }
        }
    }

    /** BoringSSL has the hybrid group; the others are told, or know, nothing but x25519 of what is offered here. */
    @ParameterizedTest
    @EnumSource
    void theHybridGroup(ServerKind kind) {
        try (var server = kind.start(USUAL)) {
            var run = run(server, kind, SIX + "--group X25519MLKEM768,x25519");
            if (kind == ServerKind.TARGET_BORINGSSL) {
                assertAllAccepted(run);
                assertEquals(0, run.result().helloRetryRequests());
                assertEquals(List.of(new NegotiatedRow("TLSv1.3", SUITE, "X25519MLKEM768", null, 6)),
                        run.result().negotiated());
            } else {
                assertRetried(run, "x25519");
            }
            server.assertCounts(2, 4);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "GNUTLS"})
    void theSessionsKeyAloneIsTaken(ServerKind kind) {
        try (var server = kind.start(USUAL.with(Feature.PSK_ALONE))) {
            var run = run(server, kind, SIX + "--psk-mode ke");
            assertAllAccepted(run);
            assertEquals(Set.of(new NegotiatedRow("TLSv1.3", SUITE, "x25519", null, 2),
                    new NegotiatedRow("TLSv1.3", SUITE, null, null, 4)), Set.copyOf(run.result().negotiated()));
            server.assertCounts(2, 4);
        }
    }

    /** OpenSSL gives out tickets that it then declines; the others give none to a client that wants nothing else. */
    @ParameterizedTest
    @EnumSource
    void theSessionsKeyAloneIsNotTaken(ServerKind kind) {
        try (var server = kind.start(USUAL)) {
            var run = run(server, kind, MIX + "--psk-mode ke --ticket-timeout 100ms").assertCompleted(6, 0);
            assertEquals(switch (kind) {
                case OPENSSL, NGINX, HAPROXY -> new Resumption(4, 4, 0, 4, 0);
                case GNUTLS, TARGET_JDK, TARGET_BORINGSSL -> new Resumption(4, 0, 0, 0, 4);
            }, run.result().resumption());
            assertEquals(List.of(new NegotiatedRow("TLSv1.3", SUITE, "x25519", null, 6)), run.result().negotiated());
            assertEquals(run.result().resumption().offered() == 0, TextReport.of(run.result()).replaceAll("\\s+", " ")
                    .contains("the server issues none to a client that offers only psk mode ke"),
                    run::toString);
            server.assertCounts(6, 0);
        }
    }

    /** OpenSSL within nginx and haproxy, and the JDK, still give out tickets, of which they know nothing later. */
    @ParameterizedTest
    @EnumSource
    void withoutTicketsNothingIsResumed(ServerKind kind) {
        try (var server = kind.start(USUAL.resumption(false, false))) {
            var run = run(server, kind, "--count 12 --mix full=1,resumed=2 --ticket-timeout 100ms");
            var result = run.assertCompleted(12, 0).result();
            switch (kind) {
                case OPENSSL, GNUTLS, TARGET_BORINGSSL -> {
                    assertEquals(new Resumption(8, 0, 0, 0, 8), result.resumption());
                    // Then it is known that there are none.
                    assertEquals(new Tickets(1, 0, 0, 1), result.tickets());
                    assertTrue(TextReport.of(result).contains("1 never came"), () -> TextReport.of(result));
                }
                case NGINX, HAPROXY, TARGET_JDK -> assertEquals(new Resumption(8, 8, 0, 8, 0), result.resumption());
            }
            server.assertCounts(12, 0);
        }
    }

    /** BoringSSL holds its tickets back until it writes data. */
    @Test
    void ticketsThatComeOnlyAfterARequest() {
        try (var server = ServerKind.TARGET_BORINGSSL.start(USUAL)) {
            var run = run(server, ServerKind.TARGET_BORINGSSL, SIX);
            assertAllAccepted(run);
            assertEquals(new Tickets(6, 0, 6, 0), run.result().tickets());
            server.assertCounts(2, 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachEndOfAHandshakeShowsAsAPhase(ServerKind kind) {
        try (var server = kind.start(USUAL)) {
            var finished = run(server, kind, "--count 4 --mix full=1 --complete-on finished").assertCompleted(4, 0);
            assertNull(finished.result().tickets());
            assertPhase(0, 0, "firstByte", finished);
            var ticket = run(server, kind, SIX + "--complete-on ticket");
            assertAllAccepted(ticket);
            if (kind == ServerKind.GNUTLS) {
                assertEachTicketIsEarlyOrNot(ticket);
            } else {
                assertPhase(2, 4, "ticket", ticket);
            }
            // s_server answers nothing by itself.
            if (kind != ServerKind.OPENSSL) {
                var response = run(server, kind, SIX + "--complete-on response");
                assertAllAccepted(response);
                assertPhase(2, 4, "firstByte", response);
            }
            server.assertCounts(kind == ServerKind.OPENSSL ? 6 : 8, kind == ServerKind.OPENSSL ? 4 : 8);
        }
    }

    /** To GnuTLS a hello of another version is one without suites. */
    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "NGINX", "HAPROXY", "GNUTLS"})
    void aServerOfOneVersionIsMetInIt(ServerKind kind) {
        for (var options : List.of(PeerOptions.of(ServerCertificate.ECDSA_P256), USUAL)) {
            var version = options.tls13() ? "TLSv1.3" : "TLSv1.2";
            try (var server = kind.start(options)) {
                assertAllAccepted(run(server, kind, "1.2-1.3", SIX), version);
                run(server, kind, options.tls13() ? "1.2" : "1.3", "--count 2 --mix full=1")
                        .assertAllFailed("server_hello", "received",
                                kind == ServerKind.GNUTLS ? "handshake_failure" : "protocol_version");
                server.assertCounts(2, 4);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerOfBothVersionsTakesTheHighestOffered(ServerKind kind) {
        try (var server = kind.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256))) {
            assertAllAccepted(run(server, kind, "1.2", SIX), "TLSv1.2");
            assertAllAccepted(run(server, kind, "1.3", SIX), "TLSv1.3");
            assertAllAccepted(run(server, kind, "1.2-1.3", SIX), "TLSv1.3");
            server.assertCounts(6, 12);
        }
    }

    /** {@code K} makes s_server change its keys and ask for ours; what is typed behind it comes under the new ones. */
    @Test
    void keysChangeAsTheServerAsks() {
        try (var peer = Program.OPENSSL.start(USUAL)) {
            var run = CompletableFuture.supplyAsync(() -> LoadRun.against(peer.port(),
                    "--tls 1.3 --close notify --count 1 --mix full=1 --complete-on response --timeout 20s"));
            peer.counts(1);
            peer.type("K\n");
            while (!run.isDone()) {
                // It loses what it reads together with the K.
                peer.type("answer\n");
                Peer.pause();
            }
            run.join().assertCompleted(1, 0);
            peer.assertLogs("SSL_do_handshake -> 1");
            // Our close_notify, which it could read.
            peer.assertLogs("DONE");
        }
    }

    /** GnuTLS sends its ticket before it has read our Finished; which of the two goes first is chance. */
    private static void assertEachTicketIsEarlyOrNot(LoadRun run) {
        var sessions = run.result().sessions();
        var early = sessions == null ? 0 : sessions.ticketsBeforeFinished();
        var kinds = run.result().kinds();
        var phases = Stream.of(kinds.full(), kinds.resumed()).map(kind -> kind.phases().get("ticket"))
                .filter(Objects::nonNull).mapToLong(Distribution::count).sum();
        // Where it was early, a request was sent, and an answer awaited behind which no other ticket comes.
        assertEquals(6, phases + early, run::toString);
    }

    private static void assertAllAccepted(LoadRun run) {
        run.assertCompleted(2, 4);
        assertEquals(new Resumption(4, 4, 4, 0, 0), run.result().resumption());
    }

    private static void assertAllAccepted(LoadRun run, String version) {
        assertAllAccepted(run);
        assertEquals(List.of(version),
                run.result().negotiated().stream().map(NegotiatedRow::version).distinct().toList());
    }

    private static void assertRetried(LoadRun run, String group) {
        assertAllAccepted(run);
        assertEquals(6, run.result().helloRetryRequests());
        assertPhase(2, 4, "helloRetryRequest", run);
        assertEquals(List.of(new NegotiatedRow("TLSv1.3", SUITE, group, null, 6)), run.result().negotiated());
    }

    /** Fails unless this many handshakes of each kind had the phase. */
    private static void assertPhase(long full, long resumed, String phase, LoadRun run) {
        var kinds = run.result().kinds();
        var inFull = kinds.full().phases().get(phase);
        var inResumed = kinds.resumed().phases().get(phase);
        assertEquals(List.of(full, resumed), List.of(inFull == null ? 0L : inFull.count(),
                inResumed == null ? 0L : inResumed.count()), run::toString);
    }

    private static LoadRun run(Server server, ServerKind kind, String options) {
        return run(server, kind, "1.3", options);
    }

    private static LoadRun run(Server server, ServerKind kind, String versions, String options) {
        return LoadRun.against(server.port(),
                "--concurrency 1 --close " + kind.close() + " --tls " + versions + " " + options);
    }
}
