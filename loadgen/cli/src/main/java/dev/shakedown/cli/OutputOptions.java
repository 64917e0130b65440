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

/** Where results go. */
final class OutputOptions {
    /** How a result is printed. */
    enum Format {
        TEXT, JSON
    }

    /** As file systems and shells take it; a time begins with a digit. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,59}");

    @Option(names = "--out", paramLabel = "DIR", //
            description = "Directory for the results (default: results/runs/<time>-<target>).")
    @Nullable
    Path directory;

    @Option(names = "--name", paramLabel = "NAME", //
            description = "What to call the result, in place of the target's name: report, compare and runs take it.")
    @Nullable
    String name;

    @Option(names = "--details", description = "Print all that was found, and not only what fits a screen.")
    boolean details;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "What standard output gets: text or json (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(names = "--quiet", description = "No progress on standard error.")
    boolean quiet;

    /** @throws IllegalArgumentException with a sentence for the user, unless a directory can be named for it */
    void check() {
        if (name != null && !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "--name " + name + " must be of 1 to 60 letters, digits, dots, dashes and"
                            + " underscores, and begin with a letter");
        }
        if (name != null && directory != null) {
            throw new IllegalArgumentException("--name is for a directory below " + RunsDirectory.PATH
                    + ", but --out names another; leave one of them out");
        }
    }

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

    /** What people read: a screen, or all of it. */
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
