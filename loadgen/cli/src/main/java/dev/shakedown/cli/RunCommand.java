package dev.shakedown.cli;

import dev.shakedown.experiment.Objective;
import dev.shakedown.load.Load;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.load.Schedule;
import dev.shakedown.net.Target;
import dev.shakedown.report.ObjectiveWords;
import dev.shakedown.report.html.Report;
import dev.shakedown.run.value.Server;
import dev.shakedown.results.RunResult;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.Descriptors;
import dev.shakedown.run.MetricsEndpoint;
import dev.shakedown.run.PlanFile;
import dev.shakedown.run.ResultDirectory;
import dev.shakedown.run.Run;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.RunVerdict;
import dev.shakedown.run.WatchedServer;
import dev.shakedown.run.value.Share;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Loads a server and reports. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown run [OPTIONS] [HOST:PORT...]", //
        header = "Load a TLS server with full and resumed handshakes, and report what each costs.", //
        description = {"Without a HOST:PORT it loads an embedded server in the same process.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown run",
            "  shakedown run 127.0.0.1:8443 --rate 1k --duration 30s --mix 20/80",
            "  shakedown run https://localhost:8443 --concurrency 64 --tls 1.3"})
final class RunCommand implements Callable<Integer> {
    private static final int MOST_TARGETS = 100;

    /** Options that a plan leaves out: what its phases say, and where the results went. */
    private static final Set<String> NOT_PLANNED = Set.of("plan", "rate", "ramp", "steps", "burst", "duration",
            "arrivals",
            "out", "name", "details",
            "format", "quiet", "authorized-target", "server-pid");

    @Parameters(arity = "0..*", paramLabel = "HOST:PORT", //
            description = "The server to load (default: an embedded one); several take turns, and each has a row in"
                    + " the report.")
    private List<Server> targets = List.of();

    @ArgGroup(exclusive = false, order = 2, heading = "%nLoad:%n")
    private ShapeOptions shape = new ShapeOptions();

    @Mixin
    private LoadingOptions loading;

    @ArgGroup(exclusive = false, order = 7, heading = "%nVerdict:%n")
    private VerdictOptions verdict = new VerdictOptions();

    @ArgGroup(exclusive = false, order = 8, heading = "%nResults:%n")
    private OutputOptions output = new OutputOptions();

    @ArgGroup(exclusive = false, order = 9, heading = "")
    private MetricsOptions metrics = new MetricsOptions();

    @Spec
    private CommandSpec spec;

    private static final class MetricsOptions {
        @Option(names = "--metrics-listen", paramLabel = "HOST:PORT", //
                description = "Serve live metrics to Prometheus at this address; port 0 picks a free one.")
        private @Nullable InetSocketAddress listen;
    }

    private static final class VerdictOptions {
        @Option(names = "--objective", paramLabel = "TERMS", //
                description = "Exit with 1 unless all these terms hold: p50, p90, p95, p99, p99.9, mean or max below"
                        + " a time, failures below a share, such as p99<20ms,failures<0.1%%.")
        private @Nullable String objective;

        @Option(names = "--strict", //
                description = "Exit with 3 if the generator or its machine may have distorted the figures, the rate"
                        + " was missed, or there were too few sessions for the mix.")
        private boolean strict;

        @Option(names = "--require-resumed", paramLabel = "SHARE", //
                description = "Exit with 1 if the server resumed less than this share (0 to 1) of the sessions"
                        + " offered to it.")
        private @Nullable Share requireResumed;

        @Option(names = "--require-completed", paramLabel = "SHARE", //
                description = "Exit with 1 if less than this share (0 to 1) of the planned arrivals completed.")
        private @Nullable Share requireCompleted;

        private RunVerdict.Requirements requirements() {
            return new RunVerdict.Requirements(strict, optional(requireResumed), optional(requireCompleted));
        }

        private static OptionalDouble optional(@Nullable Share share) {
            return share == null ? OptionalDouble.empty() : OptionalDouble.of(share.value());
        }
    }

