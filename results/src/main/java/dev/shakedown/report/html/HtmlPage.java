package dev.shakedown.report.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.shakedown.report.Footnote;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Page.Folded;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.report.html.Page.Text;
import dev.shakedown.results.Json;
import dev.shakedown.results.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page as one HTML file that needs nothing else: it contains styles, the chart library (Apache ECharts) and all data.
 * Each chart is also a table, for screen readers and browsers without scripts, and a link to its data as CSV.
 */
public final class HtmlPage {
    public static final String FILE = "report.html";

    private final StringBuilder html = new StringBuilder();

    private HtmlPage() {}

    /** Returns the whole file. */
    public static String of(Page page) {
        return new HtmlPage().write(page);
    }

    /**
     * Writes {@link #FILE}, and a CSV file for each chart to the subdirectory {@code csv}.
     *
     * @throws IOException with a message for people that names the file, which then does not exist
     */
    public static void write(Page page, Path directory) throws IOException {
        WholeFile.write(directory.resolve(FILE), of(page));
        for (var section : page.sections()) {
            for (var part : section.parts()) {
                if (part instanceof Chart chart) {
                    WholeFile.write(directory(directory.resolve("csv")).resolve(chart.name() + ".csv"), chart.csv());
                }
            }
        }
    }

    private static Path directory(Path csv) throws IOException {
        try {
            return Files.createDirectories(csv);
        } catch (IOException e) {
            throw WholeFile.failed(csv, e);
        }
    }

