package dev.shakedown.results;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/** Ratios with confidence intervals. Logarithms are averaged, so that a half and a double cancel out. */
public final class Estimates {
    /** The confidence level of all intervals, 0 to 1; only the gate has another. */
    public static final double CONFIDENCE_LEVEL = 0.95;

    /** The confidence level as text. */
    public static final String CONFIDENCE = Math.round(100 * CONFIDENCE_LEVEL) + " %";

    private static final double UPPER = (1 + CONFIDENCE_LEVEL) / 2;

    private Estimates() {}

    /**
     * A quotient with its confidence interval.
     *
     * @param low  lower end of the interval; {@code null} where there is too little data
     * @param high upper end of the interval; likewise
     */
    public record Ratio(double value, @Nullable Double low, @Nullable Double high) {}

    /**
     * Estimates a ratio within one whole by the jackknife: the whole consists of parts, and how the ratio moves when
     * one of them is left out gives its interval.
     *
     * @param ratio the ratio when the part of that index is left out; with all parts for -1
     * @return without an interval if there are fewer than three parts
     */
    public static Ratio jackknife(int parts, ToDoubleFunction<Integer> ratio) {
        var whole = ratio.applyAsDouble(-1);
        return parts < 3
                ? new Ratio(whole, null, null)
                : around(whole, Math.sqrt(variance(parts, ratio)), parts - 1);
    }

    /**
     * Estimates the ratio of a figure of another whole to that of one whole by the jackknife: each whole consists of
     * parts, and how the figure moves when one of them is left out gives the interval.
     *
     * @param figure of the one when the part of that index is left out; with all parts for -1
     * @param otherFigure of the other, likewise
     * @return without an interval if either has fewer than three parts
     */
    public static Ratio jackknife(int parts, ToDoubleFunction<Integer> figure, int otherParts,
            ToDoubleFunction<Integer> otherFigure) {
        var ratio = otherFigure.applyAsDouble(-1) / figure.applyAsDouble(-1);
        if (parts < 3 || otherParts < 3) {
            return new Ratio(ratio, null, null);
        }
        var deviation = Math.sqrt(variance(parts, figure) + variance(otherParts, otherFigure));
        return around(ratio, deviation, Math.min(parts, otherParts) - 1);
    }

    private static double variance(int parts, ToDoubleFunction<Integer> figure) {
        var logs = IntStream.range(0, parts).mapToDouble(i -> Math.log(figure.applyAsDouble(i))).toArray();
        var mean = IntStream.range(0, parts).mapToDouble(i -> logs[i]).average().orElseThrow();
        return IntStream.range(0, parts).mapToDouble(i -> (logs[i] - mean) * (logs[i] - mean)).sum() * (parts - 1)
                / parts;
    }

    /**
     * Estimates the ratio of the others' mean to the ones' mean by Welch's t, both from independent trials.
     *
     * @return without an interval if either has fewer than two trials
     */
    public static Ratio welch(List<Double> ones, List<Double> others) {
        var one = new Logs(ones);
        var other = new Logs(others);
        var ratio = Math.exp(other.mean - one.mean);
        if (ones.size() < 2 || others.size() < 2) {
            return new Ratio(ratio, null, null);
        }
        var sum = one.squaredError + other.squaredError;
        if (sum == 0) {
            return new Ratio(ratio, ratio, ratio);
        }
        var freedom = sum * sum / (one.squaredError * one.squaredError / (ones.size() - 1)
                + other.squaredError * other.squaredError / (others.size() - 1));
        return around(ratio, Math.sqrt(sum), freedom);
    }

    /**
     * Estimates the mean of independently measured ratios by Student's t.
     *
     * @param ratios at least one, each above 0
     * @return without an interval if there is only one
     */
    public static Ratio mean(List<Double> ratios) {
        var logs = new Logs(ratios);
        var mean = Math.exp(logs.mean);
        return ratios.size() < 2
                ? new Ratio(mean, null, null)
                : around(mean, Math.sqrt(logs.squaredError), ratios.size() - 1);
    }

    private static Ratio around(double ratio, double deviation, double freedom) {
        var half = TDistribution.of(freedom).inverseCumulativeProbability(UPPER) * deviation;
        return new Ratio(ratio, ratio * Math.exp(-half), ratio * Math.exp(half));
    }

    private static final class Logs {
        final double mean;
        /** The squared standard error of the mean. */
        final double squaredError;

        Logs(List<Double> values) {
            var size = values.size();
            var center = values.stream().mapToDouble(Math::log).average().orElseThrow();
            mean = center;
            squaredError = size < 2
                    ? 0
                    : values.stream().mapToDouble(value -> Math.pow(Math.log(value) - center, 2)).sum() / (size - 1)
                            / size;
        }
    }
}
