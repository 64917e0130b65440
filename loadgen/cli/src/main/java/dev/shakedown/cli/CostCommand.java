package dev.shakedown.cli;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.experiment.CostStudy;
import dev.shakedown.experiment.CostStudy.Probe;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Schedule;
import dev.shakedown.net.Target;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.Kind;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.ResultDirectory;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.crypto.X509;
import dev.shakedown.trace.Chain;
import dev.shakedown.trace.Exchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
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
            "Blocks of full and of resumed handshakes alternate (ABBA) at one rate. Versions are never blended:"
                    + " --tls 1.2,1.3 measures one after the other.%n"})
final class CostCommand implements Callable<Integer> {
    private static final Duration PROBE = Duration.ofSeconds(3);
    private static final int PROBE_CONCURRENCY = 16;
    /** Of what the server can do: far enough from its limit that waiting is not what is measured. */
    private static final double SHARE_OF_CAPACITY = 1.0 / 3;
    /** So much of it tells certificates of one server apart. */
    private static final int FINGERPRINT_BYTES = 8;
    private static final int BLOCKS_A_GROUP = 4;
    private static final long LINGER_NANOS = 1_000_000_000;
    private static final Mix FULL = Mix.parse("full=1");
    private static final Mix RESUMED = Mix.parse("resumed=1");

    @Parameters(paramLabel = "HOST:PORT", description = "The server.")
    private String target;

    @ArgGroup(exclusive = false, order = 1, heading = "%nBlocks:%n")
    private BlockOptions blocks = new BlockOptions();

    @ArgGroup(exclusive = false, order = 2, heading = "%nConnections:%n")
    private LoadOptions load = new LoadOptions();

    @ArgGroup(exclusive = false, order = 3, heading = "%nClient:%n")
    private ClientOptions client = new ClientOptions();

    @ArgGroup(exclusive = false, order = 4, heading = "%nServer:%n")
    private ServerOptions server = new ServerOptions();

    @ArgGroup(exclusive = false, order = 5, heading = "%nResults:%n")
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec;

    private static final class BlockOptions {
        @Option(names = "--groups", paramLabel = "N", defaultValue = "5", //
                description = "Groups of four blocks, two of each kind (default: ${DEFAULT-VALUE}).")
        private int groups;

        @Option(names = "--block", paramLabel = "TIME", converter = DurationConverter.class, defaultValue = "3s", //
                description = "Length of a block, after --warmup (default: ${DEFAULT-VALUE}).")
        private Duration block;

        @Option(names = "--rate", paramLabel = "R", //
                description = "Handshakes a second in each block (default: a third of what a short closed loop reaches).")
        private Double rate;

        @Option(names = "--arrivals", paramLabel = "SHAPE", defaultValue = "constant", //
                description = "constant or poisson (default: ${DEFAULT-VALUE}).")
        private Schedule.Shape arrivals;

        @Option(names = "--settle", paramLabel = "TIME", converter = DurationConverter.class, defaultValue = "60s", //
                description = "How long the server may take after each block until it is idle again (default:"
                        + " ${DEFAULT-VALUE}).")
        private Duration settle;

        @Option(names = "--share", paramLabel = "SHARE", defaultValue = "0.8", //
                description = "The share of resumed handshakes, 0 to 1, to reckon savings with (default: ${DEFAULT-VALUE}).")
        private double share;

