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
 * Measures what full and resumed handshakes of one version cost. An instance runs once; any thread may call {@link
 * #stop}.
 */
public final class CostRun {
    /**
     * How costs are measured.
     *
     * @param groups        number of groups of four blocks, two of each kind; at least 1
     * @param block         the length of each block
     * @param ratePerSecond handshakes per second in each block; empty for a third of what a short closed loop reaches
     * @param arrivals      how arrivals are spaced
     * @param settle        how long the server may take after each block to become idle again
     * @param share         the share of resumed handshakes, 0 to 1, for which savings are computed
     */
    public record Terms(int groups, Duration block, OptionalDouble ratePerSecond, Schedule.Shape arrivals,
            Duration settle, double share) {}

    private static final Duration PROBE = Duration.ofSeconds(3);
    private static final int PROBE_CONCURRENCY = 16;
    /** Share of the server's capacity: far enough below its limit that queueing is not what is measured. */
    private static final double SHARE_OF_CAPACITY = 1.0 / 3;
    /** Enough to tell the certificates of one server apart. */
    private static final int FINGERPRINT_BYTES = 8;
    private static final int BLOCKS_PER_GROUP = 4;
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
     * @param plan          the plan; its own rate, length and mix are ignored
     * @param name          what progress messages call the measurement, such as {@code TLS 1.3}
     * @param settleSetting the name of the setting that gives the server longer to become idle, for an error message;
     *                      empty if there is none
     */
    public CostRun(RunPlan plan, String name, Terms terms, String settleSetting) {
        this.name = name;
        this.plan = plan;
        this.terms = terms;
        this.trials = new Trials(plan, terms.arrivals);
        trials.settleWithin(terms.settle, settleSetting);
    }

    /** Ends the current block and with it the measurement, which then has no result. */
    public void stop() {
        trials.stop();
    }

    /**
     * Measures.
     *
     * @param progress takes a sentence before each block
     * @throws java.io.InterruptedIOException if {@link #stop} was called
     * @throws IOException                    if the generator failed
     * @throws CannotRunException             if the costs cannot be measured
     */
    public CostResult run(Consumer<String> progress) throws IOException {
        trials.settle();
        var perSecond = terms.ratePerSecond.isPresent() ? terms.ratePerSecond.getAsDouble() : moderateRate(progress);
        trials.checkPorts(perSecond, terms.block.toNanos(), FULL);
        var startedAt = Instant.now().toString();
        var study = new CostStudy();
        var probes = new ArrayList<Probe>();
        study.measure(terms.groups, (kind, block, all) -> {
            if (block % BLOCKS_PER_GROUP == 1) {
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

    /** Returns a rate that the server handles easily, in handshakes per second. */
    private double moderateRate(Consumer<String> progress) throws IOException {
        progress.accept(name + ": looking for a moderate rate");
        var found = trials.closed(PROBE_CONCURRENCY, PROBE.toNanos(), FULL).achievedPerSecond() * SHARE_OF_CAPACITY;
        return Math.max(1, found);
    }

    /** Returns the version that the server chooses from those that a plan offers; empty if it chooses none. */
    public static Optional<ProtocolVersion> version(RunPlan plan) {
        var load = plan.load();
        return Optional.ofNullable(Exchange.run(new Exchange.Plan(load.target(), new ClientMemory(plan.settings(), 1),
                null, load.timeoutNanos(), 0, new byte[0], false, load.prelude()), _ -> {}).version());
    }

    /** Counts the flights in a handshake of each kind, and reads the server's certificate. */
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

    /** Describes the server's own certificate; {@code null} if it sent none. */
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
