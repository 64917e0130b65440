package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.Closure.Finding;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Servers that keep sessions under an ID, loaded by one connection after another. */
class ClosureTest {
    private static final long TRIALS_END = 1000;

    /** A server, and the client's connections to it, each of which lasts 1 ns. */
    private static final class Server {
        private final Closure closure;
        private final boolean forgetsOnReset;
        private final boolean declinesAll;
        private final Set<Session> kept = new HashSet<>();
        private Session last;
        private long now = 1;
        private int resets;
        private int declined;

        Server(Close asked, boolean forgetsOnReset, boolean declinesAll) {
            this.closure = new Closure(asked, TRIALS_END);
            this.forgetsOnReset = forgetsOnReset;
            this.declinesAll = declinesAll;
        }

        Server connect(int times) {
            for (var n = 0; n < times; n++) {
                connect();
            }
            return this;
        }

        private void connect() {
            var begun = now++;
            var accepted = last != null && kept.contains(last) && !declinesAll;
            if (last != null) {
                closure.answered(last, accepted, begun);
                declined += accepted ? 0 : 1;
            }
            var session = accepted ? last : session();
            kept.add(session);
            if (!closure.notifies(session, !accepted, now++)) {
                resets++;
                if (forgetsOnReset) {
                    kept.remove(session);
                }
            }
            last = session;
        }
    }

    private static Session session() {
        return new Session.Tls12(new byte[32], null, ProtocolVersion.TLS_1_2,
                CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, (MasterSecret) null, true, Long.MAX_VALUE);
    }

    @Test
    void aServerThatKeepsSessionsIsFoundOutAndThenReset() {
        var server = new Server(Close.AUTO, false, false).connect(100);
        assertEquals(0, server.declined);
        assertTrue(server.resets > 80, () -> "resets: " + server.resets);
        assertEquals(Finding.NOTHING, server.closure.finding());
    }

    @Test
    void aServerThatForgetsIsFoundOutByOneTrialAndThenNotified() {
        var server = new Server(Close.AUTO, true, false).connect(100);
        assertEquals(1, server.declined);
        assertEquals(1, server.resets);
        assertEquals(Finding.RESET_FORGETS, server.closure.finding());
    }

    /** Trials cost the measured part nothing. */
    @Test
    void nothingIsTriedOnceItIsTooLate() {
        var server = new Server(Close.AUTO, true, false);
        server.now = TRIALS_END;
        server.connect(100);
        assertEquals(0, server.declined + server.resets);
    }

    @Test
    void whereResetsWereAskedForATrialShowsWhetherTheyAreWhy() {
        var forgets = new Server(Close.RST, true, false).connect(100);
        assertEquals(Finding.RESET_FORGETS, forgets.closure.finding());
        assertEquals(97, forgets.resets, "all but the trials");
        var declines = new Server(Close.RST, false, true).connect(100);
        assertEquals(Finding.DECLINED_ANYWAY, declines.closure.finding());
        var keeps = new Server(Close.RST, false, false).connect(100);
        assertEquals(Finding.NOTHING, keeps.closure.finding());
        assertEquals(100, keeps.resets);
    }

    /** One of the three sessions is offered before the server has stored it. */
    @Test
    void oneThatWasDeclinedByChanceDoesNotDecide() {
        var closure = new Closure(Close.RST, TRIALS_END);
        for (var n = 0; n < 10; n++) {
            closure.answered(session(), false, n);
        }
        var now = 10;
        for (var accepted : new boolean[]{true, false, true}) {
            assertEquals(Finding.NOTHING, closure.finding());
            var session = session();
            assertTrue(closure.notifies(session, true, now++), "a trial");
            closure.answered(session, accepted, now++);
        }
        assertEquals(Finding.RESET_FORGETS, closure.finding());
    }

    @Test
    void whoAsksForCloseNotifyGetsIt() {
        var server = new Server(Close.NOTIFY, true, false).connect(100);
        assertEquals(0, server.resets + server.declined);
    }

    /** A handshake that began before the trial does not count for it, and one closed the usual way voids it. */
    @Test
    void whatRunsBesideATrialIsNoResultOfIt() {
        var closure = new Closure(Close.AUTO, TRIALS_END);
        var session = session();
        for (var n = 0; n < 4; n++) {
            closure.answered(session, true, n);
        }
        assertFalse(closure.notifies(session, false, 10), "the trial");
        closure.answered(session, false, 9);
        assertEquals(Finding.NOTHING, closure.finding());
        assertTrue(closure.notifies(session, false, 11), "a connection that ran beside it");
        closure.answered(session, false, 12);
        assertEquals(Finding.NOTHING, closure.finding());
    }
}
