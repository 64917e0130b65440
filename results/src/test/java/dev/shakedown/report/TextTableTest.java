package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TextTableTest {
    /** Figures align whether or not they are marked, and each footnote appears once. */
    @Test
    void signsStandOutsideTheColumns() {
        var table = new TextTable();
        table.row("", "p50", "p99", "ratio");
        table.row("full", "927 µs", "7.05 ms*", "1.31†");
        table.row("resumed*", "1.20 ms", "351 µs", "2.00");
        assertEquals("""
                               p50       p99    ratio
                full        927 µs   7.05 ms*    1.31†
                resumed*   1.20 ms    351 µs     2.00
                  * fewer than 100 samples lie beyond it, so a few handshakes may decide it.
                  † no difference could be shown: the interval contains 1.
                """, table.text());
    }

    @Test
    void whatIsNotMarkedHasNoFootnote() {
        var table = new TextTable();
        table.row("name", "p50");
        table.row("full", "7.05 ms");
        table.row("any", "CN=*");
        assertEquals("name       p50\nfull   7.05 ms\nany       CN=*\n", table.text());
    }
}
