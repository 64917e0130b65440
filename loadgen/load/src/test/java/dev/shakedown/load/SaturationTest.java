package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.Saturation.Cause;
import dev.shakedown.load.Schedule.Phase;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.RunResult.Suspension;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Summary;
import dev.shakedown.results.UnsentReason;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What makes the generator say that the figures may be its own. */
class SaturationTest {
    private static final long MILLI = 1_000_000;
    private static final Schedule CONSTANT = Schedule.constant(Schedule.Shape.CONSTANT, 10);
    private static final Schedule STEPS = new Schedule(Schedule.Shape.CONSTANT,
            List.of(new Phase("step 1", MILLI, 10, 10, 1), new Phase("step 2", MILLI, 10, 10, 1)));
    private static final LoadPlan OPEN = plan(0, CONSTANT, "127.0.0.1");
    private static final LoadPlan CLOSED = plan(1, null, "127.0.0.1");
    private static final LoadPlan REMOTE = plan(0, CONSTANT, "192.0.2.1");
    private static final Health WELL = new Health(0.1, 3, 0.3, 20.0, 0.2, 0L);

    /** A hundred handshakes with the given latency and lateness, in milliseconds. */
    private record Handshakes(long millis, long all, long few, long lag) {
        private static final Handshakes WELL = new Handshakes(10, 0, 0, 0);

        static Handshakes late(double allMillis, double fewMillis) {
            return new Handshakes(10, nanos(allMillis), nanos(fewMillis), 0);
        }

        static Handshakes lagging(double millis) {
            return new Handshakes(10, 0, 0, nanos(millis));
        }

        private static long nanos(double millis) {
            return Math.round(millis * MILLI);
        }

        /** Two of them are late by {@code few} more; event loops are late by {@code lag} in 2 of 200 measurements. */
        Recorder record() {
            var recorder = new Recorder();
            for (var n = 0; n < 100; n++) {
                var late = all + (n < 2 ? few : 0);
                var marks = new long[Mark.values().length];
                Arrays.fill(marks, Marks.NOT_REACHED);
                marks[Mark.PLANNED.ordinal()] = 0;
                marks[Mark.BEGUN.ordinal()] = late;
                marks[Mark.FINISHED.ordinal()] = late + millis * MILLI;
                recorder.planned();
                recorder.record(new Sample(new Completed(Kind.FULL, new Negotiated("TLSv1.2", "A", null, null)),
                        Kind.FULL, Resumption.NOT_OFFERED, Marks.of(marks), 1, 1));
            }
            for (var n = 0; n < 200; n++) {
                recorder.loopLag(n % 66 == 0 ? lag : MILLI / 10, 10 * MILLI);
            }
            return recorder;
        }
    }

    @Test
    void aRunWithTimeToSpareIsFit() {
        assertNull(reason(OPEN, 0.85, WELL, Handshakes.WELL));
        assertNull(reason(CLOSED, 0.85, WELL, Handshakes.WELL));
        assertNull(reason(OPEN, 0, new Health(0.1, 3, null, null, null, null), Handshakes.WELL),
                "where the platform tells nothing");
    }

    @Test
    void whatTheMachineLacksIsNamed() {
        assertEquals("an event loop of the generator was busy 95 % of the time",
                reason(OPEN, 0.95, WELL, Handshakes.WELL));
        assertEquals("its garbage collector paused it for 6 % of the time",
                reason(OPEN, 0, new Health(0.6, 9, 0.3, 20.0, 0.0, 0L), Handshakes.WELL));
        assertEquals("its garbage collector used 10 % of this machine's processor time",
                reason(OPEN, 0, new Health(0.1, 9, 2.0, 20.0, 0.0, 0L), Handshakes.WELL), "beside it, without pauses");
    }

    /** Stolen time matters if the generator was late. */
    @Test
    void stolenTimeCountsWhereLatenessShowsThatItMattered() {
        var stolen = new Health(0, 0, 0.0, 20.0, 2.0, 0L);
        assertNull(reason(OPEN, 0, stolen, Handshakes.WELL));
        var found = saturation(stolen, Handshakes.late(2, 0)).orElseThrow();
        assertEquals(Cause.HYPERVISOR, found.cause());
        assertTrue(
                found.because().startsWith("the hypervisor withheld 10 % of this machine's processor time, and half of"
                        + " the handshakes began more than 2.0"),
                found::because);
    }

    @Test
    void aBusyMachineIsNotTheGeneratorsDoing() {
        var found = saturation(waiting(4.1, 9), Handshakes.late(2, 0)).orElseThrow();
        assertEquals(Cause.OTHER_WORK, found.cause());
        assertTrue(found.because()
                .startsWith("this machine was busy with other work: an event loop waited 4.1 of 10.0 s for"
                        + " a processor, part of which the server uses, and half of"),
                found::because);
        assertEquals(Cause.LATENESS, saturation(waiting(4.1, 1), Handshakes.late(2, 0)).orElseThrow().cause(),
                "it waited for threads of its own");
        assertEquals(Cause.LATENESS, saturation(waiting(0.1, 9), Handshakes.late(2, 0)).orElseThrow().cause(),
                "it hardly waited");
        assertEquals(Optional.empty(), saturation(waiting(4.1, 9), Handshakes.WELL), "and was not late");
    }

