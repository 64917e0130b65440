package dev.shakedown.cli;

import dev.shakedown.comparison.Comparison;
import dev.shakedown.comparison.Differences;
import dev.shakedown.comparison.Differences.Aspect;
import dev.shakedown.comparison.JmhComparison;
import dev.shakedown.comparison.RunComparison;
import dev.shakedown.report.ComparisonReport;
import dev.shakedown.report.html.ComparePage;
import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.RunPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares results side by side. */
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown compare [OPTIONS] [RESULT...]", //
        header = "Compare results side by side: runs, JMH results, or one run's full and resumed handshakes.", //
        description = {
            "Each result is compared with the first. A quantile is shown only if at least 100 samples lie beyond"
                    + " it.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown compare results/runs/before results/runs/after",
            "  shakedown compare before after --despite client"})
final class CompareCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "RESULT", //
            description = "Result directories of run or bench, their names in results/runs, or JSON files of JMH"
                    + " (default: the last two runs there, the older one first).")
    private List<String> given = List.of();

    @Option(names = "--details", //
            description = "Print every row, not only what fits on one screen.")
    private boolean details;

    @Option(names = "--despite", paramLabel = "WHAT", split = ",", //
            description = "Compare results although they differ in plan, machine or client.")
    private Set<Aspect> despite = Set.of();

    private enum Format {
        TEXT, JSON, HTML
    }

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "Print text, json or html, which is a page with curves and ratios (default:"
                    + " ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "--out", paramLabel = "FILE", //
            description = "Write the page of --format html to this file (default: standard output).")
    private @Nullable Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (file != null && format != Format.HTML) {
            throw new ParameterException(spec.commandLine(),
                    "--out is where the page goes, so it needs --format html; text and json go to standard output");
        }
        if (file == null && format == Format.HTML && System.console() != null && System.console().isTerminal()) {
            throw new ParameterException(spec.commandLine(),
                    "a page is not for a terminal; write it to a file, as with --out compare.html");
        }
        try {
            var paths = paths();
            var comparison = compare(paths);
            var out = spec.commandLine().getOut();
            switch (format) {
                case TEXT -> out.print(text(comparison, paths));
                case JSON -> out.print(comparison.toJson());
                case HTML -> html(HtmlPage.of(ComparePage.of(comparison, paths)), out);
            }
            out.flush();
            return 0;
        } catch (Differences.Refused e) {
            throw new ParameterException(spec.commandLine(), e.advice().in(OptionNames::of), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void html(String page, PrintWriter out) throws IOException {
        if (file == null) {
            out.print(page);
        } else {
            WholeFile.write(file, page);
            out.println(file);
        }
    }

    private List<Path> paths() throws IOException {
        if (given.isEmpty()) {
            return Results.lastRuns(2).reversed();
        }
        var paths = new ArrayList<Path>();
        for (var each : given) {
            paths.add(Results.find(each));
        }
        return paths;
    }

    private String text(Comparison comparison, List<Path> paths) {
        return details
                ? ComparisonReport.of(comparison)
                : Colours.of(ComparisonReport.screen(comparison, Main.NAME + " compare "
                        + paths.stream().map(path -> path + " ").collect(Collectors.joining())
                        + (despite.isEmpty()
                                ? ""
                                : "--despite " + despite.stream().map(RunPlan::label).sorted()
                                        .collect(Collectors.joining(",")) + " ")
                        + "--details"),
                        spec.commandLine().getColorScheme().ansi());
    }

    private Comparison compare(List<Path> paths) throws IOException {
        var benches = paths.stream().map(CompareCommand::bench).filter(path -> path != null).toList();
        if (benches.isEmpty()) {
            return RunComparison.of(paths, despite);
        }
        if (benches.size() < paths.size()) {
            throw new IllegalArgumentException("runs cannot be compared with benchmarks; name results of one kind");
        }
        if (benches.size() < 2) {
            throw new IllegalArgumentException("benchmarks need a second result to compare with");
        }
        return JmhComparison.of(benches, despite);
    }

    /** Returns JMH's JSON file at a path; {@code null} if a run is there. */
    private static @Nullable Path bench(Path path) {
        if (Files.isDirectory(path)) {
            var file = path.resolve(Report.BENCH);
            return Files.exists(file) ? file : null;
        }
        return Files.isRegularFile(path) ? path : null;
    }
}
