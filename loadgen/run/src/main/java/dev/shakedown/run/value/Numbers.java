package dev.shakedown.run.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers as people write them: {@code 1000}, {@code 1,000}, {@code 1_000}, {@code 1k}, {@code 2.5M}, {@code 1e6}. */
public final class Numbers {
    private static final Pattern FORM = Pattern.compile(
            "([0-9]{1,19}|[0-9]{1,3}(?:[,_'\u00a0\u202f ][0-9]{3})+)(\\.[0-9]{1,20})?(?:e([0-9]{1,2}))?\\s?([kKM]?)");
    /** Whether the dot marks a fraction or groups thousands depends on the reader's country. */
    private static final Pattern THOUSAND_OR_ONE = Pattern.compile("([1-9][0-9]{0,2})\\.000");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("([0-9]+),([0-9]{1,2}|[0-9]{4,9})(\\D*)");

    private Numbers() {}

    /**
     * Reads a whole number.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static long whole(String text) {
        var read = read(text).filter(number -> number.stripTrailingZeros().scale() <= 0)
                .orElseThrow(() -> new IllegalArgumentException("'" + text
                        + "' is not a whole number; write one such as 100, 1,000 or 10k"
                        + Suggestion.ask(readings(text))));
        if (read.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw tooLarge(text, Long.MAX_VALUE);
        }
        return read.longValue();
    }

    /**
     * Reads a whole number that an {@code int} holds.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static int small(String text) {
        var number = whole(text);
        if (number > Integer.MAX_VALUE) {
            throw tooLarge(text, Integer.MAX_VALUE);
        }
        return (int) number;
    }

    private static IllegalArgumentException tooLarge(String text, long most) {
        return new IllegalArgumentException("'" + text + "' is too large; write at most " + most);
    }

    /** Returns the number; empty if the text is not a number, or can be read in two ways. */
    static Optional<BigDecimal> read(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches() || THOUSAND_OR_ONE.matcher(text.strip()).matches()
                || match.group(1).matches("0[,_'\u00a0\u202f ]?0.*")) {
            return Optional.empty();
        }
        var digits = match.group(1).replaceAll("[^0-9]", "") + (match.group(2) == null ? "" : match.group(2));
        var power = (match.group(3) == null ? 0 : Integer.parseInt(match.group(3))) + switch (match.group(4)) {
            case "k", "K" -> 3;
            case "M" -> 6;
            default -> 0;
        };
        return Optional.of(new BigDecimal(digits).scaleByPowerOfTen(power));
    }

    /** Returns what a text that is not a number, or is ambiguous, may mean. */
    static String[] readings(String text) {
        var thousand = THOUSAND_OR_ONE.matcher(text.strip());
        if (thousand.matches()) {
            return new String[]{thousand.group(1), thousand.group(1) + ",000"};
        }
        var comma = DECIMAL_COMMA.matcher(text.strip());
        if (comma.matches()) {
            return new String[]{comma.group(1) + "." + comma.group(2) + comma.group(3)};
        }
        return text.strip().matches("[0-9.]{1,9}m") ? new String[]{text.strip().replace('m', 'M')} : new String[0];
    }

    /** Returns a number as people read it, without an exponent or trailing zeros. */
    static String text(double number) {
        var plain = BigDecimal.valueOf(number).setScale(9, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return plain.toPlainString();
    }
}
