package dev.shakedown.report;

/** Words in lines that fit a terminal. */
final class Paragraph {
    private static final int WIDTH = 96;
    private static final int DEEPEST = 16;

    private Paragraph() {}

    /** Lines, the first behind {@code lead} and the others indented as deep. */
    static String of(String lead, String words) {
        return of(lead, words, WIDTH);
    }

    /** The same in lines of this width. */
    static String of(String lead, String words, int width) {
        var text = new StringBuilder();
        var indent = " ".repeat(Math.min(lead.length(), DEEPEST));
        var line = new StringBuilder(lead);
        var empty = true;
        for (var word : words.split(" ")) {
            if (!empty && line.length() + 1 + word.length() > width) {
                text.append(line).append('\n');
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        return text.append(line).append('\n').toString();
    }
}
