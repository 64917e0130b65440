package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EstimatesTest {
    /** Welch's t by hand: logs 0, 0.1, 0.2 against 0.3, 0.4, 0.5, which is t = 2.776 at 4 degrees of freedom. */
    @Test
    void welchIsWhatTheTextbookSays() {
        var ratio = Estimates.welch(exp(0, 0.1, 0.2), exp(0.3, 0.4, 0.5));
        var half = 2.7764 * Math.sqrt(2 * 0.01 / 3);
        assertEquals(Math.exp(0.3), ratio.value(), 1e-9);
        assertEquals(0.3 - half, Math.log(ratio.low()), 1e-4);
        assertEquals(0.3 + half, Math.log(ratio.high()), 1e-4);
    }

    private static List<Double> exp(double... logs) {
        return IntStream.range(0, logs.length).mapToObj(i -> Math.exp(logs[i])).toList();
    }

    @Test
    void oneForkTellsNothingOfItsError() {
        var ratio = Estimates.welch(List.of(2.0), List.of(3.0, 3.1));
        assertNull(ratio.low());
        assertTrue(ratio.value() > 1.5);
    }

    /** Student's t by hand: mean 0, standard error 1 / sqrt(4); t of 3 degrees of freedom is 3.182. */
    @Test
    void theMeanOfRatiosIsTheirGeometricOne() {
        var root = Math.sqrt(0.75);
        var ratio = Estimates.mean(exp(-root, -root, root, root));
        assertEquals(1, ratio.value(), 1e-9);
        assertEquals(1.591, Math.log(ratio.high()), 0.001);
        assertEquals(-1.591, Math.log(ratio.low()), 0.001);
        assertEquals(4, Estimates.mean(List.of(2.0, 8.0)).value(), 1e-9);
        assertNull(Estimates.mean(List.of(2.0)).low());
    }

    /** For means the jackknife gives the classical interval, which contains the truth about 95 times in a hundred. */
    @Test
    void theJackknifeHoldsTheTruthAsOftenAsItSays() {
        var random = new Random(1);
        var held = 0;
        for (var trial = 0; trial < 400; trial++) {
            var one = random.doubles(10, 90, 110).toArray();
            var other = random.doubles(10, 180, 220).toArray();
            var ratio = Estimates.jackknife(10, left -> mean(one, left), 10, left -> mean(other, left));
            held += ratio.low() <= 2 && 2 <= ratio.high() ? 1 : 0;
        }
        assertTrue(held >= 400 * 0.92 && held <= 400 * 0.995, "held " + held + " of 400");
    }

    private static double mean(double[] values, int left) {
        return IntStream.range(0, values.length).filter(i -> i != left).mapToDouble(i -> values[i]).average()
                .orElseThrow();
    }
}
