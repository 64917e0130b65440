package dev.shakedown.report.html;

import dev.shakedown.report.FailureRows;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.Units;
import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Row;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.Page.Folded;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.report.html.Page.Text;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.IntervalLog;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Setting;
import dev.shakedown.results.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The page of a run. */
final class RunPage {
    private static final double NANOS_PER_MICRO = 1e3;
    /** Points of a curve for each nine of the percentile. */
    private static final int POINTS_PER_NINE = 8;

    /** Marks that come after the end of the handshake. */
    private static final Set<String> AFTER_LATENCY = Stream.of(Mark.values())
            .filter(mark -> mark.compareTo(Mark.FINISHED) > 0).map(Mark::label).collect(Collectors.toSet());

    private final RunResult result;
    private final Path directory;
    private final Setting.Names names;
    private final Timeline timeline = new Timeline(OverTimeParts.TAGS);
    private final IntervalLog log;

    private RunPage(RunResult result, Path directory, Setting.Names names) throws IOException {
        this.result = result;
        this.directory = directory;
        this.names = names;
        var file = directory.resolve(ResultFile.INTERVALS);
        var tags = Stream.concat(OverTimeParts.TAGS.stream(), Stream.of(Kind.values()).map(RunPage::service))
                .collect(Collectors.toSet());
        this.log = Files.exists(file)
                ? IntervalLog.of(result, file, tags, timeline::add)
                : new IntervalLog(0, 0, Map.of());
    }

    private static String service(Kind kind) {
        return kind.label() + ".service";
    }

    /**
     * The page.
     *
     * @param directory with the run's interval log and its failures
     * @param names     by which people set things
     */
    static Page of(RunResult result, Path directory, Setting.Names names) throws IOException {
        return new RunPage(result, directory, names).page();
    }

    private Page page() throws IOException {
        var weak = RunWords.weak(result);
        var warnings = Stream.concat(RunWords.warnings(result, names).stream(), Stream.ofNullable(weak))
                .map(RunWords.Warning::toString).toList();
        var sections = new ArrayList<Section>();
        sections.add(new Section("Objective", ObjectiveParts.of(result)));
        sections.add(new Section("Latency", latency()));
        sections.add(new Section("Over time", OverTimeParts.of(result, log, timeline)));
        sections.add(new Section("Phases", phases()));
        if (result.unfinished()) {
            sections.add(new Section("Outcomes", List.of(new Text(RunWords.OTHERS_UNKNOWN))));
        } else {
            sections.add(new Section("Outcomes", outcomes()));
            sections.add(new Section("Resumption", ResumptionParts.of(result, names)));
            sections.add(new Section("Generator and server", List.of(generator())));
        }
        sections.add(plan());
        return new Page("Shakedown: " + RunWords.target(result), Headline.of(result), RunWords.client(result), warnings,
                HeadStrip.of(result),
                sections.stream().filter(section -> !section.parts().isEmpty()).toList());
    }

    private List<Part> latency() {
        var parts = new ArrayList<Part>();
        var rows = new ArrayList<List<String>>();
        for (var kind : Kind.values()) {
            var found = kind == Kind.FULL ? result.kinds().full() : result.kinds().resumed();
            for (var what : List.of("latency", "service")) {
                var micros = what.equals("latency") ? found.latencyMicros() : found.serviceMicros();
                if (micros.count() > 0) {
                    rows.add(row(kind.label() + " " + what, micros, Units.rate(found.ratePerSecond())));
                }
            }
        }
        if (rows.isEmpty()) {
            return parts;
        }
        parts.add(new Table("Latency runs from the planned start, service from the actual one; completed/s counts"
                + " handshakes that finished within the measured time.",
                List.of("what", "count", "completed/s", "p50", "p90", "p99", "p99.9", "max"), rows));
        var series = new LinkedHashMap<String, Histogram>();
        for (var kind : Kind.values()) {
            for (var what : List.of("latency", "service")) {
                var histogram = log.whole(kind.label() + "." + what);
                if (histogram.getTotalCount() > 0) {
                    series.put(kind.label() + " " + what, histogram);
                }
            }
        }
        if (!series.isEmpty()) {
            parts.add(percentiles("percentiles", "Percentiles",
                    "The time within which a given percentage of handshakes finished.", Unit.MICROS, series));
        }
        return parts;
    }

