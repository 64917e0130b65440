package dev.shakedown.report;

import dev.shakedown.results.RunRows.ObjectiveTerm;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Whether the terms of an objective held, as reports say it. */
public final class ObjectiveWords {
    /** Marks a term that held. */
    public static final String HELD = "✓";
    /** Marks a term that did not hold. */
    public static final String MISSED = "✗";

    private static final String FAILURES = "failures";

    private ObjectiveWords() {}

    /** Returns all terms, each with its mark. */
    public static String of(List<ObjectiveTerm> terms) {
        return terms.stream().map(term -> (term.held() ? HELD : MISSED) + " " + of(term))
                .collect(Collectors.joining("  "));
    }

    /** Returns the sentence that these terms were missed. */
    public static String missed(List<ObjectiveTerm> terms) {
        return "objective missed: " + terms.stream().map(ObjectiveWords::of).collect(Collectors.joining(", "));
    }

    /** Returns a term with its measured value and its limit, such as {@code p99 31.2 ms (limit 20.0 ms)}. */
    public static String of(ObjectiveTerm term) {
        return term.name() + " " + measured(term) + " (limit " + limit(term) + ")";
    }

    /** Returns the limit that a term had to stay below. */
    public static String limit(ObjectiveTerm term) {
        return figure(term, term.limit());
    }

    /** Returns the measured value; a dash if nothing completed. */
    public static String measured(ObjectiveTerm term) {
        return term.measured() == null ? Units.NONE : figure(term, term.measured());
    }

    private static String figure(ObjectiveTerm term, double value) {
        return term.name().equals(FAILURES)
                ? String.format(Locale.ROOT, "%s %%", Units.plain(100 * value))
                : Units.time(value);
    }
}
