package dev.shakedown.run.value;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * A share of a whole, or how much more one thing is than another, as people write it: {@code 80%} or {@code 0.8}.
 *
 * @param value 1 for the whole; at most 10
 * @param text  as it was written
 */
public record Share(double value, String text) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}|[0-9]{0,9}\\.[0-9]{1,9})\\s?(%?)");
    private static final double MOST = 10;

    /**
     * Reads a share. A number without a percent sign is a fraction.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Share parse(String text) {
        var plain = text.strip();
        var match = FORM.matcher(plain);
        if (match.matches()) {
            var number = new BigDecimal(match.group(1));
            var value = (match.group(2).isEmpty() ? number : number.movePointLeft(2)).doubleValue();
            if (value <= (match.group(2).isEmpty() ? 1 : MOST)) {
                return new Share(value, plain);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a share; write 0 to 1 or a percentage, such as 0.8 or"
                + " 80%" + (match.matches() && match.group(2).isEmpty()
                        ? Suggestion.ask(match.group(1) + "%")
                        : plain.matches("[0-9]+,[0-9]+\\s?%?") ? Suggestion.ask(plain.replace(',', '.')) : ""));
    }

    /** Whether this could mean one percent as well as the whole. */
    public boolean isAmbiguous() {
        return value == 1 && !text.endsWith("%");
    }
}
