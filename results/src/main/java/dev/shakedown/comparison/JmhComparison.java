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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares results of JMH. Each fork counts as its median, since the iterations of a fork are not independent. */
public final class JmhComparison {
    private static final String INTERVALS = "Medians over forks, and " + Estimates.CONFIDENCE
            + " intervals by Welch's t over the logarithms of the forks' medians; without a second fork there is none."
            + " They do not cover how the machine changes over hours and days: shakedown gate time measures both sides"
            + " in turn.";

    /**
     * Identifies rows of several files that are compared with each other.
     *
     * @param quantity what is measured, whatever its unit: a time, a throughput, or the unit itself
     * @param settings those that tell the row from otherwise equal ones of its file; mostly none
     */
    private record Key(String benchmark, Map<String, String> params, String mode, String quantity,
            Map<String, String> settings) {
        static Key of(JmhFile.Row row) {
            var quantity = !Double.isNaN(row.unitNanos())
                    ? "time"
                    : !Double.isNaN(row.throughputNanos()) ? "throughput" : row.unit();
            return new Key(row.benchmark(), row.params(), row.mode(), quantity, Map.of());
        }

        Key with(JmhFile.Row row, Set<String> names) {
            var values = new TreeMap<String, String>();
            names.forEach(name -> values.put(name, row.settings().getOrDefault(name, "the default")));
            return new Key(benchmark, params, mode, quantity, values);
        }

        boolean isOfSameBenchmark(Key other) {
            return benchmark.equals(other.benchmark) && params.equals(other.params);
        }

        /** Returns the row's name, with the settings that tell it from others. */
        String name(JmhFile.Row row) {
            return settings.entrySet().stream().map(setting -> " " + setting.getKey() + "=" + setting.getValue())
                    .collect(Collectors.joining("", row.name(), ""));
        }

        String describe(JmhFile.Row row) {
            return name(row) + " (" + row.mode() + ", " + row.unit() + ")";
        }
    }

    private record Results(String name, JmhFile file, Map<Key, JmhFile.Row> rows) {}

    private final List<Results> all;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private JmhComparison(List<Results> all) {
        this.all = all;
    }

    /**
     * Compares files.
     *
     * @param allowed what may differ; only the machine and the plan can
     * @throws IOException              with a sentence for people, if one cannot be read
     * @throws IllegalArgumentException with a sentence for people, if they differ in what is not allowed, if one is
     *                                  empty or holds the same row twice, or if they have nothing in common
     */
    public static Comparison of(List<Path> paths, Set<Aspect> allowed) throws IOException {
        var files = new ArrayList<JmhFile>();
        for (var path : paths) {
            files.add(JmhFile.read(path));
            if (files.getLast().rows().isEmpty()) {
                throw new IllegalArgumentException(path + " contains no benchmark");
            }
        }
        var settings = settingsThatTell(files);
        var all = new ArrayList<Results>();
        for (var i = 0; i < files.size(); i++) {
            all.add(new Results(name(paths.get(i)), files.get(i), keyed(paths.get(i), files.get(i), settings)));
        }
        return new JmhComparison(all).compare(allowed);
    }

    /** Returns the settings that tell otherwise equal rows of one file apart, such as the number of threads. */
    private static Map<Key, Set<String>> settingsThatTell(List<JmhFile> files) {
        var names = new HashMap<Key, Set<String>>();
        for (var file : files) {
            var alike = file.rows().stream().collect(Collectors.groupingBy(Key::of));
            alike.forEach((key, rows) -> rows.stream().flatMap(row -> row.settings().keySet().stream())
                    .filter(name -> rows.stream().map(row -> row.settings().get(name)).distinct().count() > 1)
                    .forEach(name -> names.computeIfAbsent(key, _ -> new TreeSet<>()).add(name)));
        }
        return names;
    }

    private static Map<Key, JmhFile.Row> keyed(Path path, JmhFile file, Map<Key, Set<String>> settings) {
        var rows = new LinkedHashMap<Key, JmhFile.Row>();
        for (var row : file.rows()) {
            var key = Key.of(row);
            var told = key.with(row, settings.getOrDefault(key, Set.of()));
            if (rows.putIfAbsent(told, row) != null) {
                throw new IllegalArgumentException(path + " contains " + told.describe(row)
                        + " twice with the same settings, so it is unclear which of the two counts");
            }
        }
        return rows;
    }

