package dev.shakedown.report;

import dev.shakedown.results.RunRows.ObjectiveTerm;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What became of the terms of an objective, as reports say it. */
public final class ObjectiveWords {
    /** Before a term that held. */
    public static final String HELD = "✓";
    /** Before a term that did not. */
    public static final String MISSED = "✗";

    private static final String FAILURES = "failures";

    private ObjectiveWords() {}

    /** All terms, each with its sign. */
    public static String of(List<ObjectiveTerm> terms) {
        return terms.stream().map(term -> (term.held() ? HELD : MISSED) + " " + of(term))
                .collect(Collectors.joining("  "));
    }

    /** That these were missed, as whoever judges a result says it. */
    public static String missed(List<ObjectiveTerm> terms) {
        return "objective missed: " + terms.stream().map(ObjectiveWords::of).collect(Collectors.joining(", "));
    }

    /** One of them: {@code p99 31.2 ms (limit 20.0 ms)}. */
    public static String of(ObjectiveTerm term) {
        return term.name() + " " + measured(term) + " (limit " + limit(term) + ")";
    }

    /** What a term was to stay below. */
    public static String limit(ObjectiveTerm term) {
        return figure(term, term.limit());
    }

    /** What it was; a dash if nothing completed. */
    public static String measured(ObjectiveTerm term) {
        return term.measured() == null ? Units.NONE : figure(term, term.measured());
    }

    private static String figure(ObjectiveTerm term, double value) {
        return term.name().equals(FAILURES)
                ? String.format(Locale.ROOT, "%s %%", Units.plain(100 * value))
                : Units.time(value);
    }
}
