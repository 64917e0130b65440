package dev.shakedown.load;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.tls.client.Session;
import java.util.IdentityHashMap;

/**
 * Decides how to close connections whose session the server keeps under a session ID. A server built on OpenSSL drops a
 * session if its connection ends without closure alerts (RFC 5246, 7.2.1), unless it takes care not to: after a reset
 * it no longer knows the session that the client offers next. Such connections therefore end with close_notify until a
 * few trials have shown that a reset does no harm. If resets were requested and most sessions are declined, a few
 * trials with close_notify show whether that is the reason. Not thread-safe.
 */
public final class Closure {
    /** Number of resumed sessions that shows that the server keeps them. */
    private static final int KEPT = 4;
    /** Number of sessions whose connection is closed the other way to see what that does. */
    private static final int TRIALS = 3;
    /** Number of declined sessions from which an explanation is needed, if fewer were accepted. */
    private static final int DECLINED = 10;

    /** What the trials have shown, in ascending order of importance. */
    public enum Finding {
        NOTHING,
        /** Sessions are declined whether or not their connection ended with close_notify. */
        DECLINED_ANYWAY,
        /** The server forgets a session whose connection is reset. */
        RESET_FORGETS
    }

    private final Close asked;
    /** No trial begins after this, so that sessions lost to trials stay out of the results. */
    private final long tryUntilNanos;
    /** Sessions whose last connection was closed the other way, and when. */
    private final IdentityHashMap<Session, Long> trials = new IdentityHashMap<>();
    private int begun;
    private int passed;
    private int failed;
    private long accepted;
    private long declined;
    private boolean resets;
    private Finding finding = Finding.NOTHING;

    Closure(Close asked, long tryUntilNanos) {
        this.asked = asked;
        this.tryUntilNanos = tryUntilNanos;
        this.resets = asked == Close.RST;
    }

    /**
     * Whether a connection that ends now should send close_notify.
     *
     * @param session the session that the server keeps for the connection under an ID
     * @param isNew   whether this connection is the session's first, so that no other has been reset
     */
    boolean notifies(Session session, boolean isNew, long nowNanos) {
        if (asked == Close.NOTIFY) {
            return true;
        }
        var tries = asked == Close.RST
                ? isNew && finding == Finding.NOTHING && begun < TRIALS && declined >= DECLINED && declined > accepted
                : !resets && finding == Finding.NOTHING && accepted >= KEPT && begun < TRIALS
                        && nowNanos < tryUntilNanos && !trials.containsKey(session);
        if (tries) {
            begun++;
            trials.put(session, nowNanos);
        } else if (trials.remove(session) != null) {
            // Another connection of the same session is closed the usual way, so the trial is void.
            begun--;
        }
        return tries == resets;
    }

    /**
     * Records the server's answer to a handshake that offered such a session.
     *
     * @param begunNanos when that handshake began: only one that began after the trial counts for it
     */
    void answered(Session session, boolean isAccepted, long begunNanos) {
        var tried = trials.get(session);
        if (tried == null || begunNanos < tried) {
            accepted += isAccepted ? 1 : 0;
            declined += isAccepted ? 0 : 1;
            return;
        }
        trials.remove(session);
        passed += isAccepted ? 1 : 0;
        failed += isAccepted ? 0 : 1;
        if (asked == Close.AUTO) {
            // One lost session is enough to be careful.
            finding = failed > 0 ? Finding.RESET_FORGETS : Finding.NOTHING;
            resets = passed == TRIALS && failed == 0;
        } else if (passed + failed == TRIALS) {
            // A server may not have stored a session yet when the next handshake offers it.
            finding = passed > failed ? Finding.RESET_FORGETS : Finding.DECLINED_ANYWAY;
        }
    }

    Finding finding() {
        return finding;
    }
}
