package dev.shakedown.load;

import java.util.ArrayList;
import java.util.List;

/**
 * How an open loop's arrivals are planned: phases one behind the other, each with a rate that stays or changes steadily.
 *
 * @param shape  how arrivals are spread under the rate
 * @param phases in their order, at least one; only the last may have no end
 */
public record Schedule(Shape shape, List<Phase> phases) {
    /** How arrivals are spread over time. */
    public enum Shape {
        /** Equal distances. */
        CONSTANT,
        /** Independent of each other: exponentially distributed distances, as many clients make together. */
        POISSON
    }

    /** A phase that ends only with the load, nanoseconds. */
    public static final long ENDLESS = Long.MAX_VALUE;

    private static final double SECOND = 1e9;

    /**
     * One stretch of a load.
     *
     * @param name          for people
     * @param durationNanos above 0; {@link #ENDLESS} for no end
     * @param fromPerSecond the rate at its beginning, 0 or above
     * @param toPerSecond   the rate at its end, which it goes to in a straight line
     * @param burst         so many come at once, at the time of the first of them; 1 for each in its own time
     */
    public record Phase(String name, long durationNanos, double fromPerSecond, double toPerSecond, long burst) {
        public Phase {
            if (durationNanos <= 0 || fromPerSecond < 0 || toPerSecond < 0 || burst < 1
                    || durationNanos == ENDLESS && fromPerSecond != toPerSecond) {
                throw new IllegalArgumentException("no such phase");
            }
        }

        /** How many arrivals it has. */
        double count() {
            return (fromPerSecond + toPerSecond) / 2 * (durationNanos / SECOND);
        }

        /** When, from its beginning, so many arrivals have come as {@code count} says; nanoseconds. */
        private double nanosOf(double count) {
            var change = toPerSecond - fromPerSecond;
            if (change == 0) {
                return count / fromPerSecond * SECOND;
            }
            var seconds = durationNanos / SECOND;
            return (Math.sqrt(fromPerSecond * fromPerSecond + 2 * change * count / seconds) - fromPerSecond) / change
                    * durationNanos;
        }
    }

    /** One rate without an end. */
    public static Schedule constant(Shape shape, double ratePerSecond) {
        return new Schedule(shape, List.of(new Phase("constant", ENDLESS, ratePerSecond, ratePerSecond, 1)));
    }

    /** The same after a warm-up at the rate that it begins with, or at a tenth of its highest if it begins with none. */
    Schedule withWarmup(long nanos) {
        if (nanos == 0) {
            return this;
        }
        var first = phases.getFirst().fromPerSecond;
        var rate = first > 0
                ? first
                : phases.stream().mapToDouble(phase -> Math.max(phase.fromPerSecond, phase.toPerSecond)).max()
                        .orElseThrow() / 10;
        var all = new ArrayList<Phase>();
        all.add(new Phase("warm-up", nanos, rate, rate, 1));
        all.addAll(phases);
        return new Schedule(shape, all);
    }

    /** How long it lasts, nanoseconds; {@link #ENDLESS} if it has no end. */
    public long durationNanos() {
        return phases.getLast().durationNanos == ENDLESS
                ? ENDLESS
                : phases.stream().mapToLong(Phase::durationNanos).sum();
    }

    /** The same with an end, if it has none. */
    public Schedule during(long nanos) {
        var last = phases.getLast();
        if (last.durationNanos != ENDLESS) {
            return this;
        }
        var all = new ArrayList<>(phases.subList(0, phases.size() - 1));
        all.add(new Phase(last.name, nanos, last.fromPerSecond, last.toPerSecond, last.burst));
        return new Schedule(shape, all);
    }

    /** How many arrivals come in a second, on average over all of it. */
    public double meanPerSecond() {
        var last = phases.getLast();
        if (last.durationNanos == ENDLESS) {
            return last.fromPerSecond;
        }
        return phases.stream().mapToDouble(Phase::count).sum() / (durationNanos() / SECOND);
    }

    /** The phase that holds this time, nanoseconds from the beginning; the last one for what comes behind all. */
    int phaseAt(long nanos) {
        var end = 0L;
        for (var i = 0; i < phases.size() - 1; i++) {
            end += phases.get(i).durationNanos;
            if (nanos < end) {
                return i;
            }
        }
        return phases.size() - 1;
    }

    /** When so many arrivals have come as {@code count} says; {@link Long#MAX_VALUE} if that many never do. */
    long nanosOf(double count) {
        var start = 0L;
        for (var phase : phases) {
            var most = phase.durationNanos == ENDLESS ? Double.POSITIVE_INFINITY : phase.count();
            if (phase.fromPerSecond + phase.toPerSecond > 0 && count < most) {
                var first = phase.burst == 1 ? count : Math.floor(count / phase.burst) * phase.burst;
                return start + Math.round(phase.nanosOf(first));
            }
            count -= phase.durationNanos == ENDLESS ? 0 : most;
            start += phase.durationNanos;
        }
        return Long.MAX_VALUE;
    }
}
