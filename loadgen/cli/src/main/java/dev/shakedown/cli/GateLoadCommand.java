package dev.shakedown.cli;

import dev.shakedown.comparison.GateResult;
import dev.shakedown.comparison.RowVerdict.Verdict;
import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.experiment.Trial;
import dev.shakedown.gate.Block.Reading;
import dev.shakedown.gate.Ruler;
import dev.shakedown.gate.TimeGate;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Schedule;
import dev.shakedown.report.RunWords;
import dev.shakedown.run.value.Server;
import dev.shakedown.results.RunSums;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.RunVerdict;
import dev.shakedown.run.Trials;
import dev.shakedown.run.value.Rate;
import dev.shakedown.run.value.Share;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** Compares two servers, or two configurations of one. */
@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = {"shakedown gate load --base 'HOST:PORT [OPTIONS]'",
            "           --head 'HOST:PORT [OPTIONS]' [OPTIONS]"}, //
        header = "Judge whether a server or a configuration became slower.", //
        description = {
            "Short open-loop runs against base and head alternate (ABBA or BAAB, at random), and are judged as gate"
                    + " time judges benchmarks.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown gate load --base 127.0.0.1:8443 --head 127.0.0.1:9443",
            "  shakedown gate load --base 'localhost:8443 --tls 1.2' \\",
            "      --head 'localhost:8443 --tls 1.3' --rate 200"})
final class GateLoadCommand implements Callable<Integer> {
    private static final int PROBE_CONCURRENCY = 16;
    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final double SHARE_OF_CAPACITY = 1.0 / 3;
    /** If the generator was the bottleneck in more than this share of runs, nothing can be judged. */
    private static final double TOO_MANY = 0.1;
    /** 1 if all complete; so that handshakes that fail do not make a server look faster. */
    private static final String ARRIVALS = "arrivals per completed handshake";

    @Option(names = "--base", required = true, paramLabel = "SERVER", //
            description = "The server to compare with, and options of run for it, such as '127.0.0.1:443 --tls 1.2"
                    + " --server-pid 4711'.")
    private String base;

    @Option(names = "--head", required = true, paramLabel = "SERVER", //
            description = "The server to judge, likewise.")
    private String head;

    @Option(names = "--rate", paramLabel = "R", //
            description = "Handshakes per second (default: a third of what the slower server reaches in a short"
                    + " closed loop).")
    private @Nullable Rate rate;

    @Option(names = "--mix", paramLabel = "WEIGHTS", //
            description = "Ask for full and resumed handshakes in this ratio, such as 20/80 (default: "
                    + ShapeOptions.DEFAULT_MIX
                    + ").")
    private Mix mix = Mix.parse(ShapeOptions.DEFAULT_MIX);

    @Option(names = "--block", paramLabel = "TIME", defaultValue = "3s", //
            description = "Length of each run (default: ${DEFAULT-VALUE}).")
    private Duration block;

    @Option(names = "--pairs", paramLabel = "N", defaultValue = "24", //
            description = "Make at most N pairs of runs, fewer where the verdict is certain earlier (default:"
                    + " ${DEFAULT-VALUE}).")
    private int pairs;

    @Option(names = "--threshold", paramLabel = "SHARE", defaultValue = "3%", //
            description = "Slowdown from which on a row fails (default: 3%%).")
    private Share threshold;

    @ArgGroup(exclusive = false, heading = "%nResults:%n")
    private GateOptions gate = new GateOptions();

    @Spec
    private CommandSpec spec;

    private int runs;
    private int saturated;
    /** Saturated runs in which this machine was at fault, rather than what was asked of the generator. */
    private int byMachine;
    private @Nullable String lastReason;

    /** One side, as its option describes it. */
    @Command(name = "--base or --head")
    private static final class Side {
        @Parameters(paramLabel = "HOST:PORT")
        private Server target;

        @Mixin
        private LoadingOptions loading;

        static Trials parse(String option, String text, Mix mix) {
            var side = new Side();
            try {
                Main.configured(new CommandLine(side)).parseArgs(text.strip().split("\\s+"));
            } catch (ParameterException e) {
                throw new IllegalArgumentException(option + ": " + UsageErrors.of(e), e);
            }
            var plan = side.loading.plan(side.loading.targets(side.target), ShapeOptions.of(mix));
            return new Trials(plan, Schedule.Shape.CONSTANT);
        }
    }

