package dev.shakedown.report.html;

import dev.shakedown.comparison.Comparison;
import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.comparison.Comparison.Side;
import dev.shakedown.report.ComparisonReport;
import dev.shakedown.report.Units;
import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Guide;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.SeriesStyle.Line;
import dev.shakedown.report.html.SeriesStyle.Symbol;
import dev.shakedown.report.html.Page.Fact;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Estimates.Ratio;
import dev.shakedown.results.IntervalLog;
import dev.shakedown.results.Kind;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** The page of a comparison: latency curves in one chart, and ratios with their intervals around 1. */
public final class ComparePage {
    private static final Symbol[] SYMBOLS = {Symbol.CIRCLE, Symbol.RING, Symbol.TRIANGLE, Symbol.DIAMOND};

    private final Comparison comparison;

    private ComparePage(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * Makes the page.
     *
     * @param paths what was compared, in order; those that are directories of runs get curves
     * @throws IOException with a message for people, naming the file, if one cannot be read
     */
    public static Page of(Comparison comparison, List<Path> paths) throws IOException {
        return new ComparePage(comparison).page(paths);
    }

    private Page page(List<Path> paths) throws IOException {
        var sections = new ArrayList<Section>();
        var curves = curves(paths);
        if (!curves.isEmpty()) {
            sections.add(new Section("Latency", List.of(curves.getFirst())));
        }
        var ratios = new ArrayList<Part>();
        var drawn = comparison.rows().stream().filter(row -> row.ratios().stream().anyMatch(ComparePage::isDrawn))
                .toList();
        if (!drawn.isEmpty()) {
            ratios.add(ratios(drawn));
        }
        ratios.add(table());
        sections.add(new Section("Ratios", ratios));
        sections.add(new Section("What was compared", compared()));
        var warnings = comparison.sides().stream().flatMap(side -> ComparisonReport.warnings(side).stream())
                .map(Object::toString).toList();
        return new Page("Shakedown: " + comparison.sides().stream().map(Side::name).collect(
                Collectors.joining(" against ")), comparison.intervals(), null, warnings, strip(), sections);
    }

    private List<Fact> strip() {
        var facts = new ArrayList<Fact>();
        for (var i = 0; i < comparison.sides().size(); i++) {
            facts.add(new Fact(letter(i), comparison.sides().get(i).name()));
        }
        comparison.rows().stream().filter(row -> row.name().matches("(full |resumed )?latency (p50|p99)"))
                .filter(row -> !row.ratios().isEmpty() && row.ratios().getFirst() != null)
                .forEach(row -> facts.add(new Fact(row.name() + ", B / A", words(row.ratios().getFirst()))));
        facts.add(new Fact("fitness", comparison.sides().stream().noneMatch(Side::unfit)
                ? HeadStrip.FIT
                : HeadStrip.NOT_FIT));
        return facts;
    }

    private static String words(Ratio ratio) {
        var within = ComparisonReport.within(ratio);
        return Units.ratio(ratio.value()) + (within.isEmpty() ? "" : " (" + within + ")");
    }

    /** Returns what charts call a side, whose name has no room there: A, B, C… */
    private static String letter(int side) {
        return side < 26 ? String.valueOf((char) ('A' + side)) : "side " + (side + 1);
    }

    /** Draws a curve for each kind, told by its hue, of each side, told by its line; empty where no side is a run. */
    private List<Chart> curves(List<Path> paths) throws IOException {
        var series = new LinkedHashMap<String, Histogram>();
        var looks = new ArrayList<SeriesStyle>();
        for (var i = 0; i < paths.size(); i++) {
            var file = paths.get(i).resolve(ResultFile.INTERVALS);
            if (!Files.exists(file)) {
                continue;
            }
            var tags = Stream.of(Kind.values()).map(OverTimeParts::latency).collect(Collectors.toSet());
            var log = IntervalLog.of(RunResult.read(paths.get(i)), file, tags, _ -> {});
            for (var kind : Kind.values()) {
                var histogram = log.whole(OverTimeParts.latency(kind));
                if (histogram.getTotalCount() > 0) {
                    series.put(kind.label() + (paths.size() == 1 ? "" : ", " + letter(i)), histogram);
                    looks.add(
                            new SeriesStyle(SeriesStyle.hue(kind), Line.values()[Math.min(i, Line.values().length - 1)],
                                    SYMBOLS[i % SYMBOLS.length]));
                }
            }
        }
        return series.isEmpty()
                ? List.of()
                : List.of(RunPage.percentiles("percentiles", "Percentiles of latency",
                        "The time within which a given percentage of handshakes finished.", Unit.MICROS, series)
                        .looking(looks));
    }

    /** Whether the ratio is drawn; one without an interval, as of counts and costs, is only in the table. */
    private static boolean isDrawn(Ratio ratio) {
        return ratio != null && ratio.low() != null && ratio.value() > 0;
    }

    private Chart ratios(List<Row> drawn) {
        var others = comparison.sides().size() - 1;
        var series = new ArrayList<String>();
        var looks = new ArrayList<SeriesStyle>();
        for (var i = 1; i <= others; i++) {
            var name = others == 1 ? "ratio" : letter(i) + " / A";
            series.addAll(List.of(name, name + ", low", name + ", high"));
            var look = new SeriesStyle(SeriesStyle.other(i - 1), Line.SOLID, Symbol.CIRCLE);
            looks.addAll(List.of(look, look, look));
        }
        var rows = drawn.stream().map(row -> Chart.Row.of(row.name(), row.ratios().stream()
                .flatMap(ratio -> isDrawn(ratio)
                        ? Stream.of(ratio.value(), ratio.low(), ratio.high())
                        : Arrays.asList((Double) null, null, null).stream())
                .toList())).toList();
        return new Chart("ratios", "Ratios to " + comparison.sides().getFirst().name(),
                "With " + Estimates.CONFIDENCE
                        + " intervals: where one contains 1, no difference could be shown.",
                Form.INTERVALS, new Axis("figure", Scale.NAMES, Unit.NUMBER), new Axis("ratio", Scale.LOG, Unit.NUMBER),
                series, rows).looking(looks).guided(List.of(Guide.level("same as " + letter(0), 1)));
    }

    private Table table() {
        var sides = comparison.sides();
        var columns = new ArrayList<String>(List.of("figure", letter(0)));
        for (var i = 1; i < sides.size(); i++) {
            columns.addAll(List.of(letter(i), letter(i) + " / A", Estimates.CONFIDENCE + " interval"));
        }
        return new Table("All figures; A is " + sides.getFirst().name() + ".", columns,
                comparison.rows().stream().map(ComparePage::cells).toList());
    }

    private static List<String> cells(Row row) {
        var cells = new ArrayList<String>(List.of(row.name(), ComparisonReport.value(row, 0)));
        for (var i = 1; i < row.values().size(); i++) {
            var ratio = row.ratios().get(i - 1);
            cells.addAll(
                    List.of(ComparisonReport.value(row, i), ratio == null ? Units.NONE : Units.ratio(ratio.value()),
                            ComparisonReport.within(ratio)));
        }
        return cells;
    }

    private List<Part> compared() {
        var parts = new ArrayList<Part>();
        parts.add(new Table("Sides", List.of(), IntStream.range(0, comparison.sides().size())
                .mapToObj(i -> List.of(letter(i), comparison.sides().get(i).name())).toList()));
        words(parts, "Differences in the setup.", comparison.differences());
        words(parts, "Figures that not all sides have.", comparison.unmatched());
        words(parts, "Notes.", comparison.notes());
        return parts;
    }

    private static void words(List<Part> parts, String caption, List<String> lines) {
        if (!lines.isEmpty()) {
            parts.add(new Table(caption, List.of("what"), lines.stream().map(List::of).toList()));
        }
    }
}
