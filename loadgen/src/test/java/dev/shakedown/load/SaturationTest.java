package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.load.socket.Transport;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Summary;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What makes a generator say that its figures may be its own. */
class SaturationTest {
    private static final long MILLI = 1_000_000;
    private static final LoadPlan OPEN = plan(0, Schedule.constant(Schedule.Shape.CONSTANT, 10));
    private static final Health WELL = new Health(0.1, 3, 20.0, 0.2, 0L);

    @Test
    void aRunWithTimeToSpareIsFit() {
        assertNull(reason(0.85, WELL, 0, 0));
        assertNull(reason(0, new Health(0.1, 3, null, null, null), 0, 0), "where the platform tells nothing");
    }

    @Test
    void eachReasonIsNamed() {
        assertEquals("an event loop of the generator was busy 95 % of the time", reason(0.95, WELL, 0, 0));
        assertEquals("its garbage collector paused it for 6 % of the time",
                reason(0, new Health(0.6, 9, 20.0, 0.0, 0L), 0, 0));
        assertEquals("the hypervisor kept 10 % of this machine's processor time back",
                reason(0, new Health(0, 0, 20.0, 2.0, 0L), 0, 0));
        assertTrue(reason(0, WELL, 2 * MILLI, 0).startsWith("half of the handshakes began more than 2.0"));
        assertNull(reason(0, WELL, MILLI / 2, 0), "half a millisecond of 10 is the network's noise");
        assertTrue(reason(0, WELL, 0, 30 * MILLI).startsWith("one handshake in a hundred began more than 30"));
        assertNull(reason(0, WELL, 0, 5 * MILLI));
        assertNull(reason(plan(1, null), 0, WELL, 2 * MILLI, 0), "in a closed loop nothing is due");
    }

    @Test
    void thisMachineTellsWhatItCan() {
        var before = Health.now();
        var health = Health.now().since(before);
        assertTrue(health.gcSeconds() >= 0 && health.gcPauses() >= 0, health::toString);
        if (System.getProperty("os.name").equals("Linux")) {
            assertTrue(before.cpuSeconds() > 0 && before.retransmits() >= 0, before::toString);
            assertTrue(health.stolen() >= 0, health::toString);
        }
    }

    private static LoadPlan plan(int concurrency, Schedule schedule) {
        return new LoadPlan(new InetSocketAddress("127.0.0.1", 1), concurrency, schedule, MILLI, Long.MAX_VALUE, 0,
                Mix.parse("full=1"), MILLI, MILLI, Close.RST, 1, 1, Transport.NIO, List.of(),
                new Ending(CompleteOn.FINISHED, new byte[0], new byte[0], 0));
    }

    /** A hundred handshakes of 10 ms, late by {@code all}; two of them by {@code few} more. */
    private static String reason(double busy, Health health, long all, long few) {
        return reason(OPEN, busy, health, all, few);
    }

    private static String reason(LoadPlan plan, double busy, Health health, long all, long few) {
        var recorder = new Recorder();
        for (var n = 0; n < 100; n++) {
            var late = all + (n < 2 ? few : 0);
            var marks = new long[Mark.values().length];
            Arrays.fill(marks, Marks.NOT_REACHED);
            marks[Mark.PLANNED.ordinal()] = 0;
            marks[Mark.BEGUN.ordinal()] = late;
            marks[Mark.FINISHED.ordinal()] = late + 10 * MILLI;
            recorder.planned();
            recorder.record(new Sample(new Completed(Kind.FULL, new Negotiated("TLSv1.2", "A", null, null)), Kind.FULL,
                    Resumption.NOT_OFFERED, Marks.of(marks), 1, 1));
        }
        var summary = new Summary();
        summary.add(recorder.take(0, 1));
        return Saturation.reason(plan,
                new Load.Measured(Instant.EPOCH, 10, false, 1, -1, List.of(0.1, busy), health, List.of(), List.of()),
                summary);
    }
}
