package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.ArrivalPlan.Shape;
import dev.shakedown.results.Kind;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When handshakes are due, of which kind, and from where. */
class PlanTest {
    @Test
    void theSharesOfAllWorkersMakeUpAConstantRate() {
        var workers = 3;
        var whole = IntStream.range(0, workers)
                .mapToObj(worker -> ArrivalPlan.share(Shape.CONSTANT, 1000, worker, workers))
                .flatMapToLong(plan -> LongStream.range(0, 100).map(plan::plannedNanos)).sorted().toArray();
        assertArrayEquals(LongStream.range(0, 300).map(n -> n * 1_000_000).toArray(), whole);
    }

    @Test
    void aConstantRateDoesNotDrift() {
        var plan = ArrivalPlan.share(Shape.CONSTANT, 3, 0, 1);
        assertEquals(1_000_000_000_000L, plan.plannedNanos(3000));
    }

    @Test
    void poissonArrivalsHaveTheRateAndTheSpreadOfExponentialDistances() {
        var plan = ArrivalPlan.share(Shape.POISSON, 1000, 1, 2);
        var distances = new double[100_000];
        var last = 0L;
        for (var n = 0; n < distances.length; n++) {
            var at = plan.plannedNanos(n);
            distances[n] = at - last;
            last = at;
        }
        // Half of the rate is this worker's, so the mean distance is 2 ms; and so is the standard deviation.
        var mean = IntStream.range(0, distances.length).mapToDouble(n -> distances[n]).average().orElseThrow();
        var variance = IntStream.range(0, distances.length).mapToDouble(n -> Math.pow(distances[n] - mean, 2)).average()
                .orElseThrow();
        assertEquals(2e6, mean, 0.02e6);
        assertEquals(2e6, Math.sqrt(variance), 0.03e6);
        var shorterThanMedian = IntStream.range(0, distances.length).filter(n -> distances[n] < 2e6 * Math.log(2))
                .count();
        assertEquals(0.5, shorterThanMedian / (double) distances.length, 0.01);
    }

    @Test
    void askingAgainForAPoissonArrivalGivesTheSameTime() {
        var plan = ArrivalPlan.share(Shape.POISSON, 10, 0, 1);
        var first = plan.plannedNanos(0);
        assertEquals(first, plan.plannedNanos(0));
        assertTrue(plan.plannedNanos(1) > first);
    }

    @ParameterizedTest
    @CsvSource({"'full=1,resumed=4', 0.8", "'full=1,resumed=1', 0.5", "'resumed=1', 1", "'full=7', 0",
        "'full=3, resumed=2', 0.4", "'resumed=5,full=0', 1"})
    void everyStretchOfAMixHoldsItsShare(String text, double resumedShare) {
        var mix = Mix.parse(text);
        var resumed = 0;
        for (var n = 0; n < 10_000; n++) {
            resumed += mix.kind(n) == Kind.RESUMED ? 1 : 0;
            assertEquals(resumedShare * (n + 1), resumed, 1, "after " + (n + 1));
        }
        assertEquals(resumedShare * 10_000, resumed, 1e-9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "full", "full=", "full=-1", "full=1;resumed=2", "half=1", "full=0,resumed=0",
        "full=1.5", "full=99999999999"})
    void aMalformedMixIsRefusedWithAnExample(String text) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Mix.parse(text));
        assertTrue(refusal.getMessage().contains("full=1,resumed=4"), refusal::getMessage);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.5, 1, 127.0.0.5, 127.0.0.5", "127.0.1.0/24, 254, 127.0.1.1, 127.0.1.254",
        "127.0.1.77/30, 2, 127.0.1.77, 127.0.1.78", "127.0.1.4/31, 2, 127.0.1.4, 127.0.1.5",
        "127.0.1.9/32, 1, 127.0.1.9, 127.0.1.9", "fd00::8/126, 4, fd00:0:0:0:0:0:0:8, fd00:0:0:0:0:0:0:b",
        "255.255.255.252/30, 2, 255.255.255.253, 255.255.255.254", "10.0.0.0/8, 65535, 10.0.0.1, 10.0.255.255"})
    void aPrefixStandsForItsHosts(String text, int count, String first, String last) {
        var addresses = SourceAddresses.parse(text);
        assertEquals(count, addresses.size());
        assertEquals(first, addresses.getFirst().getHostAddress());
        assertEquals(last, addresses.getLast().getHostAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "127.0.0.1/33", "127.0.0.1/", "127.0.0.1/x", "::1/129", "300.1.1.1",
        "127.0.0.1/-1"})
    void aMalformedSourceAddressIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> SourceAddresses.parse(text));
    }
}
