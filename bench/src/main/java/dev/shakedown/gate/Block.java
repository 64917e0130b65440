package dev.shakedown.gate;

import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Four forks one behind the other: A, B, B, A, where chance says which side is A. Two pairs of neighbours, one with
 * either side first, and two pairs of the same side.
 *
 * @param baseFirst whether A is the base
 * @param forks     in the order in which they ran
 */
public record Block(boolean baseFirst, Reading first, Reading second, Reading third, Reading fourth) {

    /**
     * What one fork found.
     *
     * @param ruler what watches the machine, measured beside the rows
     * @param rows  each row's figure: of a benchmark what it takes in the quickest tenth of iterations
     */
    public record Reading(Ruler ruler, Map<String, Double> rows) {
        double of(String row) {
            return Objects.requireNonNull(rows.get(row), row);
        }
    }

    /** ln(head / base) of both pairs of neighbours. */
    double[] pairs(ToDoubleFunction<Reading> figure) {
        var one = Math.log(figure.applyAsDouble(second) / figure.applyAsDouble(first));
        var two = Math.log(figure.applyAsDouble(third) / figure.applyAsDouble(fourth));
        return baseFirst ? new double[]{one, two} : new double[]{-one, -two};
    }

    /** ln(later / earlier) of the pair that is all of one side. */
    double same(boolean base, String row) {
        var readings = of(base);
        return Math.log(readings[1].of(row) / readings[0].of(row));
    }

    /** One side's two, the earlier first. */
    Reading[] of(boolean base) {
        return base == baseFirst ? new Reading[]{first, fourth} : new Reading[]{second, third};
    }
}
