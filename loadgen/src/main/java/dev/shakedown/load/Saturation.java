package dev.shakedown.load;

import dev.shakedown.results.Summary;
import java.util.Locale;
import java.util.Set;

/** Whether the generator, not the server, may have made the figures of a run. */
public final class Saturation {
    /** From here on an event loop has no time to spare for being punctual. */
    private static final double BUSY = 0.9;
    /** More than that of all seconds so busy moves the 99th percentile. */
    private static final double BUSY_SECONDS = 0.01;
    /** More than that of all time in pauses, in the collector or stolen moves percentiles. */
    private static final double LOST = 0.05;
    /** Half of all arrivals so late, against their latency, move its middle. */
    private static final double LATE_MIDDLE = 0.1;
    private static final long LATE_MIDDLE_NANOS = 1_000_000;
    /** One in a hundred so late moves its tail. */
    private static final double LATE_TAIL = 0.5;
    private static final long LATE_TAIL_NANOS = 5_000_000;
    /** The least that is worth a word of event loops: selectors without finer timers wake up to a millisecond late. */
    private static final long LAG_MIDDLE_NANOS = 2_000_000;
    /** One look in a hundred is no chance from this many on. */
    private static final int LAG_COUNT = 100;
    /** More segments sent again, per arrival, move the 99th percentile: each waits for 200 ms and more. */
    private static final double RETRANSMITS = 0.01;
    /** A server that completes this share in time did not lose them for want of time. */
    private static final double KEPT_UP = 0.99;
    /** Limits that the user set; what reaches them is the server's slowness. */
    private static final Set<String> LIMITS = Set.of("max_in_flight", "sources");

    private Saturation() {}

    /** Why they may, as the end of a sentence that begins with "because"; {@code null} if they may not. */
    public static String reason(LoadPlan plan, Load.Measured measured, Summary summary) {
        var reason = ofMachine(measured);
        if (reason == null) {
            reason = ofArrivals(plan, measured, summary);
        }
        if (reason == null) {
            reason = lateness(summary);
        }
        // A phase has figures of its own, which those of the whole may hide.
        for (var i = 0; reason == null && i < measured.phases().size(); i++) {
            var phase = new Summary();
            phase.add(measured.phases().get(i));
            reason = lateness(phase);
            if (reason != null) {
                reason = "in " + plan.schedule().phases().get(i).name() + " " + reason;
            }
        }
        return reason;
    }

    private static String ofMachine(Load.Measured measured) {
        var busiest = measured.threadShares().stream().mapToDouble(share -> share).max().orElse(0);
        if (busiest > BUSY) {
            return text("an event loop of the generator was busy %.0f %% of the time", 100 * busiest);
        }
        var seconds = measured.busiestSeconds().size();
        var busy = measured.busiestSeconds().stream().filter(share -> share > BUSY).count();
        if (busy > BUSY_SECONDS * seconds) {
            return text("an event loop of the generator was busy more than 90 %% of the time in %d of %d seconds", busy,
                    seconds);
        }
        var health = measured.health();
        var pauses = measured.measuredSeconds() > 0 ? health.gcSeconds() / measured.measuredSeconds() : 0;
        if (pauses > LOST) {
            return text("its garbage collector paused it for %.0f %% of the time", 100 * pauses);
        }
        var collector = health.gcCpuSeconds() == null || health.cpuSeconds() == null || health.cpuSeconds() <= 0
                ? 0
                : health.gcCpuSeconds() / health.cpuSeconds();
        if (collector > LOST) {
            return text("its garbage collector used %.0f %% of this machine's processor time", 100 * collector);
        }
        var stolen = health.stolenShare();
        return stolen != null && stolen > LOST
                ? text("the hypervisor kept %.0f %% of this machine's processor time back", 100 * stolen)
                : null;
    }

    private static String ofArrivals(LoadPlan plan, Load.Measured measured, Summary summary) {
        var tally = summary.tally();
        for (var unsent : tally.unsentReasons().entrySet()) {
            if (!LIMITS.contains(unsent.getKey())) {
                return text("it could not start %,d handshakes for want of %s", unsent.getValue(), unsent.getKey());
            }
        }
        // On loopback nothing is lost on the way: a server that cannot keep up drops it.
        var retransmits = measured.health().retransmits();
        var keptUp = plan.openLoop() && !plan.target().getAddress().isLoopbackAddress()
                && tally.completedInWindow() >= KEPT_UP * tally.planned();
        return keptUp && retransmits != null && retransmits > RETRANSMITS * tally.planned()
                ? text("TCP on its machine had to send %,d segments again, of which each waits for 200 ms and more",
                        retransmits)
                : null;
    }

    private static String lateness(Summary summary) {
        var completed = summary.tally().completed();
        if (completed == 0) {
            return null;
        }
        var latencyMiddle = summary.latencyNanos(50);
        // Of few arrivals a single one is no tail.
        var last = Math.min(99, 100 - 100.0 / completed);
        var latencyTail = summary.latencyNanos(last);
        var middle = summary.startDelayNanos(50);
        if (middle > LATE_MIDDLE_NANOS && middle > LATE_MIDDLE * latencyMiddle) {
            return text("half of the handshakes began more than %.1f ms after they were due", middle / 1e6);
        }
        var tail = summary.startDelayNanos(last);
        if (tail > LATE_TAIL_NANOS && tail > LATE_TAIL * latencyTail) {
            return text("one handshake in a hundred began more than %.1f ms after it was due", tail / 1e6);
        }
        if (summary.loopLagCount() < LAG_COUNT) {
            return null;
        }
        var lag = summary.loopLagNanos(50);
        if (lag > LAG_MIDDLE_NANOS && lag > LATE_MIDDLE * latencyMiddle) {
            return text("its event loops ran more than %.1f ms late half of the time", lag / 1e6);
        }
        var lagTail = summary.loopLagNanos(99);
        return lagTail > LATE_TAIL_NANOS && lagTail > LATE_TAIL * latencyTail
                ? text("its event loops ran more than %.1f ms late one time in a hundred", lagTail / 1e6)
                : null;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
