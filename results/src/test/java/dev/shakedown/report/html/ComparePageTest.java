package dev.shakedown.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.comparison.Comparison;
import dev.shakedown.comparison.RunComparison;
import dev.shakedown.report.html.Chart.Guide;
import dev.shakedown.report.html.SeriesStyle.Line;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Estimates.Ratio;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Kind;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparePageTest {
    @TempDir
    private Path directory;

    private Path run(String name, long fullMicros, long resumedMicros) throws IOException {
        var facts = Facts.of(Facts.CLOSED);
        var summary = new Summary();
        var results = directory.resolve(name);
        var start = facts.window().startedAt().toEpochMilli();
        try (var file = ResultFile.create(results, facts.window().startedAt())) {
            for (var i = 0; i < 4; i++) {
                var second = Facts.second(200, fullMicros, resumedMicros);
                var interval = new Interval(start + 1000 * i, start + 1000 * (i + 1), second.tally(),
                        second.histograms());
                file.append(interval);
                summary.add(interval);
            }
        }
        Files.writeString(results.resolve(ResultFile.RUN_JSON), summary.result(facts).toJson());
        return results;
    }

    private static Page page(Path... runs) throws IOException {
        return ComparePage.of(RunComparison.of(List.of(runs), Set.of()), List.of(runs));
    }

    private static Chart chart(Page page, String name) {
        return page.sections().stream().flatMap(section -> section.parts().stream()).filter(Chart.class::isInstance)
                .map(Chart.class::cast).filter(chart -> chart.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void bothCurvesLieOverEachOther() throws IOException {
        var page = page(run("before", 2000, 500), run("after", 4000, 500));
        var curves = chart(page, "percentiles");
        assertEquals(List.of("full, A", "resumed, A", "full, B", "resumed, B"), curves.series());
        assertEquals(
                List.of(SeriesStyle.hue(Kind.FULL), SeriesStyle.hue(Kind.RESUMED), SeriesStyle.hue(Kind.FULL),
                        SeriesStyle.hue(Kind.RESUMED)),
                curves.looks().stream().map(SeriesStyle::hue).toList());
        assertEquals(List.of(Line.SOLID, Line.SOLID, Line.DASHED, Line.DASHED),
                curves.looks().stream().map(SeriesStyle::line).toList());
        var first = curves.rows().getFirst().values();
        assertEquals(2000, first.get(0), 5);
        assertEquals(4000, first.get(2), 10);
    }

    @Test
    void ratiosHaveTheirIntervalsAroundOne() throws IOException {
        var page = page(run("before", 2000, 500), run("after", 4000, 500));
        var ratios = chart(page, "ratios");
        assertEquals(List.of("ratio", "ratio, low", "ratio, high"), ratios.series());
        assertEquals(List.of(Guide.level("same as A", 1)), ratios.guides());
        var median = ratios.rows().stream().filter(row -> row.name().equals("full latency p50")).findFirst()
                .orElseThrow().values();
        assertEquals(2, median.get(0), 0.01);
        assertTrue(median.get(1) <= median.get(0) && median.get(0) <= median.get(2), median::toString);
        // A count has no interval, and is only in the table.
        assertTrue(ratios.rows().stream().noneMatch(row -> row.name().equals("completed")));
        var table = page.sections().get(1).parts().stream().filter(Table.class::isInstance).map(Table.class::cast)
                .findFirst().orElseThrow();
        assertEquals(List.of("completed", "1,600", "1,600", "1.000", ""),
                table.rows().stream().filter(row -> row.getFirst().equals("completed")).findFirst().orElseThrow());
    }

    @Test
    void withinOneRunKindsAreTheSides() throws IOException {
        var page = page(run("one", 2000, 500));
        assertEquals("Shakedown: full against resumed", page.title());
        assertEquals(List.of("full", "resumed"), chart(page, "percentiles").series());
        assertTrue(chart(page, "ratios").rows().stream().anyMatch(row -> row.name().equals("latency p50")));
    }

    /** Benchmarks have no curves; a side without a score has no ratio; several sides have one column each. */
    @Test
    void threeSidesOfWhichOneLacksAFigure() throws IOException {
        var sides = List.of("x", "y", "z").stream()
                .map(name -> new Comparison.Side(name, name.equals("y"), "it swapped",
                        false, false))
                .toList();
        var row = new Comparison.Row("Mac.make", Comparison.Unit.EXACT_MICROS, Arrays.asList(2.0, 4.0, null),
                Arrays.asList(new Ratio(2, 1.5, 2.5), null));
        var page = ComparePage.of(new Comparison(sides, List.of("z: it is slow"), List.of(row), List.of(), List.of(),
                "Intervals."), List.of(directory, directory, directory));
        assertEquals(List.of("UNFIT: y, because it swapped"), page.warnings());
        var ratios = chart(page, "ratios");
        assertEquals(List.of("B / A", "B / A, low", "B / A, high", "C / A", "C / A, low", "C / A, high"),
                ratios.series());
        assertEquals(Arrays.asList(2.0, 1.5, 2.5, null, null, null), ratios.rows().getFirst().values());
        assertEquals(List.of("Ratios", "What was compared"),
                page.sections().stream().map(Page.Section::title).toList());
        assertTrue(HtmlPage.of(page).contains("z: it is slow"));
    }
}
