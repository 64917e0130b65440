package dev.shakedown.results;

import dev.shakedown.results.Estimates.Ratio;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Values of one kind in stretches of a run's time, so that one which was odd shows: values within a second depend on
 * one another, so that how sure a quantile is does not follow from their number. There are at most {@value #MOST},
 * however long the run: once they are full, neighbours become one. Single-threaded.
 */
public final class TimeSlices {
    static final int MOST = 20;

    private static final double NANOS_PER_MICRO = 1e3;

    private final Histogram whole = Histograms.empty();
    private final List<Histogram> stretches = new ArrayList<>();
    /** How many ticks a stretch is long, and how many of them the last one has. */
    private int ticksEach = 1;
    private int ticksOfLast;

    /**
     * Adds what came after all that was added before.
     *
     * @param nanos of one tick, nanoseconds; it stays as it is
     */
    public void add(Histogram nanos) {
        whole.add(nanos);
        if (stretches.isEmpty() || ticksOfLast == ticksEach) {
            if (stretches.size() == MOST) {
                mergeNeighbours();
            }
            stretches.add(Histograms.empty());
            ticksOfLast = 0;
        }
        stretches.getLast().add(nanos);
        ticksOfLast++;
    }

    private void mergeNeighbours() {
        for (var i = 0; i < MOST / 2; i++) {
            stretches.get(i).add(stretches.remove(i + 1));
        }
        ticksEach *= 2;
    }

    int count() {
        return stretches.size();
    }

    /** How many values there are. */
    public long values() {
        return whole.getTotalCount();
    }

    /** A quantile of all values, microseconds. */
    public double micros(Quantile quantile) {
        return micros(whole, quantile);
    }

    /**
     * How many times as much a quantile is in another run, with its interval by the jackknife over the stretches of
     * both; without one where either has fewer than three.
     */
    public Ratio toOtherRun(TimeSlices others, Quantile quantile) {
        return Estimates.jackknife(count(), left -> without(left, quantile), others.count(),
                left -> others.without(left, quantile));
    }

    /**
     * How many times as much a quantile of others is, which were added in the same ticks: what made a stretch slow made
     * it so for both. Without an interval where either has values in fewer than three stretches.
     */
    public Ratio toOthersOfThisRun(TimeSlices others, Quantile quantile) {
        var enough = Math.min(withValues(), others.withValues()) >= 3;
        return Estimates.jackknife(enough ? count() : 0,
                left -> others.without(left, quantile) / without(left, quantile));
    }

    private long withValues() {
        return stretches.stream().filter(stretch -> stretch.getTotalCount() > 0).count();
    }

    /** The quantile of all values but those of one stretch; of all for -1. */
    private double without(int left, Quantile quantile) {
        if (left < 0) {
            return micros(quantile);
        }
        var rest = whole.copy();
        rest.subtract(stretches.get(left));
        return micros(rest, quantile);
    }

    private static double micros(Histogram nanos, Quantile quantile) {
        return Math.max(1, nanos.getValueAtPercentile(quantile.percentile())) / NANOS_PER_MICRO;
    }
}
