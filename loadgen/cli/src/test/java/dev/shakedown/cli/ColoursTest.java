package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class ColoursTest {
    private static final String ESCAPE = "\u001b\\[[0-9;]*m";

    @ParameterizedTest
    @ValueSource(strings = {"full     1,600", "resumed  1,600", "FIT  page x", "NOT FIT  page x", "FAILED  page x",
        "MISSED  page x", "UNFIT: because", "objective  ✓ p99", "objective  ✗ p99", "failed  3 at connect",
        "PASS: all", "FAIL: one"})
    void whatCatchesTheEyeHasAColourAndStandsThereWithout(String line) {
        var text = "a heading\n" + line + "\n";
        var coloured = Colours.of(text, Ansi.ON);
        assertTrue(!coloured.equals(text), coloured);
        assertEquals(text, coloured.replaceAll(ESCAPE, ""));
        assertEquals(text, Colours.of(text, Ansi.OFF));
    }

    @Test
    void otherWordsHaveNone() {
        var text = "fully done\nA full handshake took 3 ms\nFITTING\nof the resumed ones\n";
        assertEquals(text, Colours.of(text, Ansi.ON));
    }
}
