package dev.shakedown.experiment;

import dev.shakedown.experiment.CostResult.Confidence;
import dev.shakedown.experiment.CostResult.Mixed;
import dev.shakedown.experiment.CostResult.Quantiles;
import dev.shakedown.experiment.CostResult.Ratio;
import dev.shakedown.experiment.CostResult.Side;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.RunSums;
import dev.shakedown.results.Summary;
import dev.shakedown.results.Tally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures full against resumed handshakes in blocks that alternate as ABBA, so that a steady change of the machine
 * affects both alike. The cost of a kind is merged over its blocks; the ratio and its interval come from the ratios of
 * neighbouring blocks, since handshakes within a block are not independent.
 */
public final class CostStudy {
    /** Does one block. */
    public interface Runner {
        Trial run(Kind kind, int block, int blocks) throws IOException;
    }

    /**
     * What one traced handshake of each kind showed.
     *
     * @param flights     of each kind; may lack one
     * @param certificate that the server presented in the full one; {@code null} if it presented none
     */
    public record Probe(Map<Kind, Integer> flights, @Nullable String certificate) {}

    private static final String LATENCY_P50 = "latencyMicros.p50";
    private static final String LATENCY_P99 = "latencyMicros.p99";
    private static final String CLIENT_CPU = "clientCpuMicros";
    private static final String SERVER_CPU = "serverCpuMicros";
    private static final String BYTES_SENT = "bytesSent";
    private static final String BYTES_RECEIVED = "bytesReceived";

    /** Full handshakes below this share of those that should have been resumed do not matter. */
    private static final double FEW = 0.05;
    /** Where a smaller share was resumed, its cost would depend mostly on the cost assumed for the full ones. */
    private static final double LEAST_RESUMED = 0.5;

    private final List<Trial> full = new ArrayList<>();
    private final List<Trial> resumed = new ArrayList<>();

    /** @param groups of four blocks each, at least 1 */
    public void measure(int groups, Runner runner) throws IOException {
        for (var block = 0; block < 4 * groups; block++) {
            // full resumed resumed full, resumed full full resumed, and so on
            var outer = block % 4 == 0 || block % 4 == 3;
            var kind = outer == (block / 4 % 2 == 0) ? Kind.FULL : Kind.RESUMED;
            (kind == Kind.FULL ? full : resumed).add(runner.run(kind, block + 1, 4 * groups));
        }
    }

    /**
     * Returns the result of all blocks.
     *
     * @param probes at least one
     * @param share  of handshakes resumed, 0 to 1, for which savings are computed
     */
    public CostResult result(String startedAt, List<Probe> probes, double share) {
        var mixed = mixed();
        var ofFull = side(Kind.FULL, full, probes.getFirst(), mean(full, CostStudy::clientCpu),
                mean(full, CostStudy::serverCpu));
        var ofResumed = side(Kind.RESUMED, resumed, probes.getFirst(), resumedCpu(mixed, CostStudy::clientCpu),
                resumedCpu(mixed, CostStudy::serverCpu));
        var estimates = CostResult.compares(ofFull, ofResumed)
                ? estimates(mixed)
                : Map.<String, Optional<Estimates.Ratio>>of();
        var first = full.getFirst().run();
        return new CostResult(first.tool(), startedAt, first.plan(), first.target(), first.host(), first.client(),
                full.size(), ofFull, ofResumed,
                CostResult.compares(ofFull, ofResumed) ? ratio(ofFull, ofResumed, estimates) : Ratio.UNKNOWN,
                confidence(estimates), merged(resumed).resumption(),
                new CostResult.Saving(share, CostResult.perCore(ofFull, ofResumed, 0),
                        CostResult.perCore(ofFull, ofResumed, share), withheld()),
                unlike(ofFull, ofResumed, probes), unfit(), mixed);
    }

    /** Returns the full handshakes among the resumed ones; {@code null} where they were too few to matter. */
    private @Nullable Mixed mixed() {
        var tally = merged(resumed).tally();
        var resumedShare = resumedShare(tally);
        return tally.completed() == 0 || resumedShare >= 1 - FEW
                ? null
                : new Mixed(tally.completed(Kind.FULL), resumedShare, mean(resumed, CostStudy::clientCpu),
                        mean(resumed, CostStudy::serverCpu));
    }

    private static double resumedShare(Tally tally) {
        return (double) tally.completed(Kind.RESUMED) / tally.completed();
    }

    /** Returns why the server's CPU time is withheld in the first block that lacks it; {@code null} if none does. */
    private @Nullable String withheld() {
        return Stream.concat(full.stream(), resumed.stream()).map(trial -> trial.run().server())
                .filter(server -> server != null && server.withheldBecause() != null)
                .map(RunResult.Server::withheldBecause).findFirst().orElse(null);
    }

