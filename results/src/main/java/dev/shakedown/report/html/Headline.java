package dev.shakedown.report.html;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.FullAgainstResumed;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.Units;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunResult.KindResult;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** What came of it, in sentences for the top of a page: first what became of the arrivals, then what was to be learnt. */
final class Headline {
    private Headline() {}

    static String of(RunResult result) {
        var outcomes = result.outcomes();
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
            sentences.add("The generator could not start " + Units.count(outcomes.unsent()) + ", for want of "
                    + RunWords.want(result.unsentReasons().getFirst().reason()));
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
        var p99 = new StringJoiner(", ");
        p99(p99, "full", kinds.full());
        p99(p99, "resumed", kinds.resumed());
        return ", " + Units.rate(rate) + " a second; 99 % of them within " + p99;
    }

    private static void p99(StringJoiner words, String name, KindResult kind) {
        if (kind.latencyMicros().p99() != null) {
            words.add(Units.time(kind.latencyMicros().p99()) + " (" + name + ")");
        }
    }

    /** @param share of handshakes resumed, 0 to 1, that is reckoned with */
    static String of(CostResult result, double share) {
        var ratio = result.ratio();
        var full = result.full();
        var resumed = result.resumed();
        var words = new StringBuilder("TLS ").append(result.plan().tls()).append(": ");
        if (ratio.latencyMicros().p50() == null) {
            return words.append("in the blocks of full handshakes ").append(Units.count(full.completed()))
                    .append(" completed and in those of resumed ones ").append(Units.count(resumed.completed()))
                    .append(", so there is nothing to compare. ").append(CostReport.hits(result)).toString();
        }
        words.append("a full handshake takes ").append(Units.number(ratio.latencyMicros().p50()))
                .append(" times as long as a resumed one at p50");
        if (ratio.serverCpuMicros() != null) {
            words.append(" and costs the server ").append(Units.number(ratio.serverCpuMicros()))
                    .append(" times the CPU");
        }
        words.append("; 99 % of ").append(Units.count(full.completed())).append(" took at most ")
                .append(Units.time(full.latencyMicros().p99())).append(", of ").append(Units.count(resumed.completed()))
                .append(" resumed ones ").append(Units.time(resumed.latencyMicros().p99())).append(". ")
                .append(CostReport.hits(result));
        return result.perCore(share) == null && result.saving().withheldBecause() == null
                ? words.toString()
                : words.append(' ').append(CostReport.saving(result, share)).toString();
    }
}
