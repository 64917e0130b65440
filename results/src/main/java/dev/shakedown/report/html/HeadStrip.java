package dev.shakedown.report.html;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CostResult;
import dev.shakedown.report.CapacityReport;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.Units;
import dev.shakedown.report.html.Page.Fact;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows.NegotiatedRow;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What readers look for first: what was loaded, when and how, the main figures, and whether to trust them. */
final class HeadStrip {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    static final String FIT = "✓ FIT";
    static final String NOT_FIT = "✗ NOT FIT";

    private HeadStrip() {}

    static List<Fact> of(RunResult result) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("target", result.target().hostAndPort() + (result.targets() == null
                ? ""
                : more(result.targets().size()))));
        facts.add(new Fact("date", date(result.startedAt())));
        facts.add(new Fact("plan", RunWords.load(result)));
        agreed(facts, result.negotiated());
        if (!result.certificates().isEmpty()) {
            var row = result.certificates().getFirst();
            facts.add(new Fact("certificate", row.key() + " for " + row.name() + (result.certificates().size() == 1
                    ? ""
                    : more(result.certificates().size()))));
        }
        if (!result.unfinished()) {
            facts.add(new Fact("completed", Units.count(result.outcomes().completed()) + " of "
                    + Units.count(result.outcomes().planned())));
        }
        for (var kind : Kind.values()) {
            var latency = (kind == Kind.FULL ? result.kinds().full() : result.kinds().resumed()).latencyMicros();
            if (latency.count() > 0) {
                facts.add(new Fact(kind.label() + " p99", Units.time(latency.p99())
                        + (Quantile.P99.isSupportedBy(latency.count()) ? "" : ", of few samples")));
            }
        }
        var share = result.kinds().resumedToFull();
        if (share != null) {
            facts.add(new Fact("resumed / full, p50",
                    Units.times(share.p50()) + " (" + Units.within(share.low(), share.high()) + ")"));
        }
        facts.add(new Fact("fitness", result.generator().saturated() || result.missedRate() ? NOT_FIT : FIT));
        return facts;
    }

    /** @param results of the searches, one for each mix */
    static List<Fact> ofCapacity(List<CapacityResult> results) {
        var first = results.getFirst();
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("target", first.target().hostAndPort()));
        facts.add(new Fact("date", date(first.startedAt())));
        facts.add(new Fact("objective", first.capacity().objective()));
        agreed(facts, first.negotiated());
        for (var result : results) {
            facts.add(new Fact("holds, " + CapacityReport.mix(result.capacity()),
                    Units.rate(result.capacity().ratePerSecond()) + "/s"));
        }
        facts.add(new Fact("limited by", String.join(", ",
                results.stream().map(result -> result.capacity().limitedBy()).distinct().toList())));
        return facts;
    }

    /** @param results one for each version */
    static List<Fact> ofCost(List<CostResult> results) {
        var first = results.getFirst();
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("target", first.target().hostAndPort()));
        facts.add(new Fact("date", date(first.startedAt())));
        for (var result : results) {
            var of = results.size() == 1 ? "" : "TLS " + result.plan().offer().tls() + ", ";
            agreed(facts, result.negotiated());
            if (result.ratio().latencyMicros().p50() != null) {
                var within = CostReport.within(result, "latencyMicros.p50");
                facts.add(new Fact(of + "full / resumed, p50", Units.times(result.ratio().latencyMicros().p50())
                        + (within.isEmpty() ? "" : " (" + within + ")")));
            }
        }
        facts.add(new Fact("fitness", results.stream().allMatch(result -> result.unfit().isEmpty()) ? FIT : NOT_FIT));
        return facts;
    }

    private static String date(String startedAt) {
        return MINUTE.format(Instant.parse(startedAt));
    }

    /** Adds the most frequent combination of version, suite and group. */
    private static void agreed(List<Fact> facts, List<NegotiatedRow> rows) {
        if (!rows.isEmpty()) {
            var row = rows.getFirst();
            facts.add(new Fact(RunWords.version(row.version()) + " suite",
                    row.cipherSuite() + (row.group() == null ? "" : ", " + row.group())
                            + (rows.size() == 1 ? "" : more(rows.size()))));
        }
    }

    private static String more(int all) {
        return " and " + (all - 1) + " more";
    }
}
