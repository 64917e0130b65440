package dev.shakedown.cli;

import dev.shakedown.gate.Signals;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.CannotRunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares figures that hardly vary with a committed baseline. */
@Command(name = "signals", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown gate signals [OPTIONS]", //
        header = "Judge figures that hardly vary against a committed baseline: allocation, wire bytes, flights,"
                + " public-key operations.", //
        description = {
            "The baseline is in results/baselines/<suite>/<fingerprint>, where the fingerprint covers the JDK, the"
                    + " provider, the suite and the benchmark code. Without a baseline that matches, the verdict is"
                    + " incomparable, never a pass.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown gate signals",
            "  shakedown gate signals --update"})
final class GateSignalsCommand implements Callable<Integer> {
    private static final String MAIN = "dev.shakedown.bench.SignalsMain";

    @Option(names = "--baselines", paramLabel = "DIR", defaultValue = "results/baselines", //
            description = "Directory of the baselines (default: ${DEFAULT-VALUE}).")
    private Path baselines;

    @Option(names = "--update", //
            description = "Write the figures as the baseline, to be committed, instead of judging them.")
    private boolean update;

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
        var progress = new Progress(spec.commandLine().getErr(), gate.quiet);
        progress.line("measuring the signals");
        var found = measure();
        progress.clear();
        if (update) {
            var file = found.write(baselines);
            spec.commandLine().getOut().println("wrote " + file + "; commit it");
            return 0;
        }
        var directory = gate.make();
        WholeFile.write(directory.resolve("signals.json"), found.toJson());
        progress.say("results in " + directory);
        return gate.finish(found.judge(baselines, OptionNames::of), spec.commandLine());
    }

    /** Measures in a new process, where nothing is compiled yet, with C1 only, which optimises no allocation away. */
    private static Signals measure() throws IOException {
        var file = Files.createTempFile("shakedown-signals-", ".json");
        var log = Files.createTempFile("shakedown-signals-", ".log");
        try {
            var command = new ArrayList<>(List.of(BenchmarkJars.JAVA.toString()));
            command.addAll(BenchmarkJars.JVM_OPTIONS);
            command.addAll(
                    List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", BenchmarkJars.own().toString(), MAIN,
                            file.toString()));
            var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            if (process.waitFor() != 0) {
                throw new IOException("the signals cannot be measured: "
                        + Files.readString(log).lines().findFirst().orElse("no reason given"));
            }
            return Signals.read(file);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(log);
        }
    }
}
