package dev.shakedown.report.html;

import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a series is drawn. A kind of handshake, and a phase, has the same hue on all pages.
 *
 * @param hue the name of a colour in {@code page.css}, without its hyphens
 */
record SeriesStyle(String hue, Line line, Symbol symbol) {
    enum Line {
        SOLID, DASHED, DOTTED
    }

    enum Symbol {
        CIRCLE,
        SQUARE,
        TRIANGLE,
        DIAMOND,
        /** A run that missed its objective. */
        CROSS,
        /** A run that says nothing. */
        RING
    }

    private static final Symbol[] SYMBOLS = {Symbol.CIRCLE, Symbol.SQUARE, Symbol.TRIANGLE, Symbol.DIAMOND};
    private static final List<String> KINDS = List.of("s1", "s2");
    private static final List<String> OTHERS = List.of("s3", "s4", "s5", "s6", "s7", "s8");

    /** Returns the hue of a kind. */
    static String hue(Kind kind) {
        return KINDS.get(kind.ordinal());
    }

    /** Returns the hue of a series that is neither a kind nor a phase, such as the n-th of several benchmarks. */
    static String other(int number) {
        return OTHERS.get(number % OTHERS.size());
    }

    /** Returns the styles of series by their names, such as {@code full p99} or {@code serverHello}. */
    static List<SeriesStyle> of(List<String> series) {
        var looks = new ArrayList<SeriesStyle>();
        var others = 0;
        for (var name : series) {
            var symbol = SYMBOLS[looks.size() % SYMBOLS.length];
            var hue = known(name);
            if (hue == null) {
                // When all hues are used, the next line style begins.
                looks.add(new SeriesStyle(other(others), Line.values()[others / OTHERS.size() % Line.values().length],
                        symbol));
                others++;
            } else {
                looks.add(new SeriesStyle(hue, line(name), symbol));
            }
        }
        return looks;
    }

    private static @Nullable String known(String name) {
        for (var kind : Kind.values()) {
            if (name.equals(kind.label()) || name.startsWith(kind.label() + " ")) {
                return hue(kind);
            }
        }
        for (var mark : Mark.values()) {
            // The planned start begins the first phase and ends none; what follows the handshake is in no chart.
            if (mark.label().equals(name) && mark != Mark.PLANNED && mark.compareTo(Mark.FINISHED) <= 0) {
                return "phase" + mark.ordinal();
            }
        }
        return null;
    }

    private static Line line(String name) {
        return name.endsWith(" p99") ? Line.DASHED : name.endsWith(" service") ? Line.DOTTED : Line.SOLID;
    }
}
