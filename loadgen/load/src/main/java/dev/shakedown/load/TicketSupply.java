package dev.shakedown.load;

import dev.shakedown.results.Kind;
import dev.shakedown.tls.client.SessionMemory;
import java.util.OptionalInt;

/**
 * One worker's supply of sessions, and what it has learnt of where they come from. In TLS 1.3 tickets come only after
 * the handshake, with some servers only after application data, with others not at all, and often in other numbers on a
 * resumed handshake than on a full one; so that each connection has to know whether a ticket is worth waiting for. Not
 * thread-safe.
 */
final class TicketSupply {
    /** So many more tickets than there have been handshakes at a time are enough. */
    private static final int SPARE = 16;
    /** No stall of the server makes it hoard more than that. */
    private static final int MOST = 4096;
    /** A kind that brings none is tried again after so many connections, and then after twice as many each time. */
    private static final int TRY_AGAIN = 100;
    /** A kind that used to bring tickets brings fewer once that many connections in a row got fewer in time. */
    private static final int STOPPED = 3;

    /** What handshakes of one kind have brought. */
    private static final class Habit {
        private boolean known;
        /** How many came at most on one connection. */
        private int tickets;
        private boolean afterRequest;
        private int missedInARow;
        private int passed;
        private int tryAgain = TRY_AGAIN;

        private boolean bringsNone() {
            return known && tickets == 0;
        }
    }

    private final SessionMemory sessions;
    private final boolean wanted;
    private final Habit full = new Habit();
    private final Habit resumed = new Habit();
    private int most;

    /** @param wanted whether handshakes are to be resumed at all */
    TicketSupply(SessionMemory sessions, boolean wanted) {
        this.sessions = sessions;
        this.wanted = wanted;
    }

    private Habit habit(Kind kind) {
        return kind == Kind.FULL ? full : resumed;
    }

    /**
     * Whether a connection that is done should stay for a ticket.
     *
     * @param kind     of its handshake
     * @param gained   how many tickets it has got already
     * @param inFlight handshakes under way
     */
    boolean isShort(Kind kind, int gained, int inFlight) {
        most = Math.clamp(inFlight, most, MOST);
        if (!wanted || sessions.size() > most + SPARE || isEnough(kind, gained)) {
            return false;
        }
        var habit = habit(kind);
        if (!habit.bringsNone()) {
            return true;
        }
        if (++habit.passed < habit.tryAgain) {
            return false;
        }
        habit.passed = 0;
        habit.tryAgain = Math.min(2 * habit.tryAgain, Integer.MAX_VALUE / 2);
        return true;
    }

    /** Whether more than {@code gained} tickets are not to be expected on one connection of that kind. */
    boolean isEnough(Kind kind, int gained) {
        var habit = habit(kind);
        return habit.known && gained > 0 && gained >= habit.tickets;
    }

    /** Whether handshakes of that kind are known to bring no ticket. */
    boolean bringsNone(Kind kind) {
        return habit(kind).bringsNone();
    }

    /** Whether tickets come only after a request, so that one is to be sent at once. */
    boolean needsRequest(Kind kind) {
        var habit = habit(kind);
        return habit.known ? habit.afterRequest : kind == Kind.RESUMED && full.afterRequest;
    }

    /**
     * Whether it is worth sending a request to a server that has given no ticket by itself: only as long as no
     * handshake has shown how it gives them. That resumed ones bring none is then no question.
     */
    boolean mayRequest(Kind kind) {
        return kind == Kind.FULL && !full.known;
    }

    /** So many tickets came on one connection, at least 1. */
    void came(Kind kind, int tickets, boolean afterRequest) {
        var habit = habit(kind);
        habit.afterRequest = afterRequest;
        habit.missedInARow = 0;
        brought(kind, Math.max(habit.tickets, tickets));
    }

    /** So many tickets, perhaps none, came on a connection that was waited on for others in vain. */
    void settled(Kind kind, int tickets) {
        var habit = habit(kind);
        if (!habit.known || tickets >= habit.tickets || ++habit.missedInARow == STOPPED) {
            habit.missedInARow = 0;
            brought(kind, tickets);
        }
    }

    /** Handshakes of that kind bring so many sessions. */
    void brought(Kind kind, int number) {
        var habit = habit(kind);
        habit.known = true;
        habit.tickets = number;
    }

    /** How many sessions one handshake of that kind brings; empty as long as nobody has seen it. */
    OptionalInt perHandshake(Kind kind) {
        var habit = habit(kind);
        return habit.known ? OptionalInt.of(habit.tickets) : OptionalInt.empty();
    }
}
