package dev.shakedown.load;

import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Maps the n-th arrival of one worker to its planned start; the plans of all workers together make up a schedule. It
 * reads no clock: times are nanoseconds since the load began.
 */
final class ArrivalPlan {
    private final Schedule schedule;
    private final int worker;
    private final int workers;
    /** Seeded the same in every run; {@code null} for equal intervals. */
    private final @Nullable SplittableRandom random;
    /**
     * For {@code POISSON}: the phase of the last arrival, when that phase began, and how many arrivals of this worker
     * it has had so far.
     */
    private int phase;
    private long phaseNanos;
    private long inPhase;
    private double sum;
    private long next;
    private long lastNanos;
    private boolean ended;

    /** @param worker 0 to {@code workers} − 1 */
    ArrivalPlan(Schedule schedule, int worker, int workers) {
        this.schedule = schedule;
        this.worker = worker;
        this.workers = workers;
        this.random = schedule.shape() == Schedule.Shape.POISSON ? new SplittableRandom(worker) : null;
    }

    /**
     * Whether there is an arrival {@code n}.
     *
     * @param n counted from 0, and asked for in order
     */
    boolean has(long n) {
        while (next <= n && !ended) {
            if (random == null ? plansNext() : plansNextAtRandom(random)) {
                next++;
            } else {
                ended = true;
            }
        }
        return n < next;
    }

    /**
     * Returns when arrival {@code n} is due.
     *
     * @throws NoSuchElementException if there is no such arrival
     */
    long plannedNanos(long n) {
        if (!has(n)) {
            throw new NoSuchElementException("the plan ends before arrival " + n);
        }
        return lastNanos;
    }

    /** Plans the next arrival; returns whether there is one. */
    private boolean plansNext() {
        var before = (double) next * workers + worker;
        var comes = schedule.holds(before);
        if (comes) {
            lastNanos = schedule.nanosOf(before);
        }
        return comes;
    }

    /**
     * Plans the next arrival of a Poisson stream; returns whether there is one. Poisson streams add up to a Poisson
     * stream, so each worker has one of its own; it has no memory, so it starts again with each phase. A burst stays a
     * burst, divided among the workers.
     */
    private boolean plansNextAtRandom(SplittableRandom source) {
        for (; phase < schedule.phases().size(); phase++, inPhase = 0, sum = 0) {
            var now = schedule.phases().get(phase);
            sum = now.burst() > 1
                    ? (double) inPhase * workers + worker
                    : sum - workers * Math.log(1 - source.nextDouble());
            inPhase++;
            if (sum < now.count()) {
                lastNanos = phaseNanos + Math.round(now.nanosOf(sum));
                return true;
            }
            phaseNanos += now.durationNanos();
        }
        return false;
    }
}
