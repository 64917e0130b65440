package dev.shakedown.report.html;

import dev.shakedown.report.Units;
import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Row;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.Page.Fact;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.JmhFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The page of a benchmark result. */
final class BenchPage {
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MICRO = 1e3;
    /** A day, to which longer times are cut: no benchmark's operation takes that long, whatever a file says. */
    private static final long LONGEST_NANOS = 86_400_000_000_000L;

    private BenchPage() {}

    static Page of(JmhFile file) {
        var sections = new ArrayList<Section>();
        var timed = file.rows().stream().filter(row -> !Double.isNaN(row.unitNanos())).toList();
        if (!timed.isEmpty()) {
            sections.add(new Section("Time of an operation", List.of(medians(timed), table(timed))));
        }
        var sampled = timed.stream().filter(row -> row.samples().values().stream().anyMatch(count -> count > 0))
                .collect(Collectors.groupingBy(JmhFile.Row::benchmark, TreeMap::new, Collectors.toList()));
        if (!sampled.isEmpty()) {
            sections.add(new Section("Percentiles", sampled.values().stream().map(BenchPage::curves).toList()));
        }
        var inMemory = InMemoryTables.of(file);
        if (!inMemory.isEmpty()) {
            sections.add(new Section("Full against resumed, in memory", inMemory));
        }
        var others = file.rows().stream().filter(row -> Double.isNaN(row.unitNanos())).toList();
        if (!others.isEmpty()) {
            sections.add(
                    new Section("Other scores",
                            List.of(new Table("Scores other than times.", List.of("benchmark", "score", "unit"),
                                    others.stream()
                                            .map(row -> List.of(row.name(), Units.number(row.score()), row.unit()))
                                            .toList()))));
        }
        sections.add(new Section("Environment", List.of(new Table("Environment", List.of(),
                List.of(List.of("Java", file.vmName() + " " + file.jdkVersion()))))));
        return new Page("Shakedown: benchmarks", verdict(file), null, List.of(), List.of(
                new Fact("benchmarks", Units.count(file.rows().size())),
                new Fact("forks per benchmark, at least", Units.count(leastForks(file))),
                new Fact("Java", file.vmName() + " " + file.jdkVersion())), sections);
    }

    private static int leastForks(JmhFile file) {
        return file.rows().stream().mapToInt(row -> row.forks().size()).min().orElse(0);
    }

    private static String verdict(JmhFile file) {
        var forks = leastForks(file);
        return Units.count(file.rows().size(), "benchmark") + ", each in at least " + Units.count(forks, "fork")
                + (forks < 2 ? "; forks differ, so a figure from a single one is only an indication" : "") + ".";
    }

    private static Chart medians(List<JmhFile.Row> rows) {
        return new Chart("medians", "Medians", "Over iterations or samples, on a logarithmic scale.", Form.POINTS,
                new Axis("benchmark", Scale.NAMES, Unit.NUMBER), new Axis("time", Scale.LOG, Unit.EXACT_MICROS),
                List.of("median"),
                rows.stream().map(row -> Row.of(row.name(), List.of(micros(row, row.median())))).toList());
    }

    private static Table table(List<JmhFile.Row> rows) {
        return new Table("Error: half the 99.9 % confidence interval of the mean, as JMH computes it.",
                List.of("benchmark", "median", "mean", "error", "forks"),
                rows.stream().map(row -> List.of(row.name(), Units.exactTime(micros(row, row.median())),
                        Units.exactTime(micros(row, row.score())),
                        Double.isNaN(row.error()) ? Units.NONE : Units.exactTime(micros(row, row.error())),
                        String.valueOf(row.forks().size()))).toList());
    }

    private static double micros(JmhFile.Row row, double score) {
        return score * row.unitNanos() / NANOS_PER_MICRO;
    }

    /** Draws a curve for each set of parameters. */
    private static Part curves(List<JmhFile.Row> rows) {
        var name = rows.getFirst().shortName();
        var histograms = new LinkedHashMap<String, Histogram>();
        rows.forEach(row -> histograms.put(row.name(), histogram(row)));
        return RunPage.percentiles("percentiles-" + name, "Percentiles of " + name,
                "The time within which a given percentage of operations finished.", Unit.EXACT_MICROS, histograms);
    }

    private static Histogram histogram(JmhFile.Row row) {
        var histogram = new Histogram(DIGITS);
        row.samples().forEach((value, count) -> histogram.recordValueWithCount(
                Math.clamp(Math.round(value * row.unitNanos()), 1, LONGEST_NANOS), count));
        return histogram;
    }
}
