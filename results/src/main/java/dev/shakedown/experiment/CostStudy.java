package dev.shakedown.experiment;

import dev.shakedown.experiment.CostResult.Confidence;
import dev.shakedown.experiment.CostResult.Quantiles;
import dev.shakedown.experiment.CostResult.Ratio;
import dev.shakedown.experiment.CostResult.Side;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Summary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
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
     * @param flights of a handshake of each kind; may lack one
     */
    public CostResult result(String startedAt, Map<Kind, Integer> flights) {
        var ofFull = side(Kind.FULL, full, flights.get(Kind.FULL));
        var ofResumed = side(Kind.RESUMED, resumed, flights.get(Kind.RESUMED));
        var first = full.getFirst().run();
        var summary = merged(resumed);
        return new CostResult(first.tool(), startedAt, first.plan(), first.target(), first.host(), first.client(),
                full.size(), ofFull, ofResumed, ratio(ofFull, ofResumed), confidence(), summary.resumption(), unfit());
    }

    private static Summary merged(List<Trial> trials) {
        var summary = new Summary();
        trials.forEach(trial -> summary.add(trial.recorded()));
        return summary;
    }

    private static Side side(Kind kind, List<Trial> trials, Integer flights) {
        var seconds = trials.stream().mapToDouble(trial -> trial.run().measuredSeconds()).sum();
        var all = merged(trials).kind(kind, seconds);
        return new Side(all.completed(), all.latencyMicros(), all.phases(),
                mean(trials, trial -> trial.run().generator().cpuMicrosPerHandshake()),
                mean(trials, trial -> trial.run().server() == null
                        ? null
                        : trial.run().server().cpuMicrosPerHandshake()),
                all.bytesSent(), all.bytesReceived(), flights);
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
        return new Ratio(
                new Quantiles(quotient(full.latencyMicros().p50(), resumed.latencyMicros().p50()),
                        quotient(full.latencyMicros().p90(), resumed.latencyMicros().p90()),
                        quotient(full.latencyMicros().p99(), resumed.latencyMicros().p99())),
                quotient(full.clientCpuMicros(), resumed.clientCpuMicros()),
                quotient(full.serverCpuMicros(), resumed.serverCpuMicros()),
                quotient(full.bytesSent(), resumed.bytesSent()),
                quotient(full.bytesReceived(), resumed.bytesReceived()),
                full.flights() == null || resumed.flights() == null
                        ? null
                        : quotient((double) full.flights(), (double) resumed.flights()));
    }

    private static Double quotient(Double dividend, Double divisor) {
        return dividend == null || divisor == null || divisor == 0 ? null : dividend / divisor;
    }

    private Map<String, Confidence> confidence() {
        var all = new LinkedHashMap<String, Confidence>();
        all.put("latencyMicros.p50", confidence(trial -> trial.latencyMicros().p50()));
        all.put("latencyMicros.p99", confidence(trial -> trial.latencyMicros().p99()));
        all.put("clientCpuMicros", confidence(trial -> trial.run().generator().cpuMicrosPerHandshake()));
        all.put("serverCpuMicros", confidence(trial -> trial.run().server() == null
                ? null
                : trial.run().server().cpuMicrosPerHandshake()));
        return all;
    }

    /** Neighbours are the n-th blocks of both kinds, whichever came first. */
    private Confidence confidence(Function<Trial, Double> figure) {
        var logs = new ArrayList<Double>();
        for (var i = 0; i < full.size(); i++) {
            var ratio = quotient(figure.apply(full.get(i)), figure.apply(resumed.get(i)));
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
