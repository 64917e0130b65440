package dev.shakedown.load;

import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.UnsentReason;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts one worker's arrivals when they are due, ends them at their deadlines, and records their outcomes. If it is
 * late, it still starts what is due, except for what is too late: a load with a limited duration is over after that
 * duration and the timeout. It reads no clock and owns no thread: its driver calls {@link #turn} with the time. Times
 * are nanoseconds of one monotonic clock. Not thread-safe.
 */
final class Worker {
    /** An arrival in progress. */
    interface Attempt {
        /**
         * Returns when it began, from which its deadlines count.
         *
         * @param turnNanos when the worker's turn began
         */
        default long begunNanos(long turnNanos) {
            return turnNanos;
        }

        /** Called at the deadline of its TCP connection or its own. It must end. */
        void timeOut(long nowNanos);

        /** Called when the ticket that it waits for has not arrived in time. */
        void ticketOverdue(long nowNanos);

        /** Called when other tickets sent with the first have had time to arrive. */
        void ticketsGathered(long nowNanos);

        /** Called when the load is over. It must end. */
        void cancel(long nowNanos);
    }

    /** Starts attempts. */
    interface Opener {
        /**
         * Begins one handshake, which may end before this method returns, by {@link Worker#ended}.
         *
         * @return the handshake in progress; {@code null} if it has ended already
         */
        @Nullable
        Attempt open(Arrival arrival, long nowNanos);
    }

    /** One arrival: when it is due, what kind of handshake it is for, and where it is recorded. */
    static final class Arrival {
        final long plannedNanos;
        final Kind asked;
        /** The number of its destination. */
        final int destination;
        private final Recorders.Place place;
        private Deadlines.@Nullable Entry<Attempt> connectDeadline;
        private Deadlines.@Nullable Entry<Attempt> deadline;
        private Deadlines.@Nullable Entry<Attempt> ticketDeadline;
        private Deadlines.@Nullable Entry<Attempt> gatherDeadline;
        private boolean connected;
        private boolean ended;

        private Arrival(long plannedNanos, Kind asked, int destination, Recorders.Place place) {
            this.plannedNanos = plannedNanos;
            this.asked = asked;
            this.destination = destination;
            this.place = place;
        }

        /** Whether it waits, or has waited, for a ticket. */
        boolean hasAwaitedTicket() {
            return ticketDeadline != null;
        }
    }

    /** How long a slot of a closed loop pauses after a failed connection, so that it does not spin. */
    private static final long PAUSE_NANOS = 10_000_000;
    /** The time within which tickets arrive that a server sends together. */
    private static final long GATHER_NANOS = 50_000_000;

    /** Most starts in one turn; then the event loop serves its sockets before the next ones begin. */
    private static final int STARTS_A_TURN = 16;

    private final Mix mix;
    private final PlannedStarts starts;
    private final long measuredFromNanos;
    /** When planned arrivals end; empty if only a count ends the load. */
    private final OptionalLong endsNanos;
    /** When the last planned handshake has timed out; empty if only a count ends the load. */
    private final OptionalLong overNanos;
    private final OptionalLong count;
    private final Recorders recorders;
    private final int destinations;
    /** Destinations take turns separately for each kind of handshake, so that none gets only one kind. */
    private final long[] turns = new long[Kind.values().length];
    private final Opener opener;
    private final Deadlines<Attempt> connectDeadlines;
    private final Deadlines<Attempt> deadlines;
    private final Deadlines<Attempt> ticketDeadlines;
    private final Deadlines<Attempt> gatherDeadlines = new Deadlines<>(GATHER_NANOS);
    /** The result of each turn, reused. */
    private final NextDue next = new NextDue();
    private long planned;
    private long measuredPlanned;
    private int inFlight;
    private boolean stopped;

    /**
     * @param starts     this worker's share of the arrivals
     * @param count      this worker's share of the measured handshakes; empty if only time ends the load
     * @param startNanos when the load begins
     */
    Worker(LoadPlan plan, PlannedStarts starts, OptionalLong count, long startNanos, Recorders recorders,
            Opener opener) {
        this.mix = plan.mix();
        this.starts = starts;
        this.measuredFromNanos = startNanos + plan.warmupNanos();
        this.endsNanos = plus(measuredFromNanos, plan.end().nanos());
        this.overNanos = plus(plan.timeoutNanos(), endsNanos);
        this.count = count;
        this.recorders = recorders;
        this.destinations = plan.destinations().size();
        this.opener = opener;
        this.connectDeadlines = new Deadlines<>(plan.connectTimeoutNanos());
        this.deadlines = new Deadlines<>(plan.timeoutNanos());
        this.ticketDeadlines = new Deadlines<>(plan.ending().ticketTimeoutNanos());
    }

    /**
     * Does what is due, up to the limit of one turn.
     *
     * @return when to call again, in the past if more is due now; never if nothing is due. Valid until the next turn.
     */
    NextDue turn(long nowNanos) {
        expire(connectDeadlines, nowNanos, Attempt::timeOut);
        expire(deadlines, nowNanos, Attempt::timeOut);
        expire(ticketDeadlines, nowNanos, Attempt::ticketOverdue);
        expire(gatherDeadlines, nowNanos, Attempt::ticketsGathered);
        if (isAt(overNanos, nowNanos)) {
            cancel(nowNanos);
        }
        for (var started = 0; started < STARTS_A_TURN && hasNext(); started++) {
            var dueNanos = starts.dueNanos(planned);
            if (dueNanos > nowNanos) {
                break;
            }
            starts.taken();
            start(dueNanos, nowNanos);
        }
        next.never();
        if (hasNext()) {
            next.orAt(starts.dueNanos(planned));
        }
        connectDeadlines.first(next);
        deadlines.first(next);
        ticketDeadlines.first(next);
        gatherDeadlines.first(next);
        if (next.isEver() && overNanos.isPresent()) {
            next.orAt(overNanos.getAsLong());
        }
        return next;
    }

    /**
     * Called when {@code attempt} begins to wait for a ticket; {@link Attempt#ticketOverdue} is called when that has
     * lasted long enough.
     */
    void awaitTicket(Arrival arrival, Attempt attempt, long nowNanos) {
        arrival.ticketDeadline = ticketDeadlines.add(attempt, nowNanos);
    }

    /**
     * Called when {@code attempt} has its first ticket; {@link Attempt#ticketsGathered} is called when others sent with
     * it have had time to arrive.
     */
    void gatherTickets(Arrival arrival, Attempt attempt, long nowNanos) {
        arrival.gatherDeadline = gatherDeadlines.add(attempt, nowNanos);
    }

    /**
     * Called when the TCP connection is established, possibly during {@link Opener#open}; from then on only the
     * handshake's own deadline counts.
     */
    void connected(Arrival arrival) {
        arrival.connected = true;
        remove(connectDeadlines, arrival.connectDeadline);
    }

    /**
     * Records the end of an arrival; called exactly once for each arrival opened.
     *
     * @param nowNanos when it ended, which in a closed loop is the planned start of the slot's next handshake
     */
    void ended(Arrival arrival, Sample sample, long nowNanos) {
        arrival.ended = true;
        inFlight--;
        remove(connectDeadlines, arrival.connectDeadline);
        remove(deadlines, arrival.deadline);
        remove(ticketDeadlines, arrival.ticketDeadline);
        remove(gatherDeadlines, arrival.gatherDeadline);
        arrival.place.record(sample);
        starts.ended(sample.marks().reached(Mark.CONNECTED) ? nowNanos : nowNanos + PAUSE_NANOS);
    }

    /** Plans no more arrivals, and cancels those in progress. */
    void stop(long nowNanos) {
        stopped = true;
        cancel(nowNanos);
    }

    private void cancel(long nowNanos) {
        for (Attempt attempt; (attempt = deadlines.poll()) != null;) {
            attempt.cancel(nowNanos);
        }
    }

    /** Whether no arrival is in progress and none will be due. */
    boolean isDone() {
        return inFlight == 0 && !hasNext();
    }

    int inFlight() {
        return inFlight;
    }

    private void start(long dueNanos, long nowNanos) {
        var measured = recorders.isMeasured(dueNanos);
        // The mix starts again with the measured part, so that its proportion is right from the first handshake on.
        var kind = mix.kind(measured ? measuredPlanned : planned);
        planned++;
        if (measured) {
            measuredPlanned++;
        }
        var destination = (int) (turns[kind.ordinal()]++ % destinations);
        var arrival = new Arrival(dueNanos, kind, destination, recorders.at(dueNanos, destination));
        arrival.place.planned();
        inFlight++;
        if (starts.isTooLate(nowNanos - dueNanos) || isAt(overNanos, nowNanos)) {
            ended(arrival, unsent(arrival, UnsentReason.LATE), nowNanos);
            return;
        }
        if (starts.isTooMany(inFlight)) {
            ended(arrival, unsent(arrival, UnsentReason.MAX_IN_FLIGHT), nowNanos);
            return;
        }
        var attempt = opener.open(arrival, nowNanos);
        if (attempt != null && !arrival.ended) {
            var begunNanos = attempt.begunNanos(nowNanos);
            if (!arrival.connected) {
                arrival.connectDeadline = connectDeadlines.add(attempt, begunNanos);
            }
            arrival.deadline = deadlines.add(attempt, begunNanos);
        }
    }

    /** Returns the sample of an arrival that could not be started. */
    static Sample unsent(Arrival arrival, UnsentReason reason) {
        var marks = new long[Mark.values().length];
        Arrays.fill(marks, Marks.NOT_REACHED);
        marks[Mark.PLANNED.ordinal()] = arrival.plannedNanos;
        return new Sample(new Outcome.Unsent(reason), arrival.asked, Resumption.NOT_OFFERED, Marks.of(marks), 0, 0);
    }

    /** Whether there is another arrival whose time is known already. */
    private boolean hasNext() {
        return !stopped && !isAt(count, measuredPlanned) && starts.has(planned)
                && !isAt(endsNanos, starts.dueNanos(planned));
    }

    /** Whether {@code value} has reached {@code limit}, if there is one. */
    private static boolean isAt(OptionalLong limit, long value) {
        return limit.isPresent() && value >= limit.getAsLong();
    }

    private static OptionalLong plus(long nanos, OptionalLong more) {
        return more.isPresent() ? OptionalLong.of(nanos + more.getAsLong()) : more;
    }

    private static void expire(Deadlines<Attempt> deadlines, long nowNanos, ObjLongConsumer<Attempt> action) {
        while (deadlines.isDue(nowNanos)) {
            action.accept(deadlines.poll(), nowNanos);
        }
    }

    private static void remove(Deadlines<Attempt> deadlines, Deadlines.@Nullable Entry<Attempt> entry) {
        if (entry != null) {
            deadlines.remove(entry);
        }
    }
}