    /** Lists what differs; a missing group does not, since a resumed TLS 1.2 handshake negotiates none. */
    private static List<String> unlike(Side full, Side resumed, List<Probe> probes) {
        var rows = Stream.concat(full.negotiated().stream(), resumed.negotiated().stream()).toList();
        var unlike = new ArrayList<String>();
        differ(unlike, "versions", rows.stream().map(RunRows.NegotiatedRow::version));
        differ(unlike, "cipher suites", rows.stream().map(RunRows.NegotiatedRow::cipherSuite));
        differ(unlike, "groups", rows.stream().map(RunRows.NegotiatedRow::group));
        differ(unlike, "certificates", probes.stream().map(Probe::certificate));
        for (var kind : Kind.values()) {
            differ(unlike, "numbers of flights when " + kind.label(),
                    probes.stream().map(probe -> probe.flights.get(kind)));
        }
        return unlike;
    }

    private static void differ(List<String> unlike, String what, Stream<?> values) {
        var distinct = values.filter(Objects::nonNull).map(Object::toString).distinct().toList();
        if (distinct.size() > 1) {
            unlike.add(what + " (" + String.join(", ", distinct) + ")");
        }
    }

    private static Summary merged(List<Trial> trials) {
        var summary = new Summary();
        trials.forEach(trial -> summary.add(trial.recorded()));
        return summary;
    }

    private static Side side(Kind kind, List<Trial> trials, Probe probe, @Nullable Double clientCpuMicros,
            @Nullable Double serverCpuMicros) {
        var seconds = trials.stream().mapToDouble(trial -> trial.run().measuredSeconds()).sum();
        var summary = merged(trials);
        var all = summary.kind(kind, seconds);
        return new Side(all.completed(), all.latencyMicros(), all.phases(), clientCpuMicros, serverCpuMicros,
                all.bytesSent(), all.bytesReceived(), probe.flights.get(kind), summary.negotiated(),
                kind == Kind.FULL ? probe.certificate : null);
    }

    private static @Nullable Double clientCpu(Trial trial) {
        return trial.run().generator().cpuMicrosPerHandshake();
    }

    private static @Nullable Double serverCpu(Trial trial) {
        return trial.run().server() == null ? null : trial.run().server().cpuMicrosPerHandshake();
    }

    /** Returns the CPU time of a resumed handshake; {@code null} if unknown. */
    private @Nullable Double resumedCpu(@Nullable Mixed mixed, Function<Trial, @Nullable Double> perHandshake) {
        var cpu = mean(resumed, perHandshake);
        return mixed == null ? cpu : unmixed(cpu, mean(full, perHandshake), mixed.resumedShare());
    }

    /**
     * Returns the cost of a resumed handshake, from the mean over both kinds.
     *
     * @param full  the cost of a full one
     * @param share of resumed handshakes, 0 to 1
     * @return {@code null} if nothing is left for resumed ones, or too few were resumed to tell
     */
    private static @Nullable Double unmixed(@Nullable Double both, @Nullable Double full, double share) {
        if (both == null || full == null || share < LEAST_RESUMED) {
            return null;
        }
        var resumed = (both - (1 - share) * full) / share;
        return resumed > 0 ? resumed : null;
    }

    /** Returns the mean over all handshakes of all blocks; {@code null} if it is unknown for any block. */
    private static @Nullable Double mean(List<Trial> trials, Function<Trial, @Nullable Double> perHandshake) {
        if (trials.stream().map(perHandshake).anyMatch(Objects::isNull)) {
            return null;
        }
        var handshakes = trials.stream().mapToDouble(CostStudy::handshakes).sum();
        return trials.stream().mapToDouble(trial -> perHandshake.apply(trial) * handshakes(trial)).sum() / handshakes;
    }

    private static double handshakes(Trial trial) {
        return trial.achievedPerSecond() * trial.run().measuredSeconds();
    }

    private static Ratio ratio(Side full, Side resumed, Map<String, Optional<Estimates.Ratio>> estimates) {
        var phases = new LinkedHashMap<String, Quantiles>();
        full.phases().forEach((phase, micros) -> {
            if (resumed.phases().containsKey(phase)) {
                phases.put(phase, quotients(micros, resumed.phases().get(phase)));
            }
        });
        var latency = quotients(full.latencyMicros(), resumed.latencyMicros());
        BiFunction<String, @Nullable Double, @Nullable Double> estimate = (name, quotient) -> estimates
                .getOrDefault(name, Optional.empty()).map(Estimates.Ratio::value).orElse(quotient);
        return new Ratio(new Quantiles(estimate.apply(LATENCY_P50, latency.p50()), latency.p90(), latency.p95(),
                estimate.apply(LATENCY_P99, latency.p99())), phases,
                estimate.apply(CLIENT_CPU, quotient(full.clientCpuMicros(), resumed.clientCpuMicros())),
                estimate.apply(SERVER_CPU, quotient(full.serverCpuMicros(), resumed.serverCpuMicros())),
                estimate.apply(BYTES_SENT, quotient(full.bytesSent(), resumed.bytesSent())),
                estimate.apply(BYTES_RECEIVED, quotient(full.bytesReceived(), resumed.bytesReceived())),
                full.flights() == null || resumed.flights() == null
                        ? null
                        : quotient((double) full.flights(), (double) resumed.flights()));
    }

