package dev.shakedown.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of cells in aligned columns: the first to the left, all others to the right, and footnotes below. */
final class TextTable {
    private static final String GAP = "   ";

    private final List<String[]> rows = new ArrayList<>();

    void row(String... cells) {
        rows.add(cells);
    }

    /** The lines, without trailing blanks. */
    String text() {
        var columns = rows.getFirst().length;
        var widths = new int[columns];
        var signs = new boolean[columns];
        for (var i = 0; i < columns; i++) {
            for (var row : rows) {
                signs[i] |= i > 0 && Footnote.isBehind(row[i]);
            }
            for (var row : rows) {
                widths[i] = Math.max(widths[i], cell(row[i], signs[i]).length());
            }
        }
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (var i = 0; i < row.length; i++) {
                var cell = cell(row[i], signs[i]);
                var blanks = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? cell + blanks : GAP + blanks + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        Footnote.of(rows.stream().flatMap(Arrays::stream).toList())
                .forEach(note -> text.append(Paragraph.of("  ", note)));
        return text.toString();
    }

    /** Where others of its column have a sign behind them, a blank stands for it. */
    private static String cell(String cell, boolean signs) {
        return signs && !Footnote.isBehind(cell) ? cell + " " : cell;
    }
}
