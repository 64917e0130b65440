package dev.shakedown.cli;

import dev.shakedown.report.FurtherReading;
import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.RunsDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where results go, and how they are printed. */
final class OutputOptions {
    /** How a result is printed. */
    enum Format {
        TEXT, JSON
    }

    /** A name that file systems and shells accept; it cannot be mistaken for a time, which begins with a digit. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,59}");

    @Option(names = "--out", paramLabel = "DIR", //
            description = "Write the results to this directory (default: results/runs/<time>-<target>).")
    @Nullable
    Path directory;

    @Option(names = "--name", paramLabel = "NAME", //
            description = "Name the results instead of using the target's name; report, compare and runs accept it.")
    @Nullable
    String name;

    @Option(names = "--details", //
            description = "Print everything, not only what fits on one screen.")
    boolean details;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "Print text or json to standard output (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(names = "--quiet", //
            description = "Print no progress to standard error.")
    boolean quiet;

    /** @throws IllegalArgumentException with a sentence for the user, if no directory can have this name */
    void check() {
        if (name != null && !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "--name " + name + " must have 1 to 60 letters, digits, dots, dashes and"
                            + " underscores, and begin with a letter");
        }
        if (name != null && directory != null) {
            throw new IllegalArgumentException("--name is for a directory below " + RunsDirectory.PATH
                    + ", but --out names another; leave one out");
        }
    }

    /** Writes files. */
    interface Files {
        /** @throws IOException with a message for people that names the file */
        void write() throws IOException;
    }

    /**
     * Writes the result's files, prints the report in the chosen format, and writes it as a page into the result
     * directory. It is printed even if no file can be written.
     *
     * @throws CannotRunException that names the first file that could not be written
     */
    void report(Report report, Path results, CommandLine command, Files files) {
        var out = command.getOut();
        try {
            try {
                files.write();
                RunsDirectory.linkLatest(results);
            } finally {
                out.print(format == Format.JSON ? report.json() : text(report, results, details, command));
                out.flush();
            }
            HtmlPage.write(report.pages().make(), results);
        } catch (IOException e) {
            throw new CannotRunException(e);
        }
    }

    /** Returns the text of a report: one screen, or everything. */
    static String text(Report report, Path results, boolean details, CommandLine command) {
        return details
                ? report.text()
                : Colours.of(report.screens().of(further(results)), command.getColorScheme().ansi());
    }

    private static FurtherReading further(Path results) {
        var latest = RunsDirectory.isLatest(results);
        return new FurtherReading((latest ? RunsDirectory.LATEST : results).resolve(HtmlPage.FILE).toString(),
                Main.NAME + " report" + (latest ? "" : " " + results) + " --details");
    }
}