    private static Health waiting(double seconds, double others) {
        return new Health(0, 0, 0.0, 20.0, 0.0, 0L, others, List.of(0.0, seconds), Optional.empty(), List.of());
    }

    @Test
    void aLimitOnCpuTimeIsNamed() {
        var found = saturation(limited(210, 322), Handshakes.WELL).orElseThrow();
        assertEquals(Cause.CPU_QUOTA, found.cause());
        assertEquals("the CPU limit of its control group stopped the generator in 210 of 322 periods",
                found.because());
        assertEquals(Optional.empty(), saturation(limited(1, 322), Handshakes.WELL), "once is no matter");
    }

    private static Health limited(long throttled, long periods) {
        return new Health(0, 0, 0.0, 20.0, 0.0, 0L, 1.0, List.of(), Optional.of(new CpuQuota(periods, throttled)),
                List.of());
    }

    @Test
    void aStandstillIsNamedWithItsSeconds() {
        var found = saturation(new Health(0, 0, 0.0, 20.0, 0.0, 0L, 1.0, List.of(), Optional.empty(),
                List.of(new Suspension(4, 2), new Suspension(7, 1))), Handshakes.WELL).orElseThrow();
        assertEquals(Cause.SUSPENDED, found.cause());
        assertTrue(found.because()
                .startsWith("the whole generator was suspended for 2.0 s, 4.0 s into the measured part,"
                        + " and 1 more times: a signal stopped it"),
                found::because);
    }

    /** The cause of the lateness may have raised the latencies too, so they are no measure of it. */
    @Test
    void veryLateIsLateWhateverTheLatency() {
        assertNull(reason(OPEN, 0, WELL, new Handshakes(5_000, 15 * MILLI, 0, 0)));
        assertTrue(reason(OPEN, 0, WELL, new Handshakes(5_000, 25 * MILLI, 0, 0)).startsWith("half of the handshakes"));
        assertTrue(reason(OPEN, 0, WELL, new Handshakes(5_000, 0, 250 * MILLI, 0))
                .startsWith("one handshake in a hundred"));
    }

    private static Optional<Saturation> saturation(Health health, Handshakes handshakes) {
        var summary = new Summary();
        summary.add(handshakes.record().take(0, 1));
        return saturation(OPEN, 0, List.of(), health, List.of(), summary);
    }

    @Test
    void oneBusySecondIsNotHiddenByTheOthers() {
        var summary = new Summary();
        summary.add(Handshakes.WELL.record().take(0, 1));
        var seconds = new ArrayList<>(Collections.nCopies(50, 0.2));
        assertNull(reason(OPEN, 0.2, seconds, WELL, List.of(), summary));
        seconds.set(7, 0.97);
        assertEquals("an event loop of the generator was busy more than 90 % of the time in 1 of 50 seconds",
                reason(OPEN, 0.2, seconds, WELL, List.of(), summary));
        seconds.addAll(Collections.nCopies(50, 0.2));
        assertNull(reason(OPEN, 0.2, seconds, WELL, List.of(), summary),
                "one in a hundred is above the 99th percentile");
    }

    @Test
    void lateBeginningsAreNamed() {
        assertTrue(
                reason(OPEN, 0, WELL, Handshakes.late(2, 0)).startsWith("half of the handshakes began more than 2.0"));
        assertTrue(reason(CLOSED, 0, WELL, Handshakes.late(2, 0)).startsWith("half of the handshakes began"),
                "there latency runs from when the one before has ended");
        assertNull(reason(OPEN, 0, WELL, Handshakes.late(0.5, 0)), "half a millisecond of 10 is the network's noise");
        assertTrue(reason(OPEN, 0, WELL, Handshakes.late(0, 30))
                .startsWith("one handshake in a hundred began more than 30"));
        assertTrue(reason(OPEN, 0, WELL, new Handshakes(2, 0, 13 * MILLI, 0))
                .startsWith("one handshake in a hundred began more than 13"), "most of 15 ms");
        assertNull(reason(OPEN, 0, WELL, Handshakes.late(0, 9)), "less than half of 19 ms");
        assertNull(reason(OPEN, 0, WELL, new Handshakes(1, 0, 4 * MILLI, 0)), "as an idle machine may do");
    }

    /** A stall of an event loop counts as many late measurements as would have fallen into it. */
    @Test
    void lateEventLoopsAreNamed() {
        assertTrue(reason(CLOSED, 0, WELL, Handshakes.lagging(8))
                .startsWith("its event loops ran more than 8.0 ms late one time in a hundred"));
        assertNull(reason(CLOSED, 0, WELL, Handshakes.lagging(4)));
        assertNull(reason(CLOSED, 0, WELL, new Handshakes(100, 0, 0, 8 * MILLI)), "of 100 ms it is little");
        assertTrue(reason(CLOSED, 0, WELL, new Handshakes(3, 0, 0, 3_000 * MILLI))
                .startsWith("its event loops ran more than"), "three times three seconds");
    }

