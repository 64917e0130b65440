package dev.shakedown.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.shakedown.load.Aim;
import dev.shakedown.load.FailureWatch;
import dev.shakedown.load.Load;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.load.Ports;
import dev.shakedown.load.Schedule;
import dev.shakedown.net.Target;
import dev.shakedown.report.SessionWords;
import dev.shakedown.load.process.CpuReading;
import dev.shakedown.load.process.CpuSource;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.HostPort;
import dev.shakedown.results.Interval;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Summary;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.MetricsEndpoint;
import dev.shakedown.run.PlanFile;
import dev.shakedown.run.ResultDirectory;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.Witness;
import dev.shakedown.trace.FailureTraces;
import dev.shakedown.trace.Meaning;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
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
        description = {"With no target it starts an embedded one in the same process.%n"})
final class RunCommand implements Callable<Integer> {
    /** Descriptors that are needed besides one for each handshake under way and those of event loops. */
    private static final long SPARE_DESCRIPTORS = 100;
    private static final int MOST_TARGETS = 100;
    /** What the most demanding transport opens for an event loop. */
    private static final long DESCRIPTORS_PER_LOOP = 4;

    /** What a plan that repeats a run does not hold: what its phases say, and where the run went. */
    private static final Set<String> NOT_PLANNED = Set.of("plan", "rate", "ramp", "steps", "burst", "duration",
            "arrivals",
            "out",
            "format", "quiet", "authorized-target", "server-pid");

    @Parameters(arity = "0..*", paramLabel = "HOST:PORT", //
            description = "The server to load; several take turns, and have a row each in the report.")
    private List<String> targets = List.of();

    @ArgGroup(exclusive = false, order = 1, heading = "%nLoad:%n")
    private ShapeOptions shape = new ShapeOptions();

    @ArgGroup(exclusive = false, order = 2, heading = "%nConnections:%n")
    private LoadOptions load = new LoadOptions();

    @ArgGroup(exclusive = false, order = 3, heading = "%nClient:%n")
    private ClientOptions client = new ClientOptions();

    @ArgGroup(exclusive = false, order = 4, heading = "%nServer:%n")
    private ServerOptions server = new ServerOptions();

    @ArgGroup(exclusive = false, order = 5, heading = "%nVerdict:%n")
    private VerdictOptions verdict = new VerdictOptions();

    @ArgGroup(exclusive = false, order = 6, heading = "%nResults:%n")
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec;

    private static final class VerdictOptions {
        @Option(names = "--metrics-listen", paramLabel = "HOST:PORT", //
                description = "While it goes on, tell Prometheus here what the run has found (port 0: any free one).")
        private String metrics;

        @Option(names = "--strict", //
                description = "Exit with 3 if the generator or its machine may have moved the figures, if the rate was"
                        + " missed, or if too few sessions came for the mix.")
        private boolean strict;

        @Option(names = "--require-resumed", paramLabel = "SHARE", //
                description = "Exit with 1 if the server took up less than this share (0 to 1) of the sessions that were"
                        + " offered to it.")
        private Double requireResumed;

        @Option(names = "--require-completed", paramLabel = "SHARE", //
                description = "Exit with 1 if less than this share (0 to 1) of the planned arrivals completed.")
        private Double requireCompleted;
    }

