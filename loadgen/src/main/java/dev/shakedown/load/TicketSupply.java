package dev.shakedown.load;

import dev.shakedown.tls.client.SessionMemory;

/**
 * One worker's supply of TLS 1.3 tickets. They come only after the handshake, and with some servers only after
 * application data or not at all, so that each connection has to know whether a ticket is worth waiting for. Not
 * thread-safe.
 */
final class TicketSupply {
    /** How the server gives out tickets, as far as connections have seen. */
    enum Habit {
        /** By itself, or nobody has seen otherwise yet. */
        UNASKED,
        /** After application data. */
        AFTER_REQUEST,
        NEVER
    }

    /** So many more tickets than there have been handshakes at a time are enough. */
    private static final int SPARE = 16;
    /** No stall of the server makes it hoard more than that. */
    private static final int MOST = 4096;
    /** A server without tickets is tried again by one of so many connections. */
    private static final int TRY_AGAIN = 100;

    private final SessionMemory sessions;
    private final boolean wanted;
    private Habit habit = Habit.UNASKED;
    private int most;
    private int passed;

    /** @param wanted whether handshakes are to be resumed at all */
    TicketSupply(SessionMemory sessions, boolean wanted) {
        this.sessions = sessions;
        this.wanted = wanted;
    }

    /** Whether a connection that is done should stay for a ticket, with so many handshakes under way. */
    boolean isShort(int inFlight) {
        most = Math.clamp(inFlight, most, MOST);
        if (!wanted || sessions.size() > most + SPARE) {
            return false;
        }
        return habit != Habit.NEVER || ++passed % TRY_AGAIN == 0;
    }

    /** Whether tickets are known not to come before a request. */
    boolean needsRequest() {
        return habit == Habit.AFTER_REQUEST;
    }

    /** A ticket came. */
    void came(boolean afterRequest) {
        habit = afterRequest ? Habit.AFTER_REQUEST : Habit.UNASKED;
    }

    /** None came, not even after a request. */
    void missed() {
        habit = Habit.NEVER;
    }
}
