package dev.shakedown.cli;

import dev.shakedown.gate.Block.Reading;
import dev.shakedown.gate.JmhForks;
import dev.shakedown.gate.RowVerdict;
import dev.shakedown.gate.Selftest;
import dev.shakedown.gate.Signals;
import dev.shakedown.gate.Signals.Signal;
import dev.shakedown.gate.TimeGate;
import dev.shakedown.results.JmhFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The gate against known truths. */
@Command(name = "selftest", mixinStandardHelpOptions = true, sortOptions = false, //
        header = "Try the gate on known truths: the same code, known slowdowns, a busy machine.", //
        description = {
            "Takes hours; what is done is kept, and the same command goes on where it stopped. Results are for"
                    + " the machine that it runs on.%n"})
final class GateSelftestCommand implements Callable<Integer> {
    private static final String BENCHMARK = "dev.shakedown.bench.InjectedBenchmark.batch";
    private static final String HOG = "same code, a hog beside the head";
    private static final List<String> PATHS = List.of("MAKE_FINISHED", "MASTER_SECRET", "TRAFFIC_KEYS",
            "MAKE_FINISHED_384", "VERIFY_FINISHED", "KEY_BLOCK", "MAKE_FINISHED_13", "EARLY_SECRET");
    private static final List<String> INJECTED = List.of("twice 10 %", "spin 5 %", HOG, "spin 10 %", "twice 5 %",
            "twice 3 %", "spin 3 %");
    private static final String SAME = "same code";
    private static final String REBUILT = "same code, rebuilt";
    private static final String ALLOCATION = "allocation 2 %";
    private static final String SAME_ALLOCATION = "same allocation";
    private static final double THRESHOLD = 0.03;
    private static final int PAIRS = 12;

    @Option(names = "--quick", description = "A few trials, which show that it works: under 5 minutes.")
    private boolean quick;

    @Option(names = "--trials", paramLabel = "N", //
            description = "Trials of the same code; those of each other kind are a seventh as many (default: 300).")
    private int trials = 300;

    @Option(names = "--out", paramLabel = "DIR", //
            description = "Where trials.jsonl and selftest.md go (default: results/selftest).")
    private Path directory;

