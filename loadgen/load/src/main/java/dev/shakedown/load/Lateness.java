package dev.shakedown.load;

import dev.shakedown.results.Interval;
import dev.shakedown.results.Summary;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells, while a load can still be ended, that the generator is late, and how much other processes of this machine
 * compute meanwhile. Whether a run was fit is judged by all of it ({@link Saturation}); this looks at a second at a
 * time. Not thread-safe.
 */
public final class Lateness {
    /** Less than that of a processor is what any machine does beside. */
    private static final double SOME_PROCESSORS = 0.3;

    private @Nullable Double othersBefore = Health.others();
    private long nanosBefore = System.nanoTime();

    /**
     * What is to be said of the last second, as a sentence's end; empty if the generator was in time.
     *
     * @param second all that was recorded in it
     */
    public Optional<String> look(Interval second) {
        var others = Health.others();
        var now = System.nanoTime();
        var processors = others == null || othersBefore == null || now == nanosBefore
                ? 0
                : (others - othersBefore) * 1e9 / (now - nanosBefore);
        othersBefore = others;
        nanosBefore = now;
        var summary = new Summary();
        summary.add(second);
        return Saturation.isLate(summary) ? Optional.of(words(processors)) : Optional.empty();
    }

    /** @param processors that others use */
    static String words(double processors) {
        return processors < SOME_PROCESSORS
                ? "generator late"
                : String.format(Locale.ROOT, "generator late, others use %.1f of %d processors", processors,
                        Runtime.getRuntime().availableProcessors());
    }
}
