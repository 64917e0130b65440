package dev.shakedown.run;

import dev.shakedown.load.Schedule.Phase;
import dev.shakedown.run.value.Durations;
import dev.shakedown.run.value.Rate;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and builds the phases of a load. All methods refuse bad input with an {@link IllegalArgumentException} that
 * has a sentence for the user.
 */
public final class LoadShapes {
    /** A ramp is reported in this many parts, to show at which rate things change. */
    private static final int PARTS = 10;

    private LoadShapes() {}

    /**
     * Returns the parts of a ramp, named after it.
     *
     * @param what names the ramp in an error message
     */
    public static List<Phase> ramp(String what, String name, double from, double to, long nanos) {
        if (from == 0 && to == 0) {
            throw new IllegalArgumentException(
                    what + " from 0 to 0 makes no load; write a rate above 0 for one of them");
        }
        var phases = new ArrayList<Phase>();
        for (var i = 0; i < PARTS; i++) {
            var length = nanos * (i + 1) / PARTS - nanos * i / PARTS;
            if (length > 0) {
                phases.add(new Phase(name + " " + (i + 1) + "/" + PARTS, length, from + (to - from) * i / PARTS,
                        from + (to - from) * (i + 1) / PARTS, 1));
            }
        }
        return phases;
    }

    /** Returns a phase of bursts, {@code durationNanos} long altogether. */
    public static Phase burst(String name, long size, long everyNanos, long durationNanos) {
        var perSecond = size / (everyNanos / 1e9);
        return new Phase(name, durationNanos, perSecond, perSecond, size);
    }

    /**
     * Reads a rate, which may be 0.
     *
     * @param what what to call it in an error message
     */
    public static Rate rate(String what, String text) {
        try {
            return Rate.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a time above 0, in nanoseconds.
     *
     * @param what what to call it in an error message
     */
    public static long nanos(String what, String text) {
        try {
            var duration = Durations.parse(text);
            if (!duration.isZero()) {
                return duration.toNanos();
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                what + ": '" + text + "' is not a time above 0; write one such as 500ms or 30s");
    }

    /** Returns a text that {@link #nanos} reads as this time. */
    public static String text(long nanos) {
        var micros = nanos / 1_000;
        return micros % 1_000 == 0
                ? micros / 1_000_000 + (micros % 1_000_000 == 0 ? "" : ".%03d".formatted(micros / 1_000 % 1_000)) + "s"
                : micros / 1_000 + ".%03dms".formatted(micros % 1_000);
    }
}
