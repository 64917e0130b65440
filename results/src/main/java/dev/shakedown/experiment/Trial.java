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
 * @param recorded      all that was recorded in its measured part
 * @param halves        the same of the arrivals of its first and of its second half; empty where nobody kept them apart
 */
public record Trial(RunResult run, Distribution latencyMicros, Interval recorded, List<Interval> halves) {
    /**
     * Why an arrival is unsent though nothing ran out: as many were under way as may be, which is the server's doing,
     * or the generator was late, which it says of itself.
     */
    private static final Set<String> NO_LACK = Set.of(UnsentReason.MAX_IN_FLIGHT.label(), UnsentReason.LATE.label());

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

    /** Of both kinds together, from the actual start. */
    Distribution serviceMicros() {
        var summary = new Summary();
        summary.add(recorded);
        return summary.serviceMicros();
    }

    /** What the generator ran out of, so that arrivals could not begin; {@code null} if nothing. */
    @Nullable
    String ranOutOf() {
        return run.unsentReasons().stream().map(RunRows.UnsentRow::reason).filter(reason -> !NO_LACK.contains(reason))
                .findFirst().orElse(null);
    }

    private static double rate(RunSums.KindResult kind) {
        return kind.ratePerSecond() == null ? 0 : kind.ratePerSecond();
    }
}