    @Test
    void whatItCouldNotStartIsNamedButForLimitsOfTheUsersOwn() {
        assertEquals("it could not start 1 handshakes for want of ports", unsent(UnsentReason.PORTS));
        assertEquals("it could not start 1 handshakes for want of descriptors", unsent(UnsentReason.DESCRIPTORS));
        assertNull(unsent(UnsentReason.MAX_IN_FLIGHT));
        assertNull(unsent(UnsentReason.SOURCES));
        assertEquals("it was too late to begin 1 handshakes at all", unsent(UnsentReason.LATE));
    }

    private static String unsent(UnsentReason reason) {
        var recorder = Handshakes.WELL.record();
        recorder.planned();
        var marks = new long[Mark.values().length];
        Arrays.fill(marks, Marks.NOT_REACHED);
        marks[Mark.PLANNED.ordinal()] = 0;
        recorder.record(
                new Sample(new Outcome.Unsent(reason), Kind.FULL, Resumption.NOT_OFFERED, Marks.of(marks), 0, 0));
        return reason(OPEN, recorder);
    }

    @Test
    void segmentsSentAgainMoveTheTailOfWhatAServerCompletes() {
        var two = new Health(0.1, 3, 0.3, 20.0, 0.2, 2L);
        assertTrue(
                reason(REMOTE, 0, two, Handshakes.WELL).startsWith("TCP on its machine had to retransmit 2 segments"));
        assertNull(reason(REMOTE, 0, new Health(0.1, 3, 0.3, 20.0, 0.2, 1L), Handshakes.WELL));
        assertNull(reason(OPEN, 0, two, Handshakes.WELL), "on loopback only a server drops them");
        var recorder = Handshakes.WELL.record();
        recorder.planned();
        recorder.planned();
        var summary = new Summary();
        summary.add(recorder.take(0, 1));
        assertNull(reason(REMOTE, 0, List.of(), two, List.of(), summary), "so may one that cannot keep up");
    }

    @Test
    void aPhaseIsNotHiddenByTheOthers() {
        var well = Handshakes.WELL.record().take(0, 1);
        var late = new Handshakes(10, 0, 30 * MILLI, 0).record().take(0, 1);
        var summary = new Summary();
        for (var n = 0; n < 5; n++) {
            summary.add(well);
        }
        summary.add(late);
        var plan = plan(0, STEPS, "127.0.0.1");
        assertNull(reason(plan, 0, List.of(), WELL, List.of(), summary));
        assertTrue(reason(plan, 0, List.of(), WELL, List.of(well, late), summary)
                .startsWith("in step 2 one handshake in a hundred began more than 30"));
    }

    @Test
    void thisMachineTellsWhatItCan() {
        var before = Health.now();
        var health = Health.now().since(before);
        assertTrue(health.gcSeconds() >= 0 && health.gcPauses() >= 0, health::toString);
        if (System.getProperty("os.name").equals("Linux")) {
            assertTrue(before.cpuSeconds() > 0 && before.retransmits() >= 0, before::toString);
            assertTrue(health.stolen() >= 0 && before.gcCpuSeconds() > 0, before::toString);
            assertTrue(before.othersSeconds() != null, before::toString);
        }
    }

    private static LoadPlan plan(int concurrency, Schedule schedule, String target) {
        return LoadPlan.of(List.of(new Destination(target(target), null, 0)))
                .pacing(schedule == null ? new Pacing.ClosedLoop(concurrency) : new Pacing.OpenLoop(schedule))
                .end(new End.AfterTime(MILLI)).warmupNanos(0).threads(1).transport(Transport.NIO).build();
    }

    private static Target target(String address) {
        try {
            return Target.of(address, 1, Authorization.of(address));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static String reason(LoadPlan plan, Recorder recorder) {
        var summary = new Summary();
        summary.add(recorder.take(0, 1));
        return reason(plan, 0.1, List.of(), WELL, List.of(), summary);
    }

    private static String reason(LoadPlan plan, double busy, Health health, Handshakes handshakes) {
        var summary = new Summary();
        summary.add(handshakes.record().take(0, 1));
        return reason(plan, busy, List.of(), health, List.of(), summary);
    }

    private static String reason(LoadPlan plan, double busy, List<Double> seconds, Health health,
            List<Interval> phases, Summary summary) {
        return saturation(plan, busy, seconds, health, phases, summary).map(Saturation::because).orElse(null);
    }

    private static Optional<Saturation> saturation(LoadPlan plan, double busy, List<Double> seconds, Health health,
            List<Interval> phases, Summary summary) {
        var busySeconds = Load.BusySeconds.NONE;
        for (var share : seconds) {
            busySeconds = busySeconds.and(share);
        }
        return Saturation.of(plan,
                new Load.Measured(Instant.EPOCH, 10, false, 1, Optional.empty(), List.of(0.1, busy), busySeconds,
                        health, new Breakdown(phases, List.of(), List.of(), List.of())),
                summary);
    }
}
