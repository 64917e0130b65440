package dev.shakedown.run.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"500ms, PT0.5S", "30s, PT30S", "5m, PT5M", "1h, PT1H", "1.5s, PT1.5S",
        "0.001ms, PT0.000001S", "0s, PT0S", "0, PT0S", "007s, PT7S", "10000h, PT10000H", "90s, PT1M30S",
        "1m30s, PT1M30S", "1h30m, PT1H30M", "1h 30m 5s, PT1H30M5S", "2m500ms, PT2M0.5S", "2h, PT2H", "1d, PT24H",
        "1 s, PT1S", "\" 1s \", PT1S", "1S, PT1S", "10min, PT10M", "10 minutes, PT10M", "1 hour, PT1H", "2hrs, PT2H",
        "30sec, PT30S", "30 seconds, PT30S", "100us, PT0.0001S", "100µs, PT0.0001S", "100μs, PT0.0001S",
        "5ns, PT0.000000005S", "1.25m, PT1M15S", "1h90m, PT2H30M"})
    void areWrittenWithTheirUnits(String text, Duration duration) {
        assertEquals(duration, Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"60s, 1m", "90s, 90s", "1.5h, 90m", "2h, 2h", "1s500ms, 1500ms", "1ns, 1ns", "10us, 10us", "0, 0s"})
    void areWrittenInTheLargestUnitThatFits(String text, String written) {
        assertEquals(written, Durations.text(Durations.parse(text)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"10 | 10s", "1.5 | 1.5s", "1:30 | 1m30s",
        "1m30 | 1m30s", "2h15 | 2h15m", "1,5s | 1.5s", "00 | 00s"})
    void whatHasNoUnitIsAskedFor(String text, String meant) {
        assertEquals(
                "'" + text + "' is not a duration; write one such as 500ms, 30s, 1m30s or 2h; did you mean " + meant
                        + "?",
                refusal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "s", "-3s", "+3s", "1e3s", ".5s", "1.s", "NaNs", "\u0663s", "1234567890s",
        "30s1m", "1s1s", "10x", "1month", "10 s s", "1m,30s", "soon", "1s;2s"})
    void anythingElseIsRefusedWithExamples(String text) {
        assertEquals("'" + text + "' is not a duration; write one such as 500ms, 30s, 1m30s or 2h", refusal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10000.001h", "600001m", "36000001s", "999999999h", "10000h1s", "999999999d"})
    void whatWouldOverflowIsRefused(String text) {
        assertTrue(refusal(text).contains("'" + text + "' is too long"), () -> refusal(text));
    }

    private static String refusal(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Durations.parse(text)).getMessage();
    }
}
