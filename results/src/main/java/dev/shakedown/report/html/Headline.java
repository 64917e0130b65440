package dev.shakedown.report.html;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.FullAgainstResumed;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.Units;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums.KindResult;
import dev.shakedown.results.Setting;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The findings in sentences for the top of a page: first how the arrivals ended, then how kinds of handshake compare.
 */
final class Headline {
    private Headline() {}

    static String of(RunResult result) {
        var outcomes = result.outcomes();
        if (result.unfinished()) {
            return Units.count(outcomes.completed(), "handshake") + " had completed" + speed(result)
                    + ". The run did not finish.";
        }
        var sentences = new StringJoiner(". ", "", ". ");
        sentences.add(Units.count(outcomes.completed()) + " of " + Units.count(outcomes.planned(), "arrival")
                + " completed (" + Units.share(outcomes.completed(), outcomes.planned()) + ")" + speed(result));
        if (!result.failures().isEmpty()) {
            var first = result.failures().getFirst();
            sentences.add(Units.count(outcomes.failed()) + " failed, most often at " + first.stage() + ", "
                    + first.direction() + " " + first.cause() + " (" + Units.count(first.count()) + ")"
                    + (first.meaning() == null ? "" : ": " + first.meaning()));
        }
        if (!result.timeouts().isEmpty()) {
            var first = result.timeouts().getFirst();
            sentences.add(Units.count(outcomes.timedOut()) + " timed out, most often waiting at " + first.stage() + " ("
                    + Units.count(first.count()) + ")");
        }
        if (!result.unsentReasons().isEmpty()) {
            sentences.add("The generator could not start " + Units.count(outcomes.unsent()) + ", for lack of "
                    + RunWords.lacked(result.unsentReasons().getFirst().reason()));
        }
        if (outcomes.cancelled() > 0) {
            sentences.add("The end of the run cancelled " + Units.count(outcomes.cancelled()));
        }
        return sentences + FullAgainstResumed.sentence(result);
    }

    private static String speed(RunResult result) {
        var kinds = result.kinds();
        if (result.outcomes().completed() == 0) {
            return "";
        }
        var rate = Stream.of(kinds.full(), kinds.resumed()).map(KindResult::ratePerSecond)
                .mapToDouble(each -> each == null ? 0 : each).sum();
        return ", " + Units.rate(rate) + " per second; "
                + latencies(kinds.full().latencyMicros(), kinds.resumed().latencyMicros());
    }

    /** Names the highest quantile for which each kind has enough samples; with few samples, the longest time. */
    private static String latencies(Distribution full, Distribution resumed) {
        var least = Stream.of(full, resumed).mapToLong(Distribution::count).filter(count -> count > 0)
                .min().orElse(0);
        var highest = Stream.of(Quantile.P99, Quantile.P90, Quantile.P50)
                .filter(quantile -> quantile.isSupportedBy(least))
                .findFirst();
        var words = new StringJoiner(", ", highest.map(Headline::percent).orElse("all") + " of them within ", "");
        within(words, "full", full, highest);
        within(words, "resumed", resumed, highest);
        return words.toString();
    }

    private static String percent(Quantile quantile) {
        return Units.plain(quantile.percentile()) + " %";
    }

    private static void within(StringJoiner words, String kind, Distribution latency, Optional<Quantile> highest) {
        if (latency.count() > 0) {
            words.add(Units.time(highest.map(quantile -> quantile.micros(latency)).orElse(latency.max())) + " (" + kind
                    + ")");
        }
    }

    /**
     * Says what kinds of handshake cost.
     *
     * @param share of handshakes resumed, 0 to 1, for which savings are computed
     * @param names by which advice calls settings
     */
    static String of(CostResult result, double share, Setting.Names names) {
        return "TLS " + result.plan().offer().tls() + ": "
                + Stream.concat(
                        result.ratio().latencyMicros().p50() == null ? Stream.of() : Stream.of(compared(result)),
                        CostReport.sentences(result, share, names)).collect(Collectors.joining(" "));
    }

    private static String compared(CostResult result) {
        var words = new StringBuilder();
        if (CostReport.isNoDifference(result, "latencyMicros.p50")) {
            words.append("no difference in time could be shown: a full handshake took ")
                    .append(CostReport.within(result, "latencyMicros.p50"))
                    .append(" times as long as a resumed one at p50");
        } else {
            words.append("a full handshake takes ").append(Units.times(result.ratio().latencyMicros().p50()))
                    .append(" times as long as a resumed one at p50").append(interval(result, "latencyMicros.p50"));
        }
        if (CostReport.isNoDifference(result, "serverCpuMicros")) {
            words.append("; no difference in the server's CPU time could be shown")
                    .append(interval(result, "serverCpuMicros"));
        } else if (result.ratio().serverCpuMicros() != null) {
            words.append("; it costs the server ").append(Units.times(result.ratio().serverCpuMicros()))
                    .append(" times the CPU time").append(interval(result, "serverCpuMicros"));
        }
        if (!result.unfit().isEmpty()) {
            words.append("; the generator or its machine was at fault in some blocks, which may explain that");
        }
        return words.append("; ").append(latencies(result.full().latencyMicros(), result.resumed().latencyMicros()))
                .append('.').toString();
    }

    private static String interval(CostResult result, String confidence) {
        var within = CostReport.within(result, confidence);
        return within.isEmpty() ? "" : " (" + within + " with " + Estimates.CONFIDENCE + " confidence)";
    }
}
