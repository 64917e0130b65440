package dev.shakedown.cli;

import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.Objective;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Schedule;
import dev.shakedown.report.html.Report;
import dev.shakedown.run.value.Server;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.CapacityRun;
import dev.shakedown.run.LocalRunner;
import dev.shakedown.run.ResultDirectory;
import dev.shakedown.run.value.Rate;
import dev.shakedown.run.value.Share;
import dev.shakedown.run.TrialRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds the highest rate that a server holds. */
@Command(name = "capacity", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown capacity [OPTIONS] HOST:PORT", //
        header = "Find the highest rate of handshakes at which a server holds an objective.", //
        description = {
            "Open-loop runs of a few seconds bracket the rate and narrow it down, and a longer one confirms it; each"
                    + " begins only when the server has finished with the one before.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown capacity 127.0.0.1:8443 --objective 'p99<20ms,failures<0.1%%'",
            "  shakedown capacity 127.0.0.1:8443 --mix full=1 --precision 5%%"})
final class CapacityCommand implements Callable<Integer> {
    @Parameters(paramLabel = "HOST:PORT", description = "The server.")
    private Server target;

    @ArgGroup(exclusive = false, order = 1, heading = "%nSearch:%n")
    private SearchOptions search = new SearchOptions();

    @ArgGroup(exclusive = false, order = 2, heading = "%nLoad:%n")
    private ArrivalOptions arrivals = new ArrivalOptions();

    @Mixin
    private LoadingOptions loading;

    @ArgGroup(exclusive = false, order = 7, heading = "%nResults:%n")
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec;

    private final TrialRunner runner;

    CapacityCommand() {
        this(new LocalRunner());
    }

    /** @param runner performs the runs */
    CapacityCommand(TrialRunner runner) {
        this.runner = runner;
    }

    private static final class SearchOptions {
        @Option(names = "--objective", paramLabel = "TERMS", defaultValue = "p99<100ms,failures<0.1%", //
                description = "Terms that must all hold: p50, p90, p95, p99, p99.9, mean or max below a time,"
                        + " failures below a share (default: p99<100ms,failures<0.1%%).")
        private String objective;

        @Option(names = "--precision", paramLabel = "SHARE", defaultValue = "3%", //
                description = "Find the rate to within this share of it (default: 3%%).")
        private Share precision;

        @Option(names = "--from", paramLabel = "R", defaultValue = "100", //
                description = "Begin at this many handshakes per second (default: ${DEFAULT-VALUE}).")
        private Rate from;

        @Option(names = "--max-rate", paramLabel = "R", defaultValue = "1000000", //
                description = "Try at most this many handshakes per second (default: ${DEFAULT-VALUE}).")
        private Rate mostRate;

        @Option(names = "--step", paramLabel = "TIME", defaultValue = "5s", //
                description = "Length of each run of the search (default: ${DEFAULT-VALUE}).")
        private Duration step;

        @Option(names = "--confirm", paramLabel = "TIME", defaultValue = "20s", //
                description = "Length of the run that confirms the answer (default: ${DEFAULT-VALUE}).")
        private Duration confirm;

        @Option(names = "--settle", paramLabel = "TIME", defaultValue = "60s", //
                description = "Wait after each run until the server is idle again, for this long at most (default:"
                        + " ${DEFAULT-VALUE}).")
        private Duration settle;
    }

    private static final class ArrivalOptions {
        @Option(names = "--mix", paramLabel = "WEIGHTS", //
                description = "Ask for full and resumed handshakes in this ratio, such as 20/80; give the option"
                        + " again to search further mixes in turn (default: " + ShapeOptions.DEFAULT_MIX
                        + ").")
        private List<Mix> mixes = List.of();

        @Option(names = "--arrivals", paramLabel = "SHAPE", defaultValue = "constant", //
                description = "Space arrivals evenly (constant) or at random (poisson) (default: ${DEFAULT-VALUE}).")
        private Schedule.Shape shape;
    }

    @Override
    public Integer call() throws IOException {
        try {
            return search();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int search() throws IOException {
        var objective = Objective.parse(search.objective);
        var precision = GateOptions.share("--precision", search.precision, 1);
        var rates = new CapacityRun.Rates(search.from.perSecond(), search.mostRate.perSecond());
        if (!(search.from.perSecond() >= 0.1 && search.from.perSecond() <= search.mostRate.perSecond())) {
            throw new IllegalArgumentException(
                    "--from must be from 0.1 to --max-rate, but is " + search.from);
        }
        if (!search.step.isPositive() || !search.confirm.isPositive()) {
            throw new IllegalArgumentException("--step and --confirm must be longer than 0s");
        }
        output.check();
        var addresses = loading.targets(target);
        loading.quiet = output.quiet;
        var mixes = arrivals.mixes.isEmpty() ? List.of(Mix.parse(ShapeOptions.DEFAULT_MIX)) : arrivals.mixes;
        // All are checked before any is measured.
        var plans = mixes.stream().map(mix -> loading.plan(addresses, ShapeOptions.of(mix))).toList();
        var progress = new Progress(spec.commandLine().getErr(), output.quiet);
        var directory = ResultDirectory.make("--out", output.directory, output.name, addresses.getFirst(),
                Report.CAPACITY);
        var run = new CapacityRun(plans, new CapacityRun.Terms(objective, precision,
                rates, arrivals.shape,
                new CapacityRun.Lengths(search.step, search.confirm, search.settle)), "--settle", runner);
        Interrupt.onFirst(run::stop);
        var results = run.run(mixes.stream().<Consumer<String>>map(
                mix -> line -> progress.line((mixes.size() == 1 ? "" : "mix " + mix + ", ") + line)).toList());
        progress.clear();
        if (results.isEmpty()) {
            throw new CannotRunException("interrupted before there was an answer");
        }
        progress.say("results in " + directory);
        output.report(Report.capacity(results), directory, spec.commandLine(),
                () -> WholeFile.write(directory.resolve(Report.CAPACITY), CapacityResult.toJson(results)));
        return results.stream().mapToInt(CapacityCommand::verdict).max().orElseThrow();
    }

    private static int verdict(CapacityResult result) {
        var found = result.capacity();
        return switch (found.limitedBy()) {
            case Capacity.GENERATOR, Capacity.INTERRUPTED -> Main.EXIT_UNFIT;
            default -> found.ratePerSecond() == 0 ? Main.EXIT_MISSED : 0;
        };
    }
}
