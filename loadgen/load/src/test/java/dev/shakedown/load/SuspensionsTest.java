package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.results.RunResult.Suspension;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests with a clock that the test moves. */
class SuspensionsTest {
    private static final long SECOND = 1_000_000_000;

    private long delays;
    private final Suspensions suspensions = new Suspensions(() -> delays);
    private long now = 100 * SECOND;

    private void lookEachTenth(int times) {
        for (var n = 0; n < times; n++) {
            suspensions.look(now);
            now += SECOND / 10;
        }
    }

    @Test
    void aProcessThatRunsIsNotSuspended() {
        lookEachTenth(100);
        assertEquals(List.of(), suspensions.within(0, Long.MAX_VALUE));
    }

    @Test
    void aLookThatComesLateForNoOtherReasonShowsOne() {
        lookEachTenth(41);
        now += 2 * SECOND - SECOND / 10;
        lookEachTenth(10);
        assertEquals(List.of(new Suspension(4, 2)), suspensions.within(100 * SECOND, 110 * SECOND));
    }

    @Test
    void whoWaitedForAProcessorOrACollectorWasNotSuspended() {
        lookEachTenth(10);
        now += 2 * SECOND;
        delays += 2 * SECOND;
        lookEachTenth(10);
        assertEquals(List.of(), suspensions.within(0, Long.MAX_VALUE));
    }

    @Test
    void ownWorkBetweenLooksIsNone() {
        lookEachTenth(10);
        suspensions.pause();
        now += 2 * SECOND;
        lookEachTenth(10);
        assertEquals(List.of(), suspensions.within(0, Long.MAX_VALUE));
    }

    /** Only the part within the measured part counts; a suspension in the warm-up does not. */
    @Test
    void onlyWhatLiesWithinIsTold() {
        suspensions.look(now);
        suspensions.look(now + 3 * SECOND);
        suspensions.look(now + 6 * SECOND);
        assertEquals(List.of(new Suspension(0, 1), new Suspension(1, 3)),
                suspensions.within(now + 2 * SECOND, now + 60 * SECOND));
        assertEquals(List.of(), suspensions.within(now + 6 * SECOND, now + 60 * SECOND));
    }

    @Test
    void ofVeryManyOnlySoManyAreKept() {
        for (var n = 0; n < Suspensions.MOST + 5; n++) {
            suspensions.look(now);
            now += SECOND;
        }
        assertEquals(Suspensions.MOST, suspensions.within(0, Long.MAX_VALUE).size());
    }
}
