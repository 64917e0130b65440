package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionYieldTest {
    /**
     * Of n handshakes with a share s resumed, n·s sessions are spent and uses·n·((1 − s)·perFull + s·perResumed)
     * issued.
     */
    @ParameterizedTest
    @CsvSource({"2, 0, 1, 0.666667", "1, 0, 1, 0.5", "2, 1, 1, 1", "1, 1, 1, 1", "0, 0, 1, 0", "2, 0, 3, 0.857143",
        "4, 0, 1, 0.8", "1, 0, 10, 0.909091", "0, 1, 1, 0"})
    void noMoreSessionsAreSpentThanGained(int perFull, int perResumed, int uses, double share) {
        var sessions = new SessionYield(perFull, perResumed, uses);
        assertEquals(share, sessions.mostShare(), 1e-6);
        var gained = uses * ((1 - share) * perFull + share * perResumed);
        if (share > 0) {
            assertEquals(share == 1 ? Math.max(share, gained) : share, gained, 1e-5, "all that is gained is spent");
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 0.8, 2", "2, 0, 0.5, 1", "2, 0, 0.666667, 2", "1, 0, 0.9, 9", "2, 0, 1, 0", "0, 0, 0.5, 0",
        "2, 1, 1, 1"})
    void eachIsOfferedAsOftenAsTheShareAsks(int perFull, int perResumed, double share, int uses) {
        assertEquals(uses, new SessionYield(perFull, perResumed, 1).usesFor(share));
    }
}
