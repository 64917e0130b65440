package dev.shakedown.results;

/**
 * Where one worker records what became of its arrivals. Single-threaded: every method is called on the worker's own
 * thread; what {@link #take} returns may then be given to any other. Recording never throws and loses no value.
 */
public final class Recorder {
    private final boolean latencyAlone;
    private Tally tally = new Tally();
    private Histograms histograms = new Histograms();
    private long windowEndNanos = Long.MAX_VALUE;

    /** One that keeps of times only the latency: for who looks at many small parts of a run. */
    public static Recorder ofLatency() {
        return new Recorder(true);
    }

    /** One that keeps all. */
    public Recorder() {
        this(false);
    }

    private Recorder(boolean latencyAlone) {
        this.latencyAlone = latencyAlone;
    }

    /** Counts one planned arrival of the measured part of the run, before anything else becomes of it. */
    public void planned() {
        tally.countPlanned();
    }

    /** Records how one planned arrival ended. Times are kept of completed handshakes only. */
    public void record(Sample sample) {
        tally.count(sample, windowEndNanos);
        if (sample.outcome() instanceof Outcome.Completed completed) {
            if (latencyAlone) {
                histograms.recordLatency(completed.kind(), sample.marks());
            } else {
                histograms.record(completed.kind(), sample.marks(),
                        sample.earlyData() == Sample.EarlyData.ACCEPTED);
            }
        }
    }

    /** Records that the event loop ran {@code nanos} nanoseconds later than it should have. */
    public void loopLag(long nanos) {
        histograms.recordLoopLag(nanos, 0);
    }

    /**
     * The same of a loop that is looked at every so many nanoseconds: in a long delay it would have been found late
     * each time.
     */
    public void loopLag(long nanos, long everyNanos) {
        histograms.recordLoopLag(nanos, everyNanos);
    }

    /**
     * Says when the measured window ends, on the clock of {@link Marks}. A handshake that finishes later is recorded
     * like any other, but does not count towards the rate. Until this is called the window has no end.
     */
    public void windowEnds(long nanos) {
        windowEndNanos = nanos;
    }

    /** Hands over all that was recorded since the last call, and starts afresh. */
    public Interval take(long startEpochMillis, long endEpochMillis) {
        var taken = new Interval(startEpochMillis, endEpochMillis, tally, histograms);
        tally = new Tally();
        histograms = new Histograms();
        return taken;
    }
}
