package dev.shakedown.experiment;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Summary;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a search says: of the server, or only of the generator.
 *
 * @param missed       what was not held; {@code null} if all was
 * @param unfitBecause why the generator may have made these figures; {@code null} if it did not
 * @param ranOut       whether the generator ran out of something, which it will do again
 * @param disturbed    whether the machine stood still for a moment
 */
record Verdict(@Nullable String missed, @Nullable String unfitBecause, boolean ranOut, boolean disturbed) {
    /** An event loop that comes so late has stood still, and whatever else runs on the machine perhaps too. */
    private static final double STANDSTILL_MICROS = 20_000;
    /** Below that share of what was due, it was not carried, whatever else the objective says. */
    private static final double CARRIED = 0.99;
    /** Two means of the same latencies are hardly ever more standard errors apart. */
    private static final double STANDARD_ERRORS = 3;
    /** How many standard deviations lie between the 50th and the 90th percentile, if they are normally distributed. */
    private static final double P90_DEVIATIONS = 1.28;
    /** A generator that was at fault in so many runs at one rate will be in the next. */
    private static final int UNFIT_TRIES = 3;

    /** @param slack by which share arrivals may outnumber completions before a backlog is said to grow, above 0 */
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
            unfit = "its handshakes began late: counted from when they did, the objective held";
        }
        return new Verdict(missed, unfit, false, disturbed);
    }

    /**
     * How often a run at such a rate is to be made before this is believed.
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
        // An objective that allows for failures says how many.
        var carried = objective.limitsFailures() ? run.carriedThrough() : run.outcomes().completed();
        if (carried < CARRIED * run.offered()) {
            return String.format(Locale.ROOT, "only %,d of %,d arrivals were carried through", carried, run.offered());
        }
        return backlog(trial, slack);
    }

    /**
     * In a backlog that grows, who comes later waits longer: by the share of arrivals that the server does not keep up
     * with, times how much later he comes. A server that is merely slow lets all wait alike.
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
