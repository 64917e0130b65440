package dev.shakedown.load;

import dev.shakedown.results.Kind;
import java.util.EnumMap;
import java.util.regex.Pattern;

/**
 * The proportion of full to resumed handshakes, as weights.
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
     * Parses {@code full=1,resumed=4}. Each kind may occur once; a kind that is missing has weight 0, or the remainder
     * of a percentage. Two bare numbers, as in {@code 20/80} or {@code 20:80}, are the weights of full and resumed
     * handshakes; a kind on its own is the only kind.
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
     * Returns the kind of the n-th handshake. Kinds are spread as evenly as the weights allow, so that any run of
     * handshakes has the right proportion.
     *
     * @param n counted from 0
     */
    public Kind kind(long n) {
        var all = full + resumed;
        return (n + 1) * resumed / all > n * resumed / all ? Kind.RESUMED : Kind.FULL;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("'" + text
                + "' is not a mix; write weights such as full=1,resumed=4, or 20/80 for full and resumed handshakes;"
                + " at least one must be above 0");
    }

    /** Returns the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return full == 0 || resumed == 0
                ? (full == 0 ? "resumed=" + resumed : "full=" + full)
                : "full=" + full + ",resumed=" + resumed;
    }
}
