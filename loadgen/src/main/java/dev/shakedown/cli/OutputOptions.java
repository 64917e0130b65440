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

    /** Leaves the report in the result directory as a page, and prints it as was asked for. */
    void report(Report report, Path results, PrintWriter out) throws IOException {
        HtmlPage.write(report.page(), results);
        out.print(format == Format.JSON ? report.json() : report.text());
        out.flush();
    }
}
