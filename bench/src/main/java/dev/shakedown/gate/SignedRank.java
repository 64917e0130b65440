package dev.shakedown.gate;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * The Hodges-Lehmann estimate of the middle of differences, with bounds from the exact distribution of Wilcoxon's
 * signed ranks. Neither assumes that the differences are normal, and a few outliers hardly change them.
 *
 * @param estimate the median of the means of all pairs of differences, each with itself included
 * @param lower    lower bound of the middle, with 99 % confidence by default; negative infinity where there are too few
 *                 differences
 * @param upper    upper bound likewise; positive infinity where there are too few differences
 */
public record SignedRank(double estimate, double lower, double upper) {
    /** The chance that a bound of 99 % is wrong. */
    static final double ALPHA = 0.01;
    /** Fewer differences give no bound: even if all six have one sign, that happens by chance once in 64 times. */
    public static final int LEAST = 7;

    private static final Map<String, Integer> BEYOND = new ConcurrentHashMap<>();
    private static final WilcoxonSignedRankTest EXACT = WilcoxonSignedRankTest.withDefaults()
            .with(AlternativeHypothesis.LESS_THAN).with(PValueMethod.EXACT);

    /**
     * Estimates the middle with bounds of 99 %.
     *
     * @throws IllegalArgumentException if there are no differences
     */
    public static SignedRank of(double[] differences) {
        return of(differences, ALPHA);
    }

    /**
     * Estimates the middle with other bounds.
     *
     * @param alpha the chance that a bound is wrong
     * @throws IllegalArgumentException if there are no differences
     */
    static SignedRank of(double[] differences, double alpha) {
        var n = differences.length;
        if (n == 0) {
            throw new IllegalArgumentException("there is no middle of nothing");
        }
        var means = new double[n * (n + 1) / 2];
        var next = 0;
        for (var i = 0; i < n; i++) {
            for (var j = i; j < n; j++) {
                means[next++] = (differences[i] + differences[j]) / 2;
            }
        }
        Arrays.sort(means);
        var middle = means.length / 2;
        var estimate = means.length % 2 == 1 ? means[middle] : (means[middle - 1] + means[middle]) / 2;
        var beyond = beyond(n, alpha);
        return beyond < 0
                ? new SignedRank(estimate, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                : new SignedRank(estimate, means[beyond], means[means.length - 1 - beyond]);
    }

    /**
     * Returns the largest sum of positive ranks that occurs by chance with a probability of at most {@code alpha}, or
     * -1 if there is none.
     */
    static int beyond(int n, double alpha) {
        return BEYOND.computeIfAbsent(n + " " + alpha, _ -> {
            var most = -1;
            for (var least = n * (n + 1) / 2; most + 1 < least;) {
                var middle = (most + least) / 2;
                if (chance(n, middle) <= alpha) {
                    most = middle;
                } else {
                    least = middle;
                }
            }
            return most;
        });
    }

    /**
     * Returns the probability of a sum of positive ranks up to {@code sum} if there is no difference, as the library
     * computes it for any ranks with that sum.
     */
    private static double chance(int n, int sum) {
        var ranks = new double[n];
        var left = sum;
        for (var rank = n; rank >= 1; rank--) {
            var isPositive = rank <= left;
            left -= isPositive ? rank : 0;
            ranks[rank - 1] = isPositive ? rank : -rank;
        }
        return EXACT.test(ranks).getPValue();
    }
}
