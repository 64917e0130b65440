package dev.shakedown.run.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, rates and shares. */
class NumbersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"0 | 0", "500 | 500", "1k | 1000", "1K | 1000",
        "2.5k | 2500", "1M | 1000000", "1,000 | 1000", "1,234,567 | 1234567", "1_000 | 1000", "1 000 | 1000",
        "1'000 | 1000", "1\u202f000 | 1000", "0.5 | 0.5", "0.001 | 0.001", "2.125 | 2.125", "1e3 | 1000",
        "10 k | 10000", "100/s | 100", "100 / s | 100", "1k/sec | 1000", "100rps | 100", "100 per second | 100",
        "\" 7 \" | 7", "10000000 | 10000000", "10M | 10000000", "1,000.5 | 1000.5", "250.0 | 250"})
    void aRateIsANumberASecond(String text, double perSecond) {
        assertEquals(perSecond, Rate.parse(text).perSecond());
        assertEquals(perSecond, Rate.parse(Rate.parse(text).toString()).perSecond(), "as it is written again");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"1,5 | 1.5", "1.000 | 1 or 1,000",
        "10.000 | 10 or 10,000", "1m | 1M", "2,5k | 2.5k"})
    void aRateThatCouldBeTwoIsAskedFor(String text, String meant) {
        assertEquals(noRate(text) + "; did you mean " + meant + "?", refusal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "NaN", "Infinity", "1e99", "0.0001", "10000001", "k", "1kk", "1,00,000",
        "1k5", "0,000", "000,000", "0x10", "\u0661", "1..2", "5 %", "many", "1ms"})
    void anythingElseIsNoRate(String text) {
        assertEquals(noRate(text), refusal(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"0 | 0", "16 | 16", "10k | 10000", "1,000 | 1000",
        "1_000_000 | 1000000", "1.5k | 1500", "2e3 | 2000", "9223372036854775807 | 9223372036854775807"})
    void aWholeNumberMayHaveASuffix(String text, long number) {
        assertEquals(number, Numbers.whole(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.5", "-5", "ten", "0.5k5", "1.2345k"})
    void aPartIsNoWholeNumber(String text) {
        assertEquals("'" + text + "' is not a whole number; write one such as 100, 1,000 or 10k",
                assertThrows(IllegalArgumentException.class, () -> Numbers.whole(text)).getMessage());
    }

    @Test
    void whatDoesNotFitSaysWhatDoes() {
        assertEquals("'9223372036854775808' is too large; write at most 9223372036854775807",
                assertThrows(IllegalArgumentException.class, () -> Numbers.whole("9223372036854775808")).getMessage());
        assertEquals("'2147483648' is too large; write at most 2147483647",
                assertThrows(IllegalArgumentException.class, () -> Numbers.small("2147483648")).getMessage());
        assertEquals(Integer.MAX_VALUE, Numbers.small("2147483647"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "0.8, 0.8", ".8, 0.8", "80%, 0.8", "80 %, 0.8", "0.1%, 0.001", "100%, 1", "3%, 0.03",
        "200%, 2", "1000%, 10", "0.5%, 0.005"})
    void aShareIsAPartOrAPercentage(String text, double value) {
        assertEquals(value, Share.parse(text).value());
        assertEquals(text.equals("1"), Share.parse(text).isAmbiguous());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"80 | 80%", "1.5 | 1.5%", "3 | 3%", "0,8 | 0.8", "2,5% | 2.5%"})
    void aPercentageWithoutItsSignIsAskedFor(String text, String meant) {
        assertTrue(noShare(text).endsWith("such as 0.8 or 80%; did you mean " + meant + "?"), () -> noShare(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "-1", "-0.1", "NaN", "half", "1e-3", "1001%", "8 0%", "80%%"})
    void anythingElseIsNoShare(String text) {
        assertEquals("'" + text + "' is not a share; write 0 to 1 or a percentage, such as 0.8 or 80%", noShare(text));
    }

    private static String noRate(String text) {
        return "'" + text
                + "' is not a rate; write a number from 0.001 to 10000000 per second, such as 500, 2.5k or 1,000";
    }

    private static String refusal(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Rate.parse(text)).getMessage();
    }

    private static String noShare(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Share.parse(text)).getMessage();
    }
}
