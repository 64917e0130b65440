package dev.shakedown.report;

import dev.shakedown.experiment.CostResult.Side;
import dev.shakedown.experiment.CostResult;
import dev.shakedown.results.Advice;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.Setting;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What full and resumed handshakes cost, as people read it. */
public final class CostReport {
    /** Each block has figures of its own in its reason: some are enough to tell. */
    private static final int MOST_REASONS = 3;

    /** Each handshake may take as many bytes as the next; a ratio known better than that needs no interval. */
    private static final double CERTAIN = 1e-6;

    private static final String RATIOS = "A ratio with an interval is the mean over neighbouring blocks, any other the"
            + " quotient of both columns.";

    private CostReport() {}

    public static String of(CostResult result) {
        return of(result, Setting.Names.OWN);
    }

    /** The same for who sets things by these names. */
    public static String of(CostResult result, Setting.Names names) {
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
                result.target().hostAndPort() + ", TLS " + plan.offer().tls()
                        + ", " + Units.plain(result.ratePerSecond()) + "/s " + plan.shape().arrivals() + ", "
                        + Units.count(result.blocks(), "block") + " of each kind, alternating, "
                        + Units.plain(result.blockSeconds())
                        + " s each"));
        text.append(Paragraph.of("full: ", negotiated(result.full())));
        text.append(Paragraph.of("resumed: ", negotiated(result.resumed())));
        return text.append('\n').append(table(result, true).text())
                .append(result.compares() ? Paragraph.of("  ", RATIOS) : "").append('\n')
                .append(sentences(result, result.saving().share(), names).map(words -> Paragraph.of("", words))
                        .collect(Collectors.joining()))
                .toString();
    }

    /**
     * The figures of both kinds, and their ratios.
     *
     * @param phases whether each phase has its rows
     */
    static TextTable table(CostResult result, boolean phases) {
        var table = new TextTable();
        table.row("", "full", "resumed", "full / resumed", Estimates.CONFIDENCE + " within");
        var ratio = result.ratio();
        latency(table, result, Quantile.P50, ratio.latencyMicros().p50());
        latency(table, result, Quantile.P99, ratio.latencyMicros().p99());
        if (phases) {
            for (var mark : Mark.values()) {
                phase(table, result, mark);
            }
        }
        row(table, result, "client CPU", side -> Units.time(side.clientCpuMicros()), ratio.clientCpuMicros(),
                "clientCpuMicros");
        row(table, result, "server CPU", side -> Units.time(side.serverCpuMicros()), ratio.serverCpuMicros(),
                "serverCpuMicros");
        row(table, result, "bytes sent", side -> bytes(side.bytesSent()), ratio.bytesSent(), "bytesSent");
        row(table, result, "bytes received", side -> bytes(side.bytesReceived()), ratio.bytesReceived(),
                "bytesReceived");
        if (result.full().flights() != null && result.resumed().flights() != null) {
            table.row("flights", result.full().flights().toString(), result.resumed().flights().toString(),
                    Units.number(ratio.flights()), "");
        }
        return table;
    }

    /** Why the generator may have made the figures of some blocks; there are such. */
    public static String unfit(CostResult result) {
        var more = result.unfit().size() - MOST_REASONS;
        return "the generator or its machine may have made the figures of some blocks, because "
                + result.unfit().stream().limit(MOST_REASONS).collect(Collectors.joining("; "))
                + (more > 0 ? "; and for " + Units.count(more, "reason") + " more like these" : "")
                + "; these then say what that could do, not what the server can.";
    }

    /** In what handshakes differed; they did. */
    public static String unlike(CostResult result) {
        return "handshakes had different " + String.join("; ", result.unlike())
                + ": the ratios do not tell what resumption alone saves.";
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

    private static void latency(TextTable table, CostResult result, Quantile quantile, @Nullable Double ratio) {
        row(table, result, "latency " + quantile.label(), side -> Units.quantile(side.latencyMicros(), quantile), ratio,
                "latencyMicros." + quantile.jsonName());
    }

    private static void phase(TextTable table, CostResult result, Mark mark) {
        var full = result.full().phases().get(mark.label());
        var resumed = result.resumed().phases().get(mark.label());
        var ratio = result.ratio().phases().get(mark.label());
        if (full != null || resumed != null) {
            table.row("  " + mark.label() + " p50", quantile(full, Quantile.P50), quantile(resumed, Quantile.P50),
                    ratio == null ? "" : Units.times(ratio.p50()), "");
            table.row("  " + mark.label() + " p99", quantile(full, Quantile.P99), quantile(resumed, Quantile.P99),
                    ratio == null ? "" : Units.times(ratio.p99()), "");
        }
    }

    private static String quantile(@Nullable Distribution micros, Quantile quantile) {
        return micros == null ? Units.NONE : Units.quantile(micros, quantile);
    }

    private static String bytes(@Nullable Double bytes) {
        return bytes == null ? Units.NONE : Units.count(Math.round(bytes));
    }

    private static void row(TextTable table, CostResult result, String name, Function<Side, String> words,
            @Nullable Double ratio,
            String confidence) {
        table.row(name, words.apply(result.full()), words.apply(result.resumed()), ratio(result, ratio, confidence),
                within(result, confidence));
    }

    /** A ratio, with a footnote's sign where its interval holds 1. */
    public static String ratio(CostResult result, @Nullable Double ratio, String confidence) {
        return isNoDifference(result, confidence)
                ? Footnote.NO_DIFFERENCE.behind(Units.times(ratio))
                : Units.times(ratio);
    }

    /** Whether the interval of that name holds 1. */
    public static boolean isNoDifference(CostResult result, String confidence) {
        return interval(result, confidence).filter(within -> within.low <= 1 && within.high >= 1).isPresent();
    }

    private record Interval(double low, double high) {}

    /** A ratio's interval, by its name, if there is one and it has a width to speak of. */
    private static Optional<Interval> interval(CostResult result, String confidence) {
        var within = result.confidence().get(confidence);
        return within == null || within.low() == null || within.high() == null
                || within.high() - within.low() <= CERTAIN
                        ? Optional.empty()
                        : Optional.of(new Interval(within.low(), within.high()));
    }

    /** A ratio's interval, by its name; empty where nobody knows, or it has no width. */
    public static String within(CostResult result, String confidence) {
        return interval(result, confidence).map(within -> Units.within(within.low, within.high)).orElse("");
    }

    /**
     * What is to be said beside the figures.
     *
     * @param share of handshakes resumed, 0 to 1, to reckon savings with
     * @param names by which people set things
     */
    public static Stream<String> sentences(CostResult result, double share, Setting.Names names) {
        return Stream.of(result.compares() ? "" : tooFew(result), hits(result), mixed(result),
                result.compares() ? saving(result, share).in(names) : "").filter(words -> !words.isEmpty());
    }

    private static String tooFew(CostResult result) {
        return FullAgainstResumed.tooFew(Units.count(result.full().completed()) + " full and "
                + Units.count(result.resumed().completed()) + " resumed handshakes completed in blocks of their kind");
    }

    private static String hits(CostResult result) {
        var resumption = result.resumption();
        var hits = "The server took up " + Units.count(resumption.accepted()) + " of "
                + Units.count(resumption.offered(), "session") + " offered to it";
        return resumption.priming() == 0
                ? hits + "."
                : hits + "; for " + Units.count(resumption.priming()) + " of "
                        + Units.count(resumption.asked(), "handshake")
                        + " there was no session to offer (priming).";
    }

    private static String mixed(CostResult result) {
        var mixed = result.mixed();
        if (mixed == null || mixed.clientCpuMicros() == null && mixed.serverCpuMicros() == null) {
            return "";
        }
        var resumed = String.format(Locale.ROOT, "Of the handshakes in the blocks of resumed ones %.1f %% were resumed",
                100 * mixed.resumedShare());
        return mixed.clientCpuMicros() != null && result.resumed().clientCpuMicros() == null
                || mixed.serverCpuMicros() != null && result.resumed().serverCpuMicros() == null
                        ? resumed + ": what CPU those took cannot be told from that of the full ones done instead."
                        : resumed + "; from their CPU the full ones done instead are taken off, at what a full one took"
                                + " in a block of its own.";
    }

    private static Advice saving(CostResult result, double share) {
        if (result.saving().withheldBecause() != null) {
            return Advice.words("What resumption saves this server is withheld, because in a block "
                    + result.saving().withheldBecause() + ".");
        }
        if (result.full().serverCpuMicros() == null) {
            return Advice.of("Give %s to learn what resumption saves this server.", Setting.SERVER_PROCESS);
        }
        if (result.perCore(share) == null) {
            return Advice.words("So nothing can be said of what resumption saves this server.");
        }
        if (isNoDifference(result, "serverCpuMicros")) {
            return Advice.words("No difference in the server's CPU could be shown, and so nothing that resumption"
                    + " saves it.");
        }
        return Advice.words(
                String.format(Locale.ROOT, "At %.0f %% resumed, one core carries %,.0f handshakes/s instead of %,.0f.",
                        100 * share, result.perCore(share), result.perCore(0)));
    }
}
