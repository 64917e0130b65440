package dev.shakedown.cli;

import dev.shakedown.report.html.Report;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.RunsDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the results. */
@Command(name = "runs", mixinStandardHelpOptions = true, sortOptions = false, //
        header = "List the results in results/runs, newest first.", //
        description = {"report and compare accept any of these names, or the name given with --name.%n"}, //
        footer = {"", "Examples:", "  shakedown runs --all", "  shakedown report 20260101-120000-embedded"})
final class RunsCommand implements Callable<Integer> {
    /** With the line that counts the rest, these fit on a screen. */
    private static final int ON_A_SCREEN = 20;
    private static final int COLUMNS = 80;

    @Option(names = "--all", //
            description = "List all results, not only the last " + ON_A_SCREEN
                    + ".")
    private boolean all;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try {
            var directories = RunsDirectory.all();
            if (directories.isEmpty()) {
                Main.complain(spec.commandLine().getErr(), RunsDirectory.PATH
                        + " holds no results yet; make some with 'shakedown run'");
                return 0;
            }
            var shown = all ? directories : directories.subList(0, Math.min(ON_A_SCREEN, directories.size()));
            var width = shown.stream().mapToInt(path -> path.getFileName().toString().length()).max().orElse(0);
            for (var directory : shown) {
                var line = String.format("%-" + width + "s  %s", directory.getFileName(), brief(directory));
                out.println(all || line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 2) + " …");
            }
            if (shown.size() < directories.size()) {
                out.println((directories.size() - shown.size()) + " older ones: shakedown runs --all");
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            throw new CannotRunException("cannot read " + RunsDirectory.PATH + ": " + e.getMessage(), e);
        }
    }

    private static String brief(Path directory) {
        try {
            return Report.read(directory, OptionNames::of).brief();
        } catch (IOException _) {
            return "no result that report can read";
        }
    }
}