    private static Quantiles quotients(Distribution full, Distribution resumed) {
        return new Quantiles(quotient(full, resumed, Quantile.P50), quotient(full, resumed, Quantile.P90),
                quotient(full, resumed, Quantile.P95), quotient(full, resumed, Quantile.P99));
    }

    /** Returns a quotient of quantiles; {@code null} where either is too short to be told from others. */
    private static @Nullable Double quotient(Distribution full, Distribution resumed, Quantile quantile) {
        var dividend = quantile.micros(full);
        var divisor = quantile.micros(resumed);
        return dividend == null || divisor == null || Math.min(dividend, divisor) < Distribution.LEAST_MICROS
                ? null
                : dividend / divisor;
    }

    private static @Nullable Double quotient(@Nullable Double dividend, @Nullable Double divisor) {
        return dividend == null || divisor == null || divisor == 0 ? null : dividend / divisor;
    }

    private Map<String, Optional<Estimates.Ratio>> estimates(@Nullable Mixed mixed) {
        return Map.of(LATENCY_P50, estimate((full, resumed) -> quotient(of(full, Kind.FULL).latencyMicros(),
                of(resumed, Kind.RESUMED).latencyMicros(), Quantile.P50)),
                LATENCY_P99, estimate((full, resumed) -> quotient(of(full, Kind.FULL).latencyMicros(),
                        of(resumed, Kind.RESUMED).latencyMicros(), Quantile.P99)),
                CLIENT_CPU, cpuEstimate(mixed, CostStudy::clientCpu),
                SERVER_CPU, cpuEstimate(mixed, CostStudy::serverCpu),
                BYTES_SENT, estimate((full, resumed) -> quotient(of(full, Kind.FULL).bytesSent(),
                        of(resumed, Kind.RESUMED).bytesSent())),
                BYTES_RECEIVED, estimate((full, resumed) -> quotient(of(full, Kind.FULL).bytesReceived(),
                        of(resumed, Kind.RESUMED).bytesReceived())));
    }

    private static RunSums.KindResult of(Trial trial, Kind kind) {
        return kind == Kind.FULL ? trial.run().kinds().full() : trial.run().kinds().resumed();
    }

    private Optional<Estimates.Ratio> cpuEstimate(@Nullable Mixed mixed,
            Function<Trial, @Nullable Double> perHandshake) {
        if (resumedCpu(mixed, perHandshake) == null) {
            return Optional.empty();
        }
        return estimate((full, resumed) -> quotient(perHandshake.apply(full), mixed == null
                ? perHandshake.apply(resumed)
                : unmixed(perHandshake.apply(resumed), perHandshake.apply(full),
                        resumedShare(resumed.recorded().tally()))));
    }

    /**
     * Returns the mean ratio of neighbours, which are the n-th blocks of both kinds, whichever came first.
     *
     * @param ratio of one pair; {@code null} if unknown, which makes the mean unknown
     */
    private Optional<Estimates.Ratio> estimate(BiFunction<Trial, Trial, @Nullable Double> ratio) {
        var ratios = new ArrayList<Double>();
        for (var i = 0; i < full.size(); i++) {
            var ofPair = ratio.apply(full.get(i), resumed.get(i));
            if (ofPair == null || ofPair <= 0) {
                return Optional.empty();
            }
            ratios.add(ofPair);
        }
        return Optional.of(Estimates.mean(ratios));
    }

    private static Map<String, Confidence> confidence(Map<String, Optional<Estimates.Ratio>> estimates) {
        var all = new LinkedHashMap<String, Confidence>();
        for (var name : List.of(LATENCY_P50, LATENCY_P99, CLIENT_CPU, SERVER_CPU, BYTES_SENT, BYTES_RECEIVED)) {
            all.put(name, estimates.getOrDefault(name, Optional.empty())
                    .map(ratio -> new Confidence(ratio.low(), ratio.high())).orElse(new Confidence(null, null)));
        }
        return all;
    }

    private List<String> unfit() {
        var reasons = new ArrayList<String>();
        for (var trials : List.of(full, resumed)) {
            for (var trial : trials) {
                if (trial.run().generator().saturated()) {
                    reasons.add(trial.run().generator().saturatedBecause());
                } else if (trial.run().missedRate()) {
                    reasons.add("the rate was missed");
                }
            }
        }
        return reasons.stream().distinct().toList();
    }
}
