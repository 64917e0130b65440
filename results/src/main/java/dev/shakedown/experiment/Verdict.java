package dev.shakedown.experiment;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Summary;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a search says about the server, or only about the generator.
 *
 * @param missed       how the run missed the objective; {@code null} if it held
 * @param unfitBecause why the generator may have distorted the figures; {@code null} if it did not
 * @param ranOut       whether the generator ran out of something, as it will again
 * @param disturbed    whether the machine stood still for a moment
 */
record Verdict(@Nullable String missed, @Nullable String unfitBecause, boolean ranOut, boolean disturbed) {
    /** An event loop that is this late has stood still, and other processes on the machine perhaps too. */
    private static final double STANDSTILL_MICROS = 20_000;
    /** A run that carried a smaller share of what was due missed, whatever the objective says. */
    private static final double CARRIED = 0.99;
    /** Two means of the same latencies hardly ever differ by more standard errors. */
    private static final double STANDARD_ERRORS = 3;
    /** Standard deviations between the 50th and the 90th percentile of a normal distribution. */
    private static final double P90_DEVIATIONS = 1.28;
    /** A generator that was at fault in this many runs at one rate will be at fault in the next. */
    private static final int UNFIT_TRIES = 3;

    /** @param slack share by which arrivals may outnumber completions before a backlog counts as growing, above 0 */
    static Verdict of(Trial trial, Objective objective, double slack) {
        var run = trial.run();
        var disturbed = run.generator().loopLagMicros().max() != null
                && run.generator().loopLagMicros().max() > STANDSTILL_MICROS;
        var lacking = trial.ranOutOf();
        if (lacking != null) {
            var because = "this machine ran out of " + lacking;
            return new Verdict(because, because, true, disturbed);
        }
        var missed = missed(trial, objective, slack);
        var unfit = run.generator().saturatedBecause();
        if (missed != null && unfit == null && beganLate(trial, objective)) {
            unfit = "its handshakes began late: measured from their actual start, the objective held";
        }
        return new Verdict(missed, unfit, false, disturbed);
    }

    /**
     * Returns how often a run at this rate is made before such a verdict counts.
     *
     * @param clearly whether far less completed than was due
     */
    int tries(boolean clearly) {
        if (missed == null || ranOut) {
            return 1;
        }
        var once = clearly ? 1 : 2;
        return unfitBecause != null ? UNFIT_TRIES : disturbed ? once + 1 : once;
    }

    private static boolean beganLate(Trial trial, Objective objective) {
        return objective.missed(trial.failures(), trial.latencyMicros()) != null
                && objective.missed(trial.failures(), trial.serviceMicros()) == null;
    }

    private static @Nullable String missed(Trial trial, Objective objective, double slack) {
        var run = trial.run();
        var objectiveMissed = objective.missed(trial.failures(), trial.latencyMicros());
        if (objectiveMissed != null) {
            return objectiveMissed;
        }
        // An objective that limits failures judges them itself.
        var carried = objective.limitsFailures() ? run.carriedThrough() : run.outcomes().completed();
        if (carried < CARRIED * run.offered()) {
            return String.format(Locale.ROOT, "only %,d of %,d arrivals were carried through", carried, run.offered());
        }
        return backlog(trial, slack);
    }

    /**
     * Says whether a backlog grows: later arrivals then wait longer, by the share of arrivals that the server does not
     * keep up with, times how much later they come. A server that is merely slow makes all wait alike.
     */
    private static @Nullable String backlog(Trial trial, double slack) {
        if (trial.halves().size() < 2) {
            return null;
        }
        var first = latency(trial.halves().getFirst());
        var second = latency(trial.halves().getLast());
        if (first.mean() == null || first.p50() == null || first.p90() == null || second.mean() == null) {
            return null;
        }
        var apartMicros = trial.run().measuredSeconds() * 1e6 / 2;
        var growth = second.mean() - first.mean();
        var chance = STANDARD_ERRORS * (first.p90() - first.p50()) / P90_DEVIATIONS
                * Math.sqrt(1.0 / first.count() + 1.0 / second.count());
        return growth > slack * apartMicros + 1e6 / trial.offeredPerSecond() + chance
                ? "a backlog grows: handshakes took " + Objective.threeDigits(first.mean() / 1e3)
                        + " ms in the first half, " + Objective.threeDigits(second.mean() / 1e3) + " ms in the second"
                : null;
    }

    private static Distribution latency(Interval half) {
        var summary = new Summary();
        summary.add(half);
        return summary.latencyMicros();
    }
}
