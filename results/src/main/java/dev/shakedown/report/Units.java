package dev.shakedown.report;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.Quantile;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them: three digits and a suitable unit. {@code null}, not measured, is a dash. */
public final class Units {
    /** Stands where nothing was measured. */
    public static final String NONE = "-";

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MICROS_PER_MILLI = 1e3;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final long SECONDS_PER_MINUTE = 60;
    private static final long SECONDS_PER_HOUR = 3600;
    private static final double FAR = 1e3;
    /** From here on a value rounds to 1000, and belongs to the next unit. */
    private static final double ROUNDS_TO_1000 = 999.5;
    /** Below this a share rounds to 0.00 %. */
    private static final double ROUNDS_TO_0 = 0.00005;
    /** From here on a share rounds to 100 %. */
    private static final double ROUNDS_TO_1 = 0.9995;

    private Units() {}

    /** Returns a time: {@code 412 µs}, {@code 2.41 ms}, {@code 12.0 s}; {@code <0.1 µs} below a histogram's least. */
    public static String time(@Nullable Double micros) {
        if (micros == null) {
            return NONE;
        }
        return micros < Distribution.LEAST_MICROS ? "<" + plain(Distribution.LEAST_MICROS) + " µs" : longTime(micros);
    }

    /** Returns a time that no histogram rounded, so that {@code 24.0 ns} means something. */
    public static String exactTime(@Nullable Double micros) {
        if (micros == null) {
            return NONE;
        }
        return micros < ROUNDS_TO_1000 / NANOS_PER_MICRO
                ? threeDigits(micros * NANOS_PER_MICRO) + " ns"
                : longTime(micros);
    }

    /** Returns how long people have to wait: {@code 45 s}, {@code 1 min 20 s}, {@code 2 h 5 min}. */
    public static String wait(double seconds) {
        var whole = Math.max(0, Math.round(seconds));
        if (whole < SECONDS_PER_MINUTE) {
            return whole + " s";
        }
        return whole < SECONDS_PER_HOUR
                ? whole / SECONDS_PER_MINUTE + " min " + whole % SECONDS_PER_MINUTE + " s"
                : whole / SECONDS_PER_HOUR + " h " + whole % SECONDS_PER_HOUR / SECONDS_PER_MINUTE + " min";
    }

    private static String longTime(double micros) {
        if (micros < ROUNDS_TO_1000) {
            return threeDigits(micros) + " µs";
        }
        return micros < ROUNDS_TO_1000 * MICROS_PER_MILLI
                ? threeDigits(micros / MICROS_PER_MILLI) + " ms"
                : threeDigits(micros / MICROS_PER_SECOND) + " s";
    }

    /** Returns a quantile, with the sign of a footnote where too few samples lie beyond it: {@code 7.05 ms*}. */
    public static String quantile(Distribution distribution, Quantile quantile) {
        var time = time(quantile.micros(distribution));
        return distribution.count() == 0 || quantile.isSupportedBy(distribution.count())
                ? time
                : Footnote.FEW_BEYOND.mark(time);
    }

    /** Returns a figure without a unit: {@code 0.87}, {@code 41.2}, {@code 12,345}. A dash for {@code null}. */
    public static String number(@Nullable Double value) {
        return value == null ? NONE : threeDigits(value);
    }

    /** Returns a quotient that is often near 1: {@code 0.987}, {@code 12.3}. */
    public static String ratio(double value) {
        return value < 9.9995 ? String.format(Locale.ROOT, "%.3f", value) : threeDigits(value);
    }

    /**
     * Returns a quotient of any size: {@code 10.8}, {@code 0.38}, {@code 0.0072}; near 1, where the third decimal may
     * decide, {@code 0.998}. A dash for {@code null}.
     */
    public static String times(@Nullable Double value) {
        if (value == null) {
            return NONE;
        }
        if (value > 0 && value < 0.095) {
            return new BigDecimal(value).round(new MathContext(2)).toPlainString();
        }
        return value > 0.95 && value < 1.05 ? ratio(value) : threeDigits(value);
    }

    /** Returns an interval of quotients: {@code 0.36 to 0.40}, at the widest {@code <0.001 to >1,000}. */
    public static String within(double low, double high) {
        return (low < 1 / FAR ? "<" + plain(1 / FAR) : times(low)) + " to "
                + (high > FAR ? ">" + plain(FAR) : times(high));
    }

    private static String threeDigits(double value) {
        var decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Returns a rate per second: {@code 0.87}, {@code 41.2}, {@code 12,345}. A dash for {@code null}. */
    public static String rate(@Nullable Double perSecond) {
        return number(perSecond);
    }

    /** Returns a count: {@code 12,345}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Returns a count of things: {@code 1 thread}, {@code 2 threads}. */
    public static String count(long count, String singular) {
        return count(count) + " " + singular + (count == 1 ? "" : "s");
    }

    /** Returns a share of a whole in percent: {@code 12.3 %}. A dash if the whole is nothing. */
    public static String share(long part, long whole) {
        return whole == 0 ? NONE : percent((double) part / whole);
    }

    /**
     * Returns a share, 0 to 1, in percent: {@code 0.26 %}, {@code 12.3 %}. Only nothing is {@code 0 %}, and only all is
     * {@code 100 %}.
     */
    public static String percent(double share) {
        if (share > 0 && share < ROUNDS_TO_0) {
            return "<0.01 %";
        }
        if (share < 1 && share >= ROUNDS_TO_1) {
            return ">99.9 %";
        }
        return (share == 0 ? "0" : threeDigits(100 * share)) + " %";
    }

    /** Returns a planned value without needless decimals: {@code 10}, {@code 0.5}, {@code 1,000}. */
    public static String plain(double value) {
        var text = String.format(Locale.ROOT, "%,.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
