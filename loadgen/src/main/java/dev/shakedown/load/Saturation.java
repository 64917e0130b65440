package dev.shakedown.load;

import dev.shakedown.results.Summary;
import java.util.Locale;

/** Whether the generator, not the server, may have made the figures of a run. */
public final class Saturation {
    /** From here on an event loop has no time to spare for being punctual. */
    private static final double BUSY = 0.9;
    /** More than that of all time in pauses or stolen moves percentiles. */
    private static final double LOST = 0.05;
    /** Half of all arrivals so late, against their latency, move its middle. */
    private static final double LATE_MIDDLE = 0.1;
    private static final long LATE_MIDDLE_NANOS = 1_000_000;
    /** One in a hundred so late moves its tail. */
    private static final double LATE_TAIL = 0.5;
    private static final long LATE_TAIL_NANOS = 20_000_000;

    private Saturation() {}

    /** Why they may, as the end of a sentence that begins with "because"; {@code null} if they may not. */
    public static String reason(LoadPlan plan, Load.Measured measured, Summary summary) {
        var busiest = measured.threadShares().stream().mapToDouble(share -> share).max().orElse(0);
        if (busiest > BUSY) {
            return text("an event loop of the generator was busy %.0f %% of the time", 100 * busiest);
        }
        var seconds = measured.measuredSeconds();
        if (seconds > 0 && measured.health().gcSeconds() / seconds > LOST) {
            return text("its garbage collector paused it for %.0f %% of the time",
                    100 * measured.health().gcSeconds() / seconds);
        }
        var stolen = measured.health().stolenShare();
        if (stolen != null && stolen > LOST) {
            return text("the hypervisor kept %.0f %% of this machine's processor time back", 100 * stolen);
        }
        if (!plan.openLoop()) {
            // What begins late there, is due late.
            return null;
        }
        var middle = summary.startDelayNanos(50);
        if (middle > LATE_MIDDLE_NANOS && middle > LATE_MIDDLE * summary.latencyNanos(50)) {
            return text("half of the handshakes began more than %.1f ms after they were due", middle / 1e6);
        }
        var tail = summary.startDelayNanos(99);
        if (tail > LATE_TAIL_NANOS && tail > LATE_TAIL * summary.latencyNanos(99)) {
            return text("one handshake in a hundred began more than %.1f ms after it was due", tail / 1e6);
        }
        return null;
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
