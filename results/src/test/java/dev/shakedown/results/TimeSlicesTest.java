package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSlicesTest {
    private static Histogram tick(int count, long micros) {
        var histogram = Histograms.empty();
        histogram.recordValueWithCount(1000 * micros, count);
        return histogram;
    }

    private static TimeSlices of(int count, long... micros) {
        var slices = new TimeSlices();
        for (var each : micros) {
            slices.add(tick(count, each));
        }
        return slices;
    }

    /**
     * Medians without each third are 2, 1 and 1 ms, and 2 ms in all, by hand: the logarithms deviate by 2/3, 1/3 and
     * 1/3 of ln 2, which is a variance of 4/9 of its square; Student's t of 2 degrees of freedom is 4.303.
     */
    @Test
    void theIntervalIsTheJackknifes() {
        var ratio = of(100, 1000, 2000, 3000).toOtherRun(of(100, 500, 500, 500), Quantile.P50);
        var half = 4.3027 * 2 / 3 * Math.log(2);
        assertEquals(0.25, ratio.value(), 1e-3);
        assertEquals(0.25 * Math.exp(-half), ratio.low(), 1e-3);
        assertEquals(0.25 * Math.exp(half), ratio.high(), 5e-3);
    }

    @Test
    void twoStretchesDoNotTell() {
        var ratio = of(100, 1000, 2000).toOtherRun(of(100, 500, 500, 500), Quantile.P50);
        assertEquals(0.5, ratio.value(), 1e-3);
        assertNull(ratio.low());
        assertNull(of(100, 1000, 2000, 3000).toOtherRun(of(100, 500, 500), Quantile.P50).low());
    }

    @Test
    void thereAreNeverMoreThanTwentyAndNoValueIsLost() {
        var slices = new TimeSlices();
        for (var tick = 1; tick <= 1000; tick++) {
            slices.add(tick(1, tick));
            assertTrue(slices.count() <= 20 && slices.count() >= Math.min(tick, 11),
                    slices.count() + " at " + tick);
            assertEquals(tick, slices.values());
        }
        assertEquals(500, slices.micros(Quantile.P50), 1);
        // 64 ticks each: 15 whole ones and what is left.
        assertEquals(16, slices.count());
    }

    /**
     * All are twice as slow in one second of three: by hand the ratio is a half whichever second is left out. Taken as
     * those of another run, the same figures leave everything open.
     */
    @Test
    void whatIsSlowForBothIsNoDoubtAboutTheirRatio() {
        var full = of(100, 1000, 2000, 3000);
        var resumed = of(100, 500, 1000, 1500);
        var ratio = full.toOthersOfThisRun(resumed, Quantile.P50);
        assertEquals(0.5, ratio.value(), 1e-3);
        assertEquals(0.5, ratio.low(), 3e-3);
        assertEquals(0.5, ratio.high(), 3e-3);
        assertTrue(full.toOtherRun(resumed, Quantile.P50).low() < 0.05);
    }

    /** Seconds with only one kind do not count for both. */
    @Test
    void eachKindNeedsThreeStretchesOfItsOwn() {
        var full = of(100, 1000, 2000, 3000, 1000);
        var resumed = of(100, 500, 500);
        resumed.add(Histograms.empty());
        resumed.add(Histograms.empty());
        assertNull(full.toOthersOfThisRun(resumed, Quantile.P50).low());
        assertNull(resumed.toOthersOfThisRun(full, Quantile.P50).low());
        resumed = of(100, 500, 500);
        resumed.add(Histograms.empty());
        resumed.add(tick(100, 500));
        assertEquals(0.25, full.toOthersOfThisRun(resumed, Quantile.P50).value(), 0.26);
        assertTrue(full.toOthersOfThisRun(resumed, Quantile.P50).low() > 0.05);
    }

    /** Thirty handshakes that differ among themselves. */
    private static Histogram second(Random random, double micros) {
        var histogram = Histograms.empty();
        for (var i = 0; i < 30; i++) {
            histogram.recordValue((long) (1000 * micros * Math.exp(0.4 * random.nextGaussian())));
        }
        return histogram;
    }

    /**
     * Each second has a speed of its own, shared by its handshakes, partly across both kinds: as independent samples
     * they would seem far too certain.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 7, 20, 50, 200})
    void theTruthIsHeldAsOftenAsIsSaidHoweverLongTheRun(int seconds) {
        var random = new Random(1);
        var held = 0;
        for (var run = 0; run < 200; run++) {
            var full = new TimeSlices();
            var resumed = new TimeSlices();
            for (var second = 0; second < seconds; second++) {
                var speed = Math.exp(0.5 * random.nextGaussian());
                full.add(second(random, 2000 * speed * Math.exp(0.2 * random.nextGaussian())));
                resumed.add(second(random, 1000 * speed * Math.exp(0.2 * random.nextGaussian())));
            }
            var ratio = full.toOthersOfThisRun(resumed, Quantile.P50);
            assertTrue(ratio.low() <= ratio.value() && ratio.value() <= ratio.high(), ratio::toString);
            held += ratio.low() <= 0.5 && 0.5 <= ratio.high() ? 1 : 0;
        }
        assertTrue(held >= 200 * 0.9, "held " + held + " of 200 in " + seconds + " s");
    }
}
