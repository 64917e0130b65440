package dev.shakedown.experiment;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.Interval;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.RunSums;
import dev.shakedown.results.Summary;
import dev.shakedown.results.UnsentReason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of an experiment.
 *
 * @param run           its result
 * @param latencyMicros of both kinds of handshakes together
 * @param recorded      all samples of its measured part
 * @param halves        samples of the arrivals of its first and of its second half; empty where they were not kept
 *                      apart
 */
public record Trial(RunResult run, Distribution latencyMicros, Interval recorded, List<Interval> halves) {
    /**
     * Reasons for unsent arrivals that are no shortage: the limit of those under way was reached, because the server
     * was slow, or the generator was late, which is reported separately.
     */
    private static final Set<String> NO_LACK = Set.of(UnsentReason.MAX_IN_FLIGHT.label(), UnsentReason.LATE.label());

    /** Returns the share of arrivals that did not complete, 0 to 1. */
    public double failures() {
        var outcomes = run.outcomes();
        return outcomes.planned() == 0 ? 0 : 1 - (double) outcomes.completed() / outcomes.planned();
    }

    /** Returns handshakes completed in the measured window, per second. */
    public double achievedPerSecond() {
        return rate(run.kinds().full()) + rate(run.kinds().resumed());
    }

    /** Returns handshakes due in the measured window, per second. */
    public double offeredPerSecond() {
        return run.outcomes().planned() / run.measuredSeconds();
    }

    /** Returns the times of both kinds together, from the actual start. */
    Distribution serviceMicros() {
        var summary = new Summary();
        summary.add(recorded);
        return summary.serviceMicros();
    }

    /** Returns what the generator ran out of, so that arrivals could not begin; {@code null} if nothing. */
    @Nullable
    String ranOutOf() {
        return run.unsentReasons().stream().map(RunRows.UnsentRow::reason).filter(reason -> !NO_LACK.contains(reason))
                .findFirst().orElse(null);
    }

    private static double rate(RunSums.KindResult kind) {
        return kind.ratePerSecond() == null ? 0 : kind.ratePerSecond();
    }
}
