package dev.shakedown.load;

import dev.shakedown.results.Kind;
import dev.shakedown.tls.client.SessionMemory;
import java.util.OptionalInt;

/**
 * One worker's supply of sessions, and what it has learnt about how to obtain them. In TLS 1.3 tickets arrive only
 * after the handshake. Some servers send them only after application data, others never, and often a resumed handshake
 * yields another number than a full one. So each connection has to know whether a ticket is worth waiting for. Not
 * thread-safe.
 */
final class TicketSupply {
    /** Tickets to keep beyond the highest number of concurrent handshakes. */
    private static final int SPARE = 16;
    /** The highest number of concurrent handshakes that counts, so that a stalled server does not cause hoarding. */
    private static final int MOST = 4096;
    /**
     * A kind that yields no tickets is tried again after this many connections, and then after twice as many each time.
     */
    private static final int TRY_AGAIN = 100;
    /** Number of connections in a row with fewer tickets after which a kind is known to yield fewer. */
    private static final int STOPPED = 3;

    /** What handshakes of one kind have yielded. */
    private static final class Habit {
        private boolean known;
        /** The most tickets on one connection. */
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
     * Whether a connection whose handshake is done should wait for a ticket.
     *
     * @param kind     the kind of its handshake
     * @param gained   number of tickets received already
     * @param inFlight handshakes in progress
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

    /** Whether no more than {@code gained} tickets are to be expected on one connection of that kind. */
    boolean isEnough(Kind kind, int gained) {
        var habit = habit(kind);
        return habit.known && gained > 0 && gained >= habit.tickets;
    }

    /** Whether handshakes of that kind are known to yield no ticket. */
    boolean bringsNone(Kind kind) {
        return habit(kind).bringsNone();
    }

    /** Whether tickets arrive only after a request, so that it should be sent at once. */
    boolean needsRequest(Kind kind) {
        var habit = habit(kind);
        return habit.known ? habit.afterRequest : kind == Kind.RESUMED && full.afterRequest;
    }

    /**
     * Whether it is worth sending a request to a server that has issued no ticket without one: only until a full
     * handshake has shown how it issues them.
     */
    boolean mayRequest(Kind kind) {
        return kind == Kind.FULL && !full.known;
    }

    /** Records that {@code tickets} tickets, at least 1, arrived on one connection. */
    void came(Kind kind, int tickets, boolean afterRequest) {
        var habit = habit(kind);
        habit.afterRequest = afterRequest;
        habit.missedInARow = 0;
        brought(kind, Math.max(habit.tickets, tickets));
    }

    /** Records that {@code tickets} tickets, possibly 0, arrived on a connection before the wait for more expired. */
    void settled(Kind kind, int tickets) {
        var habit = habit(kind);
        if (!habit.known || tickets >= habit.tickets || ++habit.missedInARow == STOPPED) {
            habit.missedInARow = 0;
            brought(kind, tickets);
        }
    }

    /** Records that handshakes of that kind yield {@code number} sessions. */
    void brought(Kind kind, int number) {
        var habit = habit(kind);
        habit.known = true;
        habit.tickets = number;
    }

    /** Returns how many sessions one handshake of that kind yields; empty until that is known. */
    OptionalInt perHandshake(Kind kind) {
        var habit = habit(kind);
        return habit.known ? OptionalInt.of(habit.tickets) : OptionalInt.empty();
    }
}
