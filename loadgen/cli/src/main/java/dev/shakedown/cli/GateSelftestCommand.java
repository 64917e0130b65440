package dev.shakedown.cli;

import dev.shakedown.gate.Block.Reading;
import dev.shakedown.gate.JmhForks;
import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.gate.Selftest;
import dev.shakedown.gate.Signals;
import dev.shakedown.gate.Signals.Signal;
import dev.shakedown.gate.TimeGate;
import dev.shakedown.load.process.CpuModel;
import dev.shakedown.results.JmhFile;
import dev.shakedown.run.CannotRunException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tests the gate where the truth is known. */
@Command(name = "selftest", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown gate selftest [OPTIONS]", //
        header = "Test the gate where the truth is known: identical code, known slowdowns, a busy machine.", //
        description = {
            "This takes hours; finished trials are kept, and the same command resumes where it stopped. The results"
                    + " apply to the machine that it runs on.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown gate selftest --quick"})
final class GateSelftestCommand implements Callable<Integer> {
    private static final String BENCHMARK = "dev.shakedown.bench.InjectedBenchmark.batch";
    private static final String SAME = "same code";
    private static final String REBUILT = "same code, rebuilt";
    private static final String ALLOCATION = "allocation 2 %";
    private static final String SAME_ALLOCATION = "same allocation";
    private static final String HOG = "same code, a hog beside the head";
    private static final List<String> PATHS = List.of("MAKE_FINISHED", "MASTER_SECRET", "TRAFFIC_KEYS",
            "MAKE_FINISHED_384", "VERIFY_FINISHED", "KEY_BLOCK", "MAKE_FINISHED_13", "EARLY_SECRET");
    /** Injected slowdowns, in turn; those with a target twice as often as the others, which also take longest. */
    private static final List<String> INJECTED = List.of("twice 10 %", "spin 5 %", HOG, "spin 10 %", "twice 5 %",
            "twice 3 %", "twice 10 %", "spin 5 %", "spin 10 %", "twice 5 %", "spin 3 %");
    private static final int SAME_FOR_EACH_INJECTED = 3;
    /** The least share of trials that must fail. */
    private static final Map<String, Double> TARGETS = Map.of("twice 10 %", 0.95, "spin 10 %", 0.95, "twice 5 %", 0.8,
            "spin 5 %", 0.8, ALLOCATION, 1.0);
    private static final double THRESHOLD = 0.03;
    private static final int QUICK_PAIRS = 16;

    @Option(names = "--quick", //
            description = "Make one trial each of identical code, a busy machine, a slowdown of 10 %% and allocation,"
                    + " with few pairs: under 5 minutes.")
    private boolean quick;

    @Option(names = "--trials", paramLabel = "N", //
            description = "Make N trials of identical code, and after every third one of a slowdown or a busy"
                    + " machine, in turn (default: 300).")
    private int trials = 300;

    @Option(names = "--out", paramLabel = "DIR", //
            description = "Write trials.jsonl and selftest.md to this directory (default: results/selftest).")
    private @Nullable Path directory;

