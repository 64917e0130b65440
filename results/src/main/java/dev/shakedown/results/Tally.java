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
    /** So that a server whose faults all read differently cannot fill the memory. */
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

    /** Adds all counts of {@code other}, which stays as it is. */
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

    /** Arrivals that were planned, whatever became of them. */
    public long planned() {
        return planned;
    }

    /** Handshakes completed, of either kind. */
    public long completed() {
        return completed(Kind.FULL) + completed(Kind.RESUMED);
    }

    /** Handshakes that the wire showed to be of {@code kind} and that completed. */
    public long completed(Kind kind) {
        return completed[kind.ordinal()];
    }

    /** Those of {@link #completed()} that finished before the measured window ended. */
    public long completedInWindow() {
        return completedInWindow(Kind.FULL) + completedInWindow(Kind.RESUMED);
    }

    /** Those of {@link #completed(Kind)} that finished before the measured window ended. */
    public long completedInWindow(Kind kind) {
        return completedInWindow[kind.ordinal()];
    }

    /** TLS bytes that completed handshakes of {@code kind} wrote, all together. */
    public long bytesSent(Kind kind) {
        return bytesSent[kind.ordinal()];
    }

    /** TLS bytes that completed handshakes of {@code kind} read, all together. */
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

    /** Arrivals that have ended, in whichever way. */
    public long ended() {
        return completed() + failed() + timedOut() + cancelled + unsent();
    }

    /** Ended arrivals for which the mix asked for {@code kind}. */
    public long asked(Kind kind) {
        return asked[kind.ordinal()];
    }

    /** Ended arrivals that offered a session: accepted, declined, or ended before the server answered. */
    public long offered() {
        return accepted() + declined() + resumptions[Resumption.UNANSWERED.ordinal()];
    }

    /** Ended arrivals whose session the server took up, including those that came to grief later. */
    public long accepted() {
        return resumptions[Resumption.ACCEPTED.ordinal()];
    }

    /** Ended arrivals that offered a session and were made to do a full handshake, or to fail in it. */
    public long declined() {
        return resumptions[Resumption.DECLINED.ordinal()];
    }

    /** Ended arrivals that should have resumed and had no session to offer, so that they began a full handshake. */
    public long priming() {
        return priming;
    }

    /** Ended arrivals whose early data had this fate. */
    public long earlyData(EarlyData fate) {
        return earlyData[fate.ordinal()];
    }

    /** Ended arrivals that had this of tickets. */
    public long tickets(Tickets fate) {
        return tickets[fate.ordinal()];
    }

    /** Ended arrivals whose server sent a HelloRetryRequest. */
    public long helloRetryRequests() {
        return retryRequests;
    }

    /** Failures by where and why; a copy. The counts sum to {@link #failed()}. */
    public Map<Failure, Long> failures() {
        return failures.copy();
    }

    /** Timeouts by the stage that was awaited; a copy. The counts sum to {@link #timedOut()}. */
    public Map<String, Long> timeouts() {
        return timeouts.copy();
    }

    /** What the generator ran out of; a copy. The counts sum to {@link #unsent()}. */
    public Map<UnsentReason, Long> unsentReasons() {
        return unsentReasons.copy();
    }

    /** What completed handshakes agreed on; a copy. The counts sum to {@link #completed()}. */
    public Map<Negotiated, Long> negotiated() {
        return negotiated.copy();
    }

    /** What else completed handshakes showed; a copy. The counts sum to {@link #completed()}. */
    public Map<HandshakeTraits, Long> observed() {
        return observed.copy();
    }
}
