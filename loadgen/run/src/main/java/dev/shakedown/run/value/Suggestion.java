package dev.shakedown.run.value;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Suggests what the user may have meant by something that cannot be read. */
public final class Suggestion {
    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
    /** This many letters at the beginning show what was meant. */
    private static final int PREFIX_LETTERS = 3;
    /** One letter in this many may be wrong. */
    private static final int LETTERS_PER_ERROR = 3;
    private static final int MOST_ERRORS = 3;

    private Suggestion() {}

    /**
     * Returns the known text that begins with {@code text}, or else the nearest one by edit distance; empty if none
     * is near. Case and hyphens do not count.
     */
    public static Optional<String> nearest(String text, Collection<String> known) {
        var plain = plain(text);
        if (plain.length() >= PREFIX_LETTERS) {
            var longer = known.stream().filter(each -> plain(each).startsWith(plain))
                    .min(Comparator.comparingInt(String::length));
            if (longer.isPresent()) {
                return longer;
            }
        }
        var most = Math.min(MOST_ERRORS, Math.max(1, plain.length() / LETTERS_PER_ERROR));
        return known.stream().filter(each -> errors(plain, plain(each)) <= most)
                .min(Comparator.comparingInt(each -> errors(plain, plain(each))));
    }

    /** Returns the end of a sentence that suggests the nearest known text; empty if none is near. */
    public static String among(String text, Collection<String> known) {
        return nearest(text, known).map(Suggestion::ask).orElse("");
    }

    /** Returns the end of a sentence that suggests one of these readings; empty if there are none. */
    static String ask(String... readings) {
        return readings.length == 0 ? "" : "; did you mean " + String.join(" or ", List.of(readings)) + "?";
    }

    /** Counts wrong letters; two that are swapped count once. */
    private static int errors(String plain, String known) {
        var distance = DISTANCE.apply(plain, known);
        return distance == 2 && Arrays.equals(plain.chars().sorted().toArray(), known.chars().sorted().toArray())
                ? 1
                : distance;
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }
}
