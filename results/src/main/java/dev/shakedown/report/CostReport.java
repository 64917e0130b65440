package dev.shakedown.report;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.experiment.CostResult.Side;
import dev.shakedown.results.Mark;
import dev.shakedown.results.RunResult.Distribution;
import java.util.Locale;
import java.util.function.Function;

/** What full and resumed handshakes cost, as people read it. */
public final class CostReport {
    /** From here on the cost of "resumed" handshakes is partly that of full ones. */
    private static final double NEARLY_ALL = 0.95;

    private CostReport() {}

    /** @param share of handshakes resumed, 0 to 1, that is reckoned with */
    public static String of(CostResult result, double share) {
        var text = new StringBuilder();
        if (!result.unfit().isEmpty()) {
            text.append(Paragraph.of("UNFIT: ", "the generator was the bottleneck in some blocks, because "
                    + String.join("; ", result.unfit())
                    + "; these figures say what the client could do, not what the server can."));
        }
        var plan = result.plan();
        text.append(Paragraph.of("target: ",
                result.target().host() + ":" + result.target().port() + ", TLS " + plan.tls()
                        + ", " + Units.plain(plan.ratePerSecond()) + "/s " + plan.arrivals() + ", "
                        + Units.count(result.blocks(), "block") + " of each kind, alternating, "
                        + Units.plain(plan.durationSeconds())
                        + " s each"));
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
        bytes(table, result, "bytes sent", Side::bytesSent, result.ratio().bytesSent());
        bytes(table, result, "bytes received", Side::bytesReceived, result.ratio().bytesReceived());
        if (result.full().flights() != null && result.resumed().flights() != null) {
            table.row("flights", result.full().flights().toString(), result.resumed().flights().toString(),
                    Units.number(result.ratio().flights()), "");
        }
        return text.append('\n').append(table.text()).append('\n').append(Paragraph.of("", hits(result)))
                .append(Paragraph.of("", saving(result, share))).toString();
    }

    private static void latency(TextTable table, CostResult result, String name,
            Function<Distribution, Double> quantile,
            Double ratio, String confidence) {
        row(table, result, name, side -> quantile.apply(side.latencyMicros()), ratio, confidence);
    }

    private static void phase(TextTable table, CostResult result, Mark mark) {
        var full = result.full().phases().get(mark.label());
        var resumed = result.resumed().phases().get(mark.label());
        if (full != null || resumed != null) {
            table.row("  " + mark.label() + " p50", full == null ? Units.NONE : Units.time(full.p50()),
                    resumed == null ? Units.NONE : Units.time(resumed.p50()), "", "");
        }
    }

    private static void row(TextTable table, CostResult result, String name, Function<Side, Double> micros,
            Double ratio,
            String confidence) {
        var within = result.confidence().get(confidence);
        table.row(name, Units.time(micros.apply(result.full())), Units.time(micros.apply(result.resumed())),
                Units.number(ratio), within.low() == null
                        ? ""
                        : Units.number(within.low()) + " to " + Units.number(within.high()));
    }

    private static void bytes(TextTable table, CostResult result, String name, Function<Side, Double> bytes,
            Double ratio) {
        var full = bytes.apply(result.full());
        var resumed = bytes.apply(result.resumed());
        table.row(name, full == null ? Units.NONE : Units.count(Math.round(full)),
                resumed == null ? Units.NONE : Units.count(Math.round(resumed)), Units.number(ratio), "");
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
        if (without == null || with == null) {
            return "Give --server-pid to learn what resumption saves this server.";
        }
        return String.format(Locale.ROOT, "At %.0f %% resumed, one core carries %,.0f handshakes/s instead of %,.0f.",
                100 * share, with, without);
    }
}
