package dev.shakedown.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
    private static final Chart CHART = new Chart("times", "Times </script> of \"it\"", "A & B", Form.POINTS,
            new Axis("name", Scale.NAMES, Unit.NUMBER), new Axis("time", Scale.LOG, Unit.MICROS),
            List.of("full, of <a>", "resumed"),
            List.of(Row.of("</script><b>", Arrays.asList(1234.5678901, null)), Row.of("two", List.of(2.0, 3e7))));
    private static final Page PAGE = new Page("Of <me>", "It's & so.", "<client>", List.of("UNFIT: <really>"),
            List.of(new Section("A <section>", List.of(CHART,
                    new Table("<cap>", List.of("<column>", "b"), List.of(List.of("<row>", "<cell>"))),
                    new Folded("<fold>", "line <1>\n\tline 2")))));

    @TempDir
    private Path directory;

    /** Some text comes from servers, as in alerts and certificates: none of it may become markup. */
    @Test
    void noTextBecomesMarkup() {
        var html = HtmlPage.of(PAGE);
        for (var text : List.of("Of <me>", "UNFIT: <really>", "A <section>", "<cap>", "<column>", "<row>", "<cell>",
                "<fold>", "line <1>", "of <a>")) {
            assertFalse(html.contains(text), text);
            assertTrue(html.contains(HtmlPage.escaped(text)), text);
        }
        assertTrue(html.contains("Client: &lt;client&gt;"));
        // The page's own scripts: the data, the chart library and the code that draws.
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

    /** The Apache License (4.d) and the licences of ZRender and d3 require their notices in each copy. */
    @Test
    void theNoticesOfTheChartLibraryGoWithIt() {
        var html = HtmlPage.of(PAGE);
        for (var notice : List.of("Charts by Apache ECharts, under the Apache License 2.0.",
                "The Apache Software Foundation (https://www.apache.org/).", "Copyright (c) 2017, Baidu Inc.",
                "Copyright 2010-2016 Mike Bostock", "Licensed to the Apache Software Foundation (ASF)")) {
            assertTrue(html.contains(notice), notice);
        }
    }

    /** Elements that the keyboard reaches have a role and a name, and no two links or folds share a name. */
    @Test
    void whoHearsThePageKnowsWhereTheyAre() {
        var second = new Chart("more", "More", "", Form.POINTS, CHART.x(), CHART.y(), List.of("a"),
                List.of(Row.of("one", List.of(1.0))));
        var html = HtmlPage.of(new Page("T", "V", null, List.of(), List.of(new Section("S", List.of(CHART, second,
                new Table("Caption", List.of("a", "b"), List.of(List.of("1", "2"))), new Folded("Fold", "x"))))));
        var markup = html.substring(html.indexOf("<body>"), html.indexOf("</footer>"));
        var scrolling = Pattern.compile("<[a-z]+[^>]* tabindex=\"0\"[^>]*>").matcher(markup).results()
                .map(match -> match
                        .group())
                .toList();
        // Three tables, a fold and the notices.
        assertEquals(5, scrolling.size(), scrolling::toString);
        var names = scrolling.stream().map(tag -> {
            assertTrue(tag.contains(" role=\"region\""), tag);
            return tag.replaceAll(".*aria-label=\"([^\"]+)\".*", "$1");
        }).toList();
        assertEquals(5, names.stream().distinct().count(), names::toString);
        for (var named : List.of("<summary>([^<]+)</summary>", "<a download[^>]+>([^<]+)</a>", "<caption>([^<]+)<")) {
            var words = Pattern.compile(named).matcher(markup).results().map(match -> match.group(1)).toList();
            assertTrue(words.size() > 1 && words.stream().distinct().count() == words.size(), words::toString);
        }
        assertFalse(Pattern.compile("<th[^>]*></th>").matcher(markup).find(), "a heading without words");
        assertEquals(Pattern.compile("<table>").matcher(markup).results().count(),
                Pattern.compile("<table><caption>.").matcher(markup).results().count());
        assertTrue(markup.contains("<noscript><p>Without scripts"));
        assertThrows(IllegalArgumentException.class, () -> new Table("", List.of("a"), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Table("c", List.of("a", ""), List.of()));
    }

    /**
     * The note appears once and spans the table; the sign follows its figure; a server's text is not a figure.
     */
    @Test
    void aMarkedFigureHasItsFootnote() {
        var table = new Table("T", List.of("name", "a", "b", "c"), List.of(
                List.of("one", "7.05 ms*", "<0.1 µs", "1.31†"), List.of("two", "927 µs", "18.3 ms*", "CN=*")));
        var html = HtmlPage.of(new Page("T", "V", null, List.of(), List.of(new Section("S", List.of(table)))));
        assertTrue(html.contains("<td class=\"number\">7.05 ms<span class=\"sign\">*</span></td>"
                + "<td class=\"number\">&lt;0.1 µs</td><td class=\"number\">1.31<span class=\"sign\">†</span></td>"),
                html);
        assertTrue(html.contains("<td>CN=*</td>"), html);
        assertTrue(
                html.contains("<tfoot><tr><td colspan=\"4\">* fewer than 100 samples lie beyond it, so a few handshakes"
                        + " may decide it.</td></tr><tr><td colspan=\"4\">† no difference could be shown: the interval"
                        + " contains 1.</td></tr></tfoot></table>"),
                html);
        var plain = new Table("T", List.of("name", "a"), List.of(List.of("one", "7.05 ms"), List.of("two", "CN=*")));
        assertFalse(HtmlPage.of(new Page("T", "V", null, List.of(), List.of(new Section("S", List.of(plain)))))
                .contains("<tfoot>"));
    }

    @Test
    void barsBeginAtZero() {
        assertThrows(IllegalArgumentException.class, () -> new Chart("a", "A", "", Form.BARS, CHART.x(), CHART.y(),
                List.of("a"), List.of()));
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

    /** A curve ends where too few values lie beyond a percentile. */
    @Test
    void aPercentileCurveEndsWhereTheValuesDo() {
        var few = new Histogram(3);
        few.recordValueWithCount(2_000_000, 9);
        few.recordValueWithCount(5_000_000, 1);
        var many = new Histogram(3);
        many.recordValueWithCount(1_000_000, 1000);
        var chart = RunPage.percentiles("p", "P", "", Unit.MICROS, Map.of("few", few));
        assertEquals(90.0, chart.rows().getLast().x());
        assertEquals(2_000_000 / 1e3, chart.rows().getFirst().values().getFirst(), 2);
        var both = Chart.rows(List.of(Map.of(0.0, 1.0, 50.0, 2.0), Map.of(50.0, 3.0, 90.0, 4.0)));
        assertEquals(List.of(0.0, 50.0, 90.0), both.stream().map(Row::x).toList());
        assertEquals(Arrays.asList(null, 4.0), both.getLast().values());
        assertEquals(99.9, RunPage.percentiles("p", "P", "", Unit.MICROS, Map.of("many", many)).rows().getLast().x());
    }
}
