package dev.shakedown.report;

import dev.shakedown.results.Quantile;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** A sign that follows a figure which claims less than it seems to, and its explanation below the table. */
public enum Footnote {
    FEW_BEYOND("*", "fewer than " + Quantile.BEYOND + " samples lie beyond it",
            ", so a few handshakes may decide it."), //
    NO_DIFFERENCE("†", "no difference could be shown", ": the interval contains 1.");

    private final String sign;
    private final String brief;
    private final String more;
    /** Matches a figure with the sign, but no other text that happens to contain it. */
    private final Pattern figure;

    Footnote(String sign, String brief, String more) {
        this.sign = sign;
        this.brief = brief;
        this.more = more;
        figure = Pattern.compile("\\d( (µs|ms|s))?" + Pattern.quote(sign) + "(?=$|[ ,;.)])");
    }

    /** Returns the figure followed by the sign. */
    public String mark(String figure) {
        return figure + sign;
    }

    /** Whether the text ends with a figure that has any sign. */
    public static boolean endsWithSign(String text) {
        return Arrays.stream(values()).anyMatch(note -> text.endsWith(note.sign) && note.figure.matcher(text).find());
    }

    /** Returns the explanations of all signs in these texts, each once. */
    public static List<String> of(Collection<String> texts) {
        return in(texts).stream().map(Footnote::words).toList();
    }

    /** Returns the footnotes whose signs occur in these texts, each once. */
    static List<Footnote> in(Collection<String> texts) {
        return Arrays.stream(values()).filter(note -> texts.stream().anyMatch(text -> note.figure.matcher(text).find()))
                .toList();
    }

    /** Returns the sign and its explanation, as a sentence. */
    String words() {
        return brief() + more;
    }

    /** Returns the sign and a short explanation. */
    String brief() {
        return sign + " " + brief;
    }
}
