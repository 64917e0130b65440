package dev.shakedown.report;

import java.util.Locale;

/** Figures as people read them: three digits and the unit that suits. {@code null} is a dash: nothing was measured. */
public final class Units {
    /** Stands where nothing was measured. */
    public static final String NONE = "-";

    private static final double MICROS_PER_MILLI = 1e3;
    private static final double MICROS_PER_SECOND = 1e6;
    /** What rounds to 1000 belongs to the next unit. */
    private static final double ROUNDS_TO_1000 = 999.5;

    private Units() {}

    /** A time: {@code 412 µs}, {@code 2.41 ms}, {@code 12.0 s}. */
    public static String time(Double micros) {
        return micros == null ? NONE : time(micros, micros);
    }

    /** A time, in the unit that suits {@code like}, so that two can be set side by side. */
    static String time(double micros, double like) {
        if (like < ROUNDS_TO_1000) {
            return threeDigits(micros) + " µs";
        }
        return like < ROUNDS_TO_1000 * MICROS_PER_MILLI
                ? threeDigits(micros / MICROS_PER_MILLI) + " ms"
                : threeDigits(micros / MICROS_PER_SECOND) + " s";
    }

    /** A rate or a ratio: {@code 0.87}, {@code 41.2}, {@code 12,345}. */
    public static String number(Double value) {
        return value == null ? NONE : threeDigits(value);
    }

    /** A quotient that is often near 1: {@code 0.987}, {@code 12.3}. */
    public static String ratio(double value) {
        return value < 9.9995 ? String.format(Locale.ROOT, "%.3f", value) : threeDigits(value);
    }

    private static String threeDigits(double value) {
        var decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** A rate per second, with one decimal: {@code 1,234.5}. */
    public static String rate(Double perSecond) {
        return perSecond == null ? NONE : String.format(Locale.ROOT, "%,.1f", perSecond);
    }

    /** A count: {@code 12,345}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A count of things: {@code 1 thread}, {@code 2 threads}. */
    public static String count(long count, String singular) {
        return count(count) + " " + singular + (count == 1 ? "" : "s");
    }

    /** A share of a whole: {@code 12.3 %}. */
    public static String share(long part, long whole) {
        return whole == 0 ? NONE : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    /** A planned value without needless decimals: {@code 10}, {@code 0.5}, {@code 1,000}. */
    public static String plain(double value) {
        var text = String.format(Locale.ROOT, "%,.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