    @Override
    public Integer call() throws IOException {
        try {
            addPlanOptions();
            loading.quiet = output.quiet;
            checkServerOptions();
            shape.check();
            if (targets.isEmpty()) {
                try (var embedded = TlsServer.start(TlsServerOptions.defaults())) {
                    return run(loading.plan(List.of(Target.loopback(embedded.address())),
                            new WatchedServer.Embedded(embedded), shape));
                }
            }
            var addresses = targets.stream().flatMap(target -> loading.targets(target).stream()).toList();
            if (addresses.size() > MOST_TARGETS) {
                throw new IllegalArgumentException(
                        addresses.size() + " servers are too many; name at most " + MOST_TARGETS);
            }
            return run(loading.plan(addresses, shape));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Adds the options of a plan file, except those that the command line gives. */
    private void addPlanOptions() {
        if (shape.plan == null) {
            return;
        }
        var command = spec.commandLine();
        var given = command.getParseResult();
        var more = PlanFile.read(ShapeOptions.PLAN, shape.plan).arguments(names(given));
        if (!more.isEmpty()) {
            var all = new ArrayList<>(given.expandedArgs());
            all.addAll(more);
            command.parseArgs(all.toArray(String[]::new));
        }
    }

    private static Set<String> names(ParseResult given) {
        return given.matchedOptions().stream().map(RunCommand::name).collect(Collectors.toSet());
    }

    private static String name(OptionSpec option) {
        return option.longestName().substring("--".length());
    }

    /** Writes the plan that repeats this run, without its target and where its results go. */
    private void writePlan(LoadPlan plan, Path directory) throws IOException {
        if (plan.pacing() instanceof OpenLoop open && plan.end().nanos().isPresent()) {
            var options = new TreeMap<String, String>();
            for (var option : spec.commandLine().getParseResult().matchedOptions()) {
                if (!NOT_PLANNED.contains(name(option))) {
                    options.put(name(option), value(option));
                }
            }
            if (open.schedule().shape() == Schedule.Shape.POISSON) {
                // Each event loop has its own random stream, so their number matters.
                options.put("threads", String.valueOf(plan.threads()));
            }
            shape.planFile().with(options).write(directory.resolve(PlanFile.NAME));
        }
    }

    /** Returns the value to write after an option's name and an equals sign; also for a flag. */
    private static String value(OptionSpec option) {
        return option.arity().max() == 0
                ? option.getValue().toString()
                : String.join(",", option.originalStringValues());
    }

    private int run(RunPlan asked) throws IOException {
        output.check();
        var plan = judged(asked);
        checkDescriptors(plan.load());
        var progress = new Progress(spec.commandLine().getErr(), output.quiet);
        var run = new Run(plan);
        RunResult result;
        try (var endpoint = metrics.listen == null ? null : metrics(metrics.listen);
                var file = ResultDirectory.create("--out", output.directory, output.name, plan.load().target(),
                        plan.server() instanceof WatchedServer.Embedded)) {
            if (endpoint != null) {
                progress.say("metrics at http://" + endpoint.address() + "/metrics");
            }
            Interrupt.onFirst(run::stop);
            var whole = whole(plan.load());
            progress.begin(whole);
            var kept = run.run(file, new ProgressReport(progress, whole, Optional.ofNullable(endpoint)));
            progress.clear();
            result = kept.result();
            progress.say("results in " + file.directory()
                    + (result.failures().isEmpty() && result.timeouts().isEmpty()
                            ? ""
                            : ", failures in its failures/"));
            output.report(Report.run(result, file.directory(), OptionNames::of), file.directory(),
                    spec.commandLine(), () -> {
                        kept.finish();
                        writePlan(plan.load(), file.directory());
                    });
        } catch (IOException e) {
            throw new CannotRunException(e);
        }
        return exitCode(RunVerdict.of(result, verdict.requirements()));
    }

    /** Returns the plan with its objective, and with the command line that traces a handshake. */
    private RunPlan judged(RunPlan asked) {
        var plan = verdict.objective == null ? asked : asked.judgedBy(Objective.parse(verdict.objective));
        return targets.isEmpty()
                ? plan
                : plan.tracedBy(TraceLine.of(targets.getFirst().toString(), plan.words().tls(),
                        spec.commandLine().getParseResult()));
    }

    private static void checkDescriptors(LoadPlan plan) {
        Descriptors.shortage(plan).ifPresent(lack -> {
            var asked = plan.pacing() instanceof ClosedLoop(var slots) ? "--concurrency " + slots + " with " : "";
            throw new CannotRunException(asked + "--threads " + plan.threads() + " " + lack);
        });
    }

    /** Returns how much there is to do. */
    private static Progress.Whole whole(LoadPlan load) {
        var seconds = load.end().nanos().isPresent()
                ? OptionalDouble.of(load.end().nanos().getAsLong() / 1e9)
                : OptionalDouble.empty();
        var arrivals = load.pacing() instanceof OpenLoop open && seconds.isPresent()
                ? OptionalLong.of(Math.round(open.schedule().meanPerSecond() * seconds.getAsDouble()))
                : load.end().arrivals();
        return new Progress.Whole(arrivals, seconds);
    }

    /** Reports progress to the user and to Prometheus. */
    private record ProgressReport(Progress progress, Progress.Whole whole, Optional<MetricsEndpoint> metrics)
            implements
                Run.Listener {
        @Override
        public void second(Run.Second second) {
            metrics.ifPresent(endpoint -> endpoint.second(second.interval(), second.inFlight()));
            progress.second(second, whole);
        }

        @Override
        public void say(String sentence) {
            progress.say(sentence);
        }
    }

    private static MetricsEndpoint metrics(InetSocketAddress listen) {
        try {
            return new MetricsEndpoint(listen);
        } catch (IOException e) {
            throw new IllegalArgumentException(Targets.cannotListen("--metrics-listen", listen, e), e);
        }
    }

    private int exitCode(RunVerdict found) {
        var err = spec.commandLine().getErr();
        return switch (found) {
            case RunVerdict.Passed _ -> 0;
            case RunVerdict.NothingCompleted(var reason) -> {
                Main.complain(err, "no handshake completed" + reason);
                yield Main.EXIT_UNFIT;
            }
            case RunVerdict.Unfit(var reason) -> {
                Main.complain(err, "--strict: " + reason);
                yield Main.EXIT_UNFIT;
            }
            case RunVerdict.MissedObjective(var terms) -> {
                Main.complain(err, ObjectiveWords.missed(terms));
                yield Main.EXIT_MISSED;
            }
            case RunVerdict.TooFewCompleted few -> {
                Main.complain(err, "%d of %d planned arrivals completed, a share of %.4f, but %s was required"
                        .formatted(few.completed(), few.planned(), few.share(), few.required()));
                yield Main.EXIT_MISSED;
            }
            case RunVerdict.TooFewResumed few -> {
                Main.complain(err, few.offered() == 0
                        ? "--require-resumed: the server issued no session that could be offered to it"
                        : "the server resumed %d of %d sessions offered to it, a share of %.4f, but %s was required"
                                .formatted(few.accepted(), few.offered(), few.share(), few.required()));
                yield Main.EXIT_MISSED;
            }
        };
    }

    private void checkServerOptions() {
        var wanted = verdict.requireResumed;
        LoadOptions.partOfAll("--require-resumed", wanted);
        LoadOptions.partOfAll("--require-completed", verdict.requireCompleted);
        if (wanted != null && shape.mix.resumed() == 0) {
            throw new IllegalArgumentException("--require-resumed needs a --mix that asks for resumed handshakes");
        }
        if (loading.server.isNamed() && targets.isEmpty()) {
            throw new IllegalArgumentException("--server-pid is for a server of your own; the embedded one is always"
                    + " watched");
        }
        loading.server.check();
    }
}
