package dev.shakedown.experiment;

import dev.shakedown.experiment.CapacityResult.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far a machine became slower or faster by itself between the runs of a search, as shown by the CPU time that the
 * server took for the same work.
 *
 * @param lowMicros  CPU time per completed handshake in the faster of the two runs that differ most, microseconds
 * @param highMicros CPU time per handshake in the slower of them; per handshake due if the server fell behind, which is
 *                   less
 */
public record MachineDrift(double lowMicros, double highMicros) {
    /** Only runs at rates within this share of each other compare, since CPU time per handshake depends on the load. */
    public static final double ALIKE = 0.1;
    /** A server that uses fewer cores spends too much of its CPU time on work other than handshakes. */
    private static final double LEAST_CORES = 0.25;
    /** Some kernels count CPU time in ticks of 10 ms, so a run's time may be one tick too long or too short. */
    private static final double TICK_MICROS = 10_000;

    /**
     * The server's CPU time per handshake in a run, microseconds.
     *
     * @param first whether the run was one of the search's first, when a server may still be warming up
     * @param done  per completed handshake
     * @param due   per handshake due: a server that fell behind may have worked on some that had not completed at the
     *              end
     * @param tick  the uncertainty by the kernel's clock
     */
    private record Cost(boolean first, double ratePerSecond, double done, double due, double tick) {
        /** Returns the cost in a run; empty where it is unknown, or too little was used to tell. */
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
     * Returns the drift between those two runs at similar rates that differ most; empty if none differ by more than the
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