    @Option(names = "--quiet", //
            description = "Print no progress to standard error.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    private int pairs;
    /** {@code null} until it begins. */
    private @Nullable Study study;

    /**
     * What the trials work with.
     *
     * @param directory where the files go
     * @param jar       this build's own benchmarks
     */
    private record Study(Path directory, Selftest selftest, Progress progress, Path jar) {}

    private Study study() {
        return Objects.requireNonNull(study);
    }

    @Override
    public Integer call() throws IOException {
        pairs = quick ? QUICK_PAIRS : Integer.parseInt(GateTimeCommand.PAIRS);
        var isTemporary = quick && directory == null;
        if (directory == null) {
            directory = quick ? Files.createTempDirectory("shakedown-selftest-") : Path.of("results", "selftest");
        }
        var progress = new Progress(spec.commandLine().getErr(), quiet);
        try {
            study = new Study(directory, new Selftest(directory, settings(), machine()), progress,
                    BenchmarkJars.own());
            if (quick) {
                List.of(SAME, HOG, "twice 10 %").forEach(kind -> time(kind, 0));
                allocations(0);
            } else {
                run();
            }
        } catch (UncheckedIOException e) {
            throw new CannotRunException(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw new CannotRunException(e);
        }
        progress.clear();
        spec.commandLine().getOut().print(summary());
        spec.commandLine().getOut().flush();
        if (isTemporary) {
            delete(directory);
        }
        return raisesFalseAlarms() || missesWhatIsThere() ? Main.EXIT_MISSED : 0;
    }

    /** Runs kinds in turn, so that each has had its share wherever it is stopped. */
    private void run() throws IOException {
        var injected = new HashMap<String, Integer>();
        for (var number = 0; number < trials; number++) {
            time(number % 4 == 3 ? REBUILT : SAME, number);
            if (number % SAME_FOR_EACH_INJECTED == 0) {
                var kind = INJECTED.get(number / SAME_FOR_EACH_INJECTED % INJECTED.size());
                time(kind, injected.merge(kind, 1, Integer::sum) - 1);
            }
            if (number % PATHS.size() == 0) {
                allocations(number / PATHS.size());
            }
            Files.writeString(study().directory.resolve("selftest.md"), summary());
        }
    }

    private void allocations(int number) {
        allocation(SAME_ALLOCATION, number, List.of());
        allocation(ALLOCATION, number, List.of("-Dshakedown.inject=allocate:0.02"));
    }

    private String settings() {
        return String.format(Locale.ROOT, "%d pairs at most, threshold %.0f %%, quickest tenth of iterations, %s %s",
                pairs, 100 * THRESHOLD, String.join(" ", GateTimeCommand.STEADY),
                String.join(" ", GateTimeCommand.SHORT));
    }

    private static String machine() {
        var model = CpuModel.ofThisMachine().orElse("");
        return (Runtime.getRuntime().availableProcessors() + " processors " + model).strip() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", Java " + Runtime.version();
    }

    /** Returns the option that slows the head down: {@code twice 5 %} does five of a hundred operations twice. */
    private static List<String> injection(String kind) {
        var words = kind.split(" ");
        return kind.endsWith(" %")
                ? List.of("-Dshakedown.inject=" + words[0] + ":" + Integer.parseInt(words[1]) / 100.0)
                : List.of();
    }

    private interface Measuring {
        List<RowVerdict> in(Path work) throws IOException;
    }

    private void trial(String kind, int number, Measuring measuring) {
        if (study().selftest.has(kind, number)) {
            return;
        }
        try {
            var work = Files.createTempDirectory("shakedown-selftest-forks-");
            try {
                var begun = System.nanoTime();
                var rows = measuring.in(work);
                study().selftest.add(kind, number, (System.nanoTime() - begun) / 1e9, rows);
            } finally {
                delete(work);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void time(String kind, int number) {
        trial(kind, number, work -> {
            var builds = new BenchmarkJars(study().progress::line);
            var base = kind.equals(REBUILT) ? builds.last(false) : study().jar;
            var head = kind.equals(REBUILT) ? builds.last(true) : study().jar;
            var forks = new JmhForks(BenchmarkJars.JAVA, new JmhForks.Side("base", base, options(List.of())),
                    new JmhForks.Side("head", head, options(injection(kind))), work);
            var row = new JmhForks.Row(BENCHMARK, List.of("path=" + PATHS.get(number % PATHS.size())));
            var measured = forks.forks(row, GateTimeCommand.SHORT);
            var judge = new TimeGate(pairs, THRESHOLD, new Random(),
                    line -> study().progress.line(kind + ", trial " + (number + 1) + ", " + line));
            return judge.judge(isBase -> kind.equals(HOG) && !isBase ? beside(measured) : measured.run(isBase),
                    _ -> "ns");
        });
    }

    private static List<String> options(List<String> injected) {
        var options = new ArrayList<>(GateTimeCommand.steady());
        options.addAll(injected);
        return options;
    }

    /** Runs a fork of the head beside a process that keeps a core busy. */
    private static Reading beside(TimeGate.Forks forks) throws IOException {
        // The hog ends with this process, however that ends.
        var hog = new ProcessBuilder("sh", "-c", "while kill -0 $PPID 2>/dev/null; do :; done").start();
        try {
            return forks.run(false);
        } finally {
            hog.destroyForcibly();
        }
    }

    /** Judges by the rule for signals, since that is what judges allocation. */
    private void allocation(String kind, int number, List<String> injected) {
        study().progress.line(kind + ", trial " + (number + 1));
        trial(kind, number, work -> {
            var base = allocated(work, List.of());
            base.write(work);
            return allocated(work, injected).judge(work, OptionNames::of).rows();
        });
    }

    private Signals allocated(Path work, List<String> injected) throws IOException {
        var file = work.resolve("allocated.json");
        Files.deleteIfExists(file);
        var command = new ArrayList<>(List.of(BenchmarkJars.JAVA.toString()));
        command.addAll(options(injected));
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-cp", study().jar.toString(), "org.openjdk.jmh.Main", BENCHMARK,
                        "-f", "0", "-prof", "gc",
                        "-rf", "json", "-rff", file.toString()));
        command.addAll(List.of("-wi", "4", "-w", "20ms", "-i", "5", "-r", "20ms"));
        var process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(work.resolve("allocated.log").toFile()).start();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return new Signals("allocation", Map.of(), JmhFile.read(file).rows().stream()
                .map(row -> new Signal(row.name(), Signals.Kind.ALLOCATED_BYTES, JmhFile.Row.median(
                        row.counters().getOrDefault("gc.alloc.rate.norm", List.of()).stream().flatMap(List::stream)
                                .toList())))
                .toList());
    }

    private static void delete(Path work) throws IOException {
        try (var files = Files.walk(work)) {
            for (var file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One false alarm in 300 decisions may be chance; beside a hog there must be none. */
    private boolean raisesFalseAlarms() {
        var same = study().selftest.rate(SAME);
        var rebuilt = study().selftest.rate(REBUILT);
        return same.failed() + rebuilt.failed() > Math.ceilDiv(same.decisions() + rebuilt.decisions(), 300)
                || study().selftest.rate(HOG).failed() > 0 || study().selftest.rate(SAME_ALLOCATION).failed() > 0;
    }

    /** Whether slowdowns are missed too often for chance: the whole interval is below the target. */
    private boolean missesWhatIsThere() {
        return TARGETS.entrySet().stream().anyMatch(target -> {
            var rate = study().selftest.rate(target.getKey());
            return rate.decisions() > 0 && rate.high() < target.getValue();
        });
    }

    private String summary() {
        var text = new StringBuilder(
                """
                        # What the gate says where the truth is known

                        Made by `scripts/shakedown gate selftest`, which goes on where it stopped. \
                        A decision is one row of one trial.

                        | truth | trials | decisions | FAIL | INCONCLUSIVE | PASS \
                        | pairs of forks | failed, 95 % within | wanted |
                        | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                        """);
        for (var kind : List.of(SAME, REBUILT, HOG, "twice 3 %", "spin 3 %", "twice 5 %", "spin 5 %", "twice 10 %",
                "spin 10 %", SAME_ALLOCATION, ALLOCATION)) {
            var rate = study().selftest.rate(kind);
            if (rate.decisions() > 0) {
                text.append(String.format(Locale.ROOT,
                        "| %s | %d | %d | %d | %d | %d | %s | %.1f %%: %.1f to %.1f %% | %s |%n",
                        kind, rate.trials(), rate.decisions(), rate.failed(),
                        rate.verdicts().getOrDefault(RowVerdict.Verdict.INCONCLUSIVE, 0L),
                        rate.verdicts().getOrDefault(RowVerdict.Verdict.PASS, 0L),
                        rate.pairs() == 0 ? "-" : String.format(Locale.ROOT, "%.0f", rate.pairs()), 100 * rate.share(),
                        100 * rate.low(), 100 * rate.high(), wanted(kind)));
            }
        }
        text.append("\nSettings: ").append(settings()).append(".\n");
        study().selftest.machines().forEach(machine -> text.append("Machine: ").append(machine).append(".\n"));
        return text.toString();
    }

    private static String wanted(String kind) {
        if (TARGETS.containsKey(kind)) {
            return String.format(Locale.ROOT, "at least %.0f %%", 100 * TARGETS.get(kind));
        }
        return kind.endsWith("3 %") ? "" : kind.equals(SAME) || kind.equals(REBUILT) ? "at most 1 in 300" : "0";
    }
}
