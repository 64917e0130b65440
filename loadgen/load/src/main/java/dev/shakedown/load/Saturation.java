package dev.shakedown.load;

import dev.shakedown.results.Summary;
import dev.shakedown.results.UnsentReason;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The reason why the figures of a run may be those of the generator or its machine, not of the server.
 *
 * @param cause   what was at fault
 * @param because the cause in words, with its figures, as the end of a sentence that begins with "because"
 */
public record Saturation(Cause cause, String because) {
    /** What may distort the figures of a run. */
    public enum Cause {
        /** The whole process was suspended. */
        SUSPENDED,
        /** A CPU limit stopped the process again and again. */
        CPU_QUOTA,
        /** An event loop was too busy. */
        EVENT_LOOP,
        GARBAGE_COLLECTOR,
        /** The generator ran out of a resource. */
        RESOURCE,
        /** The network lost segments. */
        RETRANSMITS,
        /** The generator was late, and the hypervisor had withheld processor time. */
        HYPERVISOR,
        /** The generator was late, and other processes had the processors. */
        OTHER_WORK,
        /** The generator was late for no other known reason. */
        LATENESS;

        /** Whether the machine was at fault, rather than what the generator was asked to do. */
        public boolean isOfMachine() {
            return this == SUSPENDED || this == CPU_QUOTA || this == HYPERVISOR || this == OTHER_WORK;
        }
    }

    /** A larger share of busy seconds moves the 99th percentile. */
    private static final double BUSY_SECONDS = 0.01;
    /** A larger share of time lost to pauses, to the collector or to the hypervisor moves percentiles. */
    private static final double LOST = 0.05;
    /** If half of the arrivals are this late, relative to their latency, the median moves. */
    private static final double LATE_MIDDLE = 0.1;
    private static final long LATE_MIDDLE_NANOS = 1_000_000;
    /** If one arrival in a hundred is this late, relative to its latency, the tail moves. */
    private static final double LATE_TAIL = 0.5;
    private static final long LATE_TAIL_NANOS = 5_000_000;
    /** This is late at any latency: it is longer than handshakes take on most networks. */
    private static final long ALWAYS_LATE_MIDDLE_NANOS = 20_000_000;
    private static final long ALWAYS_LATE_TAIL_NANOS = 200_000_000;
    /** The shortest lag of event loops that counts: selectors without finer timers wake up to a millisecond late. */
    private static final long LAG_MIDDLE_NANOS = 2_000_000;
    /** From this many measurements on, one in a hundred is no accident. */
    private static final int LAG_COUNT = 100;
    /** More retransmitted segments per arrival move the 99th percentile: each takes 200 ms or more. */
    private static final double RETRANSMITS = 0.01;
    /** If a server completes this share in time, it was not overload that lost the segments. */
    private static final double KEPT_UP = 0.99;

    /** Returns what was at fault; empty if nothing was. */
    public static Optional<Saturation> of(LoadPlan plan, Load.Measured measured, Summary summary) {
        return Stream.<Supplier<Optional<Saturation>>>of(() -> ofMachine(measured), () -> ofGenerator(measured),
                () -> ofArrivals(plan, measured, summary),
                () -> lateness(plan, measured, summary).map(late -> explained(late, plan, measured)))
                .map(Supplier::get).flatMap(Optional::stream).findFirst();
    }

    /** Returns what held the process up whatever it did. */
    private static Optional<Saturation> ofMachine(Load.Measured measured) {
        var limited = measured.health().quota().filter(quota -> quota.share() > LOST)
                .flatMap(quota -> found(Cause.CPU_QUOTA,
                        "the CPU limit of its control group stopped the generator in %,d of %,d"
                                + " periods",
                        quota.throttled(), quota.periods()));
        if (limited.isPresent()) {
            return limited;
        }
        var standstills = measured.health().suspensions();
        return standstills.isEmpty()
                ? Optional.empty()
                : found(Cause.SUSPENDED,
                        "the whole generator was suspended for %.1f s, %.1f s into the measured part%s: a signal"
                                + " stopped it, or its virtual machine was paused",
                        standstills.getFirst().seconds(), standstills.getFirst().atSeconds(),
                        standstills.size() == 1
                                ? ""
                                : text(", and %s%d more times",
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
        // On loopback nothing is lost on the way; segments are dropped by a server that cannot keep up.
        var retransmits = measured.health().retransmits();
        var keptUp = plan.pacing() instanceof Pacing.OpenLoop && !plan.target().isLoopback()
                && tally.completedInWindow() >= KEPT_UP * tally.planned();
        return keptUp && retransmits != null && retransmits > RETRANSMITS * tally.planned()
                ? found(Cause.RETRANSMITS,
                        "TCP on its machine had to retransmit %,d segments, each of which takes 200 ms or more",
                        retransmits)
                : Optional.empty();
    }

    /** Returns why the generator was late, over the whole run or in one phase, whose lateness the whole may hide. */
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

    /** Whether the summary shows that handshakes began late, or that event loops ran late. */
    static boolean isLate(Summary summary) {
        return lateness(summary).isPresent();
    }

    /** Returns the cause of the lateness, as far as it is known. */
    private static Saturation explained(String late, LoadPlan plan, Load.Measured measured) {
        var health = measured.health();
        var stolen = health.stolenShare();
        if (stolen != null && stolen > LOST) {
            return new Saturation(Cause.HYPERVISOR, text(
                    "the hypervisor withheld %.0f %% of this machine's processor time, and %s", 100 * stolen, late));
        }
        var waited = health.longestWaitSeconds();
        var others = health.othersSeconds();
        // Otherwise the event loop may have waited for the generator's own threads.
        if (waited > LOST * measured.measuredSeconds() && others != null && others > waited) {
            return new Saturation(Cause.OTHER_WORK,
                    text("this machine was busy with other work: an event loop waited %.1f of %.1f s for a"
                            + " processor%s, and %s", waited, measured.measuredSeconds(),
                            plan.target().isLoopback()
                                    ? ", part of which the server uses"
                                    : "",
                            late));
        }
        return new Saturation(Cause.LATENESS, late);
    }

    /**
     * Compares the lateness with the latency, which has to be much longer for it not to matter. Since the same cause
     * may have made both long, lateness above a limit matters at any latency.
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
        // With few arrivals, a single one is no tail.
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
