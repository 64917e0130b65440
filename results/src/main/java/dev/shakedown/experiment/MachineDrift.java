package dev.shakedown.experiment;

import dev.shakedown.experiment.CapacityResult.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A machine that became slower or faster by itself between the runs of a search: the same server took that much more
 * CPU time for the same work.
 *
 * @param lowMicros  CPU time for a handshake that completed in the quicker of the two runs that differ most,
 *                   microseconds
 * @param highMicros the same in the slower one; where it fell behind, for a handshake that was due, which is less
 */
public record MachineDrift(double lowMicros, double highMicros) {
    /** A handshake's CPU time depends on the load: only runs at rates no further apart than this share are alike. */
    public static final double ALIKE = 0.1;
    /** What runs beside the handshakes makes up too much of the CPU time of a server that uses less. */
    private static final double LEAST_CORES = 0.25;
    /**
     * Some kernels count CPU time in ticks of 10 ms, of which one may fall to either side of a run's beginning and end.
     */
    private static final double TICK_MICROS = 10_000;

    /**
     * What a handshake took of the server's CPU in a run, microseconds.
     *
     * @param first whether it was one of the search's first, which may find a server that is still warming up
     * @param done of those that completed
     * @param due  of all that were due: a server that fell behind may have worked on what it had not completed at the
     *             end
     * @param tick by how much the kernel's clock may mislead
     */
    private record Cost(boolean first, double ratePerSecond, double done, double due, double tick) {
        /** Empty where that is not known, or too little to tell. */
        static Optional<Cost> of(Step step) {
            var done = step.serverCpuMicros();
            var cores = step.serverCpuCores();
            if (done == null || cores == null || cores < LEAST_CORES) {
                return Optional.empty();
            }
            var kept = Math.min(1, step.achievedPerSecond() / step.ratePerSecond());
            return Optional.of(new Cost(step.purpose().equals("bracket"), step.ratePerSecond(), done, done * kept,
                    TICK_MICROS / (step.achievedPerSecond() * step.seconds())));
        }
    }

    /**
     * What those two runs show, of all at like rates, that differ most; nothing if none differ by more than the
     * precision.
     *
     * @param precision as a share, above 0
     */
    static Optional<MachineDrift> during(List<Step> steps, double precision) {
        var costs = steps.stream().map(Cost::of).flatMap(Optional::stream).toList();
        return costs.stream()
                .flatMap(slow -> costs.stream().filter(quick -> alike(slow, quick))
                        .filter(quick -> slow.due - slow.tick > (quick.done + quick.tick) * (1 + precision))
                        .map(quick -> new MachineDrift(quick.done, slow.due)))
                .max(Comparator.comparingDouble(moved -> moved.highMicros / moved.lowMicros));
    }

    private static boolean alike(Cost one, Cost other) {
        return !(one.first && other.first) && Math.max(one.ratePerSecond, other.ratePerSecond) <= (1 + ALIKE)
                * Math.min(one.ratePerSecond, other.ratePerSecond);
    }
}
