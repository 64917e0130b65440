package dev.shakedown.report.html;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CostResult;
import dev.shakedown.report.BenchScreen;
import dev.shakedown.report.CapacityReport;
import dev.shakedown.report.CapacityScreen;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.CostScreen;
import dev.shakedown.report.FurtherReading;
import dev.shakedown.report.RunScreen;
import dev.shakedown.report.TextReport;
import dev.shakedown.report.Units;
import dev.shakedown.results.JmhFile;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Setting;
import dev.shakedown.results.UnfinishedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The report of a result directory in every form, whatever was measured.
 *
 * @param brief   a summary in a few words
 * @param screens makes the summary for one screen of a terminal
 * @param text    everything, for a terminal
 * @param json    the result, for programs
 * @param pages   makes the page for a browser, which may need more files of the directory
 */
public record Report(String brief, Screens screens, String text, String json, Pages pages) {
    /** Makes a screen. */
    public interface Screens {
        /** @param further where to read on */
        String of(FurtherReading further);
    }

    /** Makes a page when it is asked for. */
    public interface Pages {
        Page make() throws IOException;
    }

    public static final String CAPACITY = "capacity.json";
    public static final String COST = "cost.json";
    public static final String BENCH = "bench.json";

    /**
     * Reads a result directory, or the JSON file in one.
     *
     * @param names by which advice calls settings
     * @throws IOException with a message for people, naming the file, if it is not a result
     */
    public static Report read(Path path, Setting.Names names) throws IOException {
        var isFile = Files.isRegularFile(path);
        var directory = isFile ? path.toAbsolutePath().resolveSibling("") : path;
        for (var name : isFile ? List.of(path.getFileName().toString()) : List.of(CAPACITY, COST, BENCH)) {
            var file = directory.resolve(name);
            if (Files.exists(file)) {
                switch (name) {
                    case CAPACITY -> {
                        var results = CapacityResult.read(file);
                        whole(file, results, result -> result.capacity() == null || result.steps() == null
                                || result.plan() == null || result.target() == null || result.client() == null);
                        return capacity(results);
                    }
                    case COST -> {
                        var results = CostResult.read(file);
                        whole(file, results, result -> result.full() == null || result.resumed() == null
                                || result.ratio() == null || result.plan() == null || result.target() == null
                                || result.client() == null || result.plan().shape().ratePerSecond() == null
                                || result.plan().shape().durationSeconds() == null);
                        return cost(results, names);
                    }
                    case BENCH -> {
                        return bench(JmhFile.read(file), Files.readString(file));
                    }
                    default -> {
                        // the result of a run
                    }
                }
            }
        }
        var begun = !isFile || path.endsWith(ResultFile.BEGUN);
        return run(begun && UnfinishedRun.isIn(directory) ? UnfinishedRun.read(directory) : RunResult.read(path),
                directory, names);
    }

    private static <T> void whole(Path file, List<T> results, Predicate<T> lacking) throws IOException {
        if (results.isEmpty() || results.stream().anyMatch(result -> result == null || lacking.test(result))) {
            throw new IOException(file + " is not a whole result: it lacks parts that every " + file.getFileName()
                    + " has");
        }
    }

    /**
     * Returns the report of a run.
     *
     * @param directory with the other files of the result
     * @param names     by which advice calls settings
     */
    public static Report run(RunResult result, Path directory, Setting.Names names) {
        return new Report("run       " + RunScreen.brief(result), further -> RunScreen.of(result, names, further),
                TextReport.of(result, names),
                result.toJson(),
                () -> RunPage.of(result, directory, names));
    }

    public static Report capacity(List<CapacityResult> results) {
        return new Report("capacity  " + CapacityScreen.brief(results), further -> CapacityScreen.of(results, further),
                results.stream().map(CapacityReport::of).collect(Collectors.joining("\n")),
                CapacityResult.toJson(results), () -> CapacityPage.of(results));
    }

    /** @param names by which advice calls settings */
    public static Report cost(List<CostResult> results, Setting.Names names) {
        return new Report("cost      " + CostScreen.brief(results), further -> CostScreen.of(results, names, further),
                results.stream().map(result -> CostReport.of(result, names)).collect(Collectors.joining("\n")),
                CostResult.toJson(results), () -> CostPage.of(results, results.getFirst().saving().share(), names));
    }

    private static Report bench(JmhFile file, String json) {
        var text = new StringBuilder();
        for (var row : file.rows()) {
            text.append(String.format(Locale.ROOT, "%-58s %12s%n", row.name(), BenchScreen.figure(row)));
        }
        return new Report("bench     " + Units.count(file.rows().size(), "row"),
                further -> BenchScreen.of(file, further), text.toString(),
                json, () -> BenchPage.of(file));
    }
}
