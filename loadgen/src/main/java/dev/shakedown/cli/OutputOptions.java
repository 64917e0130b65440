package dev.shakedown.cli;

import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where results go. */
final class OutputOptions {
    /** How a result is printed. */
    enum Format {
        TEXT, JSON
    }

    @Option(names = "--out", paramLabel = "DIR", //
            description = "Directory for the results (default: results/runs/<time>-<target>).")
    Path directory;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "What standard output gets: text or json (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(names = "--quiet", description = "No progress on standard error.")
    boolean quiet;

    /** Prints the report as was asked for, and leaves it in the result directory as a page. */
    void report(Report report, Path results, PrintWriter out) throws IOException {
        out.print(format == Format.JSON ? report.json() : report.text());
        out.flush();
        HtmlPage.write(report.pages().make(), results);
    }
}
