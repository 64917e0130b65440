package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.Quantile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"-1, 0 s", "0.4, 0 s", "59.4, 59 s", "59.6, 1 min 0 s", "80, 1 min 20 s", "3599, 59 min 59 s",
        "3600, 1 h 0 min", "7530, 2 h 5 min"})
    void aWaitHasTwoUnitsAtMost(double seconds, String text) {
        assertEquals(text, Units.wait(seconds));
    }

    @ParameterizedTest
    @CsvSource({"0, <0.1 µs", "0.063, <0.1 µs", "0.099, <0.1 µs", "0.1, 0.10 µs", "0.127, 0.13 µs", "9.99, 9.99 µs",
        "9.996, 10.0 µs", "99.96, 100 µs", "412.4, 412 µs", "999.4, 999 µs", "999.6, 1.00 ms", "2410, 2.41 ms",
        "999499, 999 ms", "999600, 1.00 s", "12e6, 12.0 s", "3600e6, '3,600 s'"})
    void aTimeHasThreeDigitsAndTheUnitThatSuits(double micros, String text) {
        assertEquals(text, Units.time(micros));
    }

    /** A benchmark's time is averaged over many operations, so it is not the bucket of a histogram. */
    @ParameterizedTest
    @CsvSource({"0.0000123, 0.01 ns", "0.024, 24.0 ns", "0.063, 63.0 ns", "0.9994, 999 ns", "0.9996, 1.00 µs",
        "2410, 2.41 ms"})
    void anExactTimeMayBeShort(double micros, String text) {
        assertEquals(text, Units.exactTime(micros));
    }

    @ParameterizedTest
    @CsvSource({"1, <0.1 µs*", "199, <0.1 µs*", "200, <0.1 µs"})
    void theSignOfAFootnoteStandsBehindTheUnit(long count, String text) {
        var distribution = new Distribution(count, 0.03, 0.03, 0.06, 5.0, 7.0, 9.0, 9.0, 9.0);
        assertEquals(text, Units.quantile(distribution, Quantile.P50));
        assertEquals("-", Units.quantile(Distribution.EMPTY, Quantile.P50));
    }

    @ParameterizedTest
    @CsvSource({"10.84, 10.8", "2.614, 2.61", "1.049, 1.049", "0.9984, 0.998", "0.92, 0.92", "0.384, 0.38",
        "0.072, 0.072",
        "0.00718, 0.0072", "0, 0.00", "123.4, 123"})
    void aQuotientHasDigitsWhereverItLies(double value, String text) {
        assertEquals(text, Units.times(value));
    }

    @ParameterizedTest
    @CsvSource({"0.362, 0.398, 0.36 to 0.40", "0.07, 10.84, 0.070 to 10.8", "0.9984, 1.0021, 0.998 to 1.002",
        "0.0000021, 617348, '<0.001 to >1,000'", "1000, 1000, '1,000 to 1,000'"})
    void anIntervalHasTwoEnds(double low, double high, String text) {
        assertEquals(text, Units.within(low, high));
    }

    @Test
    void whatWasNotMeasuredIsADash() {
        assertEquals("-", Units.time(null));
        assertEquals("-", Units.exactTime(null));
        assertEquals("-", Units.times(null));
        assertEquals("-", Units.rate(null));
        assertEquals("-", Units.number(null));
        assertEquals("-", Units.share(0, 0));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 %", "0.00002, <0.01 %", "0.0026, 0.26 %", "0.1234, 12.3 %", "0.9994, 99.9 %", "0.99951, >99.9 %",
        "1, 100 %"})
    void onlyAllIsAHundredPercentAndOnlyNothingIsNone(double share, String text) {
        assertEquals(text, Units.percent(share));
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "0.5, 0.5", "1000, '1,000'", "0, 0", "100.25, 100.25"})
    void aPlannedValueHasNoNeedlessDecimals(double value, String text) {
        assertEquals(text, Units.plain(value));
    }
}
