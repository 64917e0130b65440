package dev.shakedown.load;

import dev.shakedown.results.Summary;
import dev.shakedown.results.UnsentReason;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whether the generator or its machine, not the server, may have made the figures of a run.
 *
 * @param cause   what was at fault
 * @param because the same in words with its figures, as the end of a sentence that begins with "because"
 */
public record Saturation(Cause cause, String because) {
    /** What may make figures that are not the server's. */
    public enum Cause {
        /** The process stood still as a whole. */
        SUSPENDED,
        /** A limit on its CPU time made it stand still again and again. */
        CPU_QUOTA,
        /** An event loop had no time to spare. */
        EVENT_LOOP,
        GARBAGE_COLLECTOR,
        /** It ran out of something. */
        RESOURCE,
        /** The network lost segments. */
        RETRANSMITS,
        /** It was late, and the hypervisor had kept processors from it. */
        HYPERVISOR,
        /** It was late, and other processes had the processors. */
        OTHER_WORK,
        /** It was late, and nothing else explains why. */
        LATENESS;

        /** Whether the machine around the generator was at fault, and not what the generator was asked to do. */
        public boolean isOfMachine() {
            return this == SUSPENDED || this == CPU_QUOTA || this == HYPERVISOR || this == OTHER_WORK;
        }
    }

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
    /** So late is late whatever the latency: it is longer than handshakes take on most networks. */
    private static final long ALWAYS_LATE_MIDDLE_NANOS = 20_000_000;
    private static final long ALWAYS_LATE_TAIL_NANOS = 200_000_000;
    /** The least that is worth a word of event loops: selectors without finer timers wake up to a millisecond late. */
    private static final long LAG_MIDDLE_NANOS = 2_000_000;
    /** One look in a hundred is no chance from this many on. */
    private static final int LAG_COUNT = 100;
    /** More segments sent again, per arrival, move the 99th percentile: each waits for 200 ms and more. */
    private static final double RETRANSMITS = 0.01;
    /** A server that completes this share in time did not lose them for want of time. */
    private static final double KEPT_UP = 0.99;

    /** What was at fault; empty if nothing was. */
    public static Optional<Saturation> of(LoadPlan plan, Load.Measured measured, Summary summary) {
        return Stream.<Supplier<Optional<Saturation>>>of(() -> ofMachine(measured), () -> ofGenerator(measured),
                () -> ofArrivals(plan, measured, summary),
                () -> lateness(plan, measured, summary).map(late -> explained(late, plan, measured)))
                .map(Supplier::get).flatMap(Optional::stream).findFirst();
    }

    /** What holds a process up whatever it does. */
    private static Optional<Saturation> ofMachine(Load.Measured measured) {
        var limited = measured.health().quota().filter(quota -> quota.share() > LOST)
                .flatMap(quota -> found(Cause.CPU_QUOTA,
                        "a limit on CPU time (its control group's) made the generator stand still in %,d of %,d"
                                + " periods",
                        quota.throttled(), quota.periods()));
        if (limited.isPresent()) {
            return limited;
        }
        var standstills = measured.health().suspensions();
        return standstills.isEmpty()
                ? Optional.empty()
                : found(Cause.SUSPENDED,
                        "the generator stood still as a whole for %.1f s, %.1f s into the measured part%s: it was"
                                + " stopped by a"
                                + " signal, or its virtual machine was paused",
                        standstills.getFirst().seconds(), standstills.getFirst().atSeconds(),
                        standstills.size() == 1
                                ? ""
                                : text(", and %s%d times more",
                                        standstills.size() < Suspensions.MOST ? "" : "at least ",
                                        standstills.size() - 1));
    }

    private static Optional<Saturation> ofGenerator(Load.Measured measured) {
        var busiest = measured.threadShares().stream().mapToDouble(share -> share).max().orElse(0);
        if (busiest > Load.BusySeconds.SHARE) {
            return found(Cause.EVENT_LOOP, "an event loop of the generator was busy %.0f %% of the time",
                    100 * busiest);
        }
        var seconds = measured.busySeconds();
        if (seconds.busy() > BUSY_SECONDS * seconds.all()) {
            return found(Cause.EVENT_LOOP,
                    "an event loop of the generator was busy more than 90 %% of the time in %d of %d seconds",
                    seconds.busy(), seconds.all());
        }
        var health = measured.health();
        var pauses = measured.measuredSeconds() > 0 ? health.gcSeconds() / measured.measuredSeconds() : 0;
        if (pauses > LOST) {
            return found(Cause.GARBAGE_COLLECTOR, "its garbage collector paused it for %.0f %% of the time",
                    100 * pauses);
        }
        var collector = health.gcCpuSeconds() == null || health.cpuSeconds() == null || health.cpuSeconds() <= 0
                ? 0
                : health.gcCpuSeconds() / health.cpuSeconds();
        return collector > LOST
                ? found(Cause.GARBAGE_COLLECTOR, "its garbage collector used %.0f %% of this machine's processor time",
                        100 * collector)
                : Optional.empty();
    }