    private Comparison compare(Set<Aspect> allowed) {
        var differences = differences();
        Differences.refuse(differences, allowed);
        for (var key : all.getFirst().rows.keySet()) {
            if (all.stream().allMatch(results -> results.rows.containsKey(key))) {
                row(key, all.stream().map(results -> results.rows.get(key)).toList());
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no benchmark is in all of them: " + String.join("; ", unmatched()));
        }
        return new Comparison(all.stream().map(results -> new Side(results.name, false, null, false, false)).toList(),
                differences.stream().map(Named::toString).toList(), rows, unmatched(), notes, INTERVALS);
    }

    private List<Named> differences() {
        var differences = new ArrayList<Named>();
        var first = all.getFirst();
        for (var other : all.subList(1, all.size())) {
            add(differences, other.name, Aspect.MACHINE, "the JVM",
                    first.file.vmName() + " " + first.file.jdkVersion(),
                    other.file.vmName() + " " + other.file.jdkVersion());
            first.rows.forEach((key, row) -> {
                var same = other.rows.get(key);
                if (same != null) {
                    var settings = new TreeSet<>(row.settings().keySet());
                    settings.addAll(same.settings().keySet());
                    for (var setting : settings) {
                        add(differences, other.name, Aspect.PLAN, setting, row.settings().get(setting),
                                same.settings().get(setting));
                    }
                }
            });
        }
        return differences.stream().distinct().toList();
    }

    private static void add(List<Named> differences, String side, Aspect aspect, String name, @Nullable String one,
            @Nullable String other) {
        if (!Objects.equals(one, other)) {
            differences.add(new Named(side, new Difference(aspect, name + " is " + one + " and " + other)));
        }
    }

    /** Describes the rows that not all files have. */
    private List<String> unmatched() {
        var keys = new LinkedHashSet<Key>();
        all.forEach(results -> keys.addAll(results.rows.keySet()));
        return keys.stream().filter(key -> all.stream().anyMatch(results -> !results.rows.containsKey(key)))
                .map(this::onlyIn).toList();
    }

    private String onlyIn(Key key) {
        var own = all.stream().flatMap(results -> Stream.ofNullable(results.rows.get(key))).findFirst().orElseThrow();
        var having = all.stream().filter(results -> results.rows.containsKey(key)).toList();
        var otherwise = all.stream().filter(results -> !having.contains(results))
                .flatMap(results -> results.rows.entrySet().stream()
                        .filter(row -> row.getKey().isOfSameBenchmark(key)
                                && !Key.of(row.getValue()).equals(Key.of(own)))
                        .map(row -> results.name + " has it as " + row.getValue().mode() + ", "
                                + row.getValue().unit()))
                .toList();
        return key.describe(own) + ": only in "
                + having.stream().map(Results::name).collect(Collectors.joining(", "))
                + (otherwise.isEmpty()
                        ? ""
                        : "; " + String.join(", ", otherwise) + ", which cannot be compared with that");
    }

    private void row(Key key, List<JmhFile.Row> same) {
        var first = same.getFirst();
        var name = key.name(first);
        var timed = !Double.isNaN(first.unitNanos());
        var forks = new ArrayList<List<Double>>();
        for (var i = 0; i < same.size(); i++) {
            var row = same.get(i);
            var scale = timed
                    ? row.unitNanos() / 1e3
                    : row.unit().equals(first.unit()) ? 1 : first.throughputNanos() / row.throughputNanos();
            forks.add(row.forkMedians().stream().map(median -> median * scale).toList());
            if (!timed && !row.unit().equals(first.unit())) {
                notes.add(name + " is in " + row.unit() + " in " + all.get(i).name + ", and converted to "
                        + first.unit());
            }
            if (!isPositive(forks.getLast())) {
                notes.add(name + " has no ratio, because one of its scores in " + all.get(i).name + " is not above 0");
            }
        }
        var ratios = new ArrayList<Ratio>();
        for (var other : forks.subList(1, forks.size())) {
            ratios.add(isPositive(forks.getFirst()) && isPositive(other)
                    ? Estimates.welch(forks.getFirst(), other)
                    : null);
        }
        rows.add(new Row(name, timed ? Unit.EXACT_MICROS : Unit.NUMBER,
                forks.stream().map(JmhComparison::medianOrNull).toList(), ratios));
    }

    /** Whether a quotient of these scores means anything. */
    private static boolean isPositive(List<Double> scores) {
        return scores.stream().allMatch(score -> score > 0 && Double.isFinite(score));
    }

    private static @Nullable Double medianOrNull(List<Double> scores) {
        var median = JmhFile.Row.median(scores);
        return Double.isFinite(median) ? median : null;
    }

    /** Returns a file's name, or that of its directory if it has the usual name. */
    private static String name(Path path) {
        var directory = path.toAbsolutePath().getParent();
        return path.endsWith("bench.json") && directory != null && directory.getFileName() != null
                ? directory.getFileName().toString()
                : path.getFileName().toString();
    }
}
