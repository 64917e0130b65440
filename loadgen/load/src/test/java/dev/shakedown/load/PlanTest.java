package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.Schedule.Phase;
import dev.shakedown.load.Schedule.Shape;
import dev.shakedown.net.socket.SourceAddresses;
import dev.shakedown.results.Kind;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When handshakes are due, of which kind, and from where. */
class PlanTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void theSharesOfAllWorkersMakeUpAConstantRate() {
        var workers = 3;
        var whole = IntStream.range(0, workers)
                .mapToObj(worker -> new ArrivalPlan(Schedule.constant(Shape.CONSTANT, 1000), worker, workers))
                .flatMapToLong(plan -> LongStream.range(0, 100).map(plan::plannedNanos)).sorted().toArray();
        assertArrayEquals(LongStream.range(0, 300).map(n -> n * 1_000_000).toArray(), whole);
    }

    @Test
    void aConstantRateDoesNotDrift() {
        var plan = new ArrivalPlan(Schedule.constant(Shape.CONSTANT, 3), 0, 1);
        assertEquals(1_000_000_000_000L, plan.plannedNanos(3000));
    }

    @Test
    void poissonArrivalsHaveTheRateAndTheSpreadOfExponentialDistances() {
        var plan = new ArrivalPlan(Schedule.constant(Shape.POISSON, 1000), 1, 2);
        var distances = new double[100_000];
        var last = 0L;
        for (var n = 0; n < distances.length; n++) {
            var at = plan.plannedNanos(n);
            distances[n] = at - last;
            last = at;
        }
        // Half of the rate is this worker's, so the mean interval is 2 ms, and so is the standard deviation.
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
        var plan = new ArrivalPlan(Schedule.constant(Shape.POISSON, 10), 0, 1);
        var first = plan.plannedNanos(0);
        assertEquals(first, plan.plannedNanos(0));
        assertTrue(plan.plannedNanos(1) > first);
    }

    @Test
    void aRampPassesEveryRateBetween() {
        var ramp = new Schedule(Shape.CONSTANT, List.of(new Phase("ramp", 10 * SECOND, 100, 300, 1)));
        var times = times(ramp, 1);
        assertEquals(2000, times.length, 1);
        assertEquals(0, times[0]);
        // After t seconds 100 t + 10 t^2 have come.
        assertEquals(5 * SECOND, times[750], 1);
        assertEquals(1 / Math.sqrt(100 * 100 + 40 * 100), (times[101] - times[100]) / 1e9, 1e-4,
                "at the rate after 100");
        assertEquals(1 / 300.0, (times[1999] - times[1998]) / 1e9, 1e-4, "at the end");
        assertArrayEquals(times, times(ramp, 3), "whatever the number of workers");
        var down = times(new Schedule(Shape.CONSTANT, List.of(new Phase("down", 10 * SECOND, 300, 0, 1))), 1);
        assertEquals(1500, down.length, 1);
    }

    @Test
    void phasesFollowEachOtherAndMayBeEmpty() {
        var steps = new Schedule(Shape.CONSTANT, List.of(new Phase("1", SECOND, 10, 10, 1),
                new Phase("2", SECOND, 0, 0, 1), new Phase("3", SECOND, 20, 20, 1)));
        var times = times(steps, 2);
        assertEquals(30, times.length);
        assertEquals(10, LongStream.of(times).filter(time -> time < SECOND).count());
        assertEquals(0, LongStream.of(times).filter(time -> time >= SECOND && time < 2 * SECOND).count());
        assertEquals(2 * SECOND, times[10]);
        assertEquals(List.of(0, 1, 2, 2), LongStream.of(0, SECOND, 2 * SECOND, 99 * SECOND).mapToObj(steps::phaseAt)
                .toList());
        assertEquals(10, steps.meanPerSecond());
        assertEquals(40, times(steps.withWarmup(SECOND), 2).length, "at the rate that it begins with");
        assertEquals(31, times(new Schedule(Shape.CONSTANT, List.of(new Phase("0", SECOND, 0, 20, 1),
                new Phase("1", SECOND, 20, 20, 1))).withWarmup(SECOND), 1).length, 1, "or at a tenth of the highest");
    }

    /** 500 per second for 2.5 s: at 0, 1 and 2 s. */
    @ParameterizedTest
    @EnumSource(Shape.class)
    void theLastBurstIsWhole(Shape shape) {
        var quiet = new Phase("quiet", SECOND, 10, 10, 1);
        var storm = new Phase("storm", 5 * SECOND / 2, 500, 500, 500);
        for (var workers : new int[]{1, 3}) {
            var times = times(new Schedule(shape, List.of(storm, quiet)), workers);
            assertEquals(List.of(500L, 500L, 500L), IntStream.range(0, 3)
                    .mapToObj(n -> LongStream.of(times).filter(time -> time == n * SECOND).count()).toList());
            assertEquals(times.length - 1500,
                    LongStream.of(times).filter(time -> time >= 5 * SECOND / 2 && time < 7 * SECOND / 2).count());
            assertEquals(500, LongStream.of(times(new Schedule(shape, List.of(quiet, storm)), workers))
                    .filter(time -> time == SECOND).count(), "behind other phases, too");
        }
        assertEquals(600, new Schedule(shape, List.of(storm)).meanPerSecond());
    }

    @Test
    void burstsComeAtOnce() {
        var bursts = new Schedule(Shape.CONSTANT, List.of(new Phase("b", 3 * SECOND, 100, 100, 50)));
        var times = times(bursts, 3);
        assertEquals(300, times.length);
        for (var n = 0; n < times.length; n++) {
            assertEquals(n / 50 * SECOND / 2, times[n], 1);
        }
    }

    @Test
    void aPoissonRampHasItsCount() {
        var counts = IntStream.range(2, 12).map(workers -> times(new Schedule(Shape.POISSON,
                List.of(new Phase("ramp", 10 * SECOND, 0, 2000, 1))), workers).length).average().orElseThrow();
        assertEquals(10_000, counts, 150);
    }

    private static long[] times(Schedule schedule, int workers) {
        return IntStream.range(0, workers).mapToObj(worker -> new ArrivalPlan(schedule, worker, workers))
                .flatMapToLong(plan -> LongStream.iterate(0, plan::has, n -> n + 1).map(plan::plannedNanos))
                .sorted().toArray();
    }

    @ParameterizedTest
    @CsvSource({"'full=1,resumed=4', 0.8", "'full=1,resumed=1', 0.5", "'resumed=1', 1", "'full=7', 0",
        "'full=3, resumed=2', 0.4", "'resumed=5,full=0', 1", "20/80, 0.8", "50/50, 0.5", "20:80, 0.8",
        "'20% / 80%', 0.8",
        "resumed=80%, 0.8", "full=100%, 0", "'full=20%,resumed=80%', 0.8", "full, 0", "resumed, 1",
        "'full:1,resumed:4', 0.8", "'FULL=1,Resumed=4', 0.8"})
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
    @ValueSource(strings = {"", "full=", "full=-1", "0/0", "1/2/3", "80", "80%", "full,resumed", "resumed=101%", "0:0",
        "1/-2", "full=1;resumed=2", "half=1", "full=0,resumed=0",
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