    private String write(Page page) {
        html.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
                script-src 'unsafe-inline'; img-src data:">
                """);
        html.append("<title>").append(escaped(page.title())).append("</title>\n<style>\n").append(resource("page.css"))
                .append("</style>\n<noscript><style>.chart { display: none; }</style></noscript>\n</head>\n<body>\n<a"
                        + " class=\"skip\" href=\"#main\">Skip to the figures</a>\n<header>\n<h1>")
                .append(escaped(page.title())).append("</h1>\n");
        if (!page.strip().isEmpty()) {
            html.append("<dl class=\"strip\">");
            page.strip().stream().filter(fact -> !fact.value().isBlank())
                    .forEach(fact -> html.append("<div><dt>").append(escaped(fact.name())).append("</dt><dd>")
                            .append(escaped(fact.value())).append("</dd></div>"));
            html.append("</dl>\n");
        }
        for (var warning : page.warnings()) {
            html.append("<p class=\"warning\" role=\"note\">").append(escaped(warning)).append("</p>\n");
        }
        html.append("<p class=\"verdict\">").append(escaped(page.verdict())).append("</p>\n");
        if (page.client() != null) {
            html.append("<p class=\"client\">Client: ").append(escaped(page.client())).append("</p>\n");
        }
        html.append(
                "<noscript><p>Without scripts there are no charts; the tables hold the same data.</p></noscript>\n")
                .append("<nav aria-label=\"Sections\"><ul>");
        for (var i = 0; i < page.sections().size(); i++) {
            html.append("<li><a href=\"#section-").append(i).append("\">")
                    .append(escaped(page.sections().get(i).title())).append("</a></li>");
        }
        html.append("</ul></nav>\n</header>\n<main id=\"main\">\n");
        for (var i = 0; i < page.sections().size(); i++) {
            section(i, page.sections().get(i));
        }
        html.append("</main>\n<footer><p>Charts by Apache ECharts, under the Apache License 2.0.</p>\n");
        folded(new Folded("Notices of Apache ECharts and of what it contains", resource("echarts.notice.txt")));
        html.append("</footer>\n<script>").append(resource("echarts.min.js")).append("</script>\n<script>\n")
                .append(resource("page.js")).append("</script>\n</body>\n</html>\n");
        return html.toString();
    }

    private void section(int number, Section section) {
        html.append("<section id=\"section-").append(number).append("\" aria-labelledby=\"title-").append(number)
                .append("\">\n<h2 id=\"title-").append(number).append("\">").append(escaped(section.title()))
                .append("</h2>\n");
        section.parts().forEach(this::part);
        html.append("</section>\n");
    }

    private void part(Part part) {
        switch (part) {
            case Text text -> html.append("<p>").append(escaped(text.words())).append("</p>\n");
            case Folded folded -> folded(folded);
            case Table table -> table(table.caption(), table.columns(), table.rows());
            case Chart chart -> chart(chart);
        }
    }

    private void folded(Folded folded) {
        html.append("<details><summary>").append(escaped(folded.title())).append("</summary><pre");
        scrolls(folded.title());
        html.append(escaped(folded.lines())).append("</pre></details>\n");
    }

    /**
     * Ends the tag of an element that may be wider than the screen: the keyboard reaches it, and screen readers name
     * it.
     */
    private void scrolls(String name) {
        html.append(" tabindex=\"0\" role=\"region\" aria-label=\"").append(escaped(name)).append("\">");
    }

    private void table(String caption, List<String> columns, List<List<String>> rows) {
        html.append("<div class=\"wide\"");
        scrolls(caption);
        html.append(columns.isEmpty() ? "<table class=\"facts\">" : "<table>").append("<caption>")
                .append(escaped(caption)).append("</caption>");
        if (!columns.isEmpty()) {
            html.append("<thead><tr>");
            for (var i = 0; i < columns.size(); i++) {
                html.append(i > 0 && !rows.isEmpty() && isNumber(rows.getFirst().get(i))
                        ? "<th scope=\"col\" class=\"number\">"
                        : "<th scope=\"col\">").append(escaped(columns.get(i))).append("</th>");
            }
            html.append("</tr></thead>");
        }
        html.append("<tbody>\n");
        for (var row : rows) {
            html.append("<tr><th scope=\"row\">").append(escaped(row.getFirst())).append("</th>");
            row.subList(1, row.size())
                    .forEach(cell -> html
                            .append(!columns.isEmpty() && isNumber(cell) ? "<td class=\"number\">" : "<td>")
                            .append(figure(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody>");
        footnotes(Math.max(2, columns.size()), rows);
        html.append("</table></div>\n");
    }

    private void footnotes(int columns, List<List<String>> rows) {
        var notes = Footnote.of(rows.stream().flatMap(List::stream).toList());
        if (!notes.isEmpty()) {
            html.append("<tfoot>");
            notes.forEach(note -> html.append("<tr><td colspan=\"").append(columns).append("\">").append(escaped(note))
                    .append("</td></tr>"));
            html.append("</tfoot>");
        }
    }

    /** Returns a cell whose footnote sign hangs to the right of its column, so that figures align. */
    private static String figure(String cell) {
        var last = cell.length() - 1;
        return Footnote.endsWithSign(cell)
                ? escaped(cell.substring(0, last)) + "<span class=\"sign\">" + cell.charAt(last) + "</span>"
                : escaped(cell);
    }

    private static boolean isNumber(String cell) {
        return cell.matches("[-+±<>]?[\\d,.]+( (ns|µs|ms|s|%))?[*†]?|-");
    }

    private void chart(Chart chart) {
        html.append("<figure id=\"").append(chart.name()).append("\"><figcaption><h3>").append(escaped(chart.title()))
                .append("</h3><p>").append(escaped(chart.caption())).append("</p></figcaption>\n")
                .append("<div class=\"chart\" role=\"img\" aria-label=\"").append(escaped(chart.title() + ". "
                        + chart.caption() + " The table below has the same data."))
                .append("\"></div>\n<button type=\"button\" class=\"whole\" hidden>Show all of: ")
                .append(escaped(chart.title())).append("</button>\n<script type=\"application/json\">")
                .append(json(chart))
                .append("</script>\n<p class=\"data\"><a download=\"").append(chart.name())
                .append(".csv\" href=\"data:text/csv;charset=utf-8,")
                .append(URLEncoder.encode(chart.csv(), StandardCharsets.UTF_8).replace("+", "%20"))
                .append("\">").append(escaped(chart.title()))
                .append(" as CSV</a></p>\n<details><summary>").append(escaped(chart.title()))
                .append(" as a table</summary>\n");
        var rows = new ArrayList<List<String>>();
        for (var row : chart.rows()) {
            var cells = new ArrayList<String>();
            cells.add(chart.x().scale() == Scale.NAMES ? row.name() : chart.x().unit().text(row.x()));
            row.values().forEach(value -> cells.add(chart.y().unit().text(value)));
            rows.add(cells);
        }
        table("Data of: " + chart.title(), chart.columns(), rows);
        html.append("</details></figure>\n");
    }

    private static String json(Chart chart) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("form", chart.form());
        data.put("x", chart.x());
        data.put("y", chart.y());
        data.put("series", chart.series());
        data.put("looks", chart.looks());
        data.put("guides", chart.guides());
        data.put("rows", chart.rows().stream().map(row -> {
            List<Object> cells = new ArrayList<>();
            cells.add(chart.x().scale() == Scale.NAMES ? row.name() : row.x());
            cells.addAll(row.values());
            return cells;
        }).toList());
        try {
            // Nothing in the data may look like the end of its element.
            return Json.PLAIN.writeValueAsString(data).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String resource(String name) {
        try (var in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
