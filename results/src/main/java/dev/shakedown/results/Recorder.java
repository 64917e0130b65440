package dev.shakedown.results;

/**
 * Records how the arrivals of one worker ended. Single-threaded: every method is called on the worker's own thread;
 * what {@link #take} returns may then be passed to any other. Recording never throws and loses no value.
 */
public final class Recorder {
    private final boolean latencyAlone;
    private Tally tally = new Tally();
    private Histograms histograms = new Histograms();
    private long windowEndNanos = Long.MAX_VALUE;

    /** Returns a recorder that keeps only latencies, for looking at many small parts of a run. */
    public static Recorder ofLatency() {
        return new Recorder(true);
    }

    /** Makes a recorder that keeps all times. */
    public Recorder() {
        this(false);
    }

    private Recorder(boolean latencyAlone) {
        this.latencyAlone = latencyAlone;
    }

    /** Counts one planned arrival of the measured part of the run, before anything else happens to it. */
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
     * Records that an event loop, checked every {@code everyNanos} nanoseconds, ran {@code nanos} nanoseconds late: a
     * long delay counts once for each check that it covers.
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

    /** Returns what was recorded since the last call, and starts over. */
    public Interval take(long startEpochMillis, long endEpochMillis) {
        var taken = new Interval(startEpochMillis, endEpochMillis, tally, histograms);
        tally = new Tally();
        histograms = new Histograms();
        return taken;
    }
}
