package dev.shakedown.report;

import dev.shakedown.results.Quantile;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** A sign behind a figure that claims less than it seems to, and what it says below the table. */
public enum Footnote {
    FEW_BEYOND("*", "fewer than " + Quantile.BEYOND + " samples lie beyond it",
            ", so that it may be the doing of a few handshakes."), //
    NO_DIFFERENCE("†", "no difference could be shown", ": the interval holds 1.");

    private final String sign;
    private final String brief;
    private final String more;
    /** A figure with the sign behind it, and not the words of a server that happen to have it. */
    private final Pattern figure;

    Footnote(String sign, String brief, String more) {
        this.sign = sign;
        this.brief = brief;
        this.more = more;
        figure = Pattern.compile("\\d( (µs|ms|s))?" + Pattern.quote(sign) + "(?=$|[ ,;.)])");
    }

    /** A figure with the sign behind it. */
    public String behind(String figure) {
        return figure + sign;
    }

    /** Whether the last figure of a text has any sign behind it. */
    public static boolean isBehind(String text) {
        return Arrays.stream(values()).anyMatch(note -> text.endsWith(note.sign) && note.figure.matcher(text).find());
    }

    /** What is to be said of the figures in these texts, each footnote once. */
    public static List<String> of(Collection<String> texts) {
        return in(texts).stream().map(Footnote::words).toList();
    }

    /** Those that figures in these texts have, each once. */
    static List<Footnote> in(Collection<String> texts) {
        return Arrays.stream(values()).filter(note -> texts.stream().anyMatch(text -> note.figure.matcher(text).find()))
                .toList();
    }

    /** Its sign and what that means, as a sentence. */
    String words() {
        return brief() + more;
    }

    /** The same in short. */
    String brief() {
        return sign + " " + brief;
    }
}
