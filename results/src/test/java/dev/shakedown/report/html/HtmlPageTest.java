package dev.shakedown.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Row;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.Page.Folded;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlPageTest {
    private static final Chart CHART = new Chart("times", "Times </script> of \"it\"", "A & B", Form.BARS,
            new Axis("name", Scale.NAMES, Unit.NUMBER), new Axis("time", Scale.LOG, Unit.MICROS),
            List.of("full, of <a>", "resumed"),
            List.of(Row.of("</script><b>", Arrays.asList(1234.5678901, null)), Row.of("two", List.of(2.0, 3e7))));
    private static final Page PAGE = new Page("Of <me>", "It's & so.", List.of("UNFIT: <really>"),
            List.of(new Section("A <section>", List.of(CHART,
                    new Table("<cap>", List.of("<column>", "b"), List.of(List.of("<row>", "<cell>"))),
                    new Folded("<fold>", "line <1>\n\tline 2")))));

    @TempDir
    private Path directory;

    /** Servers choose some of the words, in alerts and certificates: none of them may become part of the page. */
    @Test
    void noTextBecomesMarkup() {
        var html = HtmlPage.of(PAGE);
        for (var text : List.of("Of <me>", "UNFIT: <really>", "A <section>", "<cap>", "<column>", "<row>", "<cell>",
                "<fold>", "line <1>", "of <a>")) {
            assertFalse(html.contains(text), text);
            assertTrue(html.contains(HtmlPage.escaped(text)), text);
        }
        // The page's own: data, charts and what draws them.
        assertEquals(3, Pattern.compile("</script>").matcher(html).results().count());
        assertTrue(html.contains("\\u003c/script>\\u003cb>"), "names in the data");
        assertTrue(html.contains("<td class=\"number\">1.23 ms</td><td class=\"number\">-</td>"));
    }

    @Test
    void itNeedsNothingElse() {
        var html = HtmlPage.of(PAGE);
        assertFalse(Pattern.compile("<(link|img|iframe|script[^>]+src)|@import|url\\(").matcher(
                html.substring(0, html.indexOf("<script>"))).find());
        assertTrue(html.contains("default-src 'none'"));
    }

    @Test
    void eachChartIsAlsoAFile() throws IOException {
        HtmlPage.write(PAGE, directory);
        assertEquals("""
                name,"full, of <a> µs",resumed µs\r
                </script><b>,1234.56789,\r
                two,2,30000000\r
                """, Files.readString(directory.resolve("csv").resolve("times.csv")));
        assertEquals(HtmlPage.of(PAGE), Files.readString(directory.resolve("report.html")));
    }

    /** A curve goes no further than there are values to tell. */
    @Test
    void aPercentileCurveEndsWhereTheValuesDo() {
        var few = new Histogram(3);
        few.recordValueWithCount(2_000_000, 9);
        few.recordValueWithCount(5_000_000, 1);
        var many = new Histogram(3);
        many.recordValueWithCount(1_000_000, 1000);
        var chart = RunPage.percentiles("p", "P", "", Map.of("few", few));
        assertEquals(90.0, chart.rows().getLast().x());
        assertEquals(2_000_000 / 1e3, chart.rows().getFirst().values().getFirst(), 2);
        var both = Chart.rows(List.of(Map.of(0.0, 1.0, 50.0, 2.0), Map.of(50.0, 3.0, 90.0, 4.0)));
        assertEquals(List.of(0.0, 50.0, 90.0), both.stream().map(Row::x).toList());
        assertEquals(Arrays.asList(null, 4.0), both.getLast().values());
        assertEquals(99.9, RunPage.percentiles("p", "P", "", Map.of("many", many)).rows().getLast().x());
    }
}
