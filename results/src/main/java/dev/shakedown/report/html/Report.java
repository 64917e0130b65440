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
 * What a result directory holds, whatever was measured, for every reader.
 *
 * @param brief   in a few words
 * @param screens for a terminal, on one screen
 * @param text  for a terminal, all of it
 * @param json  for programs
 * @param pages makes the page for a browser, which may need more files of the directory
 */
public record Report(String brief, Screens screens, String text, String json, Pages pages) {
    /** Makes a screen. */
    public interface Screens {
        /** @param further where one reads on */
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
     * @param names by which people set what the report speaks of
     * @throws IOException with a message for people, naming the file, if it holds no result
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
                        // a run's
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
            throw new IOException(file + " is not what it is named for: it lacks parts of the result");
        }
    }

    /**
     * The report of a run.
     *
     * @param directory with what else the run left
     * @param names     by which people set what the report speaks of
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

    /** @param names by which people set what the report speaks of */
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
