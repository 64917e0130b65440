package dev.shakedown.load;

import java.util.SplittableRandom;

/**
 * Maps the n-th arrival of one worker to its planned start; the plans of all workers together make up a schedule. It holds
 * no clock: times are nanoseconds since the load began.
 */
final class ArrivalPlan {
    private final Schedule schedule;
    private final int worker;
    private final int workers;
    /** The same in every run; {@code null} for equal distances. */
    private final SplittableRandom random;
    private double sum;
    private long next;
    private long lastNanos;

    /** @param worker 0 to {@code workers} − 1 */
    ArrivalPlan(Schedule schedule, int worker, int workers) {
        this.schedule = schedule;
        this.worker = worker;
        this.workers = workers;
        this.random = schedule.shape() == Schedule.Shape.POISSON ? new SplittableRandom(worker) : null;
    }

    /**
     * When arrival {@code n} is due; {@link Long#MAX_VALUE} if there is none.
     *
     * @param n counted from 0, and asked for in order
     */
    long plannedNanos(long n) {
        if (n < next) {
            return lastNanos;
        }
        for (; next <= n; next++) {
            // Poisson streams add up to a Poisson stream, so each worker has one of its own.
            sum = random == null
                    ? (double) next * workers + worker
                    : sum - workers * Math.log(1 - random.nextDouble());
        }
        lastNanos = schedule.nanosOf(sum);
        return lastNanos;
    }
}
