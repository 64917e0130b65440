package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"0, 0.00 µs", "0.064, 0.06 µs", "9.99, 9.99 µs", "9.996, 10.0 µs", "99.96, 100 µs", "412.4, 412 µs",
        "999.4, 999 µs", "999.6, 1.00 ms", "2410, 2.41 ms", "999499, 999 ms", "999600, 1.00 s", "12e6, 12.0 s",
        "3600e6, '3,600 s'"})
    void aTimeHasThreeDigitsAndTheUnitThatSuits(double micros, String text) {
        assertEquals(text, Units.time(micros));
    }

    @Test
    void twoTimesSideBySideShareAUnit() {
        assertEquals("0.62 ms", Units.time(620, 2410));
    }

    @Test
    void whatWasNotMeasuredIsADash() {
        assertEquals("-", Units.time(null));
        assertEquals("-", Units.rate(null));
        assertEquals("-", Units.number(null));
        assertEquals("-", Units.share(0, 0));
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "0.5, 0.5", "1000, '1,000'", "0, 0", "100.25, 100.25"})
    void aPlannedValueHasNoNeedlessDecimals(double value, String text) {
        assertEquals(text, Units.plain(value));
    }
}
