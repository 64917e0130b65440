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
 * One worker's arrivals: starts each when it is due, ends it when its deadline comes, and records what became of it.
 * Where it is late it begins what is due all the same, but for what is due for too long: a run of limited duration is
 * over when that and the timeout have gone by. It reads no clock and owns no thread: whoever drives it calls {@link
 * #turn} with the time. Times are nanoseconds of one monotonic clock. Not thread-safe.
 */
final class Worker {
    /** One arrival that is under way. */
    interface Attempt {
        /**
         * When it began, from which its deadlines count.
         *
         * @param turnNanos when the worker set about it
         */
        default long begunNanos(long turnNanos) {
            return turnNanos;
        }

        /** Its TCP connection's, or its own, deadline has come. It must end. */
        void timeOut(long nowNanos);

        /** The ticket that it waits for has not come in time. */
        void ticketOverdue(long nowNanos);

        /** What servers send together with a first ticket has had time to come. */
        void ticketsTogether(long nowNanos);

        /** The run is over. It must end. */
        void cancel(long nowNanos);
    }

    /** Starts attempts. */
    interface Opener {
        /**
         * Begins one handshake. It may end before this returns, by {@link Worker#ended}.
         *
         * @return what to end it with, or {@code null} if it has ended already
         */
        @Nullable
        Attempt open(Arrival arrival, long nowNanos);
    }

    /** One arrival: when it was due, what was asked for, where it is recorded. */
    static final class Arrival {
        final long plannedNanos;
        final Kind asked;
        /** The number of what its handshake is done with. */
        final int destination;
        private final Recorders.Place place;
        private Deadlines.@Nullable Entry<Attempt> connectDeadline;
        private Deadlines.@Nullable Entry<Attempt> deadline;
        private Deadlines.@Nullable Entry<Attempt> ticketDeadline;
        private Deadlines.@Nullable Entry<Attempt> togetherDeadline;
        private boolean connected;
        private boolean ended;

        private Arrival(long plannedNanos, Kind asked, int destination, Recorders.Place place) {
            this.plannedNanos = plannedNanos;
            this.asked = asked;
            this.destination = destination;
            this.place = place;
        }

        /** Whether it stays, or has stayed, for a ticket. */
        boolean hasAwaitedTicket() {
            return ticketDeadline != null;
        }
    }

    /** A slot of a closed loop that got no connection rests this long, so that it does not spin. */
    private static final long REST_NANOS = 10_000_000;
    /** Within which the tickets arrive that a server sends together. */
    private static final long TOGETHER_NANOS = 50_000_000;

    /** Beyond this many starts the loop gets to its sockets first, and the next ones begin at a time of their own. */
    private static final int STARTS_A_TURN = 16;

    private final Mix mix;
    private final PlannedStarts starts;
    private final long measuredFromNanos;
    /** From when on no arrival is planned; empty where only a count ends the load. */
    private final OptionalLong endsNanos;
    /** When the last handshake that began in time has had its time; empty likewise. */
    private final OptionalLong overNanos;
    private final OptionalLong count;
    private final Recorders recorders;
    private final int destinations;
    /** Each kind of handshake takes the seats in turns of its own, so that none gets one kind only. */
    private final long[] turns = new long[Kind.values().length];
    private final Opener opener;
    private final Deadlines<Attempt> connectDeadlines;
    private final Deadlines<Attempt> deadlines;
    private final Deadlines<Attempt> ticketDeadlines;
    private final Deadlines<Attempt> togetherDeadlines = new Deadlines<>(TOGETHER_NANOS);
    /** What a turn tells, one after another. */
    private final NextDue next = new NextDue();
    private long planned;
    private long measuredPlanned;
    private int inFlight;
    private boolean stopped;

    /**
     * @param starts     this worker's share of the arrivals
     * @param count      this worker's share of the measured handshakes; empty for all that come in time
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
     * Does what is due, or as much of it as one turn may.
     *
     * @return when to call again, in the past if more is due; never if nothing is due by itself. It is good until the
     *         next turn.
     */
    NextDue turn(long nowNanos) {
        expire(connectDeadlines, nowNanos, Attempt::timeOut);
        expire(deadlines, nowNanos, Attempt::timeOut);
        expire(ticketDeadlines, nowNanos, Attempt::ticketOverdue);
        expire(togetherDeadlines, nowNanos, Attempt::ticketsTogether);
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
        togetherDeadlines.first(next);
        if (next.isEver() && overNanos.isPresent()) {
            next.orAt(overNanos.getAsLong());
        }
        return next;
    }

    /** {@code attempt} waits for a ticket; {@link Attempt#ticketOverdue} tells when it has done so for long enough. */
    void awaitTicket(Arrival arrival, Attempt attempt, long nowNanos) {
        arrival.ticketDeadline = ticketDeadlines.add(attempt, nowNanos);
    }

    /**
     * {@code attempt} has its first ticket; {@link Attempt#ticketsTogether} tells when others of the same time are
     * there.
     */
    void awaitTogether(Arrival arrival, Attempt attempt, long nowNanos) {
        arrival.togetherDeadline = togetherDeadlines.add(attempt, nowNanos);
    }

    /** The TCP connection stands, perhaps at once; from here on only the handshake's own deadline counts. */
    void connected(Arrival arrival) {
        arrival.connected = true;
        remove(connectDeadlines, arrival.connectDeadline);
    }

    /**
     * Takes an arrival's end; exactly one for each that was opened.
     *
     * @param nowNanos when it ended: the planned start of the slot's next handshake in a closed loop
     */
    void ended(Arrival arrival, Sample sample, long nowNanos) {
        arrival.ended = true;
        inFlight--;
        remove(connectDeadlines, arrival.connectDeadline);
        remove(deadlines, arrival.deadline);
        remove(ticketDeadlines, arrival.ticketDeadline);
        remove(togetherDeadlines, arrival.togetherDeadline);
        arrival.place.record(sample);
        starts.ended(sample.marks().reached(Mark.CONNECTED) ? nowNanos : nowNanos + REST_NANOS);
    }

    /** Plans no more arrivals, and cancels those under way. */
    void stop(long nowNanos) {
        stopped = true;
        cancel(nowNanos);
    }

    private void cancel(long nowNanos) {
        for (Attempt attempt; (attempt = deadlines.poll()) != null;) {
            attempt.cancel(nowNanos);
        }
    }

    /** Whether no arrival is under way and none will be due. */
    boolean isDone() {
        return inFlight == 0 && !hasNext();
    }

    int inFlight() {
        return inFlight;
    }

    private void start(long dueNanos, long nowNanos) {
        var measured = recorders.isMeasured(dueNanos);
        // The measured part begins its mix anew, so that it holds its share from its first handshake on.
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

    /** The sample of an arrival that could not be started. */
    static Sample unsent(Arrival arrival, UnsentReason reason) {
        var marks = new long[Mark.values().length];
        Arrays.fill(marks, Marks.NOT_REACHED);
        marks[Mark.PLANNED.ordinal()] = arrival.plannedNanos;
        return new Sample(new Outcome.Unsent(reason), arrival.asked, Resumption.NOT_OFFERED, Marks.of(marks), 0, 0);
    }

    /** Whether another arrival is due at a time that is known by now. */
    private boolean hasNext() {
        return !stopped && !isAt(count, measuredPlanned) && starts.has(planned)
                && !isAt(endsNanos, starts.dueNanos(planned));
    }

    /** Whether {@code value} has come to {@code limit}, where there is one. */
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
