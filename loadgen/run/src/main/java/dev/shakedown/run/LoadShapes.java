package dev.shakedown.run;

import dev.shakedown.load.Schedule.Phase;
import dev.shakedown.run.value.Durations;
import dev.shakedown.run.value.Rate;
import java.util.ArrayList;
import java.util.List;

/**
 * Phases of a load, and the figures in them. All complain with {@link IllegalArgumentException} and a sentence for the
 * user.
 */
public final class LoadShapes {
    /** A ramp is reported in so many parts, so that one sees at which rate things change. */
    private static final int PARTS = 10;

    private LoadShapes() {}

    /**
     * The parts of a ramp, named after it.
     *
     * @param what names the ramp in a complaint
     */
    public static List<Phase> ramp(String what, String name, double from, double to, long nanos) {
        if (from == 0 && to == 0) {
            throw new IllegalArgumentException(what + " from 0 to 0 is no load; let one of them be above 0");
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

    /** @param durationNanos of all bursts together */
    public static Phase burst(String name, long size, long everyNanos, long durationNanos) {
        var perSecond = size / (everyNanos / 1e9);
        return new Phase(name, durationNanos, perSecond, perSecond, size);
    }

    /**
     * A rate, or 0 for nothing.
     *
     * @param what names it in a complaint
     */
    public static Rate rate(String what, String text) {
        try {
            return Rate.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }

    /**
     * A time above 0.
     *
     * @param what names it in a complaint
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
        throw new IllegalArgumentException(what + ": '" + text + "' is no time above 0; write such as 500ms or 30s");
    }

    /** The time that {@link #nanos} reads as this. */
    public static String text(long nanos) {
        var micros = nanos / 1_000;
        return micros % 1_000 == 0
                ? micros / 1_000_000 + (micros % 1_000_000 == 0 ? "" : ".%03d".formatted(micros / 1_000 % 1_000)) + "s"
                : micros / 1_000 + ".%03dms".formatted(micros % 1_000);
    }
}
