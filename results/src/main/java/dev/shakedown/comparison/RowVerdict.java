package dev.shakedown.comparison;

import org.jspecify.annotations.Nullable;

/**
 * What the gate says about one row.
 *
 * @param name       of the row
 * @param ratio      head divided by base; {@code null} where nothing could be compared
 * @param lower      lower bound of the ratio with 99 % confidence; {@code null} where there is none
 * @param upper      upper bound likewise
 * @param detectable the smallest ratio that these measurements would have detected, where they are inconclusive
 * @param base       the base's figure, in {@code unit}
 * @param head       the head's figure, in {@code unit}
 * @param pairs      how many pairs of forks were measured, with those of a confirmation; 0 for a signal
 * @param because    the reason for the verdict
 */
public record RowVerdict(String name, Verdict verdict, @Nullable Double ratio, @Nullable Double lower,
        @Nullable Double upper, @Nullable Double detectable,
        @Nullable Double base, @Nullable Double head, String unit, int pairs, String because) {

    /** A verdict, from the worst to the best. */
    public enum Verdict {
        FAIL, INCOMPARABLE, INCONCLUSIVE, PASS
    }

    /** Returns the verdict on a row that cannot be compared. */
    public static RowVerdict incomparable(String name, String unit, String because) {
        return new RowVerdict(name, Verdict.INCOMPARABLE, null, null, null, null, null, null, unit, 0, because);
    }
}
