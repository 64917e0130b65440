package dev.shakedown.load;

import java.util.SplittableRandom;

/**
 * Maps the n-th arrival of one worker to its planned start. It holds no clock: times are nanoseconds since the load
 * began.
 */
public sealed interface ArrivalPlan {
    /**
     * When arrival {@code n} is due.
     *
     * @param n counted from 0, and asked for in order
     */
    long plannedNanos(long n);

    /** How arrivals are spread over time. */
    enum Shape {
        /** Equal distances. */
        CONSTANT,
        /** Independent of each other: exponentially distributed distances, as many clients make together. */
        POISSON
    }

    /**
     * One worker's share of a rate; together the shares of all workers are the whole.
     *
     * @param ratePerSecond of all workers together, above 0
     * @param worker        0 to {@code workers} − 1
     */
    static ArrivalPlan share(Shape shape, double ratePerSecond, int worker, int workers) {
        return switch (shape) {
            case CONSTANT -> new Constant(1e9 / ratePerSecond, worker, workers);
            case POISSON -> new Poisson(1e9 * workers / ratePerSecond, worker);
        };
    }

    /** Every {@code workers}-th of a row of equal distances. */
    record Constant(double distanceNanos, int worker, int workers) implements ArrivalPlan {
        @Override
        public long plannedNanos(long n) {
            return Math.round((n * workers + worker) * distanceNanos);
        }
    }

    /** Poisson streams add up to a Poisson stream, so each worker has one of its own; the same one in every run. */
    final class Poisson implements ArrivalPlan {
        private final double meanDistanceNanos;
        private final SplittableRandom random;
        private double atNanos;
        private long next;

        Poisson(double meanDistanceNanos, long seed) {
            this.meanDistanceNanos = meanDistanceNanos;
            this.random = new SplittableRandom(seed);
        }

        @Override
        public long plannedNanos(long n) {
            for (; next <= n; next++) {
                atNanos -= meanDistanceNanos * Math.log(1 - random.nextDouble());
            }
            return Math.round(atNanos);
        }
    }
}
