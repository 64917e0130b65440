package dev.shakedown.load;

import dev.shakedown.results.Kind;
import java.util.EnumMap;

/**
 * How many full handshakes are asked for against how many resumed ones, as weights.
 *
 * @param full    weight, at least 0
 * @param resumed weight, at least 0; not both are 0
 */
public record Mix(int full, int resumed) {

    /**
     * Reads {@code full=1,resumed=4}; each kind at most once, and one that is not named has weight 0.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Mix parse(String text) {
        var weights = new EnumMap<Kind, Integer>(Kind.class);
        for (var part : text.split(",")) {
            var pair = part.strip().split("=");
            if (pair.length != 2) {
                throw malformed(text);
            }
            var kind = switch (pair[0]) {
                case "full" -> Kind.FULL;
                case "resumed" -> Kind.RESUMED;
                default -> throw malformed(text);
            };
            if (!pair[1].matches("\\d{1,6}") || weights.put(kind, Integer.valueOf(pair[1])) != null) {
                throw malformed(text);
            }
        }
        var mix = new Mix(weights.getOrDefault(Kind.FULL, 0), weights.getOrDefault(Kind.RESUMED, 0));
        if (mix.full + mix.resumed == 0) {
            throw malformed(text);
        }
        return mix;
    }

    /**
     * The kind of the n-th handshake, spread as evenly as the weights allow, so that every stretch holds its share.
     *
     * @param n counted from 0
     */
    public Kind kind(long n) {
        var all = full + resumed;
        return (n + 1) * resumed / all > n * resumed / all ? Kind.RESUMED : Kind.FULL;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("'" + text
                + "' is no mix; write weights such as full=1,resumed=4, at least one of them above 0");
    }
}
