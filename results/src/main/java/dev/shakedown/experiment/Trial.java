package dev.shakedown.experiment;

import dev.shakedown.results.Interval;
import dev.shakedown.results.RunResult;

/**
 * One run of an experiment.
 *
 * @param run           its result
 * @param latencyMicros of both kinds of handshakes together
 * @param recorded      all that was recorded in its measured part
 */
public record Trial(RunResult run, RunResult.Distribution latencyMicros, Interval recorded) {
    /** Handshakes that were due and did not complete, as a share of all, 0 to 1. */
    public double failures() {
        var outcomes = run.outcomes();
        return outcomes.planned() == 0 ? 0 : 1 - (double) outcomes.completed() / outcomes.planned();
    }

    /** Handshakes completed in the measured window, per second. */
    public double achievedPerSecond() {
        return rate(run.kinds().full()) + rate(run.kinds().resumed());
    }

    /** Handshakes due in the measured window, per second. */
    public double offeredPerSecond() {
        return run.outcomes().planned() / run.measuredSeconds();
    }

    private static double rate(RunResult.KindResult kind) {
        return kind.ratePerSecond() == null ? 0 : kind.ratePerSecond();
    }
}
