package dev.shakedown.run;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}. */
public final class Durations {
    /** More than a year; times in nanoseconds can be added up without overflow. */
    private static final int LONGEST_HOURS = 10_000;
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(\\.\\d{1,3})?(ms|s|m|h)");

    private Durations() {}

    /**
     * Reads one, from nothing to 10,000 hours.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Duration parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration; write 500ms, 30s, 5m or 1h");
        }
        var number = Double.parseDouble(match.group(2) == null ? match.group(1) : match.group(1) + match.group(2));
        var millis = switch (match.group(3)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
        if (number * millis > LONGEST_HOURS * 3_600_000.0) {
            throw new IllegalArgumentException("'" + text + "' is too long; write at most " + LONGEST_HOURS + "h");
        }
        return Duration.ofNanos(Math.round(number * millis * 1e6));
    }
}