    @Override
    public Integer call() throws IOException {
        try {
            return judge();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (InterruptedIOException _) {
            throw new CannotRunException("interrupted before there was a verdict");
        } catch (IOException e) {
            throw new CannotRunException(e);
        }
    }

    private int judge() throws IOException {
        GateOptions.checkPairs(pairs);
        ShapeOptions.checkRate(rate);
        var share = GateOptions.share("--threshold", threshold, 10);
        var baseTrials = Side.parse("--base", base, mix);
        var headTrials = Side.parse("--head", head, mix);
        var progress = new Progress(spec.commandLine().getErr(), gate.quiet);
        var directory = gate.make();
        Interrupt.onFirst(() -> {
            baseTrials.stop();
            headTrials.stop();
        });
        var perSecond = rate == null ? Double.POSITIVE_INFINITY : rate.perSecond();
        for (var trials : List.of(baseTrials, headTrials)) {
            trials.settle();
            if (rate == null) {
                progress.line("looking for a moderate rate");
                var found = trials.closed(PROBE_CONCURRENCY, PROBE.toNanos(), mix).achievedPerSecond();
                perSecond = Math.max(1, Math.min(perSecond, SHARE_OF_CAPACITY * found));
            }
        }
        var offered = perSecond;
        for (var trials : List.of(baseTrials, headTrials)) {
            trials.checkPorts(offered, block.toNanos(), mix);
        }
        var judge = new TimeGate(pairs, share, new Random(), progress::line);
        var rows = judge.judge(isBase -> {
            var trials = isBase ? baseTrials : headTrials;
            trials.settle();
            var before = Ruler.measure();
            var trial = trials.open(offered, block.toNanos(), mix);
            return reading(Ruler.mean(before, Ruler.measure()), trial);
        }, row -> row.equals(ARRIVALS) ? "arrivals" : "ns");
        progress.clear();
        if (saturated > TOO_MANY * runs) {
            rows = rows.stream().map(row -> row.verdict() == Verdict.INCOMPARABLE ? row : unfit(row)).toList();
        }
        progress.say("results in " + directory);
        return gate.finish(new GateResult("load", base, head, share,
                System.getProperty("java.vm.name") + " " + Runtime.version(), rows), spec.commandLine());
    }

    private Reading reading(Ruler ruler, Trial trial) {
        var run = trial.run();
        runs++;
        if (run.generator().saturated()) {
            saturated++;
            byMachine += RunWords.isOfMachine(run.generator().saturatedCause()) ? 1 : 0;
            lastReason = run.generator().saturatedBecause();
        }
        var rows = new HashMap<String, Double>();
        if (run.outcomes().completed() == 0) {
            throw new CannotRunException("no handshake completed" + RunVerdict.reason(run));
        }
        rows.put(ARRIVALS, (double) run.outcomes().planned() / run.outcomes().completed());
        kind(rows, "full", run.kinds().full());
        kind(rows, "resumed", run.kinds().resumed());
        put(rows, "client CPU", run.generator().cpuMicrosPerHandshake());
        put(rows, "server CPU", run.server() == null ? null : run.server().cpuMicrosPerHandshake());
        return new Reading(ruler, rows);
    }

    private static void kind(Map<String, Double> rows, String name, RunSums.KindResult kind) {
        put(rows, name + " latency p50", kind.latencyMicros().p50());
        put(rows, name + " service p50", kind.serviceMicros().p50());
        put(rows, name + " service p90", kind.serviceMicros().p90());
    }

    private static void put(Map<String, Double> rows, String name, @Nullable Double micros) {
        if (micros != null && micros > 0) {
            rows.put(name, micros * 1e3);
        }
    }

    private RowVerdict unfit(RowVerdict row) {
        return new RowVerdict(row.name(), Verdict.INCONCLUSIVE, row.ratio(), row.lower(), row.upper(),
                row.detectable(), row.base(), row.head(), row.unit(), row.pairs(),
                "the generator or its machine was at fault in " + saturated + " of " + runs
                        + " runs, most recently because "
                        + lastReason + "; " + (2 * byMachine > saturated
                                ? "keep other work off this machine"
                                : "choose a lower --rate"));
    }
}
