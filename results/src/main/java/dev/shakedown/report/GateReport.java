package dev.shakedown.report;

import dev.shakedown.comparison.GateResult;
import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.comparison.RowVerdict.Verdict;
import dev.shakedown.report.Screen.Need;
import dev.shakedown.results.Json;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/** The findings of a gate, as text for people and in formats that continuous integration collects. */
public final class GateReport {
    private static final int MOST_ROWS = 10;
    private static final int MOST_REASONS = 3;
    private static final int LONGEST_NAME = 34;

    private GateReport() {}

    /** Sums the findings up in one sentence. */
    public static String sentence(GateResult result) {
        var worst = result.verdict();
        var counts = result.count(Verdict.FAIL) + " failed, " + result.count(Verdict.INCOMPARABLE) + " incomparable, "
                + result.count(Verdict.INCONCLUSIVE) + " inconclusive, " + result.count(Verdict.PASS) + " passed";
        return worst + ": " + result.head() + " against " + result.base() + ", "
                + Units.count(result.rows().size(), "row") + ": " + counts + ".";
    }

    /** Returns all findings, for a terminal. */
    public static String text(GateResult result) {
        var table = new TextTable();
        var bounds = result.rows().stream().anyMatch(row -> row.lower() != null);
        table.row("", "verdict", "base", "head", "head / base", bounds ? "99 % lower" : "", bounds ? "99 % upper" : "");
        for (var row : result.rows()) {
            table.row(row.name(), row.verdict().name(), figure(row.base(), row.unit()), figure(row.head(), row.unit()),
                    ratio(row.ratio()), bounds ? ratio(row.lower()) : "", bounds ? ratio(row.upper()) : "");
        }
        var text = new StringBuilder(Paragraph.of("", sentence(result))).append('\n').append(table.text());
        // A reason that many rows share is given once.
        var reasons = new LinkedHashMap<String, List<RowVerdict>>();
        result.rows().stream().filter(row -> row.verdict() != Verdict.PASS)
                .forEach(row -> reasons.computeIfAbsent(row.verdict() + " " + row.because(), _ -> new ArrayList<>())
                        .add(row));
        reasons.values().forEach(rows -> text.append(Paragraph.of("  " + rows.getFirst().verdict() + " ",
                (rows.size() == 1 ? rows.getFirst().name() : Units.count(rows.size(), "row")) + ": "
                        + rows.getFirst().because())));
        return text.toString();
    }

    /**
     * Returns the findings on one screen of a terminal: what did not pass before what did.
     *
     * @param everything where all findings are
     */
    public static String screen(GateResult result, String everything) {
        var screen = new Screen();
        var table = new TextTable();
        table.row("", "verdict", "head / base", "99 % bounds");
        result.rows().stream().limit(MOST_ROWS)
                .forEach(row -> table.row(BenchScreen.brief(row.name(), LONGEST_NAME), row.verdict().name(),
                        ratio(row.ratio()),
                        row.lower() == null || row.upper() == null
                                ? ""
                                : Units.ratio(row.lower()) + " to " + Units.ratio(row.upper())));
        screen.table(Need.ESSENTIAL, table);
        var more = result.rows().size() - MOST_ROWS;
        if (more > 0) {
            screen.words(Need.ESSENTIAL, 1, "", "and " + Units.count(more, "row") + " more");
        }
        screen.gap();
        result.rows().stream().filter(row -> row.verdict() != Verdict.PASS)
                .map(row -> row.verdict() + " " + row.because()).distinct().limit(MOST_REASONS)
                .forEach(reason -> screen.words(Need.USEFUL, 2, "", reason));
        screen.words(Need.ESSENTIAL, 3, "", sentence(result));
        screen.row(Need.ESSENTIAL, 2, List.of("more: " + everything));
        return screen.text();
    }

    /** Returns all findings as Markdown for the summary of a job, failures first. */
    public static String markdown(GateResult result) {
        var text = new StringBuilder("### Shakedown gate ").append(result.gate()).append(": ")
                .append(markdown(sentence(result)))
                .append("\n\n| verdict | row | base | head | head / base | 99 % bounds | because |\n")
                .append("| --- | --- | --- | --- | --- | --- | --- |\n");
        for (var row : result.rows()) {
            text.append("| ").append(row.verdict()).append(" | ").append(markdown(row.name())).append(" | ")
                    .append(figure(row.base(), row.unit())).append(" | ").append(figure(row.head(), row.unit()))
                    .append(" | ").append(ratio(row.ratio())).append(" | ").append(row.lower() == null
                            ? ""
                            : ratio(row.lower()) + " to " + ratio(row.upper()))
                    .append(" | ").append(markdown(row.because())).append(" |\n");
        }
        return text.toString();
    }

    private static String markdown(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
    }

    /** Returns JUnit's XML: what failed or cannot be compared is a failure, what is inconclusive is skipped. */
    public static String junit(GateResult result) {
        var out = new StringWriter();
        try {
            var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "shakedown gate " + result.gate());
            xml.writeAttribute("tests", String.valueOf(result.rows().size()));
            xml.writeAttribute("failures",
                    String.valueOf(result.count(Verdict.FAIL) + result.count(Verdict.INCOMPARABLE)));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", String.valueOf(result.count(Verdict.INCONCLUSIVE)));
            for (var row : result.rows()) {
                xml.writeStartElement("testcase");
                xml.writeAttribute("classname", "shakedown.gate." + result.gate());
                xml.writeAttribute("name", row.name());
                if (row.verdict() != Verdict.PASS) {
                    xml.writeEmptyElement(row.verdict() == Verdict.INCONCLUSIVE ? "skipped" : "failure");
                    xml.writeAttribute("message", row.verdict() + ": " + row.because());
                }
                xml.writeEndElement();
            }
            xml.writeEndElement();
            xml.writeEndDocument();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return out + "\n";
    }

    /** Returns the JSON list that github-action-benchmark takes with {@code tool: customSmallerIsBetter}. */
    public static String smallerIsBetter(GateResult result) {
        var list = new ArrayList<Map<String, Object>>();
        for (var row : result.rows()) {
            if (row.head() != null) {
                var entry = new LinkedHashMap<String, Object>();
                entry.put("name", row.name());
                entry.put("unit", row.unit());
                entry.put("value", row.head());
                if (row.ratio() != null && row.lower() != null && row.upper() != null) {
                    entry.put("range", String.format(Locale.ROOT, "%.4f to %.4f of base", row.lower(), row.upper()));
                }
                entry.put("extra", row.verdict() + ": " + row.because());
                list.add(entry);
            }
        }
        return Json.text(Json.INDENTED, list);
    }

    private static String figure(@Nullable Double value, String unit) {
        if (value == null) {
            return Units.NONE;
        }
        return unit.equals("ns") ? Units.exactTime(value / 1e3) : Units.number(value) + " " + unit;
    }

    private static String ratio(@Nullable Double ratio) {
        return ratio == null ? Units.NONE : Units.ratio(ratio);
    }
}
