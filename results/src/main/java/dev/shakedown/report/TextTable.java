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

    /** The lines, without trailing blanks, and what the signs behind figures mean. */
    String text() {
        var text = new StringBuilder();
        lines(GAP).forEach(line -> text.append(line).append('\n'));
        footnotes().forEach(note -> text.append(Paragraph.of("  ", note.words())));
        return text.toString();
    }

    /** What the signs behind figures mean, each once. */
    List<Footnote> footnotes() {
        return Footnote.in(rows.stream().flatMap(Arrays::stream).toList());
    }

    /** The lines alone, with this between columns. */
    List<String> lines(String gap) {
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
        var lines = new ArrayList<String>();
        for (var row : rows) {
            var line = new StringBuilder();
            for (var i = 0; i < row.length; i++) {
                var cell = cell(row[i], signs[i]);
                var blanks = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? cell + blanks : gap + blanks + cell);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Where others of its column have a sign behind them, a blank stands for it. */
    private static String cell(String cell, boolean signs) {
        return signs && !Footnote.isBehind(cell) ? cell + " " : cell;
    }
}
