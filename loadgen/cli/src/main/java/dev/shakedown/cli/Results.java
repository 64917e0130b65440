package dev.shakedown.cli;

import dev.shakedown.report.html.Report;
import dev.shakedown.results.ResultFile;
import dev.shakedown.run.RunsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Results as people name them. */
final class Results {
    private static final List<String> FILES = List.of(ResultFile.RUN_JSON, ResultFile.BEGUN, Report.CAPACITY,
            Report.COST, Report.BENCH);

    private Results() {}

    /**
     * The last results in results/runs, the last one first.
     *
     * @throws IOException with a sentence for people, if there are not so many
     */
    static List<Path> last(int count) throws IOException {
        return last(count, FILES, "results");
    }

    /** The last runs there, likewise. */
    static List<Path> lastRuns(int count) throws IOException {
        return last(count, List.of(ResultFile.RUN_JSON), "runs");
    }

    private static List<Path> last(int count, List<String> files, String what) throws IOException {
        var found = RunsDirectory.all().stream()
                .filter(path -> files.stream().anyMatch(file -> Files.exists(path.resolve(file)))).limit(count)
                .toList();
        if (found.size() < count) {
            throw new IOException(RunsDirectory.PATH + " holds " + (found.isEmpty()
                    ? "no "
                    : "only " + found.size()
                            + " of " + count + " ")
                    + what + "; name a directory, or measure with 'shakedown run'");
        }
        return found;
    }

    /**
     * What {@code given} names: a path, or the last of those in results/runs that are called so.
     *
     * @throws IOException if they cannot be read
     */
    static Path find(String given) throws IOException {
        var path = Path.of(given);
        if (Files.exists(path) || path.getNameCount() > 1) {
            return path;
        }
        return RunsDirectory.named(given).orElse(path);
    }
}
