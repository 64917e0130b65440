package dev.shakedown.tls.client;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One worker's bank of sessions. Each {@link #take} gives the one that has rested longest; it comes back by itself as
 * long as it may be offered again. Not thread-safe.
 */
public final class SessionMemory {
    /** Stands for no limit to how often one session is offered. */
    public static final int UNLIMITED = Integer.MAX_VALUE;
    /**
     * Stands for no limit in TLS 1.2, and once in TLS 1.3, where offering a ticket again tells who comes again (RFC
     * 8446, C.4).
     */
    public static final int AS_THE_VERSION_ASKS = 0;

    /** Sessions that can be offered for ever: a few are enough, and the newest serve best. */
    private static final int FEW = 16;
    /** Sessions that are used up: enough for a mix that gains more than it spends. */
    private static final int MANY = 8192;

    private record Entry(Session session, int usesLeft) {}

    private final ArrayDeque<Entry> bank = new ArrayDeque<>();
    private final int uses;

    /**
     * @param uses how often one session is offered, at least 1, or {@link #UNLIMITED} or {@link #AS_THE_VERSION_ASKS}
     */
    public SessionMemory(int uses) {
        this.uses = uses;
    }

    /** Puts a gained session into the bank; when it is full, the one that has rested longest goes. */
    public void keep(Session session) {
        var times = uses != AS_THE_VERSION_ASKS ? uses : session instanceof Session.Tls13 ? 1 : UNLIMITED;
        if (bank.size() >= (times == UNLIMITED ? FEW : MANY)) {
            bank.pollFirst();
        }
        bank.addLast(new Entry(session, times));
    }

    /** How many sessions it holds, stale ones among them. */
    public int size() {
        return bank.size();
    }

    /** A session to offer now, or {@code null} when the bank has none that is still fresh. */
    public @Nullable Session take(long nowNanos) {
        for (Entry entry; (entry = bank.pollFirst()) != null;) {
            if (entry.session.expiresNanos() - nowNanos <= 0) {
                continue;
            }
            if (entry.usesLeft == UNLIMITED) {
                bank.addLast(entry);
            } else if (entry.usesLeft > 1) {
                bank.addLast(new Entry(entry.session, entry.usesLeft - 1));
            }
            return entry.session;
        }
        return null;
    }

    /** Forgets a session that the server declined, or that a handshake failed with. */
    public void forget(Session session) {
        bank.removeIf(entry -> entry.session == session);
    }
}
