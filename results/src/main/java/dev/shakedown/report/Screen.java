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
 * What answers on one screen: parts one below the other, of which the least needed give way where there is no room for
 * all. What a person looks for comes first and last; what they gave way for is among the details.
 */
final class Screen {
    static final int COLUMNS = 80;
    /** A terminal has two more, for the command and the next prompt. */
    static final int LINES = 22;

    /** Columns of what a line is about, with the blanks behind it. */
    private static final int LEAD = 16;
    /** Shorter phases explain nothing. */
    private static final double SOME_OF_THE_TIME = 0.02;
    private static final String BETWEEN = "  ";
    private static final String CUT = " …";
    private static final String GOES_ON = " \\";
    /** A blank that is in no quotes. */
    private static final Pattern BLANK = Pattern.compile(" (?=(?:[^']*'[^']*')*[^']*$)");

    /** How much a part is needed, the least first. */
    enum Need {
        SPACE, EXTRA, USEFUL, ESSENTIAL
    }

    private record Part(Need need, List<String> lines) {}

    private final List<Part> parts = new ArrayList<>();

    /** A blank line. */
    void gap() {
        parts.add(new Part(Need.SPACE, List.of("")));
    }

    /** Pieces in a row, two blanks apart; where a line is full the next one begins below the second piece. */
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
     * Words behind a lead, the lines below set in as deep.
     *
     * @param most lines; what goes beyond is cut, which is seen
     */
    void words(Need need, int most, String lead, String words) {
        var lines = Paragraph.of(lead, words, COLUMNS).lines().toList();
        var kept = new ArrayList<>(lines.stream().limit(most).toList());
        if (lines.size() > most) {
            kept.add(cut(kept.removeLast() + " ".repeat(COLUMNS)).stripTrailing());
        }
        parts.add(new Part(need, kept.stream().map(Screen::cut).toList()));
    }

    /** A line that is too long, as far as there is room for it. */
    private static String cut(String line) {
        return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - CUT.length()).stripTrailing() + CUT;
    }

    /** A table, and below it what the signs behind its figures mean. */
    void table(Need need, TextTable table) {
        parts.add(new Part(need, table.lines(BETWEEN)));
        var notes = table.footnotes();
        if (!notes.isEmpty()) {
            words(Need.USEFUL, 1, "  ", notes.stream().map(Footnote::brief).collect(Collectors.joining("; ")));
        }
    }

    /** Where the median of a kind goes: the phases that take some of it, in wire order. */
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

    /** A command line to be pasted into a shell, which takes lines that end with a backslash together. */
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

    /** All of it, every line ending with a line feed. */
    String text() {
        var shown = new ArrayList<Part>();
        for (var part : parts) {
            // One blank line is enough, however little there was between.
            if (part.need != Need.SPACE || !shown.isEmpty() && shown.getLast().need != Need.SPACE) {
                shown.add(part);
            }
        }
        for (var need : Arrays.asList(Need.SPACE, Need.EXTRA, Need.USEFUL)) {
            // The last of its kind first: what is said first is what the rest goes on from.
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