    private static List<String> row(String name, Distribution micros, String rate) {
        return List.of(name, Units.count(micros.count()), rate,
                Units.quantile(micros, Quantile.P50), Units.quantile(micros, Quantile.P90),
                Units.quantile(micros, Quantile.P99), Units.quantile(micros, Quantile.P999),
                Units.time(micros.max()));
    }

    /** Draws the percentiles of histograms of nanoseconds, each as far as its number of values allows. */
    static Chart percentiles(String name, String title, String caption, Unit micros,
            Map<String, Histogram> nanos) {
        var columns = new ArrayList<Map<Double, Double>>();
        for (var histogram : nanos.values()) {
            var column = new TreeMap<Double, Double>();
            double leftOver;
            for (var i = 0; (leftOver = Math.pow(10, (double) i / POINTS_PER_NINE)) <= histogram.getTotalCount(); i++) {
                var percentile = Math.round((100 - 100 / leftOver) * 1e6) / 1e6;
                column.put(percentile, histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO);
            }
            columns.add(column);
        }
        return new Chart(name, title, caption, Form.LINE, new Axis("percentile", Scale.PERCENTILE, Unit.NUMBER),
                new Axis("time", Scale.LOG, micros), List.copyOf(nanos.keySet()), Chart.rows(columns));
    }

    private List<Part> phases() {
        return phases("", "", Map.of(Kind.FULL, result.kinds().full().phases(), Kind.RESUMED,
                result.kinds().resumed().phases()));
    }

    /**
     * Returns a chart and a table of the phases of each kind.
     *
     * @param suffix of the chart's name, where a page has several
     * @param of     suffix of titles, likewise
     */
    static List<Part> phases(String suffix, String of, Map<Kind, Map<String, Distribution>> kinds) {
        var marks = Stream.of(Mark.values()).map(Mark::label)
                .filter(mark -> kinds.values().stream().anyMatch(phases -> phases.containsKey(mark))).toList();
        if (marks.isEmpty()) {
            return List.of();
        }
        // What comes after the end of the handshake is not part of its latency.
        var stacked = marks.stream().takeWhile(mark -> !AFTER_LATENCY.contains(mark)).toList();
        var bars = new ArrayList<Row>();
        var rows = new ArrayList<List<String>>();
        for (var kind : Kind.values()) {
            var phases = kinds.getOrDefault(kind, Map.of());
            if (!phases.isEmpty()) {
                bars.add(Row.of(kind.label(), stacked.stream().map(mark -> share(phases, mark)).toList()));
            }
        }
        for (var mark : marks) {
            var full = kinds.getOrDefault(Kind.FULL, Map.of()).getOrDefault(mark, Distribution.EMPTY);
            var resumed = kinds.getOrDefault(Kind.RESUMED, Map.of()).getOrDefault(mark, Distribution.EMPTY);
            rows.add(List.of(mark, Units.quantile(full, Quantile.P50), Units.quantile(full, Quantile.P99),
                    Units.quantile(resumed, Quantile.P50), Units.quantile(resumed, Quantile.P99)));
        }
        return List.of(
                new Chart("phases" + suffix, "Where the time goes" + of,
                        "Means over all handshakes of a kind, which add up to its mean latency. A phase ends with the"
                                + " event it is named after.",
                        Form.STACKED_BARS, new Axis("kind", Scale.NAMES, Unit.NUMBER),
                        new Axis("mean", Scale.LINEAR, Unit.MICROS), stacked, bars),
                new Table("Quantiles of the phases, which do not add up" + of + ".",
                        List.of("phase", "full p50", "full p99", "resumed p50", "resumed p99"), rows));
    }

    /** Returns the mean that a phase adds to the latency, to which a handshake without that phase adds nothing. */
    private static @Nullable Double share(Map<String, Distribution> phases, String mark) {
        var phase = phases.getOrDefault(mark, Distribution.EMPTY);
        var finished = phases.getOrDefault(Mark.FINISHED.label(), Distribution.EMPTY);
        return phase.mean() == null || finished.count() == 0 ? null : phase.mean() * phase.count() / finished.count();
    }

