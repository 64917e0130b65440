package dev.shakedown.cli;

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
}
