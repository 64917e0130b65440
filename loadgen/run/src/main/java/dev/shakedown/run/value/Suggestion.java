package dev.shakedown.run.value;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody is likely to have meant by what cannot be read. */
public final class Suggestion {
    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
    /** So many letters of a beginning tell what was meant. */
    private static final int TELLING = 3;
    /** One wrong letter in so many. */
    private static final int LETTERS_FOR_EACH_ERROR = 3;
    private static final int MOST_ERRORS = 3;

    private Suggestion() {}

    /**
     * The known text that is nearest by edit distance, or of which {@code text} is the beginning; empty where none is
     * near. Case and hyphens tell nothing.
     */
    public static Optional<String> nearest(String text, Collection<String> known) {
        var plain = plain(text);
        if (plain.length() >= TELLING) {
            var longer = known.stream().filter(each -> plain(each).startsWith(plain))
                    .min(Comparator.comparingInt(String::length));
            if (longer.isPresent()) {
                return longer;
            }
        }
        var most = Math.min(MOST_ERRORS, Math.max(1, plain.length() / LETTERS_FOR_EACH_ERROR));
        return known.stream().filter(each -> errors(plain, plain(each)) <= most)
                .min(Comparator.comparingInt(each -> errors(plain, plain(each))));
    }

    /** The end of a sentence that asks for the nearest of them; nothing where none is near. */
    public static String among(String text, Collection<String> known) {
        return nearest(text, known).map(Suggestion::ask).orElse("");
    }

    /** The end of a sentence that asks for one of these; nothing without any. */
    static String ask(String... readings) {
        return readings.length == 0 ? "" : "; did you mean " + String.join(" or ", List.of(readings)) + "?";
    }

    /** Two letters in the wrong order are one error. */
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
