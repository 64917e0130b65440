package dev.shakedown.report;

import dev.shakedown.results.RunRows.FailureRow;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ways in which handshakes of a run failed, as reports show them: one row for each of the most frequent, and a
 * summary of the others. There may be hundreds where a server words each failure differently.
 *
 * @param first the rows shown, the most frequent first
 * @param rest  the summary of the others; empty where there are none
 */
public record FailureRows(List<FailureRow> first, Optional<String> rest) {
    private static final int MOST = 10;

    public static FailureRows of(List<FailureRow> failures) {
        // A line that sums up one row takes as much room as the row.
        if (failures.size() <= MOST + 1) {
            return new FailureRows(failures, Optional.empty());
        }
        return new FailureRows(failures.subList(0, MOST), Optional.of(rest(failures.subList(MOST, failures.size()))));
    }

    private static String rest(List<FailureRow> others) {
        var places = others.stream().collect(Collectors.groupingBy(row -> row.cause() + " at " + row.stage(),
                LinkedHashMap::new, Collectors.toList()));
        var words = places.entrySet().stream()
                .sorted(Comparator.comparingInt(place -> -place.getValue().size()))
                .map(place -> place.getKey() + " (" + Units.count(place.getValue().size(), "way") + ", "
                        + Units.count(count(place.getValue())) + " in all)")
                .toList();
        var left = words.size() - MOST;
        return Units.count(count(others)) + " in " + Units.count(others.size()) + " other ways: "
                + words.stream().limit(MOST).collect(Collectors.joining(", "))
                + (left > 0 ? ", and " + Units.count(left, "more cause") : "")
                + "; run.json lists all of them";
    }

    private static long count(List<FailureRow> rows) {
        return rows.stream().mapToLong(FailureRow::count).sum();
    }
}
