package dev.shakedown.cli;

import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

    @Parameters(paramLabel = "DIR", description = "A result directory, or the JSON file in one.")
    private Path path;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "text, json or html (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            var report = Report.read(path, OptionNames::of);
            var out = spec.commandLine().getOut();
            switch (format) {
                case TEXT -> out.print(report.text());
                case JSON -> out.print(report.json());
                case HTML -> html(report);
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void html(Report report) throws IOException {
        var directory = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
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
