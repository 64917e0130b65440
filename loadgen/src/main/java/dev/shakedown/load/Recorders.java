package dev.shakedown.load;

import dev.shakedown.results.Interval;
import dev.shakedown.results.Recorder;
import java.util.ArrayList;
import java.util.List;

/** One worker's recorders: of the warm-up, and of each phase of the measured part. */
final class Recorders {
    /** What was recorded in about a second. */
    record Taken(List<Interval> phases, Interval warmup) {}

    private final LoadPlan plan;
    private final long measuredFromNanos;
    /** Recording in the warm-up, too, makes the JVM compile what records before the measured part begins, not in it. */
    private final Recorder warmup = new Recorder();
    private final List<Recorder> phases = new ArrayList<>();

    Recorders(LoadPlan plan, long startNanos) {
        this.plan = plan;
        this.measuredFromNanos = startNanos + plan.warmupNanos();
        for (var i = 0; i < plan.phases(); i++) {
            var phase = new Recorder();
            if (plan.durationNanos() != Long.MAX_VALUE) {
                phase.windowEnds(measuredFromNanos + plan.durationNanos());
            }
            phases.add(phase);
        }
    }

    boolean isMeasured(long nanos) {
        return nanos >= measuredFromNanos;
    }

    /** Where what was due at this time is recorded. */
    Recorder at(long nanos) {
        return isMeasured(nanos) ? phases.get(plan.phaseAt(nanos - measuredFromNanos)) : warmup;
    }

    /** Hands over all that was recorded since the last call. */
    Taken take(long startEpochMillis, long endEpochMillis) {
        return new Taken(phases.stream().map(phase -> phase.take(startEpochMillis, endEpochMillis)).toList(),
                warmup.take(startEpochMillis, endEpochMillis));
    }
}
