package dev.shakedown.report.html;

import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a series looks like. One thing has one hue on all pages: a kind of handshake, and a phase of it.
 *
 * @param hue a colour of {@code page.css}, by the name that it has there, without its hyphens
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
        /** What missed. */
        CROSS,
        /** What says nothing. */
        RING
    }

    private static final Symbol[] SYMBOLS = {Symbol.CIRCLE, Symbol.SQUARE, Symbol.TRIANGLE, Symbol.DIAMOND};
    private static final List<String> KINDS = List.of("s1", "s2");
    private static final List<String> OTHERS = List.of("s3", "s4", "s5", "s6", "s7", "s8");

    /** The hue of a kind. */
    static String hue(Kind kind) {
        return KINDS.get(kind.ordinal());
    }

    /** The hue of what is neither a kind nor a phase, such as the n-th of several benchmarks. */
    static String other(int number) {
        return OTHERS.get(number % OTHERS.size());
    }

    /** The looks of series by their names, such as {@code full p99} or {@code serverHello}. */
    static List<SeriesStyle> of(List<String> series) {
        var looks = new ArrayList<SeriesStyle>();
        var others = 0;
        for (var name : series) {
            var symbol = SYMBOLS[looks.size() % SYMBOLS.length];
            var hue = known(name);
            if (hue == null) {
                // Who has seen all hues goes on with another line.
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
            // The planned start begins the first phase, and ends none; what follows the handshake is in no picture.
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
