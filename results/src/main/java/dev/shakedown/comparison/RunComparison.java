package dev.shakedown.comparison;

import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.comparison.Comparison.Side;
import dev.shakedown.comparison.Comparison.Unit;
import dev.shakedown.comparison.Differences.Aspect;
import dev.shakedown.comparison.Differences.Named;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Estimates.Ratio;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.IntervalLog;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums;
import dev.shakedown.results.TimeSlices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares runs, or the full with the resumed handshakes of one run. */
public final class RunComparison {
    private static final String INTERVALS = Estimates.CONFIDENCE
            + " intervals, by leaving out each of up to twenty slices of a run's time in turn: they show how steady"
            + " these runs were, not how much another run would differ.";

    /** The times compared of each kind: two of the whole handshake, and every phase. */
    private static final List<String> WHAT = Stream.concat(Stream.of("latency", "service"),
            Stream.of(Mark.values()).filter(mark -> mark != Mark.PLANNED).map(Mark::label)).toList();

    /**
     * One column: a run, or only one kind of its handshakes if {@code kind} is not {@code null}.
     */
    private record Column(String name, RunResult run, Map<String, TimeSlices> slices, @Nullable Kind kind) {
        TimeSlices slices(Kind asked, String what) {
            return slices.getOrDefault((kind == null ? asked : kind).label() + "." + what, new TimeSlices());
        }

        RunSums.KindResult result(Kind asked) {
            return (kind == null ? asked : kind) == Kind.FULL ? run.kinds().full() : run.kinds().resumed();
        }
    }

    private final List<Column> columns = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private RunComparison() {}

    /**
     * Compares the runs in these directories, or both kinds of one run if there is only one.
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
            var slices = slices(run, directory, directories.size() == 1);
            if (directories.size() == 1) {
                columns.add(new Column(Kind.FULL.label(), run, slices, Kind.FULL));
                columns.add(new Column(Kind.RESUMED.label(), run, slices, Kind.RESUMED));
            } else {
                columns.add(new Column(name(directory), run, slices, null));
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
                differences, rows, List.of(), List.of(), INTERVALS);
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
        figure(prefix + "completed/s", Unit.RATE, column -> column.result(kind).ratePerSecond());
        quantiles(prefix + "latency", kind, "latency", Quantile.values());
        quantiles(prefix + "service", kind, "service", Quantile.values());
        for (var mark : Mark.values()) {
            if (mark != Mark.PLANNED) {
                quantiles(prefix + mark.label(), kind, mark.label(), Quantile.P50, Quantile.P99);
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

    private void figure(String name, Unit unit, Function<Column, @Nullable Double> value) {
        var values = columns.stream().map(value).toList();
        if (values.stream().anyMatch(Objects::nonNull)) {
            rows.add(new Row(name, unit, values, plain(values)));
        }
    }

    /** Returns quotients without intervals. */
    private static List<@Nullable Ratio> plain(List<? extends @Nullable Double> values) {
        var first = values.getFirst();
        return values.stream().skip(1)
                .map(value -> first == null || value == null || first == 0
                        ? null
                        : new Ratio(value / first, null, null))
                .toList();
    }

    private void quantiles(String name, Kind kind, String what, Quantile... quantiles) {
        var all = columns.stream().map(column -> column.slices(kind, what)).toList();
        var withinOne = columns.getFirst().kind != null;
        for (var quantile : quantiles) {
            List<Double> values = all.stream()
                    .map(each -> quantile.isSupportedBy(each.values()) ? each.micros(quantile) : null).toList();
            var ratios = new ArrayList<Ratio>();
            for (var i = 1; i < all.size(); i++) {
                var one = all.getFirst();
                var other = all.get(i);
                var comparable = isMeaningful(values.getFirst()) && isMeaningful(values.get(i));
                ratios.add(!comparable
                        ? null
                        : withinOne ? one.toOthersOfThisRun(other, quantile) : one.toOtherRun(other, quantile));
            }
            if (values.stream().anyMatch(Objects::nonNull)) {
                rows.add(new Row(name + " " + quantile.label(), Unit.MICROS, values, ratios));
            }
        }
    }

    /** Whether there is a time, and it is long enough for a quotient of it to mean something. */
    private static boolean isMeaningful(@Nullable Double micros) {
        return micros != null && micros >= Distribution.LEAST_MICROS;
    }

    /**
     * Returns the time slices of every tag, from the intervals in which it has a value.
     *
     * @param bothKinds whether both kinds share their intervals: those in which either has a value
     */
    private static Map<String, TimeSlices> slices(RunResult run, Path directory, boolean bothKinds)
            throws IOException {
        var groups = new ArrayList<List<String>>();
        for (var what : WHAT) {
            var both = Stream.of(Kind.values()).map(kind -> kind.label() + "." + what).toList();
            groups.addAll(bothKinds ? List.of(both) : both.stream().map(List::of).toList());
        }
        var slices = new HashMap<String, TimeSlices>();
        var tags = groups.stream().flatMap(List::stream).collect(Collectors.toCollection(HashSet::new));
        tags.add("loopLag");
        IntervalLog.of(run, directory.resolve(ResultFile.INTERVALS), tags, interval -> {
            for (var group : groups) {
                if (group.stream().anyMatch(tag -> interval.histogram(tag).getTotalCount() > 0)) {
                    group.forEach(tag -> slices.computeIfAbsent(tag, _ -> new TimeSlices())
                            .add(interval.histogram(tag)));
                }
            }
        });
        return slices;
    }
}
