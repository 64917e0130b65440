package dev.shakedown.cli;

import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints earlier results again. */
@Command(name = "report", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown report [OPTIONS] [RESULT]", //
        header = "Print the results of run, capacity, cost or bench again.", //
        description = {
            "--format html writes report.html into the directory again, with a CSV file for each chart below csv, and"
                    + " prints the page as well unless standard output is a terminal.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown report results/runs/20260131-120000-127.0.0.1",
            "  shakedown report results/runs/20260131-120000-127.0.0.1 --format html"})
final class ReportCommand implements Callable<Integer> {
    private enum Format {
        TEXT, JSON, HTML
    }

    @Parameters(arity = "0..1", paramLabel = "RESULT", //
            description = "A result directory, the JSON file in one, or a name in results/runs (default: the newest"
                    + " there).")
    private @Nullable String given;

    @Option(names = "--details", //
            description = "Print everything, not only what fits on one screen.")
    private boolean details;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "Print text or json, or make the page with html (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            var path = given == null ? Results.last(1).getFirst() : Results.find(given);
            var directory = Files.isDirectory(path) ? path : path.toAbsolutePath().resolveSibling("");
            var report = Report.read(path, OptionNames::of);
            var out = spec.commandLine().getOut();
            switch (format) {
                case TEXT -> out.print(OutputOptions.text(report, beside(path), details, spec.commandLine()));
                case JSON -> out.print(report.json());
                case HTML -> html(report, directory);
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Returns the directory that a path names or is in, as given. */
    private static Path beside(Path path) {
        return Files.isDirectory(path) ? path : Objects.requireNonNullElse(path.getParent(), Path.of("."));
    }

    private void html(Report report, Path directory) throws IOException {
        var page = report.pages().make();
        try {
            HtmlPage.write(page, directory);
        } catch (IOException e) {
            // Results in a read-only directory can still be looked at.
            Main.complain(spec.commandLine().getErr(),
                    e.getMessage() + "; only standard output has it");
        }
        if (System.console() == null || !System.console().isTerminal()) {
            spec.commandLine().getOut().print(HtmlPage.of(page));
        } else {
            spec.commandLine().getOut().println(directory.resolve(HtmlPage.FILE));
        }
    }
}