    private List<Part> outcomes() throws IOException {
        var parts = new ArrayList<Part>();
        var outcomes = result.outcomes();
        parts.add(new Table("Every planned arrival ends in exactly one way.",
                List.of("outcome", "arrivals", "share"),
                List.of(outcome("planned", outcomes.planned()), outcome("completed", outcomes.completed()),
                        outcome("failed", outcomes.failed()), outcome("timed out", outcomes.timedOut()),
                        outcome("cancelled", outcomes.cancelled()), outcome("unsent", outcomes.unsent()))));
        if (!result.failures().isEmpty()) {
            var failures = FailureRows.of(result.failures());
            parts.add(new Table("Failures, the most frequent first.",
                    List.of("stage", "count", "cause", "direction", "meaning"),
                    failures.first().stream().map(row -> List.of(row.stage(), Units.count(row.count()), row.cause(),
                            row.direction(), row.meaning() == null ? "" : row.meaning())).toList()));
            failures.rest().ifPresent(words -> parts.add(new Text("Further failures: " + words + ".")));
            for (var i = 1; i <= failures.first().size(); i++) {
                var file = directory.resolve("failures").resolve(String.format(Locale.ROOT, "%02d.txt", i));
                if (Files.exists(file)) {
                    var row = failures.first().get(i - 1);
                    parts.add(new Folded("A handshake that failed at " + row.stage() + ", " + row.cause()
                            + ", message by message", Files.readString(file)));
                }
            }
        }
        if (!result.timeouts().isEmpty()) {
            parts.add(new Table("Timeouts.", List.of("waiting at", "count"), result.timeouts().stream()
                    .map(row -> List.of(row.stage(), Units.count(row.count()))).toList()));
        }
        for (var row : result.unsentReasons()) {
            parts.add(new Text(Units.count(row.count()) + " unsent " + RunWords.unsent(row.reason()).in(names) + "."));
        }
        parts.addAll(RowParts.of(result));
        return parts;
    }

    private List<String> outcome(String name, long count) {
        return List.of(name, Units.count(count), Units.share(count, result.outcomes().planned()));
    }

    private Part generator() {
        var generator = result.generator();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("CPU per handshake", Units.time(generator.cpuMicrosPerHandshake())));
        rows.add(List.of("cores busy", Units.number(generator.cpuCores())));
        rows.add(List.of("loop lag p50, p99, max", Units.quantile(generator.loopLagMicros(), Quantile.P50)
                + ", " + Units.quantile(generator.loopLagMicros(), Quantile.P99) + ", "
                + Units.time(generator.loopLagMicros().max())));
        var health = generator.health();
        if (health != null) {
            rows.add(List.of("core share of each event loop",
                    String.join(", ", health.workerCores().stream().map(Units::number).toList())));
            rows.add(List.of("garbage collection", Units.count(health.gcPauses(), "pause") + ", "
                    + Units.time(health.gcSeconds() * 1e6) + " in total"
                    + (health.gcCpuSeconds() == null ? "" : ", CPU " + Units.time(health.gcCpuSeconds() * 1e6))));
            rows.add(List.of("CPU time stolen", health.stolenShare() == null
                    ? "unknown"
                    : Units.percent(health.stolenShare())));
            rows.add(List.of("TCP retransmits of this machine",
                    health.retransmits() == null ? "unknown" : Units.count(health.retransmits())));
        }
        if (result.server() != null) {
            rows.add(List.of("server: CPU per handshake", Units.time(result.server().cpuMicrosPerHandshake())));
            rows.add(List.of("server: cores busy", Units.number(result.server().cpuCores())));
            if (result.server().withheldBecause() != null) {
                rows.add(List.of("server: withheld", result.server().withheldBecause() + "."));
            }
        }
        return new Table("CPU costs, and what may have delayed the generator.", List.of(), rows);
    }

    private Section plan() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("load", RunWords.load(result)));
        RunWords.negotiated(result).forEach(agreed -> rows.add(List.of("negotiated", agreed)));
        RunWords.certificates(result).forEach(certificate -> rows.add(List.of("certificate", certificate)));
        return PlanTables.section(rows, RunWords.client(result), result.plan(), List.of(
                PlanTables.environment(result.tool(), result.startedAt(), result.target(), result.host())));
    }
}
