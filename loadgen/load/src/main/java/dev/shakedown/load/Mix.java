package dev.shakedown.load;

import dev.shakedown.results.Kind;
import java.util.EnumMap;
import java.util.regex.Pattern;

/**
 * How many full handshakes are asked for against how many resumed ones, as weights.
 *
 * @param full    weight, at least 0
 * @param resumed weight, at least 0; not both are 0
 */
public record Mix(int full, int resumed) {
    private static final int WHOLE = 100;
    private static final Pattern PAIR = Pattern.compile("([0-9]{1,6})\\s?%?\\s?[:/]\\s?([0-9]{1,6})\\s?%?");
    private static final Pattern WEIGHT = Pattern.compile("(full|resumed)(?:\\s?[=:]\\s?([0-9]{1,6})\\s?(%)?)?",
            Pattern.CASE_INSENSITIVE);

    /**
     * Reads {@code full=1,resumed=4}; each kind at most once, and one that is not named has weight 0, or what is left
     * of a percentage. Two numbers alone, as in {@code 20/80} or {@code 20:80}, are the full handshakes' and the
     * resumed ones'; a kind alone is the only one.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Mix parse(String text) {
        var pair = PAIR.matcher(text.strip());
        if (pair.matches()) {
            return checked(text, Integer.parseInt(pair.group(1)), Integer.parseInt(pair.group(2)));
        }
        var weights = new EnumMap<Kind, Integer>(Kind.class);
        var parts = text.split(",", -1);
        for (var part : parts) {
            var weight = WEIGHT.matcher(part.strip());
            if (!weight.matches()) {
                throw malformed(text);
            }
            var kind = weight.group(1).equalsIgnoreCase("full") ? Kind.FULL : Kind.RESUMED;
            var number = weight.group(2) == null ? 1 : Integer.parseInt(weight.group(2));
            var isRest = weight.group(3) != null && parts.length == 1;
            if (isRest && number > WHOLE || weights.put(kind, number) != null
                    || weight.group(2) == null && parts.length > 1) {
                throw malformed(text);
            }
            if (isRest) {
                weights.put(kind == Kind.FULL ? Kind.RESUMED : Kind.FULL, WHOLE - number);
            }
        }
        return checked(text, weights.getOrDefault(Kind.FULL, 0), weights.getOrDefault(Kind.RESUMED, 0));
    }

    private static Mix checked(String text, int full, int resumed) {
        if (full + resumed == 0) {
            throw malformed(text);
        }
        return new Mix(full, resumed);
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
                + "' is no mix; write weights such as full=1,resumed=4, or 20/80 for that of full"
                + " and that of resumed handshakes, at least one of them above 0");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return full == 0 || resumed == 0
                ? (full == 0 ? "resumed=" + resumed : "full=" + full)
                : "full=" + full + ",resumed=" + resumed;
    }
}
