package dev.shakedown.cli;

import dev.shakedown.comparison.GateResult;
import dev.shakedown.comparison.RowVerdict.Verdict;
import dev.shakedown.report.GateReport;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.value.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that all gates share: where results go, and which exit code they lead to. */
final class GateOptions {
    private static final double LEAST_SHARE = 0.001;

    private enum Format {
        TEXT, JSON, MARKDOWN
    }

    private enum OnInconclusive {
        FAIL, WARN
    }

    @Option(names = "--on-inconclusive", paramLabel = "WHAT", defaultValue = "fail", //
            description = "Exit code when inconclusive: fail (3) or warn (0) (default: ${DEFAULT-VALUE}).")
    private OnInconclusive onInconclusive;

    @Option(names = "--out", paramLabel = "DIR", //
            description = "Write the results to this directory: gate.json, gate.md (a job summary), gate.xml (JUnit)"
                    + " and smaller-is-better.json (for github-action-benchmark) (default: results/runs/<time>-gate).")
    @Nullable
    Path directory;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "Print text, json or markdown to standard output (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "--details", //
            description = "Print every row with its reason, not only what fits on one screen.")
    private boolean details;

    @Option(names = "--quiet", //
            description = "Print no progress to standard error.")
    boolean quiet;

    /** Creates the directory for the results. */
    Path make() throws IOException {
        if (directory == null) {
            directory = Path.of("results", "runs",
                    DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now()) + "-gate");
        }
        if (Files.exists(directory.resolve("gate.json"))) {
            throw new IllegalArgumentException(
                    "--out: " + directory + " already holds a gate.json; nothing is overwritten,"
                            + " so name another directory");
        }
        return Files.createDirectories(directory);
    }

    /** Writes and prints the result, and returns the exit code. */
    int finish(GateResult result, CommandLine command) throws IOException {
        var out = command.getOut();
        // Set by make().
        var made = Objects.requireNonNull(directory);
        try {
            WholeFile.write(made.resolve("gate.json"), result.toJson());
            WholeFile.write(made.resolve("gate.md"), GateReport.markdown(result));
            WholeFile.write(made.resolve("gate.xml"), GateReport.junit(result));
            WholeFile.write(made.resolve("smaller-is-better.json"), GateReport.smallerIsBetter(result));
        } finally {
            out.print(switch (format) {
                case TEXT -> details
                        ? GateReport.text(result)
                        : Colours.of(GateReport.screen(result, made.resolve("gate.md").toString()),
                                command.getColorScheme().ansi());
                case JSON -> result.toJson();
                case MARKDOWN -> GateReport.markdown(result);
            });
            out.flush();
        }
        if (result.verdict() == Verdict.INCONCLUSIVE && onInconclusive == OnInconclusive.WARN) {
            Main.complain(command.getErr(), "some rows are inconclusive (--on-inconclusive=warn)");
            return 0;
        }
        return switch (result.verdict()) {
            case FAIL -> Main.EXIT_MISSED;
            case INCOMPARABLE -> Main.EXIT_INCOMPARABLE;
            case INCONCLUSIVE -> Main.EXIT_UNFIT;
            case PASS -> 0;
        };
    }

    /**
     * Checks a share by which something may differ.
     *
     * @throws IllegalArgumentException if it is not from 0.1% to {@code most}, or might mean two things
     */
    static double share(String option, Share share, int most) {
        if (share.isAmbiguous() || share.value() < LEAST_SHARE || share.value() > most) {
            throw new IllegalArgumentException(option + " must be from 0.1% to " + 100 * most + "%, but is "
                    + share.text() + (share.isAmbiguous() ? "; did you mean 1% or 100%?" : ""));
        }
        return share.value();
    }

    /** @throws IllegalArgumentException if this number of pairs cannot be judged */
    static void checkPairs(int pairs) {
        if (pairs < 8 || pairs > 200 || pairs % 2 != 0) {
            throw new IllegalArgumentException(
                    "--pairs must be an even number from 8 to 200 (fewer give no 99 % bound,"
                            + " and each side begins half of them), but is " + pairs);
        }
    }
}