        @Option(names = "--strict", //
                description = "End with exit code 3 if the generator may have moved the figures of some block.")
        private boolean strict;
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
            throw new CannotRunException(e.getMessage(), e);
        }
    }

    private int measure() throws IOException {
        if (blocks.groups < 1 || blocks.groups > 1000) {
            throw new IllegalArgumentException("--groups must be from 1 to 1000, but is " + blocks.groups);
        }
        if (!blocks.block.isPositive()) {
            throw new IllegalArgumentException("--block must be longer than nothing");
        }
        if (!(blocks.share >= 0 && blocks.share <= 1)) {
            throw new IllegalArgumentException("--share must be from 0 to 1, but is " + blocks.share);
        }
        ShapeOptions.checkRate(blocks.rate);
        server.check();
        var address = Targets.parse(target, server.authorized);
        var versions = List.of(client.tls.split(",", -1));
        if (client.tls.contains("-")) {
            throw new IllegalArgumentException("--tls " + client.tls + " would blend versions; name each, with commas"
                    + " between them, as in --tls 1.2,1.3, and each gets a table of its own");
        }
        // All are looked at before any is measured.
        for (var version : versions) {
            settings(address, version);
        }
        var directory = ResultDirectory.make(output.directory, address, Report.COST);
        var progress = new Progress(spec.commandLine().getErr(), output.quiet);
        var results = new ArrayList<CostResult>();
        for (var version : versions) {
            results.add(measure(address, settings(address, version), "TLS " + version, progress));
        }
        progress.clear();
        output.report(Report.cost(results, OptionNames::of), directory, spec.commandLine().getOut(),
                () -> WholeFile.write(directory.resolve(Report.COST), CostResult.toJson(results)));
        progress.say("results in " + directory);
        var unfit = results.stream().flatMap(result -> result.unfit().stream()).distinct().toList();
        if (blocks.strict && !unfit.isEmpty()) {
            Main.complain(spec.commandLine().getErr(), "--strict: the generator may have moved the figures, because "
                    + String.join("; ", unfit));
            return Main.EXIT_UNFIT;
        }
        return 0;
    }

    private ClientSettings settings(Target address, String version) {
        client.tls = version;
        return client.settings(address.host(), List.of());
    }

    private CostResult measure(Target address, ClientSettings settings, String name, Progress progress)
            throws IOException {
        var plan = load.plan(client.aims(address, settings, 0), client.prelude(address.host()),
                ShapeOptions.of(ShapeOptions.DEFAULT_MIX));
        var trials = new Trials(plan, settings, load, client, address, server, blocks.arrivals);
        trials.settleWithin(blocks.settle);
        Interrupt.onFirst(trials::stop);
        trials.settle();
        var perSecond = blocks.rate == null ? moderateRate(trials, name, progress) : blocks.rate;
        trials.checkPorts(perSecond, blocks.block.toNanos(), FULL);
        var startedAt = Instant.now().toString();
        var study = new CostStudy();
        var probes = new ArrayList<Probe>();
        study.measure(blocks.groups, (kind, block, all) -> {
            if (block % BLOCKS_A_GROUP == 1) {
                trials.settle();
                probes.add(probe(address, settings));
            }
            progress.line(name + ", block " + block + " of " + all + ": " + kind.label() + " handshakes, "
                    + Math.round(perSecond) + "/s");
            trials.settle();
            return trials.open(perSecond, blocks.block.toNanos(), kind == Kind.FULL ? FULL : RESUMED);
        });
        return study.result(startedAt, probes, blocks.share);
    }

    /** A rate that the server carries easily. */
    private static double moderateRate(Trials trials, String name, Progress progress) throws IOException {
        progress.line(name + ": looking for a moderate rate");
        var found = trials.closed(PROBE_CONCURRENCY, PROBE.toNanos(), FULL).achievedPerSecond() * SHARE_OF_CAPACITY;
        return Math.max(1, found);
    }

    /** How often one side speaks in a handshake of each kind, and who the server says it is. */
    private Probe probe(Target address, ClientSettings settings) {
        var flights = new EnumMap<Kind, Integer>(Kind.class);
        var memory = new ClientMemory(settings, SessionMemory.AS_THE_VERSION_ASKS);
        var full = Exchange.run(new Exchange.Plan(address, memory, null, load.timeout.toNanos(), LINGER_NANOS,
                Payload.head(address.host()), true, client.prelude(address.host())), _ -> {});
        flights.put(Kind.FULL, full.flights());
        if (!full.sessions().isEmpty()) {
            var resumed = Exchange.run(new Exchange.Plan(address, memory, full.sessions().getLast(),
                    load.timeout.toNanos(), 0, new byte[0], false, client.prelude(address.host())), _ -> {});
            if (resumed.resumed()) {
                flights.put(Kind.RESUMED, resumed.flights());
            }
        }
        return new Probe(flights, certificate(full));
    }

    /** The server's own certificate in words; {@code null} without one. */
    private static String certificate(Exchange full) {
        var chain = Chain.of(full).encoded();
        if (chain.isEmpty()) {
            return null;
        }
        try {
            var own = X509.read(chain.getFirst());
            var digest = MessageDigest.getInstance("SHA-256").digest(chain.getFirst());
            return own.getPublicKey().getAlgorithm() + " " + own.getSubjectX500Principal() + ", SHA-256 "
                    + HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (GeneralSecurityException e) {
            return "that cannot be read: " + e.getMessage();
        }
    }
}
