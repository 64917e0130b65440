package dev.shakedown.gate;

import java.util.Arrays;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * The middle of differences, by Hodges and Lehmann, and how far it may be off, by the exact distribution of Wilcoxon's signed
 * ranks: neither asks that the differences are normal, and a few wild ones move them little.
 *
 * @param estimate the median of all means of two differences (of each with itself, too)
 * @param lower    the truth is above by 99 %; negative infinity where there are too few to tell
 * @param upper    the truth is below by 99 %; positive infinity likewise
 */
public record SignedRank(double estimate, double lower, double upper) {
    /** The chance that a bound is wrong. */
    static final double ALPHA = 0.01;
    /** Fewer can give no bound: even if all have one sign, that happens by chance once in 64 times. */
    public static final int LEAST = 7;

    private static final WilcoxonSignedRankTest EXACT = WilcoxonSignedRankTest.withDefaults()
            .with(AlternativeHypothesis.LESS_THAN).with(PValueMethod.EXACT);

    /** @throws IllegalArgumentException if there are none */
    public static SignedRank of(double[] differences) {
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
        var beyond = beyond(n);
        return beyond < 0
                ? new SignedRank(estimate, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                : new SignedRank(estimate, means[beyond], means[means.length - 1 - beyond]);
    }

    /** The most that the sum of positive ranks can be and still come by chance no more often than {@link #ALPHA}; -1: none. */
    static int beyond(int n) {
        var most = -1;
        while (most + 1 <= n * (n + 1) / 2 && chance(n, most + 1) <= ALPHA) {
            most++;
        }
        return most;
    }

    /** How probable a sum of positive ranks up to {@code sum} is if there is no difference: the library's, of any such ranks. */
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
