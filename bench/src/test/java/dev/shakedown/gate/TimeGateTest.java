package dev.shakedown.gate;

import dev.shakedown.comparison.RowVerdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.gate.Block.Reading;
import dev.shakedown.comparison.RowVerdict.Verdict;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The gate on simulated forks, whose truth is known. */
class TimeGateTest {
    private final Random random = new Random(42);
    private int forks;

    /**
     * Simulates forks.
     *
     * @param slower by what factor the head is slower
     * @param noise  of a fork, relative
     */
    private TimeGate.Forks forks(double slower, double noise) {
        return base -> {
            forks++;
            return reading(100 * noisy(0.003), Map.of("row", 50 * (base ? 1 : slower) * noisy(noise)));
        };
    }

    private static Reading reading(double ruler, Map<String, Double> rows) {
        return new Reading(new Ruler(ruler, 1), rows);
    }

    private double noisy(double noise) {
        return Math.exp(noise * random.nextGaussian());
    }

    private List<RowVerdict> judge(TimeGate.Forks forks) throws IOException {
        return new TimeGate(64, 0.03, random, _ -> {}).judge(forks, _ -> "ns");
    }

    private int failed(int trials, double slower, double noise) throws IOException {
        return failed(trials, () -> forks(slower, noise));
    }

    private int failed(int trials, Supplier<TimeGate.Forks> forks) throws IOException {
        var failed = 0;
        for (var trial = 0; trial < trials; trial++) {
            failed += judge(forks.get()).getFirst().verdict() == Verdict.FAIL ? 1 : 0;
        }
        return failed;
    }

    /** A shared machine: in every twelfth fork another process is busy, and the fork takes two fifths longer. */
    private TimeGate.Forks shared(double slower) {
        return base -> reading(100 * noisy(0.02),
                Map.of("row", 50 * (base ? 1 : slower) * noisy(0.02) * (random.nextInt(12) == 0 ? 1.4 : 1)));
    }

    @Test
    void theSameCodeDoesNotFail() throws IOException {
        assertEquals(0, failed(300, 1, 0.015));
        assertTrue(failed(300, 1, 0.06) <= 1, "on a machine on which forks differ by 6 %");
        assertTrue(failed(300, () -> shared(1)) <= 1, "on a machine that is shared");
    }

    @Test
    void whatIsSlowerIsFound() throws IOException {
        assertTrue(failed(100, 1.1, 0.02) >= 95);
        assertTrue(failed(100, 1.05, 0.015) >= 80);
        assertTrue(failed(100, () -> shared(1.1)) >= 95, "on a machine that is shared");
    }

    /** It stops once it is certain; otherwise it takes all the pairs that it may. */
    @Test
    void itMeasuresAsLongAsItMust() throws IOException {
        assertEquals(10, judge(forks(1, 0.005)).getFirst().pairs());
        assertEquals(20, judge(forks(1.2, 0.005)).getFirst().pairs(), "with the confirmation");
        assertEquals(64, judge(forks(1, 0.25)).getFirst().pairs());
    }

    /** One of two rows needs more: the other waits for it. */
    @Test
    void everyRowIsJudgedByTheSameForks() throws IOException {
        var rows = judge(_ -> reading(100 * noisy(0.003),
                Map.of("quiet", 10 * noisy(0.003), "loud", 10 * noisy(0.3))));
        assertEquals(List.of(64, 64), rows.stream().map(RowVerdict::pairs).toList());
        assertEquals(List.of(Verdict.INCONCLUSIVE, Verdict.PASS), rows.stream().map(RowVerdict::verdict).toList());
    }

    @Test
    void whatIsFasterPasses() throws IOException {
        var row = judge(forks(0.9, 0.01)).getFirst();
        assertEquals(Verdict.PASS, row.verdict());
        assertEquals("faster", row.because());
        assertEquals(0.9, row.ratio(), 0.02);
    }

    /** Without a bound there is no verdict, but a note of what would have been detected. */
    @Test
    void noiseIsInconclusive() throws IOException {
        var row = judge(forks(1.0, 0.25)).getFirst();
        assertEquals(Verdict.INCONCLUSIVE, row.verdict(), row::toString);
        assertTrue(row.because().startsWith("too noisy: ") && row.detectable() > 1.1, row::toString);
    }

    /** Other work slows the head's forks down, so the ruler changes as well. */
    @Test
    void aHogBesideTheHeadNeverFails() throws IOException {
        for (var trial = 0; trial < 200; trial++) {
            var rows = judge(base -> reading(100 * (base ? 1 : 1.2) * noisy(0.01),
                    Map.of("row", 50 * (base ? 1 : 1.25) * noisy(0.01))));
            assertEquals(Verdict.INCONCLUSIVE, rows.getFirst().verdict(), rows::toString);
            assertTrue(rows.getFirst().because().contains("the ruler"), rows::toString);
        }
    }

