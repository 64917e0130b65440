package dev.shakedown.report;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.experiment.CostResult.Side;
import dev.shakedown.results.Mark;
import dev.shakedown.results.RunResult.Distribution;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What full and resumed handshakes cost, as people read it. */
public final class CostReport {
    /** From here on the cost of "resumed" handshakes is partly that of full ones. */
    private static final double NEARLY_ALL = 0.95;

    /** Each block has figures of its own in its reason: some are enough to tell. */
    private static final int MOST_REASONS = 3;

    /** Each handshake may take as many bytes as the next; a ratio known better than that needs no interval. */
    private static final double CERTAIN = 1e-6;

    private CostReport() {}

    public static String of(CostResult result) {
        var text = new StringBuilder();
        if (!result.unfit().isEmpty()) {
            text.append(Paragraph.of("UNFIT: ", unfit(result)));
        }
        if (!result.unlike().isEmpty()) {
            text.append(Paragraph.of("NOT ALIKE: ", unlike(result)));
        }
        var weak = RunWords.weak(result.negotiated());
        if (weak != null) {
            text.append(Paragraph.of(weak.lead() + ": ", weak.words()));
        }
        var plan = result.plan();
        text.append(Paragraph.of("target: ",
                result.target().host() + ":" + result.target().port() + ", TLS " + plan.tls()
                        + ", " + Units.plain(plan.ratePerSecond()) + "/s " + plan.arrivals() + ", "
                        + Units.count(result.blocks(), "block") + " of each kind, alternating, "
                        + Units.plain(plan.durationSeconds())
                        + " s each"));
        text.append(Paragraph.of("full: ", negotiated(result.full())));
        text.append(Paragraph.of("resumed: ", negotiated(result.resumed())));
        var table = new TextTable();
        table.row("", "full", "resumed", "full / resumed", "95 % within");
        latency(table, result, "latency p50", Distribution::p50, result.ratio().latencyMicros().p50(),
                "latencyMicros.p50");
        latency(table, result, "latency p99", Distribution::p99, result.ratio().latencyMicros().p99(),
                "latencyMicros.p99");
        for (var mark : Mark.values()) {
            phase(table, result, mark);
        }
        row(table, result, "client CPU", Side::clientCpuMicros, result.ratio().clientCpuMicros(), "clientCpuMicros");
        row(table, result, "server CPU", Side::serverCpuMicros, result.ratio().serverCpuMicros(), "serverCpuMicros");
        bytes(table, result, "bytes sent", Side::bytesSent, result.ratio().bytesSent(), "bytesSent");
        bytes(table, result, "bytes received", Side::bytesReceived, result.ratio().bytesReceived(), "bytesReceived");
        if (result.full().flights() != null && result.resumed().flights() != null) {
            table.row("flights", result.full().flights().toString(), result.resumed().flights().toString(),
                    Units.number(result.ratio().flights()), "");
        }
        return text.append('\n').append(table.text()).append('\n').append(Paragraph.of("", hits(result)))
                .append(Paragraph.of("", saving(result, result.saving().share()))).toString();
    }

    /** Why the generator may have made the figures of some blocks; there are such. */
    public static String unfit(CostResult result) {
        var more = result.unfit().size() - MOST_REASONS;
        return "the generator was the bottleneck in some blocks, because "
                + result.unfit().stream().limit(MOST_REASONS).collect(Collectors.joining("; "))
                + (more > 0 ? "; and for " + Units.count(more, "reason") + " more like these" : "")
                + "; these figures say what the client could do, not what the server can.";
    }

    /** In what handshakes differed; they did. */
    public static String unlike(CostResult result) {
        return "handshakes had different " + String.join("; ", result.unlike())
                + ": the ratios do not tell what resumption alone saves.";
    }

