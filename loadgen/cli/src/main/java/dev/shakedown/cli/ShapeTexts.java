package dev.shakedown.cli;

import dev.shakedown.run.LoadShapes;
import dev.shakedown.run.PlanFile.Burst;
import dev.shakedown.run.PlanFile.Entry;
import dev.shakedown.run.PlanFile.Ramp;
import dev.shakedown.run.value.Numbers;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads load shapes as options write them. All methods refuse bad input with an {@link IllegalArgumentException} that
 * has a sentence for the user.
 */
final class ShapeTexts {
    private static final int MOST_STEPS = 200;
    private static final long MOST_AT_ONCE = 9_999_999;

    private ShapeTexts() {}

    /** Reads {@code FROM:TO:TIME}. */
    static List<Entry> ramp(String text) {
        var parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("--ramp " + text + " is malformed; write FROM:TO:TIME, such as"
                    + " 100:2000:60s");
        }
        var from = LoadShapes.rate("--ramp", parts[0]);
        var to = LoadShapes.rate("--ramp", parts[1]);
        LoadShapes.ramp("--ramp", "ramp", from.perSecond(), to.perSecond(), LoadShapes.nanos("--ramp", parts[2]));
        return List.of(new Entry("ramp", parts[2], null, new Ramp(from, to), null));
    }

    /** Reads {@code R1,R2,…:TIME}. */
    static List<Entry> steps(String text) {
        var parts = text.split(":", -1);
        var rates = parts[0].split(",", -1);
        if (parts.length != 2 || rates.length > MOST_STEPS) {
            throw new IllegalArgumentException("--steps " + text + " is malformed; write R1,R2,...:TIME with at most "
                    + MOST_STEPS + " rates, such as 100,200,400:10s");
        }
        LoadShapes.nanos("--steps", parts[1]);
        var steps = new ArrayList<Entry>();
        var most = 0.0;
        for (var each : rates) {
            var rate = LoadShapes.rate("--steps", each);
            most = Math.max(most, rate.perSecond());
            steps.add(new Entry("step " + (steps.size() + 1), parts[1], rate, null, null));
        }
        if (most == 0) {
            throw new IllegalArgumentException("--steps " + text + " has no rate above 0");
        }
        return steps;
    }

    /** Reads {@code N:EVERY}. */
    static Burst burst(String text) {
        var parts = text.split(":", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("--burst " + text + " is malformed; write N:EVERY, such as 500:1s");
        }
        var size = burstSize(parts[0]);
        LoadShapes.nanos("--burst", parts[1]);
        return new Burst(size, parts[1]);
    }

    private static long burstSize(String text) {
        try {
            var size = Numbers.whole(text);
            if (size >= 1 && size <= MOST_AT_ONCE) {
                return size;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--burst: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "--burst must begin 1 to " + MOST_AT_ONCE + " handshakes at once, but is " + text);
    }
}
