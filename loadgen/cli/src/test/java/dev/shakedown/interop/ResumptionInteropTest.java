package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Suite;
import dev.shakedown.results.RunSums.Resumption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Full and resumed handshakes with every server: what we count is what the server itself counted. */
@Tag("interop")
class ResumptionInteropTest {

    private static final PeerOptions USUAL = PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    /** F R R R R, four times over. */
    private static final String MIX = "--concurrency 1 --count 20 --mix full=1,resumed=4";

    @ParameterizedTest
    @EnumSource
    void full(ServerKind kind) {
        try (var server = kind.start(USUAL)) {
            var run = run(server, kind, "--concurrency 1 --count 6 --mix full=1").assertCompleted(6, 0);
            assertEquals(new Resumption(0, 0, 0, 0, 0), run.result().resumption());
            server.assertCounts(6, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void resumedBySessionId(ServerKind kind) {
        try (var server = kind.start(USUAL.resumption(false, true))) {
            assertAllAccepted(run(server, kind, MIX));
            assertAllAccepted(run(server, kind, MIX + " --no-tickets"));
            server.assertCounts(8, 32);
        }
    }

    @ParameterizedTest
    @EnumSource
    void resumedByTicket(ServerKind kind) {
        try (var server = kind.start(USUAL.resumption(true, false))) {
            assertAllAccepted(run(server, kind, MIX));
            server.assertCounts(4, 16);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theClientChoosesWhereBothAreOn(ServerKind kind) {
        try (var server = kind.start(USUAL)) {
            assertAllAccepted(run(server, kind, MIX + " --no-tickets"));
            assertAllAccepted(run(server, kind, MIX));
            server.assertCounts(8, 32);
        }
    }

    /** Some servers give out session IDs that they will not know again, and decline; others give nothing to offer. */
    @ParameterizedTest
    @EnumSource
    void whatTheServerWillNotResumeIsNeverCountedAsResumed(ServerKind kind) {
        try (var server = kind.start(USUAL.resumption(false, false))) {
            var resumption = run(server, kind, MIX).assertCompleted(20, 0).result().resumption();
            assertEquals(16, resumption.asked());
            assertEquals(0, resumption.accepted());
            assertEquals(resumption.offered(), resumption.declined());
            assertEquals(16, resumption.declined() + resumption.priming());
            server.assertCounts(20, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTicketServerDeclinesWhoeverDoesNotTakeTickets(ServerKind kind) {
        try (var server = kind.start(USUAL.resumption(true, false))) {
            var run = run(server, kind, MIX + " --no-tickets --require-resumed 0.5");
            assertEquals(1, run.exitCode());
            var offered = run.result().resumption().offered();
            assertTrue(run.err().contains(offered == 0
                    ? "--require-resumed: the server issued no session that could be offered to it"
                    : "the server resumed 0 of " + offered + " sessions offered to it"), run.err());
            server.assertCounts(20, 0);
        }
    }

    /** Asked to resume only: each session is primed by a full handshake, then offered twice. */
    @ParameterizedTest
    @EnumSource
    void aSessionIsOfferedNoMoreOftenThanAllowed(ServerKind kind) {
        try (var server = kind.start(USUAL.resumption(false, true))) {
            var run = run(server, kind, "--concurrency 1 --count 9 --mix resumed=1 --resume-uses 2");
            run.assertCompleted(3, 6);
            assertEquals(new Resumption(9, 6, 6, 0, 3), run.result().resumption());
            server.assertCounts(3, 6);
        }
    }

    /** Where the server is done before the client's last word, a close of either kind leaves the count exact. */
    @ParameterizedTest
    @EnumSource
    void bothWaysToCloseAreCountedAlike(ServerKind kind) {
        try (var server = kind.start(USUAL)) {
            LoadRun.against(server.port(), MIX + " --close notify").assertCompleted(4, 16);
            server.assertCounts(4, 16);
            LoadRun.against(server.port(), "--concurrency 1 --count 5 --mix full=1 --close rst").assertCompleted(5, 0);
            server.assertCounts(9, 16);
        }
    }

    private static LoadRun run(Server server, ServerKind kind, String options) {
        return LoadRun.against(server.port(), options + " --close " + kind.close());
    }

    private static void assertAllAccepted(LoadRun run) {
        run.assertCompleted(4, 16);
        assertEquals(new Resumption(16, 16, 16, 0, 0), run.result().resumption());
    }
}
