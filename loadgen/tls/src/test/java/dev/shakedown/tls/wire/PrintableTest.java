package dev.shakedown.tls.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** Only unprintable characters are escaped. */
class PrintableTest {
    @Test
    void whatATerminalWouldObeyIsEscaped() {
        assertEquals("a\\u001b[31mb\\u0007", Printable.of("a\u001b[31mb\u0007"));
        assertEquals("\\u009b2J\\u007f\\u000d\\u000a", Printable.of("\u009b2J\u007f\r\n"));
        assertEquals("moc\\u202e.live\\u2066\\u200f", Printable.of("moc\u202e.live\u2066\u200f"));
        assertEquals("\\u2028\\ud800", Printable.of("\u2028\ud800"));
        assertEquals("\\U000e0041", Printable.of("\udb40\udc41"));
    }

    @Test
    void whatCanBeReadStays() {
        var text = "Zürich, 東京, \uD83D\uDE80 \\x";
        assertSame(text, Printable.of(text));
    }
}
