package dev.shakedown.run.value;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 1.5m}, {@code 1m30s}, {@code 2h}. */
public final class Durations {
    /** More than a year; times in nanoseconds can be added up without overflow. */
    private static final int LONGEST_HOURS = 10_000;
    private static final String NUMBER = "([0-9]{1,9}(?:\\.[0-9]{1,9})?)";
    private static final Pattern PART = Pattern.compile(NUMBER
            + "\\s?(ns|us|µs|μs|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-zµμ])\\s?");
    private static final Pattern WITHOUT_UNIT = Pattern.compile(NUMBER);
    private static final Pattern CLOCK = Pattern.compile("([0-9]{1,3}):([0-5][0-9])");
    private static final Pattern LAST_UNIT_MISSING = Pattern.compile("(.*[0-9](h|m))([0-9]{1,2})");

    private Durations() {}

    /**
     * Reads a duration from 0 to 10,000 hours. Only {@code 0} needs no unit.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Duration parse(String text) {
        var plain = text.strip().toLowerCase(Locale.ROOT);
        if (plain.equals("0")) {
            return Duration.ZERO;
        }
        var nanos = BigDecimal.ZERO;
        var at = 0;
        var longest = Long.MAX_VALUE;
        for (var part = PART.matcher(plain); at < plain.length(); at = part.end()) {
            var unit = part.find(at) && part.start() == at ? nanos(part.group(2)) : Long.MAX_VALUE;
            // The longer unit comes first.
            if (unit >= longest) {
                throw notADuration(text, plain);
            }
            longest = unit;
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        if (at == 0) {
            throw notADuration(text, plain);
        }
        if (nanos.compareTo(BigDecimal.valueOf(LONGEST_HOURS * nanos("h"))) > 0) {
            throw new IllegalArgumentException("'" + text + "' is too long; write at most " + LONGEST_HOURS + "h");
        }
        return Duration.ofNanos(nanos.longValue());
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            default -> switch (unit.charAt(0)) {
                case 's' -> 1_000_000_000L;
                case 'm' -> 60_000_000_000L;
                case 'h' -> 3_600_000_000_000L;
                default -> 86_400_000_000_000L;
            };
        };
    }

    /**
     * Returns the shortest text for a duration, in the largest unit that needs no fraction: {@code 90s}, {@code 2m}.
     */
    public static String text(Duration duration) {
        var nanos = duration.toNanos();
        return Stream.of("h", "m", "s", "ms", "us", "ns").filter(unit -> nanos % nanos(unit) == 0 && nanos > 0)
                .findFirst().map(unit -> nanos / nanos(unit) + unit).orElse("0s");
    }

    private static IllegalArgumentException notADuration(String text, String plain) {
        return new IllegalArgumentException(
                "'" + text + "' is not a duration; write one such as 500ms, 30s, 1m30s or 2h" + meant(plain));
    }

    private static String meant(String plain) {
        if (WITHOUT_UNIT.matcher(plain).matches()) {
            return Suggestion.ask(plain + "s");
        }
        var clock = CLOCK.matcher(plain);
        if (clock.matches()) {
            return Suggestion.ask(clock.group(1) + "m" + clock.group(2) + "s");
        }
        var unfinished = LAST_UNIT_MISSING.matcher(plain);
        if (unfinished.matches()) {
            return Suggestion.ask(plain + (unfinished.group(2).equals("h") ? "m" : "s"));
        }
        return plain.matches("[0-9]+,[0-9]+\\s?[a-zµμ]+") ? Suggestion.ask(plain.replace(',', '.')) : "";
    }
}
