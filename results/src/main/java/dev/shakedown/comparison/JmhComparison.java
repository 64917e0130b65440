package dev.shakedown.comparison;

import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.comparison.Comparison.Side;
import dev.shakedown.comparison.Comparison.Unit;
import dev.shakedown.comparison.Differences.Aspect;
import dev.shakedown.comparison.Differences.Difference;
import dev.shakedown.comparison.Differences.Named;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Estimates.Ratio;
import dev.shakedown.results.JmhFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Results of JMH side by side. What stands for a fork is its median: iterations of one are not independent. */
public final class JmhComparison {
    private static final String INTERVALS = "Medians over forks, and " + Estimates.CONFIDENCE
            + " intervals by Welch's t over the logarithms of the"
            + " forks' medians; without a second fork there is none. Hours and days are not in it: shakedown gate time"
            + " measures both sides in turn.";

    private JmhComparison() {}

    /**
     * Compares files.
     *
     * @param allowed what may differ; of this only the machine and the plan can
     * @throws IOException              with a sentence for people, if one cannot be read
     * @throws IllegalArgumentException with a sentence for people, if they differ in what is not allowed, or have
     *                                  nothing in common
     */
    public static Comparison of(List<Path> paths, Set<Aspect> allowed) throws IOException {
        var files = new ArrayList<JmhFile>();
        for (var path : paths) {
            files.add(JmhFile.read(path));
        }
        var names = paths.stream().map(JmhComparison::name).toList();
        var differences = differences(names, files);
        Differences.refuse(differences, allowed);
        var rows = rows(files);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no benchmark is in all of them");
        }
        return new Comparison(names.stream().map(name -> new Side(name, false, null, false, false)).toList(),
                differences.stream().map(Named::toString).toList(), rows, unmatched(names, files), INTERVALS);
    }

    private static List<Named> differences(List<String> names, List<JmhFile> files) {
        var differences = new ArrayList<Named>();
        var first = files.getFirst();
        for (var i = 1; i < files.size(); i++) {
            var other = files.get(i);
            add(differences, names.get(i), Aspect.MACHINE, "the JVM", first.vmName() + " " + first.jdkVersion(),
                    other.vmName() + " " + other.jdkVersion());
            for (var row : first.rows()) {
                var same = same(row, other);
                if (same != null) {
                    var settings = new TreeSet<>(row.settings().keySet());
                    settings.addAll(same.settings().keySet());
                    for (var setting : settings) {
                        add(differences, names.get(i), Aspect.PLAN, setting, row.settings().get(setting),
                                same.settings().get(setting));
                    }
                }
            }
        }
        return differences.stream().distinct().toList();
    }

    private static void add(List<Named> differences, String side, Aspect aspect, String name, String one,
            String other) {
        if (!Objects.equals(one, other)) {
            differences.add(new Named(side, new Difference(aspect, name + " is " + one + " and " + other)));
        }
    }

    private static JmhFile.Row same(JmhFile.Row row, JmhFile file) {
        return file.rows().stream().filter(each -> key(each).equals(key(row))).findFirst().orElse(null);
    }

    private static List<Object> key(JmhFile.Row row) {
        return List.of(row.benchmark(), row.params(), row.mode(), row.unit());
    }

    /** Rows that not all files have. */
    private static List<String> unmatched(List<String> names, List<JmhFile> files) {
        var having = new LinkedHashMap<List<Object>, Set<Integer>>();
        var called = new HashMap<List<Object>, String>();
        for (var i = 0; i < files.size(); i++) {
            for (var row : files.get(i).rows()) {
                having.computeIfAbsent(key(row), _ -> new TreeSet<>()).add(i);
                called.put(key(row), row.name() + " (" + row.mode() + ", " + row.unit() + ")");
            }
        }
        return having.entrySet().stream().filter(entry -> entry.getValue().size() < files.size())
                .map(entry -> called.get(entry.getKey()) + ": only in " + entry.getValue().stream()
                        .map(names::get).collect(Collectors.joining(", ")))
                .toList();
    }

    /** A file that is named as all are, is called by its directory. */
    private static String name(Path path) {
        var directory = path.toAbsolutePath().getParent();
        return path.endsWith("bench.json") && directory.getFileName() != null
                ? directory.getFileName().toString()
                : path.getFileName().toString();
    }

    private static List<Row> rows(List<JmhFile> files) {
        var rows = new ArrayList<Row>();
        for (var first : files.getFirst().rows()) {
            var same = files.stream().map(file -> same(first, file)).toList();
            if (same.stream().allMatch(Objects::nonNull)) {
                var timed = !Double.isNaN(first.unitNanos());
                var scale = timed ? first.unitNanos() / 1e3 : 1;
                List<Ratio> ratios = same.stream().skip(1)
                        .map(row -> Estimates.welch(first.forkMedians(), row.forkMedians())).toList();
                rows.add(new Row(first.name(), timed ? Unit.EXACT_MICROS : Unit.NUMBER,
                        same.stream().map(row -> JmhFile.Row.median(row.forkMedians()) * scale).toList(), ratios));
            }
        }
        return rows;
    }
}
