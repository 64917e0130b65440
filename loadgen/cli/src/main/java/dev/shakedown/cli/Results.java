package dev.shakedown.cli;

import dev.shakedown.report.html.Report;
import dev.shakedown.results.ResultFile;
import dev.shakedown.run.RunsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds results as people name them. */
final class Results {
    private static final List<String> FILES = List.of(ResultFile.RUN_JSON, ResultFile.BEGUN, Report.CAPACITY,
            Report.COST, Report.BENCH);

    private Results() {}

    /**
     * Returns the newest results in results/runs, newest first.
     *
     * @throws IOException with a sentence for people, if there are fewer
     */
    static List<Path> last(int count) throws IOException {
        return last(count, FILES, "results");
    }

    /** Returns the newest runs in results/runs, newest first. */
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
     * Returns what {@code given} names: a path, or the newest result of that name in results/runs.
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