    private static void latency(TextTable table, CostResult result, String name,
            Function<Distribution, Double> quantile,
            Double ratio, String confidence) {
        row(table, result, name, side -> quantile.apply(side.latencyMicros()), ratio, confidence);
    }

    /** What the handshakes of a side agreed on, and who the server said it was. */
    public static String negotiated(Side side) {
        return (side.negotiated().isEmpty()
                ? "nothing"
                : side.negotiated().stream()
                        .map(row -> row.version() + ", " + row.cipherSuite() + ", "
                                + (row.group() == null ? "no group" : row.group())
                                + (side.negotiated().size() == 1 ? "" : ": " + Units.count(row.count())))
                        .collect(Collectors.joining("; ")))
                + (side.certificate() == null ? "" : "; certificate " + side.certificate());
    }

    private static void phase(TextTable table, CostResult result, Mark mark) {
        var full = result.full().phases().get(mark.label());
        var resumed = result.resumed().phases().get(mark.label());
        var ratio = result.ratio().phases().get(mark.label());
        if (full != null || resumed != null) {
            table.row("  " + mark.label() + " p50", time(full, Distribution::p50), time(resumed, Distribution::p50),
                    ratio == null ? "" : Units.number(ratio.p50()), "");
            table.row("  " + mark.label() + " p99", time(full, Distribution::p99), time(resumed, Distribution::p99),
                    ratio == null ? "" : Units.number(ratio.p99()), "");
        }
    }

    private static String time(Distribution micros, Function<Distribution, Double> quantile) {
        return micros == null ? Units.NONE : Units.time(quantile.apply(micros));
    }

    private static void row(TextTable table, CostResult result, String name, Function<Side, Double> micros,
            Double ratio,
            String confidence) {
        table.row(name, Units.time(micros.apply(result.full())), Units.time(micros.apply(result.resumed())),
                Units.number(ratio), within(result, confidence));
    }

    private static void bytes(TextTable table, CostResult result, String name, Function<Side, Double> bytes,
            Double ratio, String confidence) {
        var full = bytes.apply(result.full());
        var resumed = bytes.apply(result.resumed());
        table.row(name, full == null ? Units.NONE : Units.count(Math.round(full)),
                resumed == null ? Units.NONE : Units.count(Math.round(resumed)), Units.number(ratio),
                varies(result, confidence) ? within(result, confidence) : "");
    }

    /** Whether a ratio's interval has a width to speak of. */
    public static boolean varies(CostResult result, String confidence) {
        var within = result.confidence().get(confidence);
        return within != null && within.low() != null && within.high() - within.low() > CERTAIN;
    }

    /** A ratio's interval of 95 %, by its name; empty where nobody knows. */
    public static String within(CostResult result, String confidence) {
        var within = result.confidence().get(confidence);
        return within == null || within.low() == null
                ? ""
                : Units.number(within.low()) + " to " + Units.number(within.high());
    }

    public static String hits(CostResult result) {
        var resumption = result.resumption();
        var share = resumption.asked() == 0 ? 0 : (double) resumption.accepted() / resumption.asked();
        var hits = "The server took up " + Units.count(resumption.accepted()) + " of " + Units.count(resumption.asked())
                + " sessions (" + Units.share(resumption.accepted(), resumption.asked()) + ").";
        return share >= NEARLY_ALL
                ? hits
                : hits + " CPU and bytes of the resumed side hold the full handshakes that were done instead.";
    }

    public static String saving(CostResult result, double share) {
        var without = result.perCore(0);
        var with = result.perCore(share);
        if (result.saving().withheldBecause() != null) {
            return "What resumption saves this server is withheld, because in a block "
                    + result.saving().withheldBecause()
                    + ".";
        }
        if (without == null || with == null) {
            return "Give --server-pid to learn what resumption saves this server.";
        }
        return String.format(Locale.ROOT, "At %.0f %% resumed, one core carries %,.0f handshakes/s instead of %,.0f.",
                100 * share, with, without);
    }
}
