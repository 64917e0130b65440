package dev.shakedown.comparison;

import org.jspecify.annotations.Nullable;

/**
 * What the gate says of one row.
 *
 * @param name       of the row
 * @param verdict    what it comes to
 * @param ratio      head by base; {@code null} where nothing could be compared
 * @param lower      above this it is by 99 %; {@code null} where there is no bound
 * @param upper      below this it is by 99 %; likewise
 * @param detectable the smallest ratio that these measurements would have found, where they are inconclusive
 * @param base       the base's figure, in {@code unit}
 * @param head       the head's
 * @param pairs      how many pairs of forks stand behind it, with those of a confirmation; 0 for a signal
 * @param because    in words
 */
public record RowVerdict(String name, Verdict verdict, @Nullable Double ratio, @Nullable Double lower,
        @Nullable Double upper, @Nullable Double detectable,
        @Nullable Double base, @Nullable Double head, String unit, int pairs, String because) {

    /** In the order in which they are reported. */
    public enum Verdict {
        FAIL, INCOMPARABLE, INCONCLUSIVE, PASS
    }

    /** Of a row that only one side has. */
    public static RowVerdict incomparable(String name, String unit, String because) {
        return new RowVerdict(name, Verdict.INCOMPARABLE, null, null, null, null, null, null, unit, 0, because);
    }
}
