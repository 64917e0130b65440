package dev.shakedown.report;

import dev.shakedown.report.Screen.Need;
import dev.shakedown.results.JmhFile;
import java.util.List;

/** The medians of benchmarks on one screen. */
public final class BenchScreen {
    private static final int MOST_ROWS = 18;
    private static final int LONGEST_NAME = 62;

    private BenchScreen() {}

    public static String of(JmhFile file, FurtherReading further) {
        var screen = new Screen();
        var table = new TextTable();
        table.row("time per operation", "median");
        file.rows().stream().limit(MOST_ROWS).forEach(row -> table.row(brief(row.name()), figure(row)));
        screen.table(Need.ESSENTIAL, table);
        var more = file.rows().size() - MOST_ROWS;
        if (more > 0) {
            screen.words(Need.ESSENTIAL, 1, "", "and " + Units.count(more, "row") + " more");
        }
        screen.row(Need.ESSENTIAL, 2, List.of("page " + further.page(), "more: " + further.details()));
        return screen.text();
    }

    /** Returns the row's median, or its score where that is not a time. */
    public static String figure(JmhFile.Row row) {
        var nanos = row.unitNanos();
        return Double.isNaN(nanos)
                ? Units.number(row.score()) + " " + row.unit()
                : Units.exactTime(row.median() * nanos / 1e3);
    }

    /** Returns the end of a long name, since names of rows differ there. */
    static String brief(String name) {
        return brief(name, LONGEST_NAME);
    }

    /** Returns the end of a name that is longer than {@code most} characters. */
    static String brief(String name, int most) {
        return name.length() <= most ? name : "…" + name.substring(name.length() - most + 1);
    }
}
