package dev.shakedown.report;

import dev.shakedown.comparison.Comparison;
import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.report.Screen.Need;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Estimates.Ratio;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Results side by side as text: columns are headed by letters, which a legend explains. */
public final class ComparisonReport {
    /** Rows that decide which run is better; they keep their order. */
    private static final Pattern TELLING = Pattern
            .compile("completed|failed|timed out|.*latency p(50|99)|(client|server) CPU|.*bytes received");
    private static final int MOST_ROWS = 12;
    /** Sides shown besides the first, each with a ratio. */
    private static final int MOST_OTHERS = 3;
    private static final int LETTERS = 26;

    private ComparisonReport() {}

    /** Returns the whole comparison. */
    public static String of(Comparison comparison) {
        var text = new StringBuilder();
        legend(comparison).forEach(line -> text.append(line).append('\n'));
        warnings(comparison, side -> comparison.sides().get(side).name())
                .forEach(warning -> text.append(Paragraph.of(warning.lead() + ": ", warning.words())));
        comparison.differences().forEach(difference -> text.append(Paragraph.of("differs: ", difference)));
        comparison.unmatched().forEach(row -> text.append(Paragraph.of("not in all: ", row)));
        comparison.notes().forEach(note -> text.append(Paragraph.of("note: ", note)));
        return text.append('\n').append(table(comparison.rows(), comparison.sides().size(), true).text())
                .append('\n').append(Paragraph.of("", comparison.intervals())).toString();
    }

    /**
     * Returns the most telling rows, on one screen.
     *
     * @param everything the command that prints the whole comparison
     */
    public static String screen(Comparison comparison, String everything) {
        var screen = new Screen();
        var shown = Math.min(comparison.sides().size(), 1 + MOST_OTHERS);
        legend(comparison).stream().limit(shown).forEach(line -> screen.words(Need.ESSENTIAL, 1, line, ""));
        if (comparison.sides().size() > shown) {
            screen.words(Need.USEFUL, 1, "", "and " + Units.count(comparison.sides().size() - shown, "other")
                    + " in the details");
        }
        comparison.differences().stream().limit(2)
                .forEach(difference -> screen.words(Need.USEFUL, 1, "differs: ", difference));
        screen.gap();
        var telling = comparison.rows().stream().filter(row -> TELLING.matcher(row.name()).matches()).toList();
        var rows = (telling.isEmpty() ? comparison.rows() : telling).stream().limit(MOST_ROWS).toList();
        screen.table(Need.ESSENTIAL, table(rows, shown, shown == 2));
        screen.gap();
        var warnings = warnings(comparison, ComparisonReport::letter);
        warnings.stream().limit(2)
                .forEach(warning -> screen.words(Need.USEFUL, 2, warning.lead() + ": ", warning.words()));
        screen.row(Need.ESSENTIAL, 2, List.of(warnings.isEmpty() ? Fitness.FIT : Fitness.NOT_FIT,
                Units.count(rows.size()) + " of " + Units.count(comparison.rows().size(), "row")));
        screen.command(Need.ESSENTIAL, "  ", everything);
        return screen.text();
    }

    /** Returns the letter of a side: {@code A} for the first. */
    private static String letter(int side) {
        return side < LETTERS ? String.valueOf((char) ('A' + side)) : "A" + letter(side - LETTERS);
    }

    private static List<String> legend(Comparison comparison) {
        var sides = comparison.sides();
        return IntStream.range(0, sides.size()).mapToObj(side -> letter(side) + "  " + sides.get(side).name()).toList();
    }

    private static List<RunWords.Warning> warnings(Comparison comparison, IntFunction<String> names) {
        return IntStream.range(0, comparison.sides().size()).boxed()
                .flatMap(side -> warnings(comparison.sides().get(side), names.apply(side)).stream()).toList();
    }

    private static TextTable table(List<Row> rows, int sides, boolean intervals) {
        var table = new TextTable();
        var head = new ArrayList<>(List.of("", letter(0)));
        for (var side = 1; side < sides; side++) {
            head.add(letter(side));
            head.add(letter(side) + "/A");
            if (intervals) {
                head.add(Estimates.CONFIDENCE + " interval");
            }
        }
        table.row(head.toArray(String[]::new));
        for (var row : rows) {
            var cells = new ArrayList<>(List.of(row.name(), value(row, 0)));
            for (var side = 1; side < sides; side++) {
                var ratio = row.ratios().get(side - 1);
                cells.add(value(row, side));
                cells.add(ratio == null ? Units.NONE : Units.ratio(ratio.value()));
                if (intervals) {
                    cells.add(within(ratio));
                }
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** Returns the reasons to doubt a side's figures. */
    public static List<RunWords.Warning> warnings(Comparison.Side side) {
        return warnings(side, side.name());
    }

    private static List<RunWords.Warning> warnings(Comparison.Side side, String name) {
        var warnings = new ArrayList<RunWords.Warning>();
        if (side.unfit()) {
            warnings.add(new RunWords.Warning(RunWords.UNFIT, name + (side.unfitBecause() == null
                    ? ""
                    : ", because " + side.unfitBecause())));
        }
        if (side.missedRate()) {
            warnings.add(new RunWords.Warning(RunWords.MISSED_RATE, name));
        }
        if (side.interrupted()) {
            warnings.add(new RunWords.Warning(RunWords.INTERRUPTED, name));
        }
        return warnings;
    }

    /** Returns a side's figure in its unit, or a dash where there is none. */
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

    /** Returns a ratio's confidence interval; empty where there is none. */
    public static String within(@Nullable Ratio ratio) {
        return ratio == null || ratio.low() == null || ratio.high() == null
                ? ""
                : Units.ratio(ratio.low()) + " to " + Units.ratio(ratio.high());
    }
}
