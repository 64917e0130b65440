package dev.shakedown.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table in aligned columns, the first to the left and all others to the right, with footnotes below. */
final class TextTable {
    private static final String GAP = "   ";

    private final List<String[]> rows = new ArrayList<>();

    void row(String... cells) {
        rows.add(cells);
    }

    /** Returns the lines, without trailing blanks, and what the signs after figures mean. */
    String text() {
        var text = new StringBuilder();
        lines(GAP).forEach(line -> text.append(line).append('\n'));
        footnotes().forEach(note -> text.append(Paragraph.of("  ", note.words())));
        return text.toString();
    }

    /** Returns the footnotes whose signs the table contains, each once. */
    List<Footnote> footnotes() {
        return Footnote.in(rows.stream().flatMap(Arrays::stream).toList());
    }

    /** Returns the lines without footnotes, with {@code gap} between columns. */
    List<String> lines(String gap) {
        var columns = rows.getFirst().length;
        var widths = new int[columns];
        var signs = new boolean[columns];
        for (var i = 0; i < columns; i++) {
            for (var row : rows) {
                signs[i] |= i > 0 && Footnote.endsWithSign(row[i]);
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

    /** Returns a cell, with a blank for the sign that other cells of its column end with. */
    private static String cell(String cell, boolean signs) {
        return signs && !Footnote.endsWithSign(cell) ? cell + " " : cell;
    }
}
