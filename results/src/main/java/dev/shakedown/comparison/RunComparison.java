package dev.shakedown.comparison;

import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.comparison.Comparison.Side;
import dev.shakedown.comparison.Comparison.Unit;
import dev.shakedown.comparison.Differences.Aspect;
import dev.shakedown.comparison.Differences.Named;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Estimates.Ratio;
import dev.shakedown.results.IntervalLog;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** Runs side by side, or the full against the resumed handshakes of one. */
public final class RunComparison {
    /** So many samples must lie beyond a quantile for it to mean something. */
    private static final int BEYOND = 100;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    /** Into so many stretches of time a run is parted, so that one which was odd shows. */
    private static final int PARTS = 10;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final String INTERVALS = "95 % intervals, by leaving out each tenth of a run's seconds in turn: they tell"
            + " how steady these runs were, not how much another run would differ.";

    /**
     * One column: a run, of which {@code kind} stands for all kinds where it is not {@code null}.
     */
    private record Column(String name, RunResult run, IntervalLog log, Kind kind) {
        String tag(Kind asked, String what) {
            return (kind == null ? asked : kind).label() + "." + what;
        }

        RunResult.KindResult result(Kind asked) {
            return (kind == null ? asked : kind) == Kind.FULL ? run.kinds().full() : run.kinds().resumed();
        }
    }

    private final List<Column> columns = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private RunComparison() {}

    /**
     * Compares directories, or within one if there is no second.
     *
     * @param allowed what may differ
     * @throws IOException              with a sentence for people, if one cannot be read
     * @throws IllegalArgumentException with a sentence for people, if they differ in what is not allowed
     */
    public static Comparison of(List<Path> directories, Set<Aspect> allowed) throws IOException {
        return new RunComparison().compare(directories, allowed);
    }

    private Comparison compare(List<Path> directories, Set<Aspect> allowed) throws IOException {
        for (var directory : directories) {
            var run = RunResult.read(directory);
            var log = IntervalLog.of(run, directory.resolve(ResultFile.INTERVALS));
            if (directories.size() == 1) {
                columns.add(new Column(Kind.FULL.label(), run, log, Kind.FULL));
                columns.add(new Column(Kind.RESUMED.label(), run, log, Kind.RESUMED));
            } else {
                columns.add(new Column(name(directory), run, log, null));
            }
        }
        var differences = differences(allowed);
        if (directories.size() > 1) {
            outcomes();
            for (var kind : Kind.values()) {
                kind(kind, kind.label() + " ");
            }
            costs();
        } else {
            kind(Kind.FULL, "");
        }
        return new Comparison(columns.stream().map(column -> new Side(column.name,
                column.run.generator().saturated(), column.run.generator().saturatedBecause(), column.run.missedRate(),
                column.run.interrupted())).toList(),
                differences, rows, List.of(), INTERVALS);
    }

    private static String name(Path directory) {
        var name = directory.toAbsolutePath().normalize().getFileName();
        return name == null ? directory.toString() : name.toString();
    }

    private List<String> differences(Set<Aspect> allowed) {
        var differences = columns.stream().flatMap(column -> Differences.between(columns.getFirst().run, column.run)
                .stream().map(difference -> new Named(column.name, difference))).toList();
        Differences.refuse(differences, allowed);
        return differences.stream().map(Named::toString).toList();
    }

    private void outcomes() {
        counts("planned", run -> run.outcomes().planned());
        counts("completed", run -> run.outcomes().completed());
        counts("failed", run -> run.outcomes().failed());
        counts("timed out", run -> run.outcomes().timedOut());
        counts("cancelled", run -> run.outcomes().cancelled());
        counts("unsent", run -> run.outcomes().unsent());
        counts("resumptions accepted", run -> run.resumption().accepted());
    }

    private void counts(String name, Function<RunResult, Long> count) {
        var values = columns.stream().map(column -> (Double) (double) count.apply(column.run)).toList();
        rows.add(new Row(name, Unit.COUNT, values, plain(values)));
    }

