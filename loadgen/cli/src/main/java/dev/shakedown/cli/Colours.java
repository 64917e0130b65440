package dev.shakedown.cli;

import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Colours for words that should catch the eye. Each word means the same without its colour. */
final class Colours {
    private record Rule(Pattern words, List<Style> styles) {
        Rule(String words, Style... styles) {
            this(Pattern.compile(words, Pattern.MULTILINE), List.of(styles));
        }

        String on(String text) {
            return words.matcher(text).replaceAll(word -> Style.on(styles.toArray(Style[]::new)) + word.group()
                    + Style.off(styles.toArray(Style[]::new)));
        }
    }

    /** No two of these match the same words. */
    private static final List<Rule> RULES = List.of(new Rule("^full(?= )", Style.fg_blue),
            new Rule("^resumed(?= )", Style.fg_magenta), new Rule("^(FIT|PASS)\\b", Style.bold, Style.fg_green),
            new Rule("^(NOT FIT|NOT ALIKE|UNFIT|UNFINISHED|STOPPED|INTERRUPTED|INCONCLUSIVE|WEAK|SESSIONS LOST)\\b",
                    Style.bold, Style.fg_yellow),
            new Rule("^(FAILED|FAIL|INCOMPARABLE|MISSED RATE|MISSED MIX|MISSED|failed|timed out|unsent)\\b", Style.bold,
                    Style.fg_red),
            new Rule("✓", Style.fg_green), new Rule("✗", Style.fg_red));

    private Colours() {}

    /**
     * Returns the text with colours if {@code ansi} enables them, which depends on the terminal and on NO_COLOR and the
     * like.
     */
    static String of(String text, Ansi ansi) {
        if (!ansi.enabled()) {
            return text;
        }
        var coloured = text;
        for (var rule : RULES) {
            coloured = rule.on(coloured);
        }
        return coloured;
    }
}
