package dev.shakedown.comparison;

import dev.shakedown.comparison.RowVerdict.Verdict;
import dev.shakedown.results.Json;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The findings of a gate.
 *
 * @param gate      {@code time}, {@code load} or {@code signals}
 * @param base      what was compared with
 * @param head      what was judged
 * @param threshold the share of change from which a row may fail; {@code null} where each kind of signal has its own
 * @param java      the JVM that ran the gate
 * @param rows      failures first
 */
public record GateResult(String gate, String base, String head, @Nullable Double threshold, String java,
        List<RowVerdict> rows) {

    public GateResult {
        rows = rows.stream().sorted(Comparator.comparing(RowVerdict::verdict)).toList();
    }

    public long count(Verdict verdict) {
        return rows.stream().filter(row -> row.verdict() == verdict).count();
    }

    /** Returns the worst verdict of all rows, in the order of {@link Verdict}. */
    public Verdict verdict() {
        return rows.isEmpty() ? Verdict.INCOMPARABLE : rows.getFirst().verdict();
    }

    /** Returns the JSON text of {@code gate.json}, with a line break at its end. */
    public String toJson() {
        return Json.result(Json.RESULTS, this);
    }
}
