package dev.shakedown.report;

import dev.shakedown.comparison.Comparison;
import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Estimates.Ratio;
import java.util.ArrayList;
import java.util.List;

/** Results side by side, as people read them. */
public final class ComparisonReport {
    private ComparisonReport() {}

    public static String of(Comparison comparison) {
        var text = new StringBuilder();
        for (var side : comparison.sides()) {
            warnings(side).forEach(warning -> text.append(Paragraph.of(warning.lead() + ": ", warning.words())));
        }
        comparison.differences().forEach(difference -> text.append(Paragraph.of("differs: ", difference)));
        var table = new TextTable();
        var head = new ArrayList<String>();
        head.add("");
        var sides = comparison.sides();
        head.add(sides.getFirst().name());
        for (var side : sides.subList(1, sides.size())) {
            head.add(side.name());
            head.add("/ " + sides.getFirst().name());
            head.add(Estimates.CONFIDENCE + " within");
        }
        table.row(head.toArray(String[]::new));
        for (var row : comparison.rows()) {
            var cells = new ArrayList<String>();
            cells.add(row.name());
            cells.add(value(row, 0));
            for (var i = 1; i < sides.size(); i++) {
                var ratio = row.ratios().get(i - 1);
                cells.add(value(row, i));
                cells.add(ratio == null ? Units.NONE : Units.ratio(ratio.value()));
                cells.add(within(ratio));
            }
            table.row(cells.toArray(String[]::new));
        }
        comparison.unmatched().forEach(row -> text.append(Paragraph.of("not in all: ", row)));
        comparison.notes().forEach(note -> text.append(Paragraph.of("note: ", note)));
        return text.append(text.isEmpty() ? "" : "\n").append(table.text()).append('\n')
                .append(Paragraph.of("", comparison.intervals())).toString();
    }

    /** Why one should think twice before believing its figures. */
    public static List<RunWords.Warning> warnings(Comparison.Side side) {
        var warnings = new ArrayList<RunWords.Warning>();
        if (side.unfit()) {
            warnings.add(new RunWords.Warning("UNFIT", side.name() + (side.unfitBecause() == null
                    ? ""
                    : ", because " + side.unfitBecause())));
        }
        if (side.missedRate()) {
            warnings.add(new RunWords.Warning("MISSED RATE", side.name()));
        }
        if (side.interrupted()) {
            warnings.add(new RunWords.Warning("INTERRUPTED", side.name()));
        }
        return warnings;
    }

    /** A row's figure of a side, in its unit; a dash where there is none. */
    public static String value(Row row, int side) {
        var value = row.values().get(side);
        if (value == null) {
            return Units.NONE;
        }
        return switch (row.unit()) {
            case COUNT -> Units.count(Math.round(value));
            case RATE -> Units.rate(value);
            case MICROS -> Units.time(value);
            case EXACT_MICROS -> Units.exactTime(value);
            case BYTES, NUMBER -> Units.number(value);
        };
    }

    /** A ratio's interval; empty where there is none. */
    public static String within(Ratio ratio) {
        return ratio == null || ratio.low() == null
                ? ""
                : Units.ratio(ratio.low()) + " to " + Units.ratio(ratio.high());
    }
}
