package dev.shakedown.report;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An answer that fits on one screen of a terminal: parts one below the other, of which the least needed are left out
 * where there is no room for all. What people look for comes first and last; the details have what is left out.
 */
final class Screen {
    static final int COLUMNS = 80;
    /** Two fewer than a terminal has, which shows the command and the next prompt as well. */
    static final int LINES = 22;

    /** Columns of the words that begin a line, with the blanks after them. */
    private static final int LEAD = 16;
    /** Phases with a smaller share of the time are left out, since they explain nothing. */
    private static final double SOME_OF_THE_TIME = 0.02;
    private static final String BETWEEN = "  ";
    private static final String CUT = " …";
    private static final String GOES_ON = " \\";
    /** Matches a blank outside single quotes. */
    private static final Pattern BLANK = Pattern.compile(" (?=(?:[^']*'[^']*')*[^']*$)");

    /** How much a part is needed, from least to most. */
    enum Need {
        SPACE, EXTRA, USEFUL, ESSENTIAL
    }

    private record Part(Need need, List<String> lines) {}

    private final List<Part> parts = new ArrayList<>();

    /** Adds a blank line. */
    void gap() {
        parts.add(new Part(Need.SPACE, List.of("")));
    }

    /** Adds pieces in a row, two blanks apart; lines after the first are indented by {@code indent} blanks. */
    void row(Need need, int indent, List<String> pieces) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var piece : pieces) {
            if (!line.toString().isBlank() && line.length() + BETWEEN.length() + piece.length() > COLUMNS) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(indent));
            }
            line.append(line.toString().isBlank() ? "" : BETWEEN).append(piece);
        }
        lines.add(line.toString());
        parts.add(new Part(need, lines));
    }

    /**
     * Adds words after a lead, wrapped, with the lines below indented by the lead's length.
     *
     * @param most lines; more are cut, and an ellipsis shows it
     */
    void words(Need need, int most, String lead, String words) {
        var lines = Paragraph.of(lead, words, COLUMNS).lines().toList();
        var kept = new ArrayList<>(lines.stream().limit(most).toList());
        if (lines.size() > most) {
            kept.add(cut(kept.removeLast() + " ".repeat(COLUMNS)).stripTrailing());
        }
        parts.add(new Part(need, kept.stream().map(Screen::cut).toList()));
    }

    /** Returns as much of a line as fits. */
    private static String cut(String line) {
        return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - CUT.length()).stripTrailing() + CUT;
    }

    /** Adds a table, and below it what the signs after its figures mean. */
    void table(Need need, TextTable table) {
        parts.add(new Part(need, table.lines(BETWEEN)));
        var notes = table.footnotes();
        if (!notes.isEmpty()) {
            words(Need.USEFUL, 1, "  ", notes.stream().map(Footnote::brief).collect(Collectors.joining("; ")));
        }
    }

    /** Adds the median phases of a kind that take a share of the time worth mentioning, in wire order. */
    void phases(String kind, Map<String, Distribution> phases) {
        var all = phases.values().stream().map(Distribution::p50).filter(Objects::nonNull)
                .mapToDouble(each -> each).sum();
        var pieces = new ArrayList<String>();
        for (var mark : Mark.values()) {
            var micros = phases.getOrDefault(mark.label(), Distribution.EMPTY).p50();
            if (micros != null && micros > SOME_OF_THE_TIME * all) {
                pieces.add(mark.label() + " " + Units.time(micros));
            }
        }
        if (!pieces.isEmpty()) {
            pieces.addFirst("p50 of " + kind + " ".repeat(Kind.RESUMED.label().length() - kind.length()));
            row(Need.USEFUL, LEAD, pieces);
        }
    }

    /** Adds a command to paste into a shell, which joins lines that end with a backslash. */
    void command(Need need, String indent, String command) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder(indent);
        for (var word : BLANK.split(command)) {
            if (!line.toString().isBlank() && line.length() + 1 + word.length() + GOES_ON.length() > COLUMNS) {
                lines.add(line + GOES_ON);
                line = new StringBuilder(indent).append(indent);
            }
            line.append(line.toString().isBlank() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        parts.add(new Part(need, lines));
    }

    /** Returns the whole screen, every line ending with a line feed. */
    String text() {
        var shown = new ArrayList<Part>();
        for (var part : parts) {
            // Never two blank lines, where the parts between are empty.
            if (part.need != Need.SPACE || !shown.isEmpty() && shown.getLast().need != Need.SPACE) {
                shown.add(part);
            }
        }
        for (var need : Arrays.asList(Need.SPACE, Need.EXTRA, Need.USEFUL)) {
            // The last of its kind goes first, since later parts build on earlier ones.
            for (var at = shown.size() - 1; at >= 0 && lines(shown) > LINES; at--) {
                if (shown.get(at).need == need) {
                    shown.remove(at);
                }
            }
        }
        return shown.stream().flatMap(part -> part.lines.stream()).map(line -> line.stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    private static int lines(List<Part> shown) {
        return shown.stream().map(Part::lines).mapToInt(List::size).sum();
    }
}
