package dev.shakedown.load;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;

/**
 * The planned arrivals of an open loop: consecutive phases, each with a constant or steadily changing rate.
 *
 * @param shape  how arrivals are spread over time at a given rate
 * @param phases the phases in order, at least one; only the last may have no end
 */
public record Schedule(Shape shape, List<Phase> phases) {
    /** How arrivals are spread over time. */
    public enum Shape {
        /** At equal intervals. */
        CONSTANT,
        /** Independent of each other, as from many clients: at exponentially distributed intervals. */
        POISSON
    }

    /** The duration of a phase that ends only with the load, nanoseconds. */
    public static final long ENDLESS = Long.MAX_VALUE;

    private static final double SECOND = 1e9;
    /** Number of places at which the maximum is searched for, besides the ends of phases. */
    private static final int GRID = 1000;

    /**
     * One phase of a load.
     *
     * @param name          a name for people
     * @param durationNanos its length, above 0; {@link #ENDLESS} for no end
     * @param fromPerSecond the rate at its beginning, 0 or above
     * @param toPerSecond   the rate at its end, reached linearly; 0 or above
     * @param burst         number of arrivals that come at once, at the time of the first of them; 1 for no bursts
     */
    public record Phase(String name, long durationNanos, double fromPerSecond, double toPerSecond, long burst) {
        public Phase {
            if (durationNanos <= 0 || fromPerSecond < 0 || toPerSecond < 0 || burst < 1
                    || durationNanos == ENDLESS && fromPerSecond != toPerSecond) {
                throw new IllegalArgumentException("no such phase");
            }
        }

        /** Returns the interval from one burst to the next, in nanoseconds. */
        public long everyNanos() {
            return Math.round(burst / fromPerSecond * SECOND);
        }

        /**
         * Returns the number of arrivals, with the whole of the last burst even if the phase ends before the next would
         * come.
         */
        double count() {
            if (fromPerSecond + toPerSecond == 0) {
                return 0;
            }
            return durationNanos == ENDLESS ? Double.POSITIVE_INFINITY : countUntil(durationNanos);
        }

        /** Returns how many arrivals come in the first {@code nanos}. */
        double countUntil(long nanos) {
            if (burst > 1) {
                return (double) burst * Math.ceilDiv(nanos, everyNanos());
            }
            var share = (double) nanos / durationNanos;
            return (fromPerSecond + (toPerSecond - fromPerSecond) * share / 2) * (nanos / SECOND);
        }

        /** Returns when {@code count} arrivals have come, in nanoseconds from the beginning of the phase. */
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

    /** Returns a schedule with one rate and no end. */
    public static Schedule constant(Shape shape, double ratePerSecond) {
        return new Schedule(shape, List.of(new Phase("constant", ENDLESS, ratePerSecond, ratePerSecond, 1)));
    }

    /**
     * Returns this schedule after a warm-up at its initial rate, or at a tenth of its highest rate if it begins with 0.
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

    /** Returns its length in nanoseconds; {@link #ENDLESS} if it has no end. */
    public long durationNanos() {
        return phases.getLast().durationNanos == ENDLESS
                ? ENDLESS
                : phases.stream().mapToLong(Phase::durationNanos).sum();
    }

    /** Returns this schedule with its last phase limited to {@code nanos}, if that has no end. */
    public Schedule during(long nanos) {
        var last = phases.getLast();
        if (last.durationNanos != ENDLESS) {
            return this;
        }
        var all = new ArrayList<>(phases.subList(0, phases.size() - 1));
        all.add(new Phase(last.name, nanos, last.fromPerSecond, last.toPerSecond, last.burst));
        return new Schedule(shape, all);
    }

    /** Returns the average number of arrivals per second. */
    public double meanPerSecond() {
        var last = phases.getLast();
        if (last.durationNanos == ENDLESS) {
            return last.fromPerSecond;
        }
        return phases.stream().mapToDouble(Phase::count).sum() / (durationNanos() / SECOND);
    }

    /** Returns the phase at this time, in nanoseconds from the beginning; the last one for any time after the end. */
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

    /** Whether there is another arrival after {@code count} arrivals. */
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
     * Returns when {@code count} arrivals have come, in nanoseconds from the beginning.
     *
     * @throws NoSuchElementException if there is none after {@code count}: see {@link #holds}
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

    /** Returns how many arrivals come in the first {@code nanos}. */
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

    /** Returns the most arrivals that come in any {@code windowNanos}, to within about 1 %. */
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
