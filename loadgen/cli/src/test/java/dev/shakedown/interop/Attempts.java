package dev.shakedown.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.shakedown.results.RunResult;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Tries of what is measured, and whether the machine was fit for them. */
final class Attempts {
    /** What else the machine does may spoil a run or two, or all within half a minute, but not all of them. */
    private static final int MOST = 8;
    private static final int LONGEST_PAUSE_SECONDS = 5;
    /** A machine that wakes a sleeper later than this is busy, microseconds. */
    private static final double LATE_MICROS = 1000;

    private Attempts() {}

    /**
     * What one attempt found.
     *
     * @param complaint what was wrong; empty for nothing
     * @param unfit     why its run says that its generator was at fault, if it does
     */
    record Reading(String complaint, Optional<String> unfit) {
        static Reading of(String complaint, RunResult run) {
            return new Reading(complaint, Optional.ofNullable(run.generator().saturatedBecause()));
        }

        /** Where the run does not call itself unfit, the machine may have been so all the same. */
        private Reading beside(double sleeperOffMicros) {
            return new Reading(complaint, unfit.or(() -> sleeperOffMicros > LATE_MICROS
                    ? Optional.of("it woke a sleeper " + Math.round(sleeperOffMicros) + " µs late")
                    : Optional.empty()));
        }
    }

    /** A run that is measured. */
    interface Attempt {
        /** @param beside sleeps meanwhile, until it is asked */
        Reading measure(Sleeper beside) throws Exception;
    }

    /**
     * Measures until all is as it should be, and else fails with what was wrong with each attempt; but where the
     * machine was unfit for half of them, it was the machine that was measured, and there is no verdict.
     */
    static void assertOnce(Attempt attempt) throws Exception {
        var readings = new ArrayList<Reading>();
        while (readings.size() < MOST) {
            if (!readings.isEmpty()) {
                TimeUnit.SECONDS.sleep(Math.min(1L << readings.size() - 1, LONGEST_PAUSE_SECONDS));
            }
            var sleeper = new Sleeper();
            try {
                var reading = attempt.measure(sleeper);
                if (reading.complaint.isEmpty()) {
                    return;
                }
                readings.add(reading.beside(sleeper.offMicros()));
            } finally {
                sleeper.offMicros();
            }
        }
        var unfit = readings.stream().flatMap(reading -> reading.unfit.stream()).toList();
        if (2 * unfit.size() >= MOST) {
            abort("not judged: this machine was busy: in " + unfit.size() + " of " + MOST + " runs, at last since "
                    + unfit.getLast());
        }
        throw new AssertionError(readings.stream().map(Reading::complaint).collect(Collectors.joining("\n\n")));
    }
}
