package dev.shakedown.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "30s, PT30S", "5m, PT5M", "1h, PT1H", "1.5s, PT1.5S", "0.001ms, PT0.000001S",
        "0s, PT0S", "007s, PT7S", "10000h, PT10000H"})
    void areWrittenWithTheirUnit(String text, Duration duration) {
        assertEquals(duration, Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "10", "-3s", "+3s", "1 s", " 1s", "1S", "1min", "1d", "1e3s", ".5s", "1.s",
        "1.2345s", "1,5s", "1m30s", "NaNs", "1s\n", "\u0663s", "1234567890s"})
    void anythingElseIsRefusedWithExamples(String text) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
        assertEquals("'" + text + "' is no duration; write 500ms, 30s, 5m or 1h", refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10000.001h", "600001m", "36000001s", "999999999h"})
    void whatWouldOverflowIsRefused(String text) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
        assertTrue(refusal.getMessage().contains("'" + text + "' is too long"), refusal::getMessage);
    }
}
