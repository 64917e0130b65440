package dev.shakedown.load;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;

/**
 * How an open loop's arrivals are planned: phases one behind the other, each with a rate that stays or changes
 * steadily.
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
    /** Where the most arrivals are looked for, besides where phases begin and end. */
    private static final int GRID = 1000;

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

        /** From one burst to the next, nanoseconds. */
        public long everyNanos() {
            return Math.round(burst / fromPerSecond * SECOND);
        }

        /** How many arrivals it has; of the last burst all, though the phase may end before the next would come. */
        double count() {
            if (fromPerSecond + toPerSecond == 0) {
                return 0;
            }
            return durationNanos == ENDLESS ? Double.POSITIVE_INFINITY : countUntil(durationNanos);
        }

        /** How many come in the time before {@code nanos} from its beginning. */
        double countUntil(long nanos) {
            if (burst > 1) {
                return (double) burst * Math.ceilDiv(nanos, everyNanos());
            }
            var share = (double) nanos / durationNanos;
            return (fromPerSecond + (toPerSecond - fromPerSecond) * share / 2) * (nanos / SECOND);
        }

        /** When, from its beginning, so many arrivals have come as {@code count} says; nanoseconds. */
        double nanosOf(double count) {
            if (burst > 1) {
                return Math.floor(count / burst) * everyNanos();
            }
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

    /**
     * The same after a warm-up at the rate that it begins with, or at a tenth of its highest if it begins with none.
     */
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

    /** Whether another one comes behind so many arrivals. */
    boolean holds(double count) {
        for (var phase : phases) {
            var most = phase.count();
            if (count < most) {
                return true;
            }
            count -= most;
        }
        return false;
    }

    /**
     * When so many arrivals have come as {@code count} says, nanoseconds from the beginning.
     *
     * @throws NoSuchElementException if it does not {@link #holds hold} that many
     */
    long nanosOf(double count) {
        var start = 0L;
        for (var phase : phases) {
            var most = phase.count();
            if (count < most) {
                return start + Math.round(phase.nanosOf(count));
            }
            count -= most;
            start += phase.durationNanos;
        }
        throw new NoSuchElementException("no more come than " + count);
    }

    /** How many arrivals come in the time before {@code nanos} from the beginning. */
    private double countUntil(long nanos) {
        var count = 0.0;
        var start = 0L;
        for (var phase : phases) {
            if (nanos <= start) {
                break;
            }
            if (phase.fromPerSecond + phase.toPerSecond > 0) {
                count += phase.countUntil(Math.min(nanos - start, phase.durationNanos));
            }
            start = phase.durationNanos == ENDLESS ? ENDLESS : start + phase.durationNanos;
        }
        return count;
    }

    /** The most arrivals that come in any stretch of {@code windowNanos}, to about one in a hundred. */
    double mostWithin(long windowNanos) {
        var whole = durationNanos();
        var last = whole == ENDLESS
                ? phases.stream().limit(phases.size() - 1).mapToLong(Phase::durationNanos).sum()
                : Math.max(0, whole - windowNanos);
        var starts = LongStream.concat(LongStream.rangeClosed(0, GRID).map(i -> Math.round((double) last * i / GRID)),
                boundaries().flatMap(at -> LongStream.of(at, at - windowNanos)));
        return starts.filter(at -> at >= 0).mapToDouble(at -> countUntil(at + windowNanos) - countUntil(at)).max()
                .orElseThrow();
    }

    private LongStream boundaries() {
        var ends = new long[phases.size()];
        for (var i = 1; i < ends.length; i++) {
            ends[i] = ends[i - 1] + phases.get(i - 1).durationNanos;
        }
        return LongStream.of(ends);
    }
}
