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

/** What full and resumed handshakes cost, as text. */
public final class CostReport {
    /** Reasons shown: each block words its own with its own figures, so a few are enough. */
    private static final int MOST_REASONS = 3;

    /** Interval width below which a ratio counts as exact, as when all handshakes of a kind take the same bytes. */
    private static final double CERTAIN = 1e-6;

    /** How ratios are computed. */
    public static final String RATIOS = "A ratio with an interval is the mean over pairs of neighbouring blocks, any"
            + " other the quotient of the two columns.";

    private CostReport() {}

    public static String of(CostResult result) {
        return of(result, Setting.Names.OWN);
    }

    /** Returns the report, with advice that calls settings by {@code names}. */
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
     * Returns a table of the figures of both kinds, and their ratios.
     *
     * @param phases whether to include a row for each phase
     */
    static TextTable table(CostResult result, boolean phases) {
        var table = new TextTable();
        table.row("", "full", "resumed", "full / resumed", Estimates.CONFIDENCE + " interval");
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

    /** Says why the generator may have distorted some blocks; there must be such blocks. */
    public static String unfit(CostResult result) {
        var more = result.unfit().size() - MOST_REASONS;
        return "the generator or its machine may have distorted the figures of some blocks, because "
                + result.unfit().stream().limit(MOST_REASONS).collect(Collectors.joining("; "))
                + (more > 0 ? "; and for " + Units.count(more, "similar reason") : "")
                + ". These blocks then show what the generator could do, not what the server can.";
    }

    /** Says in what handshakes differed; they must have differed. */
    public static String unlike(CostResult result) {
        return "handshakes had different " + String.join("; ", result.unlike())
                + ", so the ratios do not show what resumption alone saves.";
    }

    /** Says what the handshakes of a side negotiated, and which certificate the server presented. */
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

    /** Returns a ratio, with a footnote's sign where its interval contains 1. */
    public static String ratio(CostResult result, @Nullable Double ratio, String confidence) {
        return isNoDifference(result, confidence)
                ? Footnote.NO_DIFFERENCE.mark(Units.times(ratio))
                : Units.times(ratio);
    }

    /** Whether the interval of that name contains 1. */
    public static boolean isNoDifference(CostResult result, String confidence) {
        return interval(result, confidence).filter(within -> within.low <= 1 && within.high >= 1).isPresent();
    }

    private record Interval(double low, double high) {}

    /** Returns the interval of a ratio, by its name; empty if there is none, or none of any width. */
    private static Optional<Interval> interval(CostResult result, String confidence) {
        var within = result.confidence().get(confidence);
        return within == null || within.low() == null || within.high() == null
                || within.high() - within.low() <= CERTAIN
                        ? Optional.empty()
                        : Optional.of(new Interval(within.low(), within.high()));
    }

    /** Returns the interval of a ratio as text, by its name; empty if there is none, or none of any width. */
    public static String within(CostResult result, String confidence) {
        return interval(result, confidence).map(within -> Units.within(within.low, within.high)).orElse("");
    }

    /**
     * Returns the sentences that go with the figures.
     *
     * @param share of handshakes resumed, 0 to 1, for which savings are computed
     * @param names by which advice calls settings
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
        var hits = "The server resumed " + Units.count(resumption.accepted()) + " of "
                + Units.count(resumption.offered(), "session") + " offered to it";
        return resumption.priming() == 0
                ? hits + "."
                : hits + "; " + Units.count(resumption.priming()) + " of "
                        + Units.count(resumption.asked(), "handshake") + " had no session to offer (priming).";
    }

    private static String mixed(CostResult result) {
        var mixed = result.mixed();
        if (mixed == null || mixed.clientCpuMicros() == null && mixed.serverCpuMicros() == null) {
            return "";
        }
        var resumed = "In the blocks of resumed handshakes " + Units.percent(mixed.resumedShare()) + " were resumed";
        return mixed.clientCpuMicros() != null && result.resumed().clientCpuMicros() == null
                || mixed.serverCpuMicros() != null && result.resumed().serverCpuMicros() == null
                        ? resumed + ": their CPU time cannot be told from that of the full ones done instead."
                        : resumed + "; the CPU time of the full ones done instead is subtracted, as measured in the"
                                + " blocks of full handshakes.";
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
            return Advice.words("So nothing can be said about what resumption saves this server.");
        }
        if (isNoDifference(result, "serverCpuMicros")) {
            return Advice.words("No difference in the server's CPU time could be shown, and so no saving by"
                    + " resumption.");
        }
        return Advice.words(
                String.format(Locale.ROOT, "At %.0f %% resumed, one core carries %,.0f handshakes/s instead of %,.0f.",
                        100 * share, result.perCore(share), result.perCore(0)));
    }
}
