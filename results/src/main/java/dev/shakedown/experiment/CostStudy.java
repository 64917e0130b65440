package dev.shakedown.experiment;

import dev.shakedown.experiment.CostResult.Confidence;
import dev.shakedown.experiment.CostResult.Quantiles;
import dev.shakedown.experiment.CostResult.Ratio;
import dev.shakedown.experiment.CostResult.Side;
import dev.shakedown.results.Kind;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunResult.Distribution;
import dev.shakedown.results.Summary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Measures full against resumed handshakes in blocks that alternate as ABBA, so that what changes steadily about the machine
 * touches both alike. What one kind cost is merged over its blocks; how sure the ratio is comes from the ratios of
 * neighbours, since handshakes within a block depend on one another.
 */
public final class CostStudy {
    /** Does one block. */
    public interface Runner {
        Trial run(Kind kind, int block, int blocks) throws IOException;
    }

    /**
     * One handshake of each kind, looked at closely.
     *
     * @param flights     of each kind; may lack one
     * @param certificate that the server showed in the full one; {@code null} if it showed none
     */
    public record Probe(Map<Kind, Integer> flights, String certificate) {}

    private static final double UPPER = 0.975;

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
     * What was found.
     *
     * @param probes some of them, at least one
     * @param share  of handshakes resumed, 0 to 1, to reckon savings with
     */
    public CostResult result(String startedAt, List<Probe> probes, double share) {
        var ofFull = side(Kind.FULL, full, probes.getFirst());
        var ofResumed = side(Kind.RESUMED, resumed, probes.getFirst());
        var first = full.getFirst().run();
        var summary = merged(resumed);
        return new CostResult(first.tool(), startedAt, first.plan(), first.target(), first.host(), first.client(),
                full.size(), ofFull, ofResumed, ratio(ofFull, ofResumed), confidence(), summary.resumption(),
                new CostResult.Saving(share, CostResult.perCore(ofFull, ofResumed, 0),
                        CostResult.perCore(ofFull, ofResumed, share), withheld()),
                unlike(ofFull, ofResumed, probes), unfit());
    }

    /** Why the server's CPU time is not told, in the first block of which it is not; {@code null} if in none. */
    private String withheld() {
        return Stream.concat(full.stream(), resumed.stream()).map(trial -> trial.run().server())
                .filter(server -> server != null && server.withheldBecause() != null)
                .map(RunResult.Server::withheldBecause).findFirst().orElse(null);
    }

