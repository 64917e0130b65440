package dev.shakedown.load;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.tls.client.Session;
import java.util.IdentityHashMap;

/**
 * How connections end whose session the server keeps under a session ID. A server built on OpenSSL drops a session when
 * its connection ends without closure alerts (RFC 5246, 7.2.1), unless it takes care not to: after a reset it then
 * knows nothing of what the client offers next. So such connections end with close_notify until a few trials have shown
 * that a reset does no harm; and where resets were asked for and most sessions are declined, a few trials with
 * close_notify show whether that is why. Not thread-safe.
 */
public final class Closure {
    /** So many sessions taken up show that the server keeps them. */
    private static final int KEPT = 4;
    /** So many sessions whose connection ended the other way show what that does. */
    private static final int TRIALS = 3;
    /** So many declined, and fewer taken up, ask for an explanation. */
    private static final int DECLINED = 10;

    /** What trials have shown; the later one says more. */
    public enum Finding {
        NOTHING,
        /** Sessions are declined whether or not their connection ended with close_notify. */
        DECLINED_ANYWAY,
        /** The server forgets a session whose connection is reset. */
        RESET_FORGETS
    }

    private final Close asked;
    /** Trials begin only before this, so that what they lose is no part of the results. */
    private final long tryUntilNanos;
    /** Sessions whose last connection ended the other way, and when. */
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
     * Whether a connection that ends now is to end with close_notify.
     *
     * @param session that the server keeps for it under an ID
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
            // Another connection that used it at the same time ends the usual way: the trial shows nothing.
            begun--;
        }
        return tries == resets;
    }

    /**
     * A server has answered who offered such a session.
     *
     * @param begunNanos when that handshake began: only those that began after a trial tell of it
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
            // One is enough to be careful.
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
