package dev.shakedown.gate;

import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Four forks in a row: A, B, B, A, where A is a side chosen at random. They form two pairs of neighbours, one with each
 * side first, and two pairs of the same side.
 *
 * @param baseFirst whether A is the base
 * @param forks     in the order in which they ran
 */
public record Block(boolean baseFirst, Reading first, Reading second, Reading third, Reading fourth) {

    /**
     * What one fork measured.
     *
     * @param ruler the state of the machine, measured between the iterations
     * @param rows  each row's figure: the time of a benchmark in the fastest tenth of its iterations
     */
    public record Reading(Ruler ruler, Map<String, Double> rows) {
        double of(String row) {
            return Objects.requireNonNull(rows.get(row), row);
        }
    }

    /** Returns ln(head / base) for both pairs of neighbours. */
    double[] pairs(ToDoubleFunction<Reading> figure) {
        var one = Math.log(figure.applyAsDouble(second) / figure.applyAsDouble(first));
        var two = Math.log(figure.applyAsDouble(third) / figure.applyAsDouble(fourth));
        return baseFirst ? new double[]{one, two} : new double[]{-one, -two};
    }

    /** Returns ln(later / earlier) for the pair of one side. */
    double same(boolean base, String row) {
        var readings = of(base);
        return Math.log(readings[1].of(row) / readings[0].of(row));
    }

    /** Returns the two readings of one side, the earlier first. */
    Reading[] of(boolean base) {
        return base == baseFirst ? new Reading[]{first, fourth} : new Reading[]{second, third};
    }
}
