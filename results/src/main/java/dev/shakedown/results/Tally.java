package dev.shakedown.results;

import dev.shakedown.results.Outcome.Failure;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Sample.EarlyData;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample.Tickets;
import java.util.Map;

/**
 * The counts of an interval or of a run. Single-threaded; hand it over as a whole.
 *
 * <p>{@link #planned()} is counted when an arrival is planned and everything else when one has ended, so that
 * {@code planned = completed + failed + timedOut + cancelled + unsent} is a check and not a definition. It holds once
 * nothing is in flight.
 */
public final class Tally {
    /** A limit, so that a server that words each failure differently cannot fill the memory. */
    static final int MAX_DISTINCT_FAILURES = 500;
    static final String MANY_MEANINGS = "several meanings, too many to list each";

    private static final int KINDS = Kind.values().length;

    private final long[] completed = new long[KINDS];
    private final long[] completedInWindow = new long[KINDS];
    private final long[] bytesSent = new long[KINDS];
    private final long[] bytesReceived = new long[KINDS];
    private final long[] asked = new long[KINDS];
    private final long[] resumptions = new long[Resumption.values().length];
    private final long[] earlyData = new long[EarlyData.values().length];
    private final long[] tickets = new long[Tickets.values().length];
    private final Counts<Failure> failures = new Counts<>();
    private final Counts<String> timeouts = new Counts<>();
    private final Counts<UnsentReason> unsentReasons = new Counts<>();
    private final Counts<Negotiated> negotiated = new Counts<>();
    private final Counts<HandshakeTraits> observed = new Counts<>();
    private long planned;
    private long cancelled;
    private long priming;
    private long retryRequests;

    void countPlanned() {
        planned++;
    }

    void count(Sample sample, long windowEndNanos) {
        switch (sample.outcome()) {
            case Outcome.Completed done -> countCompleted(done, sample, windowEndNanos);
            case Outcome.Failed failed -> countFailures(failed.failure(), 1);
            case Outcome.TimedOut timedOut -> timeouts.add(timedOut.stage(), 1);
            case Outcome.Cancelled _ -> cancelled++;
            case Outcome.Unsent unsent -> unsentReasons.add(unsent.reason(), 1);
        }
        asked[sample.asked().ordinal()]++;
        resumptions[sample.resumption().ordinal()]++;
        earlyData[sample.earlyData().ordinal()]++;
        tickets[sample.tickets().ordinal()]++;
        if (sample.marks().reached(Mark.HELLO_RETRY_REQUEST)) {
            retryRequests++;
        }
        if (isPriming(sample)) {
            priming++;
        }
    }

    private void countCompleted(Outcome.Completed done, Sample sample, long windowEndNanos) {
        var kind = done.kind().ordinal();
        completed[kind]++;
        bytesSent[kind] += sample.bytesSent();
        bytesReceived[kind] += sample.bytesReceived();
        negotiated.add(done.negotiated(), 1);
        observed.add(sample.observed(), 1);
        if (sample.marks().reached(Mark.FINISHED) && sample.marks().at(Mark.FINISHED) <= windowEndNanos) {
            completedInWindow[kind]++;
        }
    }

    private void countFailures(Failure failure, long times) {
        var listed = failures.distinct() < MAX_DISTINCT_FAILURES || failures.has(failure);
        failures.add(listed
                ? failure
                : new Failure(failure.stage(), failure.direction(), failure.cause(), failure.byAlert(),
                        failure.rule(), MANY_MEANINGS),
                times);
    }

    private static boolean isPriming(Sample sample) {
        return sample.asked() == Kind.RESUMED && sample.resumption() == Resumption.NOT_OFFERED
                && !(sample.outcome() instanceof Outcome.Unsent) && sample.marks().reached(Mark.BEGUN);
    }

    /** Adds all counts of {@code other}, which does not change. */
    public void add(Tally other) {
        addEach(completed, other.completed);
        addEach(completedInWindow, other.completedInWindow);
        addEach(bytesSent, other.bytesSent);
        addEach(bytesReceived, other.bytesReceived);
        addEach(asked, other.asked);
        addEach(resumptions, other.resumptions);
        addEach(earlyData, other.earlyData);
        addEach(tickets, other.tickets);
        other.failures.copy().forEach(this::countFailures);
        other.timeouts.copy().forEach(timeouts::add);
        other.unsentReasons.copy().forEach(unsentReasons::add);
        other.negotiated.copy().forEach(negotiated::add);
        other.observed.copy().forEach(observed::add);
        planned += other.planned;
        cancelled += other.cancelled;
        priming += other.priming;
        retryRequests += other.retryRequests;
    }

