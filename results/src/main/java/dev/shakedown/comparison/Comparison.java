package dev.shakedown.comparison;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Estimates.Ratio;
import dev.shakedown.results.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Results side by side.
 *
 * @param sides       what was compared, in order; ratios are those of the later ones to the first
 * @param differences in the setup of the sides, all of them allowed
 * @param unmatched   rows that not all sides have, and which do; left out of {@code rows}
 * @param notes       remarks on rows: which have no ratio, and why
 * @param intervals   what the intervals of ratios say, and what they do not
 */
public record Comparison(List<Side> sides, List<String> differences, List<Row> rows, List<String> unmatched,
        List<String> notes, String intervals) {

    /**
     * One result.
     *
     * @param unfit        whether the generator may have distorted its figures
     * @param unfitBecause why; {@code null} if it did not, or the reason is unknown
     * @param missedRate   whether it carried less than was offered
     * @param interrupted  whether it ended before its plan did
     */
    public record Side(String name, boolean unfit, @Nullable String unfitBecause, boolean missedRate,
            boolean interrupted) {}

    /** The unit of a row's values. */
    public enum Unit {
        COUNT,
        RATE,
        MICROS,
        /** Microseconds that no histogram rounded. */
        @JsonProperty("MICROS")
        EXACT_MICROS,
        BYTES,
        NUMBER
    }

    /**
     * One figure of all sides.
     *
     * @param name   such as {@code full latency p99}
     * @param values of each side; {@code null} where it has none, or too few samples to tell
     * @param ratios of each side but the first to the first; {@code null} where there is none
     */
    public record Row(String name, Unit unit, List<@Nullable Double> values, List<@Nullable Ratio> ratios) {}

    /** Returns the confidence level of every interval, 0 to 1. */
    @JsonProperty
    public double confidenceLevel() {
        return Estimates.CONFIDENCE_LEVEL;
    }

    /** Returns the JSON text, with a line break at its end. */
    public String toJson() {
        return Json.result(Json.RESULTS, this);
    }
}
