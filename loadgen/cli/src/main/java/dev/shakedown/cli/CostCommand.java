package dev.shakedown.cli;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Schedule;
import dev.shakedown.net.Target;
import dev.shakedown.report.html.Report;
import dev.shakedown.run.value.Server;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.CostRun;
import dev.shakedown.run.ResultDirectory;
import dev.shakedown.run.value.Rate;
import dev.shakedown.run.value.Share;
import dev.shakedown.run.value.Versions;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
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

/** Measures what full and resumed handshakes cost. */
@Command(name = "cost", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown cost [OPTIONS] HOST:PORT", //
        header = "Measure what a full handshake costs against a resumed one.", //
        description = {
            "Blocks of full and of resumed handshakes alternate (ABBA) at one rate. Versions are measured one after"
                    + " another, never mixed, as with --tls 1.2,1.3.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown cost 127.0.0.1:8443 --tls 1.2,1.3",
            "  shakedown cost 127.0.0.1:8443 --rate 200 --server-pid 4711"})
final class CostCommand implements Callable<Integer> {
    @Parameters(paramLabel = "HOST:PORT", description = "The server.")
    private Server target;

    @ArgGroup(exclusive = false, order = 1, heading = "%nBlocks:%n")
    private BlockOptions blocks = new BlockOptions();

    @ArgGroup(exclusive = false, order = 2, heading = "%nLoad:%n")
    private ArrivalOptions arrivals = new ArrivalOptions();

    @Mixin
    private LoadingOptions loading;

    @ArgGroup(exclusive = false, order = 7, heading = "%nResults:%n")
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec;

    private static final class BlockOptions {
        @Option(names = "--groups", paramLabel = "N", defaultValue = "5", //
                description = "Measure N groups of four blocks, two of each kind (default: ${DEFAULT-VALUE}).")
        private int groups;

        @Option(names = "--block", paramLabel = "TIME", defaultValue = "3s", //
                description = "Length of each block, after its warm-up (default: ${DEFAULT-VALUE}).")
        private Duration block;

        @Option(names = "--settle", paramLabel = "TIME", defaultValue = "60s", //
                description = "Wait after each block until the server is idle again, for this long at most (default:"
                        + " ${DEFAULT-VALUE}).")
        private Duration settle;

        @Option(names = "--share", paramLabel = "SHARE", defaultValue = "0.8", //
                description = "Compute what resumption saves at this share of resumed handshakes, 0 to 1 (default:"
                        + " ${DEFAULT-VALUE}).")
        private Share share;

        @Option(names = "--strict", //
                description = "Exit with 3 if the generator may have distorted the figures of a block.")
        private boolean strict;
    }

    private static final class ArrivalOptions {
        @Option(names = "--rate", paramLabel = "R", //
                description = "Handshakes per second in each block (default: a third of what a short closed loop"
                        + " reaches).")
        private @Nullable Rate rate;

        @Option(names = "--arrivals", paramLabel = "SHAPE", defaultValue = "constant", //
                description = "Space arrivals evenly (constant) or at random (poisson) (default: ${DEFAULT-VALUE}).")
        private Schedule.Shape shape;
    }

    @Override
    public Integer call() throws IOException {
        try {
            return measure();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (InterruptedIOException _) {
            throw new CannotRunException("interrupted before there was an answer");
        } catch (IOException e) {
            throw new CannotRunException(e);
        }
    }

    private int measure() throws IOException {
        if (blocks.groups < 1 || blocks.groups > 1000) {
            throw new IllegalArgumentException("--groups must be from 1 to 1000, but is " + blocks.groups);
        }
        if (!blocks.block.isPositive()) {
            throw new IllegalArgumentException("--block must be longer than 0s");
        }
        LoadOptions.partOfAll("--share", blocks.share);
        ShapeOptions.checkRate(arrivals.rate);
        output.check();
        var addresses = loading.targets(target);
        loading.quiet = output.quiet;
        var versions = (loading.client.tls == null ? chosen(addresses) : loading.client.tls).all().reversed();
        // All are checked before any is measured.
        var runs = versions.stream().map(version -> run(addresses, version)).toList();
        var directory = ResultDirectory.make("--out", output.directory, output.name, addresses.getFirst(), Report.COST);
        var progress = new Progress(spec.commandLine().getErr(), output.quiet);
        var results = new ArrayList<CostResult>();
        for (var run : runs) {
            Interrupt.onFirst(run::stop);
            results.add(run.run(progress::line));
        }
        progress.clear();
        progress.say("results in " + directory);
        output.report(Report.cost(results, OptionNames::of), directory, spec.commandLine(),
                () -> WholeFile.write(directory.resolve(Report.COST), CostResult.toJson(results)));
        var unfit = results.stream().flatMap(result -> result.unfit().stream()).distinct().toList();
        if (blocks.strict && !unfit.isEmpty()) {
            Main.complain(spec.commandLine().getErr(),
                    "--strict: the generator may have distorted the figures, because "
                            + String.join("; ", unfit));
            return Main.EXIT_UNFIT;
        }
        return 0;
    }

    /** Returns the version that the server chooses from the usual ones. */
    private Versions chosen(List<Target> addresses) {
        var plan = loading.plan(addresses, ShapeOptions.of(Mix.parse(ShapeOptions.DEFAULT_MIX)));
        return Versions.of(CostRun.version(plan).orElse(ProtocolVersion.TLS_1_2));
    }

    private CostRun run(List<Target> addresses, ProtocolVersion version) {
        loading.client.tls = Versions.of(version);
        var plan = loading.plan(addresses, ShapeOptions.of(Mix.parse(ShapeOptions.DEFAULT_MIX)));
        return new CostRun(plan, "TLS " + version.option(), new CostRun.Terms(blocks.groups, blocks.block,
                arrivals.rate == null ? OptionalDouble.empty() : OptionalDouble.of(arrivals.rate.perSecond()),
                arrivals.shape, blocks.settle, blocks.share.value()), "--settle");
    }
}