    @Override
    public Integer call() throws IOException {
        try {
            takeUpPlan();
            checkServerOptions();
            if (targets.isEmpty()) {
                try (var embedded = TlsServer.start(TlsServerOptions.defaults())) {
                    return run(List.of(Target.loopback(embedded.address())), embedded);
                }
            }
            if (targets.size() > MOST_TARGETS) {
                throw new IllegalArgumentException(
                        targets.size() + " servers are too many; name at most " + MOST_TARGETS);
            }
            return run(targets.stream().map(each -> Targets.parse(each, server.authorized)).toList(), null);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** What a plan says of options that the command line does not give counts as if that gave it. */
    private void takeUpPlan() {
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

    /** The plan that repeats a run; its target and its results are the next one's own. */
    private void writePlan(LoadPlan plan, Path directory) throws IOException {
        if (plan.pacing() instanceof OpenLoop open && plan.end().nanos().isPresent()) {
            var options = new TreeMap<String, String>();
            for (var option : spec.commandLine().getParseResult().matchedOptions()) {
                if (!NOT_PLANNED.contains(name(option))) {
                    options.put(name(option), value(option));
                }
            }
            if (open.schedule().shape() == Schedule.Shape.POISSON) {
                // Each event loop has a random stream of its own.
                options.put("threads", String.valueOf(plan.threads()));
            }
            shape.planFile().with(options).write(directory.resolve(PlanFile.NAME));
        }
    }

    /** What to write behind its name and an equals sign; for a flag, too. */
    private static String value(OptionSpec option) {
        return option.arity().max() == 0
                ? option.getValue().toString()
                : String.join(",", option.originalStringValues());
    }

    private int run(List<Target> addresses, TlsServer embedded) throws IOException {
        shape.check();
        var address = addresses.getFirst();
        var settings = client.settings(address.host(), embedded == null ? List.of() : embedded.authorities());
        var plan = load.plan(aims(addresses, settings), client.prelude(address.host()), shape);
        checkDescriptors(plan);
        Ports.shortage(plan).ifPresent(shortage -> {
            throw new CannotRunException(shortage.in(OptionNames::of));
        });
        var progress = new Progress(spec.commandLine().getErr(), output.quiet);
        var summary = new Summary();
        var failures = new FailureTraces();
        RunResult result;
        try (var metrics = verdict.metrics == null ? null : metrics(verdict.metrics);
                var file = ResultDirectory.create(output.directory, address, embedded != null)) {
            if (metrics != null) {
                progress.say("metrics at http://" + metrics.address() + "/metrics");
            }
            var description = new RunDescription(plan, settings, load, client, addresses, embedded, server.pid);
            file.begin(summary.result(description.begun()));
            var running = new Load(plan, watchedCpu(embedded),
                    embedded == null ? null : () -> embedded.cpuNanos() / 1e9, watch(failures));
            Interrupt.onFirst(running::stop);
            var recording = new Recording(running, file, summary, progress, metrics, plan.mix());
            var measured = running.run(recording);
            progress.clear();
            result = summary.result(description.facts(measured, summary,
                    recording.gaveUp ? Optional.of(unreachable(addresses, summary)) : Optional.empty()));
            output.report(Report.run(result, file.directory(), OptionNames::of), file.directory(),
                    spec.commandLine().getOut(), () -> {
                        try {
                            file.finish(result);
                        } finally {
                            recording.checkKept();
                        }
                        writePlan(plan, file.directory());
                        write(failures, result, file.directory());
                    });
            progress.say("results in " + file.directory()
                    + (result.failures().isEmpty() && result.timeouts().isEmpty()
                            ? ""
                            : ", failures record by record in its failures/"));
        } catch (IOException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
        return verdict(result);
    }

    private static MetricsEndpoint metrics(String listen) {
        try {
            return new MetricsEndpoint(Targets.listen(listen));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--metrics-listen " + listen + " cannot be listened on: " + e.getMessage(), e);
        }
    }

    /** Each server has the name that it is asked for by, unless --sni says otherwise. */
    private List<Aim> aims(List<Target> addresses, ClientSettings first) {
        var aims = new ArrayList<Aim>();
        for (var row = 0; row < addresses.size(); row++) {
            var address = addresses.get(row);
            aims.addAll(client.aims(address, row == 0 ? first : client.settings(address.host(), List.of()), row));
        }
        return aims;
    }

    private static FailureWatch watch(FailureTraces traces) {
        return new FailureWatch() {
            @Override
            public Witness next(int inFlight) {
                return traces.next(inFlight);
            }

            @Override
            public HandshakeFailure worded(HandshakeFailure failure) {
                return failure.inWords(Meaning.of(failure).in(OptionNames::of));
            }

            @Override
            public void failed(HandshakeFailure failure, Witness witness) {
                traces.failed(failure, witness);
            }

            @Override
            public void timedOut(Stage stage, Witness witness) {
                traces.timedOut(stage, witness);
            }
        };
    }

    /** One file for each row of the result's failures and then of its timeouts, in their order. */
    private static void write(FailureTraces traces, RunResult result, Path directory) throws IOException {
        var number = 0;
        for (var row : result.failures()) {
            traces.write(traceFile(directory, ++number), row,
                    row.count() + " failed at " + row.stage() + ", " + row.cause() + " " + row.direction() + ": "
                            + row.meaning());
        }
        for (var row : result.timeouts()) {
            traces.writeTimeout(traceFile(directory, ++number), row.stage(),
                    row.count() + " timed out at " + row.stage());
        }
    }

    private static Path traceFile(Path directory, int number) throws IOException {
        var failures = directory.resolve("failures");
        try {
            return Files.createDirectories(failures).resolve(String.format(Locale.ROOT, "%02d.txt", number));
        } catch (IOException e) {
            throw WholeFile.failed(failures, e);
        }
    }

    /** Why there was no use in going on; no connection came about. */
    private static String unreachable(List<Target> addresses, Summary summary) {
        var tally = summary.tally();
        var refused = tally.failures().entrySet().stream()
                .filter(entry -> entry.getKey().cause().equals("connection_refused")).mapToLong(Map.Entry::getValue)
                .sum();
        var where = addresses.size() == 1
                ? HostPort.of(addresses.getFirst().socket())
                : "any of the " + addresses.size() + " servers";
        return refused == tally.failed()
                ? String.format(Locale.ROOT, "nothing listens at %s (%,d of %,d connections were refused)", where,
                        refused,
                        tally.failed())
                : String.format(Locale.ROOT, "no connection to %s came about (%,d of %,d failed)", where,
                        tally.failed(),
                        tally.ended() - tally.cancelled());
    }

    /** What becomes of each second. */
    private static final class Recording implements Load.Watcher {
        private final Load running;
        private final ResultFile file;
        private final Summary summary;
        private final Summary warmups = new Summary();
        private final Progress progress;
        private final MetricsEndpoint metrics;
        private final Mix mix;
        private boolean toldOfSessions;
        /** Whether the load was stopped because there is no use in going on. */
        private boolean gaveUp;
        /** Why the load was stopped that could not be kept any longer; {@code null} if it was not. */
        private IOException lost;

        Recording(Load running, ResultFile file, Summary summary, Progress progress, MetricsEndpoint metrics, Mix mix) {
            this.running = running;
            this.file = file;
            this.summary = summary;
            this.progress = progress;
            this.metrics = metrics;
            this.mix = mix;
        }

        @Override
        public void second(Interval interval, Interval warmup, int inFlight, double secondsLeft) {
            keep(interval);
            summary.add(interval);
            if (metrics != null) {
                metrics.second(interval, inFlight);
            }
            var tally = summary.tally();
            if (tally.planned() == 0) {
                file.rehearse(warmup);
                warmups.add(warmup);
                progress.second("warming up  ", warmups.live(warmup), inFlight, secondsLeft);
            } else {
                progress.second("", summary.live(interval), inFlight, secondsLeft);
            }
            if (!toldOfSessions) {
                running.sessions().flatMap(sessions -> SessionWords.shortage(sessions, mix.full(), mix.resumed()))
                        .ifPresent(words -> {
                            toldOfSessions = true;
                            progress.say(words.in(OptionNames::of));
                        });
            }
            if (!gaveUp && nobodyAnswers()) {
                gaveUp = true;
                running.stop();
            }
        }

        /** What was measured until the disk was full is a result all the same. */
        private void keep(Interval interval) {
            if (lost == null) {
                try {
                    file.append(interval);
                } catch (IOException e) {
                    lost = e;
                    running.stop();
                }
            }
        }

        void checkKept() throws IOException {
            if (lost != null) {
                throw lost;
            }
        }

        /** No use in trying for the rest of the time. */
        private boolean nobodyAnswers() {
            var servers = running.servers().isEmpty()
                    ? List.of(summary.tally())
                    : running.servers().stream().map(Interval::tally).toList();
            return servers.stream().allMatch(tally -> tally.completed() == 0 && tally.failed() > 0
                    && tally.failures().keySet().stream().allMatch(failure -> failure.stage().equals("connect")));
        }
    }

    private int verdict(RunResult result) {
        var err = spec.commandLine().getErr();
        if (result.outcomes().completed() == 0) {
            Main.complain(err, "no handshake completed" + reason(result));
            return Main.EXIT_UNFIT;
        }
        if (verdict.strict) {
            var why = unfit(result);
            if (why.isPresent()) {
                Main.complain(err, "--strict: " + why.get());
                return Main.EXIT_UNFIT;
            }
        }
        var share = verdict.requireCompleted;
        var outcomes = result.outcomes();
        if (share != null && (double) outcomes.completed() / outcomes.planned() < share) {
            Main.complain(err, "%d of %d planned arrivals completed, a share of %.4f, where %s was required"
                    .formatted(outcomes.completed(), outcomes.planned(),
                            (double) outcomes.completed() / outcomes.planned(), share));
            return Main.EXIT_MISSED;
        }
        var wanted = verdict.requireResumed;
        var resumption = result.resumption();
        if (wanted != null && (resumption.offered() == 0 || resumption.accepted() < wanted * resumption.offered())) {
            Main.complain(err, resumption.offered() == 0
                    ? "--require-resumed: the server gave no session that could be offered to it"
                    : "the server took up %d of %d sessions offered to it, a share of %.4f, where %s was required"
                            .formatted(resumption.accepted(), resumption.offered(),
                                    (double) resumption.accepted() / resumption.offered(), wanted));
            return Main.EXIT_MISSED;
        }
        return 0;
    }

    private static Optional<String> unfit(RunResult result) {
        if (result.generator().saturated()) {
            return Optional.of("the generator or its machine may have moved the figures, because "
                    + result.generator().saturatedBecause());
        }
        if (result.missedRate()) {
            return Optional.of("the rate was missed");
        }
        return result.resumption().tooMuchPriming()
                ? Optional.of("%d of %d handshakes that were to resume had no session to offer".formatted(
                        result.resumption().priming(), result.resumption().asked()))
                : Optional.empty();
    }

    /** Why no handshake completed, behind a colon; empty if nothing is known. */
    static String reason(RunResult result) {
        if (!result.failures().isEmpty()) {
            var most = result.failures().getFirst();
            return ": " + most.meaning() + " (" + most.stage() + ", " + most.cause() + ")";
        }
        if (!result.timeouts().isEmpty()) {
            return ": the deadline came while waiting at stage " + result.timeouts().getFirst().stage();
        }
        if (!result.unsentReasons().isEmpty()) {
            return ": " + RunWords.lack(result.unsentReasons().getFirst().reason());
        }
        return result.interrupted() ? ": the run was interrupted before" : "";
    }

    private void checkServerOptions() {
        var wanted = verdict.requireResumed;
        if (wanted != null && !(wanted >= 0 && wanted <= 1)) {
            throw new IllegalArgumentException("--require-resumed must be a share from 0 to 1, but is " + wanted);
        }
        var completed = verdict.requireCompleted;
        if (completed != null && !(completed >= 0 && completed <= 1)) {
            throw new IllegalArgumentException("--require-completed must be a share from 0 to 1, but is " + completed);
        }
        if (wanted != null && Mix.parse(shape.mix).resumed() == 0) {
            throw new IllegalArgumentException("--require-resumed needs a --mix that asks for resumed handshakes");
        }
        if (server.pid != null && targets.isEmpty()) {
            throw new IllegalArgumentException("--server-pid watches a server of yours; the embedded one is watched"
                    + " anyway");
        }
        server.check();
    }

    private static void checkDescriptors(LoadPlan plan) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            var slots = plan.pacing() instanceof ClosedLoop closed ? closed.slots() : 0;
            var needed = SPARE_DESCRIPTORS + slots + DESCRIPTORS_PER_LOOP * plan.threads()
                    + system.getOpenFileDescriptorCount();
            if (needed > system.getMaxFileDescriptorCount()) {
                var asked = slots == 0 ? "" : "--concurrency " + slots + " with ";
                throw new CannotRunException(asked + "--threads " + plan.threads() + " needs about " + needed
                        + " file descriptors, but this process may open " + system.getMaxFileDescriptorCount()
                        + "; raise the limit with 'ulimit -n " + needed + "'");
            }
        }
    }

    private CpuSource watchedCpu(TlsServer embedded) {
        return embedded == null ? server.cpu() : () -> CpuReading.exact(embedded.cpuNanos());
    }
}