    /** A resumed handshake of TLS 1.2 agrees on no group, so that only those count that were agreed on. */
    private static List<String> unlike(Side full, Side resumed, List<Probe> probes) {
        var rows = Stream.concat(full.negotiated().stream(), resumed.negotiated().stream()).toList();
        var unlike = new ArrayList<String>();
        differ(unlike, "versions", rows.stream().map(RunResult.NegotiatedRow::version));
        differ(unlike, "cipher suites", rows.stream().map(RunResult.NegotiatedRow::cipherSuite));
        differ(unlike, "groups", rows.stream().map(RunResult.NegotiatedRow::group));
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

    private static Side side(Kind kind, List<Trial> trials, Probe probe) {
        var seconds = trials.stream().mapToDouble(trial -> trial.run().measuredSeconds()).sum();
        var summary = merged(trials);
        var all = summary.kind(kind, seconds);
        return new Side(all.completed(), all.latencyMicros(), all.phases(),
                mean(trials, trial -> trial.run().generator().cpuMicrosPerHandshake()),
                mean(trials, trial -> trial.run().server() == null
                        ? null
                        : trial.run().server().cpuMicrosPerHandshake()),
                all.bytesSent(), all.bytesReceived(), probe.flights.get(kind), summary.negotiated(),
                kind == Kind.FULL ? probe.certificate : null);
    }

    /** Over all handshakes of all blocks; {@code null} if any block does not know. */
    private static Double mean(List<Trial> trials, Function<Trial, Double> perHandshake) {
        if (trials.stream().map(perHandshake).anyMatch(Objects::isNull)) {
            return null;
        }
        var handshakes = trials.stream().mapToDouble(CostStudy::handshakes).sum();
        return trials.stream().mapToDouble(trial -> perHandshake.apply(trial) * handshakes(trial)).sum() / handshakes;
    }

    private static double handshakes(Trial trial) {
        return trial.achievedPerSecond() * trial.run().measuredSeconds();
    }

    private static Ratio ratio(Side full, Side resumed) {
        var phases = new LinkedHashMap<String, Quantiles>();
        full.phases().forEach((phase, micros) -> {
            if (resumed.phases().containsKey(phase)) {
                phases.put(phase, quotients(micros, resumed.phases().get(phase)));
            }
        });
        return new Ratio(quotients(full.latencyMicros(), resumed.latencyMicros()), phases,
                quotient(full.clientCpuMicros(), resumed.clientCpuMicros()),
                quotient(full.serverCpuMicros(), resumed.serverCpuMicros()),
                quotient(full.bytesSent(), resumed.bytesSent()),
                quotient(full.bytesReceived(), resumed.bytesReceived()),
                full.flights() == null || resumed.flights() == null
                        ? null
                        : quotient((double) full.flights(), (double) resumed.flights()));
    }

    private static Quantiles quotients(Distribution full, Distribution resumed) {
        return new Quantiles(quotient(full.p50(), resumed.p50()), quotient(full.p90(), resumed.p90()),
                quotient(full.p99(), resumed.p99()));
    }

    private static Double quotient(Double dividend, Double divisor) {
        return dividend == null || divisor == null || divisor == 0 ? null : dividend / divisor;
    }

    private Map<String, Confidence> confidence() {
        var all = new LinkedHashMap<String, Confidence>();
        all.put("latencyMicros.p50", confidence((trial, _) -> trial.latencyMicros().p50()));
        all.put("latencyMicros.p99", confidence((trial, _) -> trial.latencyMicros().p99()));
        all.put("clientCpuMicros", confidence((trial, _) -> trial.run().generator().cpuMicrosPerHandshake()));
        all.put("serverCpuMicros", confidence((trial, _) -> trial.run().server() == null
                ? null
                : trial.run().server().cpuMicrosPerHandshake()));
        all.put("bytesSent", confidence((trial, kind) -> of(trial, kind).bytesSent()));
        all.put("bytesReceived", confidence((trial, kind) -> of(trial, kind).bytesReceived()));
        return all;
    }

    private static RunResult.KindResult of(Trial trial, Kind kind) {
        return kind == Kind.FULL ? trial.run().kinds().full() : trial.run().kinds().resumed();
    }

    /** Neighbours are the n-th blocks of both kinds, whichever came first. */
    private Confidence confidence(BiFunction<Trial, Kind, Double> figure) {
        var logs = new ArrayList<Double>();
        for (var i = 0; i < full.size(); i++) {
            var ratio = quotient(figure.apply(full.get(i), Kind.FULL), figure.apply(resumed.get(i), Kind.RESUMED));
            if (ratio == null || ratio <= 0) {
                return new Confidence(null, null);
            }
            logs.add(Math.log(ratio));
        }
        return interval(logs);
    }

    /** Of a ratio, by Student's distribution of the mean of its logarithms. */
    static Confidence interval(List<Double> logs) {
        var count = logs.size();
        if (count < 2) {
            return new Confidence(null, null);
        }
        var mean = logs.stream().mapToDouble(log -> log).average().orElseThrow();
        var variance = logs.stream().mapToDouble(log -> (log - mean) * (log - mean)).sum() / (count - 1);
        var half = TDistribution.of(count - 1).inverseCumulativeProbability(UPPER) * Math.sqrt(variance / count);
        return new Confidence(Math.exp(mean - half), Math.exp(mean + half));
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
