package dev.shakedown.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedRankTest {
    /** Compares with a count over all signs of all ranks. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 6, 7, 8, 10, 12, 16})
    void theBoundIsWhereTheExactDistributionPutsIt(int n) {
        var counts = new long[n * (n + 1) / 2 + 1];
        for (var signs = 0L; signs < 1L << n; signs++) {
            var sum = 0;
            for (var rank = 1; rank <= n; rank++) {
                sum += (int) (signs >> rank - 1 & 1) * rank;
            }
            counts[sum]++;
        }
        var most = -1;
        var below = 0L;
        while (most + 1 < counts.length && (below += counts[most + 1]) <= SignedRank.ALPHA * (1L << n)) {
            most++;
        }
        assertEquals(most, SignedRank.beyond(n, SignedRank.ALPHA));
    }

    /** The means of all pairs of 1, 2 and 4 are 1, 1.5, 2, 2.5, 3 and 4. */
    @Test
    void theEstimateIsTheMedianOfTheMeansOfPairs() {
        var found = SignedRank.of(new double[]{4, 1, 2});
        assertEquals(2.25, found.estimate());
        assertEquals(Double.NEGATIVE_INFINITY, found.lower());
        assertEquals(Double.POSITIVE_INFINITY, found.upper());
        assertThrows(IllegalArgumentException.class, () -> SignedRank.of(new double[0]));
    }

    @Test
    void sevenOfOneSignAreTheFewestThatTell() {
        assertTrue(SignedRank.of(new double[]{1, 2, 3, 4, 5, 6}).lower() < 0);
        assertEquals(1, SignedRank.of(new double[]{1, 2, 3, 4, 5, 6, 7}).lower());
        assertEquals(7, SignedRank.LEAST);
    }

    /** An outlier changes neither the estimate nor the bounds by much. */
    @Test
    void outliersCountForLittle() {
        var values = new double[]{1.0, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98, 1.01, 0.99, 1.03, 0.97, 100};
        var found = SignedRank.of(values);
        assertEquals(1.01, found.estimate(), 0.03);
        assertTrue(found.lower() > 0.9 && found.upper() < 51, found::toString);
    }

    /** Each bound is wrong in one case of a hundred. */
    @Test
    void theBoundsAreWrongAsOftenAsTheySay() {
        var random = new Random(7);
        var low = 0;
        var high = 0;
        for (var trial = 0; trial < 4000; trial++) {
            var found = SignedRank.of(random.doubles(12, -1, 1).map(x -> x * x * x + 5).toArray());
            low += found.lower() > 5 ? 1 : 0;
            high += found.upper() < 5 ? 1 : 0;
        }
        assertTrue(low >= 15 && low <= 60 && high >= 15 && high <= 60, low + " and " + high + " of 4000");
    }
}
