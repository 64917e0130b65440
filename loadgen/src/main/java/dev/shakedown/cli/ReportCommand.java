package dev.shakedown.cli;

import dev.shakedown.report.TextReport;
import dev.shakedown.results.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a finished run again. */
@Command(name = "report", mixinStandardHelpOptions = true, header = "Print the report of a finished run again.")
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "A result directory, or the run.json in one.")
    private Path directory;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputOptions.Format format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            var result = RunResult.read(directory);
            var out = spec.commandLine().getOut();
            out.print(format == OutputOptions.Format.JSON ? result.toJson() : TextReport.of(result));
            out.flush();
            return 0;
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