    @Option(names = "--quiet", description = "No progress on standard error.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    private Selftest selftest;
    private Progress progress;
    private Path jar;

    @Override
    public Integer call() throws IOException {
        if (quick) {
            trials = 2;
        }
        var isTemporary = quick && directory == null;
        if (directory == null) {
            directory = quick ? Files.createTempDirectory("shakedown-selftest-") : Path.of("results", "selftest");
        }
        progress = new Progress(spec.commandLine().getErr(), quiet);
        try {
            selftest = new Selftest(directory);
            jar = BenchmarkJars.own();
            run();
        } catch (IOException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
        progress.clear();
        spec.commandLine().getOut().print(summary());
        spec.commandLine().getOut().flush();
        if (isTemporary) {
            delete(directory);
        }
        return raisesFalseAlarms() ? Main.EXIT_MISSED : 0;
    }

    /** Kinds in turn, so that wherever it is stopped each has had its share. */
    private void run() throws IOException {
        for (var number = 0; number < trials; number++) {
            time(number % 4 == 3 ? REBUILT : SAME, number);
            time(INJECTED.get(number % INJECTED.size()), number / INJECTED.size());
            if (number % PATHS.size() == 0) {
                allocation(SAME_ALLOCATION, number / PATHS.size(), List.of());
                allocation(ALLOCATION, number / PATHS.size(), List.of("-Dshakedown.inject=allocate:0.02"));
            }
            Files.writeString(directory.resolve("selftest.md"), summary());
        }
    }

    /** What makes a head slower: {@code twice 5 %} does five of a hundred operations twice. */
    private static List<String> injection(String kind) {
        var words = kind.split(" ");
        return kind.endsWith(" %")
                ? List.of("-Dshakedown.inject=" + words[0] + ":" + Integer.parseInt(words[1]) / 100.0)
                : List.of();
    }

    private void time(String kind, int number) throws IOException {
        if (selftest.has(kind, number)) {
            return;
        }
        var begun = System.nanoTime();
        var work = Files.createTempDirectory("shakedown-selftest-forks-");
        try {
            var builds = new BenchmarkJars(progress::line);
            var base = kind.equals(REBUILT) ? builds.last(false) : jar;
            var head = kind.equals(REBUILT) ? builds.last(true) : jar;
            if (base == null) {
                // No repository to build from again.
                return;
            }
            var forks = new JmhForks(BenchmarkJars.JAVA, new JmhForks.Side("base", base, options(List.of())),
                    new JmhForks.Side("head", head, options(injection(kind))), work);
            var jmh = new ArrayList<>(GateTimeCommand.SHORT);
            jmh.addAll(List.of("-p", "path=" + PATHS.get(number % PATHS.size())));
            var measured = forks.forks(BENCHMARK, jmh);
            var judge = new TimeGate(PAIRS, THRESHOLD, new Random(),
                    line -> progress.line(kind + ", trial " + (number + 1) + ", " + line));
            var rows = judge.judge(isBase -> kind.equals(HOG) && !isBase ? beside(measured) : measured.run(isBase),
                    "ns");
            selftest.add(kind, number, (System.nanoTime() - begun) / 1e9, rows);
        } finally {
            delete(work);
        }
    }

    private static List<String> options(List<String> injected) {
        var options = new ArrayList<>(GateTimeCommand.steady());
        options.addAll(injected);
        return options;
    }

    /** A fork of the head, with a process beside it that keeps a core busy. */
    private static Reading beside(TimeGate.Forks forks) throws IOException {
        // It ends with this process, however that ends.
        var hog = new ProcessBuilder("sh", "-c", "while kill -0 $PPID 2>/dev/null; do :; done").start();
        try {
            return forks.run(false);
        } finally {
            hog.destroyForcibly();
        }
    }

    /** By the rule of the signals, since that is what judges allocation. */
    private void allocation(String kind, int number, List<String> injected) throws IOException {
        if (selftest.has(kind, number)) {
            return;
        }
        progress.line(kind + ", trial " + (number + 1));
        var begun = System.nanoTime();
        var work = Files.createTempDirectory("shakedown-selftest-forks-");
        try {
            var base = allocated(work, List.of());
            base.write(work);
            selftest.add(kind, number, (System.nanoTime() - begun) / 1e9, allocated(work, injected).judge(work).rows());
        } finally {
            delete(work);
        }
    }

    private Signals allocated(Path work, List<String> injected) throws IOException {
        var file = work.resolve("allocated.json");
        Files.deleteIfExists(file);
        var command = new ArrayList<>(List.of(BenchmarkJars.JAVA.toString()));
        command.addAll(options(injected));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", jar.toString(), BENCHMARK, "-f", "0", "-prof", "gc",
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
                        row.counters().get("gc.alloc.rate.norm").stream().flatMap(List::stream).toList())))
                .toList());
    }

    private static void delete(Path work) throws IOException {
        try (var files = Files.walk(work)) {
            for (var file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Once in 300 decisions is what may be by chance; beside a hog, never. */
    private boolean raisesFalseAlarms() {
        var same = selftest.rate(SAME);
        var rebuilt = selftest.rate(REBUILT);
        return same.failed() + rebuilt.failed() > Math.ceilDiv(same.decisions() + rebuilt.decisions(), 300)
                || selftest.rate(HOG).failed() > 0 || selftest.rate(SAME_ALLOCATION).failed() > 0;
    }

    private String summary() {
        var text = new StringBuilder(
                """
                        # What the gate says where the truth is known

                        Made by `shakedown gate selftest`. A decision is one row of one trial; %d pairs of forks each, threshold %.0f %%.

                        | truth | trials | decisions | FAIL | INCONCLUSIVE | PASS | failed, 95 %% within |
                        | --- | --- | --- | --- | --- | --- | --- |
                        """
                        .formatted(PAIRS, 100 * THRESHOLD));
        for (var kind : List.of(SAME, REBUILT, HOG, "twice 3 %", "spin 3 %", "twice 5 %", "spin 5 %", "twice 10 %",
                "spin 10 %", SAME_ALLOCATION, ALLOCATION)) {
            var rate = selftest.rate(kind);
            if (rate.decisions() > 0) {
                text.append(String.format(Locale.ROOT, "| %s | %d | %d | %d | %d | %d | %.1f %%: %.1f to %.1f %% |%n",
                        kind, rate.trials(), rate.decisions(), rate.failed(),
                        rate.verdicts().getOrDefault(RowVerdict.Verdict.INCONCLUSIVE, 0L),
                        rate.verdicts().getOrDefault(RowVerdict.Verdict.PASS, 0L), 100 * rate.share(), 100 * rate.low(),
                        100 * rate.high()));
            }
        }
        return text.append("\nMachine: ").append(System.getProperty("os.name")).append(' ')
                .append(System.getProperty("os.arch")).append(", ").append(Runtime.getRuntime().availableProcessors())
                .append(" processors, Java ").append(Runtime.version()).append(".\n").toString();
    }
}
