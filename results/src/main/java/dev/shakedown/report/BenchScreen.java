package dev.shakedown.report;

import dev.shakedown.report.Screen.Need;
import dev.shakedown.results.JmhFile;
import java.util.List;

/** Benchmarks' medians on one screen. */
public final class BenchScreen {
    private static final int MOST_ROWS = 18;
    private static final int LONGEST_NAME = 62;

    private BenchScreen() {}

    public static String of(JmhFile file, FurtherReading further) {
        var screen = new Screen();
        var table = new TextTable();
        table.row("an operation takes", "median");
        file.rows().stream().limit(MOST_ROWS).forEach(row -> table.row(brief(row.name()), figure(row)));
        screen.table(Need.ESSENTIAL, table);
        var more = file.rows().size() - MOST_ROWS;
        if (more > 0) {
            screen.words(Need.ESSENTIAL, 1, "", "and " + Units.count(more, "row") + " more");
        }
        screen.row(Need.ESSENTIAL, 2, List.of("page " + further.page(), "more: " + further.details()));
        return screen.text();
    }

    /** Its median, or its score where that is no time. */
    public static String figure(JmhFile.Row row) {
        var nanos = row.unitNanos();
        return Double.isNaN(nanos)
                ? Units.number(row.score()) + " " + row.unit()
                : Units.exactTime(row.median() * nanos / 1e3);
    }

    /** The end of a long name, which is what rows differ in. */
    static String brief(String name) {
        return brief(name, LONGEST_NAME);
    }

    /** The same, of a name with so many characters at most. */
    static String brief(String name, int most) {
        return name.length() <= most ? name : "…" + name.substring(name.length() - most + 1);
    }
}