    private void kind(Kind kind, String prefix) {
        if (columns.stream().allMatch(column -> column.result(kind).completed() == 0)) {
            return;
        }
        figure(prefix + "rate/s", Unit.RATE, column -> column.result(kind).ratePerSecond());
        quantiles(prefix + "latency", kind, "latency", PERCENTILES);
        quantiles(prefix + "service", kind, "service", PERCENTILES);
        for (var mark : Mark.values()) {
            if (mark != Mark.PLANNED) {
                quantiles(prefix + mark.label(), kind, mark.label(), 50, 99);
            }
        }
        figure(prefix + "bytes sent", Unit.BYTES, column -> column.result(kind).bytesSent());
        figure(prefix + "bytes received", Unit.BYTES, column -> column.result(kind).bytesReceived());
    }

    private void costs() {
        figure("client CPU", Unit.MICROS, column -> column.run.generator().cpuMicrosPerHandshake());
        figure("server CPU", Unit.MICROS, column -> column.run.server() == null
                ? null
                : column.run.server().cpuMicrosPerHandshake());
    }

    private void figure(String name, Unit unit, Function<Column, Double> value) {
        var values = columns.stream().map(value).toList();
        if (values.stream().anyMatch(Objects::nonNull)) {
            rows.add(new Row(name, unit, values, plain(values)));
        }
    }

    /** Quotients of which nothing tells how sure they are. */
    private static List<Ratio> plain(List<Double> values) {
        var first = values.getFirst();
        return values.stream().skip(1)
                .map(value -> first == null || value == null || first == 0
                        ? null
                        : new Ratio(value / first, null, null))
                .toList();
    }

    private void quantiles(String name, Kind kind, String what, double... percentiles) {
        var parts = columns.stream().map(column -> Parts.of(column.log, column.tag(kind, what))).toList();
        if (parts.stream().allMatch(each -> each.whole.getTotalCount() == 0)) {
            return;
        }
        for (var percentile : percentiles) {
            var values = new ArrayList<Double>();
            parts.forEach(each -> values.add(each.tells(percentile) ? each.micros(-1, percentile) : null));
            var ratios = new ArrayList<Ratio>();
            for (var i = 1; i < parts.size(); i++) {
                var one = parts.getFirst();
                var other = parts.get(i);
                ratios.add(values.getFirst() == null || values.get(i) == null
                        ? null
                        : Estimates.jackknife(one.count(), left -> one.micros(left, percentile), other.count(),
                                left -> other.micros(left, percentile)));
            }
            if (values.stream().anyMatch(Objects::nonNull)) {
                rows.add(new Row(name + " p" + (percentile == 99.9 ? "99.9" : String.valueOf((int) percentile)),
                        Unit.MICROS, values, ratios));
            }
        }
    }

    /** A run's values of one kind: all of them, and all without those of one stretch of its time. */
    private record Parts(Histogram whole, List<Histogram> without) {
        static Parts of(IntervalLog log, String tag) {
            var slices = log.intervals().stream().map(slice -> slice.histogram(tag))
                    .filter(histogram -> histogram.getTotalCount() > 0).toList();
            var count = Math.min(PARTS, slices.size());
            var without = new Histogram[count];
            Arrays.setAll(without, part -> {
                var left = log.whole(tag).copy();
                for (var i = part * slices.size() / count; i < (part + 1) * slices.size() / count; i++) {
                    left.subtract(slices.get(i));
                }
                return left;
            });
            return new Parts(log.whole(tag), List.of(without));
        }

        int count() {
            return without.size();
        }

        boolean tells(double percentile) {
            return whole.getTotalCount() * (1 - percentile / 100) >= BEYOND - 1e-9;
        }

        double micros(int left, double percentile) {
            var histogram = left < 0 ? whole : without.get(left);
            return Math.max(1, histogram.getValueAtPercentile(percentile)) / NANOS_PER_MICRO;
        }
    }
}