    private static void addEach(long[] sums, long[] addends) {
        for (var i = 0; i < sums.length; i++) {
            sums[i] += addends[i];
        }
    }

    /** Returns the number of planned arrivals. */
    public long planned() {
        return planned;
    }

    /** Returns the number of completed handshakes of both kinds. */
    public long completed() {
        return completed(Kind.FULL) + completed(Kind.RESUMED);
    }

    /** Returns the number of completed handshakes that the wire showed to be of {@code kind}. */
    public long completed(Kind kind) {
        return completed[kind.ordinal()];
    }

    /** Returns how many of {@link #completed()} finished before the measured window ended. */
    public long completedInWindow() {
        return completedInWindow(Kind.FULL) + completedInWindow(Kind.RESUMED);
    }

    /** Returns how many of {@link #completed(Kind)} finished before the measured window ended. */
    public long completedInWindow(Kind kind) {
        return completedInWindow[kind.ordinal()];
    }

    /** Returns the sum of TLS bytes that completed handshakes of {@code kind} wrote. */
    public long bytesSent(Kind kind) {
        return bytesSent[kind.ordinal()];
    }

    /** Returns the sum of TLS bytes that completed handshakes of {@code kind} read. */
    public long bytesReceived(Kind kind) {
        return bytesReceived[kind.ordinal()];
    }

    public long failed() {
        return failures.total();
    }

    public long timedOut() {
        return timeouts.total();
    }

    public long cancelled() {
        return cancelled;
    }

    public long unsent() {
        return unsentReasons.total();
    }

    /** Returns the number of arrivals that have ended, in any way. */
    public long ended() {
        return completed() + failed() + timedOut() + cancelled + unsent();
    }

    /** Returns how many ended arrivals the mix asked to be of {@code kind}. */
    public long asked(Kind kind) {
        return asked[kind.ordinal()];
    }

    /** Returns how many ended arrivals offered a session: accepted, declined, or ended before the server answered. */
    public long offered() {
        return accepted() + declined() + resumptions[Resumption.UNANSWERED.ordinal()];
    }

    /** Returns how many ended arrivals had their session resumed, including those that failed later. */
    public long accepted() {
        return resumptions[Resumption.ACCEPTED.ordinal()];
    }

    /** Returns how many ended arrivals offered a session but got a full handshake, whether or not it completed. */
    public long declined() {
        return resumptions[Resumption.DECLINED.ordinal()];
    }

    /** Returns how many ended arrivals should have resumed but began a full handshake, having no session to offer. */
    public long priming() {
        return priming;
    }

    /** Returns how many ended arrivals had this outcome of early data. */
    public long earlyData(EarlyData fate) {
        return earlyData[fate.ordinal()];
    }

    /** Returns how many ended arrivals had this outcome of waiting for a ticket. */
    public long tickets(Tickets fate) {
        return tickets[fate.ordinal()];
    }

    /** Returns how many ended arrivals received a HelloRetryRequest. */
    public long helloRetryRequests() {
        return retryRequests;
    }

    /** Returns a copy of failures by where and why. The counts sum to {@link #failed()}. */
    public Map<Failure, Long> failures() {
        return failures.copy();
    }

    /** Returns a copy of timeouts by the stage awaited. The counts sum to {@link #timedOut()}. */
    public Map<String, Long> timeouts() {
        return timeouts.copy();
    }

    /** Returns a copy of unsent arrivals by reason. The counts sum to {@link #unsent()}. */
    public Map<UnsentReason, Long> unsentReasons() {
        return unsentReasons.copy();
    }

    /** Returns a copy of what completed handshakes negotiated. The counts sum to {@link #completed()}. */
    public Map<Negotiated, Long> negotiated() {
        return negotiated.copy();
    }

    /** Returns a copy of the traits of completed handshakes. The counts sum to {@link #completed()}. */
    public Map<HandshakeTraits, Long> observed() {
        return observed.copy();
    }
}
