package dev.shakedown.gate;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * The middle of differences, by Hodges and Lehmann, and how far it may be off, by the exact distribution of Wilcoxon's
 * signed ranks: neither asks that the differences are normal, and a few wild ones move them little.
 *
 * @param estimate the median of all means of two differences (of each with itself, too)
 * @param lower    the truth is above, by 99 % unless asked otherwise; negative infinity where there are too few to tell
 * @param upper    the truth is below, positive infinity likewise
 */
public record SignedRank(double estimate, double lower, double upper) {
    /** The chance that a bound of 99 % is wrong. */
    static final double ALPHA = 0.01;
    /** Fewer can give no bound: even if all have one sign, that happens by chance once in 64 times. */
    public static final int LEAST = 7;

    private static final Map<String, Integer> BEYOND = new ConcurrentHashMap<>();
    private static final WilcoxonSignedRankTest EXACT = WilcoxonSignedRankTest.withDefaults()
            .with(AlternativeHypothesis.LESS_THAN).with(PValueMethod.EXACT);

    /** With bounds of 99 %. @throws IllegalArgumentException if there are no differences */
    public static SignedRank of(double[] differences) {
        return of(differences, ALPHA);
    }

    /**
     * With other bounds.
     *
     * @param alpha the chance that one of them is wrong
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
     * The most that the sum of positive ranks can be and still come by chance no more often than {@code alpha}; -1:
     * none.
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
     * How probable a sum of positive ranks up to {@code sum} is if there is no difference: the library's, of any such
     * ranks.
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