    /** Another process uses one of the processors, which slows half of the ruler's rounds down. */
    @Test
    void aCrowdBesideTheHeadNeverFails() throws IOException {
        for (var trial = 0; trial < 200; trial++) {
            var rows = judge(base -> new Reading(new Ruler(100 * noisy(0.03), (base ? 1.05 : 1.9) * noisy(0.1)),
                    Map.of("row", 50 * (base ? 1 : 1.25) * noisy(0.01))));
            assertEquals(Verdict.INCONCLUSIVE, rows.getFirst().verdict(), rows::toString);
            assertTrue(rows.getFirst().because().contains("beside the head"), rows::toString);
        }
    }

    /** The machine becomes slower and slower, so the same side changes within blocks. */
    @Test
    void aMachineThatMovesIsUnfit() throws IOException {
        forks = 0;
        var rows = judge(_ -> {
            // Each fork is 2 % slower than the one before, and the next block starts at the old speed.
            var drift = Math.pow(1.02, forks++ % 4);
            return reading(100, Map.of("row", 50 * drift * noisy(0.002)));
        });
        assertEquals(Verdict.INCONCLUSIVE, rows.getFirst().verdict(), rows::toString);
        assertTrue(rows.getFirst().because().contains("within blocks"), rows::toString);
    }

    /**
     * One side becomes slower within a block and the other faster: their mean is constant, but the machine is not.
     */
    @Test
    void eitherSideIsWatched() throws IOException {
        var earlier = new HashMap<Boolean, Boolean>();
        var rows = judge(base -> {
            var later = earlier.merge(base, true, (one, _) -> !one);
            return reading(100 * noisy(0.002), Map.of("row", 50 * (later == base ? 0.98 : 1.02) * noisy(0.002)));
        });
        assertEquals(Verdict.INCONCLUSIVE, rows.getFirst().verdict(), rows::toString);
        assertTrue(
                rows.getFirst().because().matches("the machine was unfit: the (base|head) itself changed by .* blocks"),
                rows::toString);
        assertTrue(rows.getFirst().detectable() >= 1.03, rows::toString);
    }

    /** Slower at first, but not with fresh forks. */
    @Test
    void aFailureMustComeTwice() throws IOException {
        forks = 0;
        var rows = judge(base -> reading(100 * noisy(0.002),
                Map.of("row", 50 * (base || forks++ >= 10 ? 1 : 1.1) * noisy(0.01))));
        assertEquals(Verdict.INCONCLUSIVE, rows.getFirst().verdict(), rows::toString);
        assertTrue(rows.getFirst().because().contains("at first, but not again"), rows::toString);
        assertEquals(20, rows.getFirst().pairs());
    }

    @Test
    void whatOnlyOneSideHasIsIncomparable() throws IOException {
        var rows = judge(base -> {
            var found = new HashMap<>(Map.of("both", 10.0 * noisy(0.01)));
            found.put(base ? "old" : "new", 5.0);
            return reading(100, found);
        });
        assertEquals(List.of("both", "new", "old"), rows.stream().map(RowVerdict::name).toList());
        assertEquals(List.of(Verdict.PASS, Verdict.INCOMPARABLE, Verdict.INCOMPARABLE),
                rows.stream().map(RowVerdict::verdict).toList());
        assertEquals("missing in 10 of 20 forks", rows.get(1).because());
    }

    /** For example resumed handshakes in a run in which none was resumed. */
    @Test
    void aRowThatOneForkLacksIsIncomparable() throws IOException {
        forks = 0;
        var rows = judge(
                _ -> reading(100, forks++ == 5 ? Map.of("other", 1.0) : Map.of("row", 10.0, "other", 1.0)));
        assertEquals(List.of(Verdict.PASS, Verdict.INCOMPARABLE), rows.stream().map(RowVerdict::verdict).toList());
        assertEquals("missing in 1 of 20 forks", rows.getLast().because());
    }

    @Test
    void aFailureThatCannotBeConfirmedIsInconclusive() throws IOException {
        forks = 0;
        var row = judge(base -> reading(100 * noisy(0.002),
                forks++ < 20 ? Map.of("row", 50 * (base ? 1 : 1.1) * noisy(0.01)) : Map.of())).getFirst();
        assertEquals(Verdict.INCONCLUSIVE, row.verdict(), row::toString);
        assertTrue(row.because().endsWith("at first, but not again: missing"), row::toString);
    }

    /** ABBA or BAAB: each side is first in about half of the blocks, and both have the same number of forks. */
    @Test
    void sidesTakeTurns() throws IOException {
        var order = new StringBuilder();
        judge(base -> {
            order.append(base ? 'A' : 'B');
            return reading(100, Map.of("row", 10.0));
        });
        assertEquals(20, order.length());
        assertTrue(order.toString().matches("(ABBA|BAAB){5}"), order::toString);
        assertTrue(order.toString().contains("ABBAB") || order.toString().contains("BAABA"), "by chance: " + order);
    }
}
