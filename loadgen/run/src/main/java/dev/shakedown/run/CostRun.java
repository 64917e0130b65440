package dev.shakedown.run;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.experiment.CostStudy;
import dev.shakedown.experiment.CostStudy.Probe;
import dev.shakedown.load.HttpHead;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Schedule;
import dev.shakedown.report.Units;
import dev.shakedown.results.Kind;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.crypto.X509;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.trace.CertificateChain;
import dev.shakedown.trace.Exchange;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures what a full handshake costs against a resumed one, of one version. It runs once; {@link #stop} may be called
 * by any thread.
 */
public final class CostRun {
    /**
     * How it is measured.
     *
     * @param groups        of four blocks, two of each kind, at least 1
     * @param block         length of each
     * @param ratePerSecond handshakes in each block; empty for a third of what a short closed loop reaches
     * @param arrivals      how they are spread
     * @param settle        how long the server may take after each block until it is idle again
     * @param share         of resumed handshakes, 0 to 1, to reckon savings with
     */
    public record Terms(int groups, Duration block, OptionalDouble ratePerSecond, Schedule.Shape arrivals,
            Duration settle, double share) {}

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

    private final RunPlan plan;
    private final String name;
    private final Terms terms;
    private final Trials trials;

    /**
     * Prepares a measurement.
     *
     * @param plan   whose rate, length and mix are not asked
     * @param name   what its progress is of, such as {@code TLS 1.3}
     * @param giving how people give the server longer to become idle, to be told them if it does not; empty if they
     *               cannot
     */
    public CostRun(RunPlan plan, String name, Terms terms, String giving) {
        this.name = name;
        this.plan = plan;
        this.terms = terms;
        this.trials = new Trials(plan, terms.arrivals);
        trials.settleWithin(terms.settle, giving);
    }

    /** Ends the block under way, and with it the measurement, which has no answer then. */
    public void stop() {
        trials.stop();
    }

    /**
     * Measures.
     *
     * @param progress takes a sentence before each block
     * @throws java.io.InterruptedIOException if {@link #stop} came first
     * @throws IOException                    if the generator broke down
     * @throws CannotRunException             if it cannot be measured
     */
    public CostResult run(Consumer<String> progress) throws IOException {
        trials.settle();
        var perSecond = terms.ratePerSecond.isPresent() ? terms.ratePerSecond.getAsDouble() : moderateRate(progress);
        trials.checkPorts(perSecond, terms.block.toNanos(), FULL);
        var startedAt = Instant.now().toString();
        var study = new CostStudy();
        var probes = new ArrayList<Probe>();
        study.measure(terms.groups, (kind, block, all) -> {
            if (block % BLOCKS_A_GROUP == 1) {
                trials.settle();
                probes.add(probe());
            }
            var left = (all - block + 1) * (terms.block.toMillis() / 1e3 + trials.warmupSeconds());
            progress.accept("about " + Units.wait(left) + " left, " + name + ", block " + block + " of " + all + ": "
                    + kind.label() + " handshakes, " + Math.round(perSecond) + "/s");
            trials.settle();
            return trials.open(perSecond, terms.block.toNanos(), kind == Kind.FULL ? FULL : RESUMED);
        });
        return study.result(startedAt, probes, terms.share);
    }

    /** A rate that the server carries easily. */
    private double moderateRate(Consumer<String> progress) throws IOException {
        progress.accept(name + ": looking for a moderate rate");
        var found = trials.closed(PROBE_CONCURRENCY, PROBE.toNanos(), FULL).achievedPerSecond() * SHARE_OF_CAPACITY;
        return Math.max(1, found);
    }

    /** The version that the server chooses of those that a plan offers; empty where no handshake comes about. */
    public static Optional<ProtocolVersion> version(RunPlan plan) {
        var load = plan.load();
        return Optional.ofNullable(Exchange.run(new Exchange.Plan(load.target(), new ClientMemory(plan.settings(), 1),
                null, load.timeoutNanos(), 0, new byte[0], false, load.prelude()), _ -> {}).version());
    }

    /** How often one side speaks in a handshake of each kind, and who the server says it is. */
    private Probe probe() {
        var load = plan.load();
        var target = load.target();
        var settings = plan.settings();
        var flights = new EnumMap<Kind, Integer>(Kind.class);
        var memory = new ClientMemory(settings, SessionMemory.AS_THE_VERSION_ASKS);
        var full = Exchange.run(new Exchange.Plan(target, memory, null, load.timeoutNanos(), LINGER_NANOS,
                HttpHead.of(target.host()), true, load.prelude()), _ -> {});
        flights.put(Kind.FULL, full.flights());
        if (!full.sessions().isEmpty()) {
            var resumed = Exchange.run(new Exchange.Plan(target, memory, full.sessions().getLast(),
                    load.timeoutNanos(), 0, new byte[0], false, load.prelude()), _ -> {});
            if (resumed.resumed()) {
                flights.put(Kind.RESUMED, resumed.flights());
            }
        }
        return new Probe(flights, certificate(full));
    }

    /** The server's own certificate in words; {@code null} without one. */
    private static @Nullable String certificate(Exchange full) {
        var chain = CertificateChain.of(full).encoded();
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
