package dev.shakedown.comparison;

import dev.shakedown.comparison.Comparison.Ratio;
import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.comparison.Comparison.Side;
import dev.shakedown.comparison.Comparison.Unit;
import dev.shakedown.comparison.Differences.Aspect;
import dev.shakedown.results.JmhFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Results of JMH side by side. What stands for a fork is its median: iterations of one are not independent. */
public final class JmhComparison {
    private static final String INTERVALS = "Medians over forks, and 95 % intervals by Welch's t over the logarithms of the"
            + " forks' medians; without a second fork there is none. Hours and days are not in it: shakedown gate time"
            + " measures both sides in turn.";

    private JmhComparison() {}

    /**
     * Compares files.
     *
     * @param allowed what may differ; of this only the machine can
     * @throws IOException              with a sentence for people, if one cannot be read
     * @throws IllegalArgumentException with a sentence for people, if they differ in what is not allowed, or have
     *                                  nothing in common
     */
    public static Comparison of(List<Path> paths, Set<Aspect> allowed) throws IOException {
        var files = new ArrayList<JmhFile>();
        for (var path : paths) {
            files.add(JmhFile.read(path));
        }
        var differences = new ArrayList<String>();
        for (var i = 1; i < files.size(); i++) {
            var first = files.getFirst().vmName() + " " + files.getFirst().jdkVersion();
            var other = files.get(i).vmName() + " " + files.get(i).jdkVersion();
            if (!first.equals(other)) {
                var words = "the JVM is " + first + " and " + other;
                if (!allowed.contains(Aspect.MACHINE)) {
                    throw new IllegalArgumentException(paths.getFirst() + " and " + paths.get(i) + " differ: " + words
                            + "; if that is what you want to compare, say --despite machine");
                }
                differences.add(paths.get(i) + ": " + words);
            }
        }
        var rows = rows(files);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no benchmark is in all of them");
        }
        return new Comparison(paths.stream().map(path -> new Side(name(path), null, false, false)).toList(),
                differences,
                rows, INTERVALS);
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
            var same = files.stream().map(file -> file.rows().stream()
                    .filter(row -> row.benchmark().equals(first.benchmark()) && row.params().equals(first.params())
                            && row.mode().equals(first.mode()) && row.unit().equals(first.unit()))
                    .findFirst().orElse(null)).toList();
            if (same.stream().allMatch(Objects::nonNull)) {
                var timed = !Double.isNaN(first.unitNanos());
                var scale = timed ? first.unitNanos() / 1e3 : 1;
                List<Ratio> ratios = same.stream().skip(1)
                        .map(row -> Estimates.welch(first.forkMedians(), row.forkMedians())).toList();
                rows.add(new Row(first.name(), timed ? Unit.MICROS : Unit.NUMBER,
                        same.stream().map(row -> JmhFile.Row.median(row.forkMedians()) * scale).toList(), ratios));
            }
        }
        return rows;
    }
}
