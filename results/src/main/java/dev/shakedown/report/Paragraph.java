package dev.shakedown.report;

/** Wraps text into lines that fit a terminal. */
final class Paragraph {
    private static final int WIDTH = 96;
    private static final int DEEPEST = 16;

    private Paragraph() {}

    /** Returns lines of 96 columns, the first after {@code lead} and the others indented by its length. */
    static String of(String lead, String words) {
        return of(lead, words, WIDTH);
    }

    /** Returns lines of {@code width} columns, the first after {@code lead} and the others indented by its length. */
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
