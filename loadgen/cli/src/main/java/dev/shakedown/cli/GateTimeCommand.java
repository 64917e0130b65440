package dev.shakedown.cli;

import dev.shakedown.comparison.GateResult;
import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.gate.JmhForks;
import dev.shakedown.gate.KnownBenchmarks;
import dev.shakedown.gate.TimeGate;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.value.Suggestion;
import dev.shakedown.run.value.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the microbenchmarks of two jars. */
@Command(name = "time", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown gate time --base JAR|COMMIT [OPTIONS] [BENCHMARK...]", //
        header = "Judge whether JMH benchmarks became slower.", //
        description = {
            "Forks of base and head alternate (ABBA or BAAB, at random) until the verdict is certain. A row fails if"
                    + " its head is slower by the threshold and, with 99 %% confidence, slower at all, and again so"
                    + " with new forks.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown gate time --base origin/main FinishedMac KeySchedule",
            "  shakedown gate time --base old.jar --head new.jar --threshold 5%%"})
final class GateTimeCommand implements Callable<Integer> {
    /** Forks are short, since more of them tell more than longer ones. */
    static final List<String> SHORT = List.of("-wi", "8", "-w", "50ms", "-i", "30", "-r", "10ms");
    /** Enough for a noisy machine; on a quiet one the verdict is certain after ten. */
    static final String PAIRS = "64";
    /**
     * No concurrent collector, and no first touch of a page of the young generation while measuring; but few pages,
     * since touching them takes longer than the rest of a fork's start.
     */
    static final List<String> STEADY = Stream.concat(
            Stream.of("-XX:+UseSerialGC", "-Xms32m", "-Xmn16m", "-XX:+AlwaysPreTouch"), hugePages()).toList();

    @Parameters(arity = "0..*", paramLabel = "BENCHMARK", //
            description = "Regular expressions for the names of benchmarks (default: all of them, which takes long).")
    private List<String> benchmarks = List.of();

    @Option(names = "--base", required = true, paramLabel = "JAR|COMMIT", //
            description = "What to compare with: a jar with JMH benchmarks, or a commit of this repository, which is"
                    + " built first.")
    private String base;

    @Option(names = "--head", paramLabel = "JAR|COMMIT", //
            description = "What to judge, likewise (default: the working tree).")
    private @Nullable String head;

    @Option(names = "--pairs", paramLabel = "N", defaultValue = PAIRS, //
            description = "Run at most N pairs of forks per benchmark, fewer where the verdict is certain earlier"
                    + " (default: ${DEFAULT-VALUE}).")
    private int pairs;

    @Option(names = "--threshold", paramLabel = "SHARE", defaultValue = "3%", //
            description = "Slowdown from which on a row fails (default: 3%%).")
    private Share threshold;

    @Option(names = "--jmh", paramLabel = "OPTIONS", //
            description = "JMH options for each fork, such as '-p hash=SHA_256 -wi 10' (default: 8 warm-up iterations"
                    + " of 50 ms and 30 of 10 ms).")
    private @Nullable String jmh;

    @Option(names = "--jvm", paramLabel = "OPTIONS", //
            description = "JVM options for both sides, such as '-Xmx2g' (default: the serial collector and a small"
                    + " young generation, with all pages touched in advance).")
    private @Nullable String jvm;

    @ArgGroup(exclusive = false, heading = "%nResults:%n")
    private GateOptions gate = new GateOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try {
            return judge();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            throw new CannotRunException(e);
        }
    }

    private int judge() throws IOException {
        GateOptions.checkPairs(pairs);
        var share = GateOptions.share("--threshold", threshold, 10);
        if (head == null) {
            benchmarks.forEach(GateTimeCommand::checkKnown);
        }
        BenchmarkJars.checkedOnly();
        var progress = new Progress(spec.commandLine().getErr(), gate.quiet);
        var builds = new BenchmarkJars(progress::line);
        var directory = gate.make();
        var forks = new JmhForks(BenchmarkJars.JAVA, side("base " + base, builds.find("--base", base)),
                side(head == null ? "the working tree" : "head " + head, builds.find("--head", head)),
                Files.createDirectories(directory.resolve("forks")));
        var options = new ArrayList<>(SHORT);
        if (jmh != null) {
            options.addAll(List.of(jmh.strip().split("\\s+")));
        }
        var ofBase = forks.rows(true, benchmarks, options);
        var ofHead = forks.rows(false, benchmarks, options);
        var all = Stream.concat(ofBase.stream(), ofHead.stream()).distinct().toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no benchmark is called " + String.join(" or ", benchmarks));
        }
        var rows = new ArrayList<RowVerdict>();
        for (var row : all) {
            if (!ofBase.contains(row) || !ofHead.contains(row)) {
                rows.add(RowVerdict.incomparable(row.toString(), "ns",
                        "only the " + (ofBase.contains(row) ? "base" : "head") + " has it"));
                continue;
            }
            var judge = new TimeGate(pairs, share, new Random(),
                    line -> progress.line("benchmark " + (all.indexOf(row) + 1) + " of " + all.size() + ", " + line));
            rows.addAll(judge.judge(forks.forks(row, options), _ -> "ns"));
        }
        progress.clear();
        WholeFile.write(directory.resolve("base.jmh.json"), forks.merged(true));
        WholeFile.write(directory.resolve("head.jmh.json"), forks.merged(false));
        progress.say("results in " + directory);
        return gate.finish(new GateResult("time", base, head == null ? "the working tree" : head, share,
                System.getProperty("java.vm.name") + " " + Runtime.version(), rows), spec.commandLine());
    }

    /** Refuses unknown benchmarks before anything is built, which takes long. */
    private static void checkKnown(String pattern) {
        var names = KnownBenchmarks.names();
        try {
            var wanted = Pattern.compile(pattern);
            if (names.isEmpty() || names.stream().anyMatch(name -> wanted.matcher(name).find())) {
                return;
            }
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + pattern + "' is not a regular expression", e);
        }
        // Candidates are Class.method, and each of the two alone.
        var parts = names.stream().map(name -> name.replaceFirst(".*\\.([^.]+\\.[^.]+)$", "$1"))
                .flatMap(name -> Stream.of(name, name.replaceFirst("\\..*", ""), name.replaceFirst(".*\\.", ""),
                        name.replaceFirst("Benchmark\\..*", "")))
                .distinct().toList();
        throw new IllegalArgumentException("no benchmark is called " + pattern + Suggestion.among(pattern, parts)
                + (Suggestion.nearest(pattern, parts).isEmpty() ? "; 'shakedown bench -l' lists them" : ""));
    }

    /** Returns the option for large pages where Linux has them: then there is less to touch. */
    private static Stream<String> hugePages() {
        try {
            var offered = Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"));
            return offered.contains("[never]") ? Stream.of() : Stream.of("-XX:+UseTransparentHugePages");
        } catch (IOException _) {
            return Stream.of();
        }
    }

    static List<String> steady() {
        var options = new ArrayList<>(BenchmarkJars.JVM_OPTIONS);
        options.addAll(STEADY);
        return options;
    }

    private JmhForks.Side side(String name, Path jar) {
        var options = steady();
        if (jvm != null) {
            options = new ArrayList<>(BenchmarkJars.JVM_OPTIONS);
            options.addAll(List.of(jvm.strip().split("\\s+")));
        }
        return new JmhForks.Side(name, jar, options);
    }
}
