package dev.shakedown.bench;

import dev.shakedown.report.FurtherReading;
import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.Setting;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Unmatched;

/** The command {@code shakedown bench}: JMH with our defaults, progress lines, and tables at the end. */
@Command(name = "bench", sortOptions = false, //
        header = "Measure the handshake's crypto paths, and whole handshakes in memory.", //
        customSynopsis = "shakedown bench [OPTIONS] [NAME...] [JMH OPTIONS]", //
        description = {"",
            "NAME is a regular expression for names of benchmarks, such as KeyExchange or Handshake.*cost;"
                    + " without one all are run, which takes hours. JMH's options are passed on (-f forks,"
                    + " -wi and -i"
                    + " iterations, -p param=value, -prof gc, -l lists; -h explains them all).",
            ""}, //
        footer = {"", "Examples:", "  shakedown bench --quick                       an answer within two minutes",
            "  shakedown bench FinishedMac KeySchedule       ours against the raw HMAC calls",
            "  shakedown bench Handshake -p certificate=P_256 -f 1"})
public final class Bench implements Callable<Integer> {
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_UNFIT = 3;
    /** Options that JMH answers itself, without measuring. */
    private static final Set<String> QUESTIONS = Set.of("-h", "-l", "-lp", "-lprof", "-lrf");
    /** What a quick run measures unless names are given. */
    private static final List<String> QUICK = List.of("FinishedMacBenchmark.(baseline|make)$",
            "KeyDerivationBenchmark.(baseline|masterAndKeyBlock)$", "KeyScheduleBenchmark.(baseline|whole)$",
            "ClientCryptoBenchmark",
            "HandshakeBenchmark.cost$");

    @Option(names = "--quick", description = "one fork, few and short iterations; without a NAME only the Finished MAC,"
            + " key derivation, all of a client's crypto and whole handshakes, with SHA-256, P-256 and BoringSSL as"
            + " the server")
    private boolean quick;

    @Option(names = "--reference", description = "add the figures of 'openssl speed' for the same primitives")
    private boolean reference;

    @Option(names = "--out", paramLabel = "DIR", description = "the directory for bench.json and bench.hlog"
            + " (results/runs/<time>-bench)")
    private Path out;

    @Option(names = "--details", description = "print every figure of every row, not only what fits on a screen")
    private boolean details;

    @Option(names = "--help", usageHelp = true, description = "show this help")
    @SuppressWarnings("unused")
    private boolean help;

    @Unmatched
    private List<String> rest = new ArrayList<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).setUsageHelpWidth(80)
                .setParameterExceptionHandler((e, _) -> complain(String.valueOf(e.getMessage()), EXIT_USAGE))
                .setExecutionExceptionHandler((e, _, _) -> complain(String.valueOf(e.getMessage()), EXIT_UNFIT))
                .execute(args));
    }

    private static int complain(String sentence, int exitCode) {
        System.err.println("shakedown: " + sentence.lines().findFirst().orElse("") + (exitCode == EXIT_USAGE
                ? " (see 'shakedown bench --help')"
                : ""));
        return exitCode;
    }

    @Override
    public Integer call() throws IOException, RunnerException {
        if (rest.stream().anyMatch(QUESTIONS::contains)) {
            org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
            return 0;
        }
        var options = options();
        if (reference) {
            OpensslSpeed.require();
        }
        Collection<RunResult> results;
        try {
            results = new Runner(options, new Progress(System.err)).run();
        } catch (NoBenchmarksException _) {
            throw new ParameterException(new CommandLine(this),
                    "no benchmark is called " + String.join(" or ", rest) + "; 'shakedown bench -l' lists them");
        }
        var directory = directory();
        write(directory, results);
        var tables = new Tables(System.out);
        if (details) {
            tables.print(results);
        } else {
            System.out.print(screen(directory));
        }
        if (reference) {
            tables.printReference(results, OpensslSpeed.run());
        }
        if (details || reference) {
            System.out.println("\nResults: " + directory);
        }
        return 0;
    }

    private static String screen(Path directory) throws IOException {
        return Report.read(directory.resolve(Report.BENCH), Setting.Names.OWN).screens().of(
                new FurtherReading(directory.resolve(HtmlPage.FILE).toString(),
                        "shakedown report " + directory + " --details"));
    }

    private Options options() {
        CommandLineOptions given;
        try {
            given = new CommandLineOptions(rest.toArray(String[]::new));
        } catch (CommandLineOptionException e) {
            throw new ParameterException(new CommandLine(this), e.getMessage());
        }
        var options = new OptionsBuilder().parent(given).shouldFailOnError(true);
        if (!quick) {
            return options.build();
        }
        if (given.getIncludes().isEmpty()) {
            QUICK.forEach(options::include);
            options.param("hash", "SHA_256").param("certificate", "P_256").param("peers", "SHAKEDOWN_BORINGSSL");
        }
        if (!given.getForkCount().hasValue()) {
            options.forks(1);
        }
        if (!given.getWarmupIterations().hasValue()) {
            options.warmupIterations(2);
        }
        if (!given.getWarmupTime().hasValue()) {
            options.warmupTime(TimeValue.milliseconds(1500));
        }
        if (!given.getMeasurementIterations().hasValue()) {
            options.measurementIterations(5);
        }
        if (!given.getMeasurementTime().hasValue()) {
            options.measurementTime(TimeValue.milliseconds(500));
        }
        return options.build();
    }

    private Path directory() {
        var directory = out != null
                ? out
                : Path.of("results", "runs",
                        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now()) + "-bench");
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("results cannot be written to " + directory, e);
        }
    }

    /**
     * Writes JMH's standard JSON, its page, and an HdrHistogram interval log with one tag for each sampled benchmark.
     */
    static void write(Path directory, Collection<RunResult> results) throws IOException {
        try (var json = new PrintStream(Files.newOutputStream(directory.resolve(Report.BENCH)))) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, json).writeOut(results);
        }
        HtmlPage.write(Report.read(directory.resolve(Report.BENCH), Setting.Names.OWN).pages().make(), directory);
        try (var log = Files.newOutputStream(directory.resolve("bench.hlog"))) {
            Samples.write(results, log);
        }
    }
}
