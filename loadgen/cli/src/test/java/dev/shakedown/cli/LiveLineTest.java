package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.Progress.Whole;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.Summary;
import dev.shakedown.run.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a load shows while it goes on: never wider than the terminal, and what matters most the longest. */
class LiveLineTest {
    private static final Interval NOTHING = new Recorder().take(0, 1000);
    private static final Whole TEN_SECONDS = new Whole(OptionalLong.of(10_000), OptionalDouble.of(10));

    private static Run.Second second(long failed, double left, String late) {
        return new Run.Second(NOTHING, new Summary.Live(998, failed, 0, 400.0, 7050.0, 4200, 7050.0, 6750.0), false, 12,
                left, Optional.ofNullable(late));
    }

    @Test
    void whereThereIsRoomAllIsThere() {
        assertEquals("██████████░░░░░░  4,200 of 10,000  998/s  p99 full 7.05 ms resumed 6.75 ms  0 failed  4 s left"
                + "  12 in flight", Progress.line(second(0, 4, null), TEN_SECONDS).within(200));
    }

    @Test
    void whereThereIsNotTheLeastNeededGivesWay() {
        var line = Progress.line(second(3, 4, "generator late, others use 1.8 of 2 processors"), TEN_SECONDS);
        assertEquals("4,200 of 10,000  3 failed  generator late, others use 1.8 of 2 processors", line.within(79));
        assertEquals("generator late, others use 1.8 of 2 processors", line.within(50));
    }

    @Test
    void aKindOfWhichNoneCompletedIsNotThere() {
        var none = new Summary.Live(0, 0, 0, null, null, 0, null, null);
        var full = new Summary.Live(1, 0, 0, 400.0, 400.0, 1, 400.0, null);
        assertEquals("░░░░░░░░░░░░░░░░  0 of 10,000  0/s  0 failed  10 s left  0 in flight", Progress.line(
                new Run.Second(NOTHING, none, false, 0, 10, Optional.empty()), TEN_SECONDS).whole());
        assertTrue(Progress.line(new Run.Second(NOTHING, full, false, 0, 10, Optional.empty()), TEN_SECONDS).whole()
                .contains("  p99 full 400 µs  0 failed  "));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 20, 40, 79, 80, 119, 200})
    void itIsNeverWider(int columns) {
        for (var failed : List.of(0L, 1_234_567_890L)) {
            for (var late : List.of("", "generator late, others use 127.9 of 128 processors")) {
                var line = Progress.line(second(failed, 86_400, late), TEN_SECONDS).within(columns);
                assertTrue(line.length() <= columns, line);
                assertTrue(!line.isBlank(), "something is always there");
            }
        }
    }

    @Test
    void aCountWithoutAnEndInTimeFillsTheBarByItself() {
        var counted = Progress.line(second(0, -1, null), new Whole(OptionalLong.of(8400), OptionalDouble.empty()));
        assertTrue(counted.whole().startsWith("████████░░░░░░░░  4,200 of 8,400  "), counted.whole());
        assertTrue(!counted.whole().contains(" left"), counted.whole());
        var endless = Progress.line(second(0, -1, null), new Whole(OptionalLong.empty(), OptionalDouble.empty()));
        assertTrue(endless.whole().startsWith("░░░░░░░░░░░░░░░░  4,200 done  "), endless.whole());
    }

    /** The kernel, then the shell, then what most have. */
    @ParameterizedTest
    @CsvSource({"132, 100, 132", "0, 100, 100", "-1, 100, 100", "-1, many, 80", "-1, 0, 80", "-1, -5, 80"})
    void theWidthIsTheTerminals(int kernel, String shell, int width) {
        assertEquals(width, TerminalWidth.of(kernel < 0 ? OptionalInt.empty() : OptionalInt.of(kernel),
                Map.of("COLUMNS", shell)));
        assertEquals(80, TerminalWidth.of(OptionalInt.empty(), Map.of()));
        assertTrue(TerminalWidth.now() > 0);
    }
}
