package dev.shakedown.cli;

import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.run.CannotRunException;
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

    /** Writes files. */
    interface Files {
        /** @throws IOException with a message for people that names the file */
        void write() throws IOException;
    }

    /**
     * Writes the result's files, prints the report as was asked for, and leaves it in the result directory as a page.
     * It is printed even if no file can be written.
     *
     * @throws CannotRunException that names the first file that could not be written
     */
    void report(Report report, Path results, PrintWriter out, Files files) {
        try {
            try {
                files.write();
            } finally {
                out.print(format == Format.JSON ? report.json() : report.text());
                out.flush();
            }
            HtmlPage.write(report.pages().make(), results);
        } catch (IOException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }
}
