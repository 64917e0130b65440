package dev.shakedown.results;

import dev.shakedown.results.Estimates.Ratio;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Values of one kind in slices of a run's time, from which the intervals of quantiles are estimated: values within a
 * second are not independent, so their number alone does not say how certain a quantile is. There are at most
 * {@value #MOST} slices, however long the run: when all are full, neighbours are merged. Single-threaded.
 */
public final class TimeSlices {
    static final int MOST = 20;

    private static final double NANOS_PER_MICRO = 1e3;

    private final Histogram whole = Histograms.empty();
    private final List<Histogram> slices = new ArrayList<>();
    /** The length of a slice in ticks, and the number of ticks in the last one so far. */
    private int ticksEach = 1;
    private int ticksOfLast;

    /**
     * Adds the values of the next tick.
     *
     * @param nanos the values, nanoseconds; the histogram does not change
     */
    public void add(Histogram nanos) {
        whole.add(nanos);
        if (slices.isEmpty() || ticksOfLast == ticksEach) {
            if (slices.size() == MOST) {
                mergeNeighbours();
            }
            slices.add(Histograms.empty());
            ticksOfLast = 0;
        }
        slices.getLast().add(nanos);
        ticksOfLast++;
    }

    private void mergeNeighbours() {
        for (var i = 0; i < MOST / 2; i++) {
            slices.get(i).add(slices.remove(i + 1));
        }
        ticksEach *= 2;
    }

    int count() {
        return slices.size();
    }

    /** Returns the number of values. */
    public long values() {
        return whole.getTotalCount();
    }

    /** Returns a quantile of all values, microseconds. */
    public double micros(Quantile quantile) {
        return micros(whole, quantile);
    }

    /**
     * Returns the ratio of a quantile in another run to the same quantile here, with its interval by the jackknife over
     * the slices of both; without one where either has fewer than three.
     */
    public Ratio toOtherRun(TimeSlices others, Quantile quantile) {
        return Estimates.jackknife(count(), left -> without(left, quantile), others.count(),
                left -> others.without(left, quantile));
    }

    /**
     * Returns the ratio of a quantile of other values of the same run to the same quantile here. Both must have been
     * added in the same ticks, since what slowed a slice down slowed both. Without an interval where either has values
     * in fewer than three slices.
     */
    public Ratio toOthersOfThisRun(TimeSlices others, Quantile quantile) {
        var enough = Math.min(withValues(), others.withValues()) >= 3;
        return Estimates.jackknife(enough ? count() : 0,
                left -> others.without(left, quantile) / without(left, quantile));
    }

    private long withValues() {
        return slices.stream().filter(slice -> slice.getTotalCount() > 0).count();
    }

    /** Returns the quantile of all values except those of one slice; of all for -1. */
    private double without(int left, Quantile quantile) {
        if (left < 0) {
            return micros(quantile);
        }
        var rest = whole.copy();
        rest.subtract(slices.get(left));
        return micros(rest, quantile);
    }

    private static double micros(Histogram nanos, Quantile quantile) {
        return Math.max(1, nanos.getValueAtPercentile(quantile.percentile())) / NANOS_PER_MICRO;
    }
}
