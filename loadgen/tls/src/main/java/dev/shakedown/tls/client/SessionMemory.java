package dev.shakedown.tls.client;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One worker's store of sessions. Each {@link #take} returns the least recently offered one, and keeps it as long as it
 * may be offered again. Not thread-safe.
 */
public final class SessionMemory {
    /** No limit to how often a session is offered. */
    public static final int UNLIMITED = Integer.MAX_VALUE;
    /**
     * No limit in TLS 1.2, but once in TLS 1.3, where offering a ticket again would let observers link connections (RFC
     * 8446, C.4).
     */
    public static final int AS_THE_VERSION_ASKS = 0;

    /** Capacity for sessions without a limit: a few are enough, and the newest work best. */
    private static final int UNLIMITED_CAPACITY = 16;
    /** Capacity for sessions with a limit: enough for a mix that gains more sessions than it uses. */
    private static final int LIMITED_CAPACITY = 8192;

    private record Entry(Session session, int usesLeft) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final int uses;

    /**
     * @param uses how often each session is offered, at least 1, or {@link #UNLIMITED} or {@link #AS_THE_VERSION_ASKS}
     */
    public SessionMemory(int uses) {
        this.uses = uses;
    }

    /** Stores a new session; if the store is full, the least recently offered one is dropped. */
    public void keep(Session session) {
        var times = uses != AS_THE_VERSION_ASKS ? uses : session instanceof Session.Tls13 ? 1 : UNLIMITED;
        if (entries.size() >= (times == UNLIMITED ? UNLIMITED_CAPACITY : LIMITED_CAPACITY)) {
            entries.pollFirst();
        }
        entries.addLast(new Entry(session, times));
    }

    /** Returns how many sessions are stored, including expired ones. */
    public int size() {
        return entries.size();
    }

    /** Returns a session to offer now, or {@code null} if none is left that has not expired. */
    public @Nullable Session take(long nowNanos) {
        for (Entry entry; (entry = entries.pollFirst()) != null;) {
            if (entry.session.expiresNanos() - nowNanos <= 0) {
                continue;
            }
            if (entry.usesLeft == UNLIMITED) {
                entries.addLast(entry);
            } else if (entry.usesLeft > 1) {
                entries.addLast(new Entry(entry.session, entry.usesLeft - 1));
            }
            return entry.session;
        }
        return null;
    }

    /** Forgets a session that the server declined, or whose handshake failed. */
    public void forget(Session session) {
        entries.removeIf(entry -> entry.session == session);
    }
}
