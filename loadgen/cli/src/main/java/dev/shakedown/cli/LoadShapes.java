package dev.shakedown.cli;

import dev.shakedown.cli.PlanFile.Burst;
import dev.shakedown.cli.PlanFile.Entry;
import dev.shakedown.cli.PlanFile.Ramp;
import dev.shakedown.load.Schedule.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Load shapes as options write them. All complain with {@link IllegalArgumentException} and a sentence for the user. */
final class LoadShapes {
    /** A ramp is reported in so many parts, so that one sees at which rate things change. */
    private static final int PARTS = 10;
    private static final int MOST_STEPS = 200;
    private static final double LEAST_RATE = 0.001;
    private static final double MOST_RATE = 1e7;

    private LoadShapes() {}

    /** {@code FROM:TO:TIME}. */
    static List<Entry> ramp(String text) {
        var parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("--ramp " + text + " is none; write FROM:TO:TIME, such as 100:2000:60s");
        }
        var from = rateOrNone("--ramp", parts[0]);
        var to = rateOrNone("--ramp", parts[1]);
        ramp("ramp", from, to, nanos("--ramp", parts[2]));
        return List.of(new Entry("ramp", parts[2], null, new Ramp(from, to), null));
    }

    /** The parts of a ramp, named after it. */
    static List<Phase> ramp(String name, double from, double to, long nanos) {
        if (from == 0 && to == 0) {
            throw new IllegalArgumentException("--ramp from 0 to 0 is no load; let one of them be above 0");
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

    /** {@code R1,R2,…:TIME}. */
    static List<Entry> steps(String text) {
        var parts = text.split(":", -1);
        var rates = parts[0].split(",", -1);
        if (parts.length != 2 || rates.length > MOST_STEPS) {
            throw new IllegalArgumentException("--steps " + text + " is none; write R1,R2,...:TIME with at most "
                    + MOST_STEPS + " rates, such as 100,200,400:10s");
        }
        nanos("--steps", parts[1]);
        var steps = new ArrayList<Entry>();
        for (var rate : rates) {
            steps.add(new Entry("step " + (steps.size() + 1), parts[1], rateOrNone("--steps", rate), null, null));
        }
        if (steps.stream().allMatch(step -> step.rate() == 0)) {
            throw new IllegalArgumentException("--steps " + text + " has no rate above 0");
        }
        return steps;
    }

    /** {@code N:EVERY}. */
    static Burst burst(String text) {
        var parts = text.split(":", -1);
        if (parts.length != 2 || !parts[0].matches("[1-9]\\d{0,6}")) {
            throw new IllegalArgumentException("--burst " + text
                    + " is none; write N:EVERY with N from 1 to 9999999, such as 500:1s");
        }
        nanos("--burst", parts[1]);
        return new Burst(Long.parseLong(parts[0]), parts[1]);
    }

    /** @param durationNanos of all bursts together */
    static Phase burst(String name, long size, long everyNanos, long durationNanos) {
        var perSecond = size / (everyNanos / 1e9);
        return new Phase(name, durationNanos, perSecond, perSecond, size);
    }

    /** A rate per second, or 0 for nothing. */
    static double rateOrNone(String option, String text) {
        try {
            var rate = Double.parseDouble(text);
            if (rate == 0 || rate >= LEAST_RATE && rate <= MOST_RATE) {
                return rate;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException(
                String.format(Locale.ROOT, "%s: '%s' is no rate; write 0, or %s to %.0f a second",
                        option, text, LEAST_RATE, MOST_RATE));
    }

    static long nanos(String option, String text) {
        try {
            var duration = new Durations().convert(text);
            if (!duration.isZero()) {
                return duration.toNanos();
            }
        } catch (RuntimeException _) {
            // said below
        }
        throw new IllegalArgumentException(
                option + ": '" + text + "' is no time above 0; write one such as 500ms, 30s or"
                        + " 5m");
    }

    /** The time that {@link #nanos} reads as this. */
    static String text(long nanos) {
        var micros = nanos / 1_000;
        return micros % 1_000 == 0
                ? micros / 1_000_000 + (micros % 1_000_000 == 0 ? "" : ".%03d".formatted(micros / 1_000 % 1_000)) + "s"
                : micros / 1_000 + ".%03dms".formatted(micros % 1_000);
    }
}
