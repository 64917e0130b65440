package dev.shakedown.load;

import dev.shakedown.results.Interval;
import dev.shakedown.results.Summary;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports during a load that the generator is late, and how busy other processes of this machine are. It looks at one
 * second at a time; {@link Saturation} judges the whole run. Not thread-safe.
 */
public final class Lateness {
    /** Any machine has this much other work, in processors. */
    private static final double SOME_PROCESSORS = 0.3;

    private @Nullable Double othersBefore = Health.others();
    private long nanosBefore = System.nanoTime();

    /**
     * Returns a warning about the last second, as the end of a sentence; empty if the generator was on time.
     *
     * @param second everything recorded in that second
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

    /** @param processors number of processors that other processes use */
    static String words(double processors) {
        return processors < SOME_PROCESSORS
                ? "generator late"
                : String.format(Locale.ROOT, "generator late, others use %.1f of %d processors", processors,
                        Runtime.getRuntime().availableProcessors());
    }
}
