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

/** Reports again what was found. */
@Command(name = "report", mixinStandardHelpOptions = true, sortOptions = false, //
        header = "Report again what run, capacity, cost or bench has found.", //
        description = {"--format html makes report.html in the directory anew, and a CSV file for each of its pictures"
                + " below csv; standard output gets the page too, unless that is a terminal.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown report results/runs/20260131-120000-127.0.0.1",
            "  shakedown report results/runs/20260131-120000-127.0.0.1 --format html"})
final class ReportCommand implements Callable<Integer> {
    private enum Format {
        TEXT, JSON, HTML
    }

    @Parameters(arity = "0..1", paramLabel = "DIR", //
            description = "A result directory, the JSON file in one, or the name of one in results/runs (default: the"
                    + " last one there).")
    private @Nullable String given;

    @Option(names = "--details", description = "Print all that was found, and not only what fits a screen.")
    private boolean details;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "text, json or html (default: ${DEFAULT-VALUE}).")
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

    /** The directory that a path names or lies in, as it was given. */
    private static Path beside(Path path) {
        return Files.isDirectory(path) ? path : Objects.requireNonNullElse(path.getParent(), Path.of("."));
    }

    private void html(Report report, Path directory) throws IOException {
        var page = report.pages().make();
        try {
            HtmlPage.write(page, directory);
        } catch (IOException e) {
            // Somebody else's results can be looked at all the same.
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