    private static Optional<Saturation> ofArrivals(LoadPlan plan, Load.Measured measured, Summary summary) {
        var tally = summary.tally();
        for (var unsent : tally.unsentReasons().entrySet()) {
            if (!unsent.getKey().isLimit() && unsent.getKey() != UnsentReason.LATE) {
                return found(Cause.RESOURCE, "it could not start %,d handshakes for want of %s", unsent.getValue(),
                        unsent.getKey().label());
            }
        }
        // On loopback nothing is lost on the way: a server that cannot keep up drops it.
        var retransmits = measured.health().retransmits();
        var keptUp = plan.pacing() instanceof Pacing.OpenLoop && !plan.target().isLoopback()
                && tally.completedInWindow() >= KEPT_UP * tally.planned();
        return keptUp && retransmits != null && retransmits > RETRANSMITS * tally.planned()
                ? found(Cause.RETRANSMITS,
                        "TCP on its machine had to send %,d segments again, of which each waits for 200 ms and more",
                        retransmits)
                : Optional.empty();
    }

    /** A phase has figures of its own, which those of the whole may hide. */
    private static Optional<String> lateness(LoadPlan plan, Load.Measured measured, Summary summary) {
        var late = lateness(summary);
        if (!(plan.pacing() instanceof Pacing.OpenLoop(var schedule, _, _))) {
            return late;
        }
        for (var i = 0; late.isEmpty() && i < measured.breakdown().phases().size(); i++) {
            var phase = new Summary();
            phase.add(measured.breakdown().phases().get(i));
            var name = schedule.phases().get(i).name();
            late = lateness(phase).map(words -> "in " + name + " " + words);
        }
        return late;
    }

    /** Whether what was recorded shows that handshakes began late, or that event loops ran late. */
    static boolean isLate(Summary summary) {
        return lateness(summary).isPresent();
    }

    /** Why it was late, where that can be told. */
    private static Saturation explained(String late, LoadPlan plan, Load.Measured measured) {
        var health = measured.health();
        var stolen = health.stolenShare();
        if (stolen != null && stolen > LOST) {
            return new Saturation(Cause.HYPERVISOR, text(
                    "the hypervisor kept %.0f %% of this machine's processor time back, and %s", 100 * stolen, late));
        }
        var waited = health.longestWaitSeconds();
        var others = health.othersSeconds();
        // Its own threads may have been what an event loop waited for.
        if (waited > LOST * measured.measuredSeconds() && others != null && others > waited) {
            return new Saturation(Cause.OTHER_WORK,
                    text("this machine was busy with other work: an event loop waited %.1f of %.1f s for a"
                            + " processor%s, and %s", waited, measured.measuredSeconds(),
                            plan.target().isLoopback()
                                    ? ", of which the server takes its part"
                                    : "",
                            late));
        }
        return new Saturation(Cause.LATENESS, late);
    }

    /**
     * Against the latency, which has to be much longer for lateness not to matter; but what made the generator late may
     * have made the latency, so that above some length it matters whatever the latency is.
     */
    private static Optional<String> lateness(Summary summary) {
        long unsent = summary.tally().unsentReasons().getOrDefault(UnsentReason.LATE, 0L);
        if (unsent > 0) {
            return Optional.of(text("it was too late to begin %,d handshakes at all", unsent));
        }
        var completed = summary.tally().completed();
        if (completed == 0) {
            return Optional.empty();
        }
        var latencyMiddle = summary.latencyNanos(50);
        // Of few arrivals a single one is no tail.
        var last = Math.min(99, 100 - 100.0 / completed);
        var latencyTail = summary.latencyNanos(last);
        var middle = summary.startDelayNanos(50);
        if (middle > LATE_MIDDLE_NANOS && (middle > LATE_MIDDLE * latencyMiddle || middle > ALWAYS_LATE_MIDDLE_NANOS)) {
            return late("half of the handshakes began more than %.1f ms after they were due", middle);
        }
        var tail = summary.startDelayNanos(last);
        if (tail > LATE_TAIL_NANOS && (tail > LATE_TAIL * latencyTail || tail > ALWAYS_LATE_TAIL_NANOS)) {
            return late("one handshake in a hundred began more than %.1f ms after it was due", tail);
        }
        if (summary.loopLagCount() < LAG_COUNT) {
            return Optional.empty();
        }
        var lag = summary.loopLagNanos(50);
        if (lag > LAG_MIDDLE_NANOS && (lag > LATE_MIDDLE * latencyMiddle || lag > ALWAYS_LATE_MIDDLE_NANOS)) {
            return late("its event loops ran more than %.1f ms late half of the time", lag);
        }
        var lagTail = summary.loopLagNanos(99);
        return lagTail > LATE_TAIL_NANOS && (lagTail > LATE_TAIL * latencyTail || lagTail > ALWAYS_LATE_TAIL_NANOS)
                ? late("its event loops ran more than %.1f ms late one time in a hundred", lagTail)
                : Optional.empty();
    }

    private static Optional<String> late(String format, long nanos) {
        return Optional.of(text(format, nanos / 1e6));
    }

    private static Optional<Saturation> found(Cause cause, String format, Object... values) {
        return Optional.of(new Saturation(cause, text(format, values)));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
