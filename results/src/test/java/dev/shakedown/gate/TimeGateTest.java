package dev.shakedown.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.gate.Block.Reading;
import dev.shakedown.gate.RowVerdict.Verdict;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The gate on forks that are made up, of which the truth is known. */
class TimeGateTest {
    private final Random random = new Random(42);
    private int forks;

    /** @param slower by what factor the head is, @param noise relative, of a fork */
    private TimeGate.Forks forks(double slower, double noise) {
        return base -> {
            forks++;
            return new Reading(100 * noisy(0.003), Map.of("row", 50 * (base ? 1 : slower) * noisy(noise)));
        };
    }

    private double noisy(double noise) {
        return Math.exp(noise * random.nextGaussian());
    }

    private List<RowVerdict> judge(TimeGate.Forks forks) throws IOException {
        return new TimeGate(12, 0.03, random, _ -> {}).judge(forks, "ns");
    }

    private int failed(int trials, double slower, double noise) throws IOException {
        var failed = 0;
        for (var trial = 0; trial < trials; trial++) {
            failed += judge(forks(slower, noise)).getFirst().verdict() == Verdict.FAIL ? 1 : 0;
        }
        return failed;
    }

    @Test
    void theSameCodeDoesNotFail() throws IOException {
        assertEquals(0, failed(300, 1, 0.015));
        assertTrue(failed(300, 1, 0.06) <= 1, "on a machine on which forks differ by 6 %");
    }

    @Test
    void whatIsSlowerIsFound() throws IOException {
        assertTrue(failed(100, 1.1, 0.02) >= 95);
        assertTrue(failed(100, 1.05, 0.015) >= 80);
    }

    @Test
    void whatIsFasterPasses() throws IOException {
        var row = judge(forks(0.9, 0.01)).getFirst();
        assertEquals(Verdict.PASS, row.verdict());
        assertEquals("faster", row.because());
        assertEquals(0.9, row.ratio(), 0.02);
    }

    /** No bound, no verdict: and it says what would have been found. */
    @Test
    void noiseIsInconclusive() throws IOException {
        var row = judge(forks(1.0, 0.25)).getFirst();
        assertEquals(Verdict.INCONCLUSIVE, row.verdict(), row::toString);
        assertTrue(row.because().startsWith("too noisy: ") && row.detectable() > 1.1, row::toString);
    }

    /** A fifth core's worth of somebody else's work during the head's forks: the ruler moves as well. */
    @Test
    void aHogBesideTheHeadNeverFails() throws IOException {
        for (var trial = 0; trial < 200; trial++) {
            var rows = judge(base -> new Reading(100 * (base ? 1 : 1.2) * noisy(0.01),
                    Map.of("row", 50 * (base ? 1 : 1.25) * noisy(0.01))));
            assertEquals(Verdict.INCONCLUSIVE, rows.getFirst().verdict(), rows::toString);
            assertTrue(rows.getFirst().because().contains("the ruler"), rows::toString);
        }
    }

    /** The machine gets slower and slower: within blocks the same side moves. */
    @Test
    void aMachineThatMovesIsUnfit() throws IOException {
        forks = 0;
        var rows = judge(_ -> {
            // Each fork 2 % slower than the one before it, and as quick as ever at the next block.
            var drift = Math.pow(1.02, forks++ % 4);
            return new Reading(100, Map.of("row", 50 * drift * noisy(0.002)));
        });
        assertEquals(Verdict.INCONCLUSIVE, rows.getFirst().verdict(), rows::toString);
        assertTrue(rows.getFirst().because().contains("within blocks"), rows::toString);
    }

    /** Slower at first, but not with fresh forks. */
    @Test
    void aFailureMustComeTwice() throws IOException {
        forks = 0;
        var rows = judge(base -> new Reading(100 * noisy(0.002),
                Map.of("row", 50 * (base || forks++ >= 12 ? 1 : 1.1) * noisy(0.01))));
        assertEquals(Verdict.INCONCLUSIVE, rows.getFirst().verdict(), rows::toString);
        assertTrue(rows.getFirst().because().contains("at first, but not again"), rows::toString);
        assertEquals(24, rows.getFirst().pairs());
    }

    @Test
    void whatOnlyOneSideHasIsIncomparable() throws IOException {
        var rows = judge(base -> {
            var found = new HashMap<>(Map.of("both", 10.0 * noisy(0.01)));
            found.put(base ? "old" : "new", 5.0);
            return new Reading(100, found);
        });
        assertEquals(List.of("both", "new", "old"), rows.stream().map(RowVerdict::name).toList());
        assertEquals(List.of(Verdict.PASS, Verdict.INCOMPARABLE, Verdict.INCOMPARABLE),
                rows.stream().map(RowVerdict::verdict).toList());
        assertEquals("only the head has it", rows.get(1).because());
    }

    /** ABBA or BAAB: each side is first in about half of the blocks, and both have as many forks. */
    @Test
    void sidesTakeTurns() throws IOException {
        var order = new StringBuilder();
        judge(base -> {
            order.append(base ? 'A' : 'B');
            return new Reading(100, Map.of("row", 10.0));
        });
        assertEquals(24, order.length());
        assertTrue(order.toString().matches("(ABBA|BAAB){6}"), order::toString);
        assertTrue(order.toString().contains("ABBAB") || order.toString().contains("BAABA"), "by chance: " + order);
    }
}
