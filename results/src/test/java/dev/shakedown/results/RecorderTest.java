package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.Sample.Resumption;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private static final double ONE_THOUSANDTH = 1e-3;

    private final Recorder recorder = new Recorder();

    @Test
    void latencyRunsFromThePlannedStartAndServiceFromTheActualOne() {
        recorder.record(Samples.full(6400));
        var histograms = recorder.take(0, 1).histograms();
        assertNanos(6_400_000, histograms.latency(Kind.FULL));
        assertNanos(6_400_000 - 100_000, histograms.service(Kind.FULL));
        assertEquals(0, histograms.latency(Kind.RESUMED).getTotalCount());
    }

    @Test
    void everyPhaseRunsFromTheMarkBeforeIt() {
        recorder.record(Samples.full(6400));
        var histograms = recorder.take(0, 1).histograms();
        assertNanos(100_000, histograms.phase(Kind.FULL, Mark.BEGUN));
        assertNanos(100_000, histograms.phase(Kind.FULL, Mark.CONNECTED));
        assertNanos(200_000, histograms.phase(Kind.FULL, Mark.HELLO_SENT));
        assertNanos(400_000, histograms.phase(Kind.FULL, Mark.SERVER_HELLO));
        assertNanos(800_000, histograms.phase(Kind.FULL, Mark.SERVER_FLIGHT_DONE));
        assertNanos(1_600_000, histograms.phase(Kind.FULL, Mark.KEY_EXCHANGE_SENT));
        assertNanos(3_200_000, histograms.phase(Kind.FULL, Mark.FINISHED));
        assertThrows(IllegalArgumentException.class, () -> histograms.phase(Kind.FULL, Mark.PLANNED));
    }

    @Test
    void aPhaseSpansAMarkThatWasNotReached() {
        recorder.record(Samples.resumed(3200));
        var histograms = recorder.take(0, 1).histograms();
        assertEquals(0, histograms.phase(Kind.RESUMED, Mark.KEY_EXCHANGE_SENT).getTotalCount());
        assertNanos(1_600_000, histograms.phase(Kind.RESUMED, Mark.FINISHED));
    }

    @Test
    void everyHistogramHasItsTag() {
        recorder.record(Samples.full(1000));
        recorder.record(Samples.resumed(1000));
        recorder.loopLag(5);
        var tags = new ArrayList<String>();
        recorder.take(0, 1).histograms().forEachRecorded(histogram -> tags.add(histogram.getTag()));
        assertEquals(List.of("full.latency", "full.service", "full.begun", "full.connected", "full.helloSent",
                "full.serverHello", "full.serverFlightDone", "full.keyExchangeSent", "full.finished", "resumed.latency",
                "resumed.service", "resumed.begun", "resumed.connected", "resumed.helloSent", "resumed.serverHello",
                "resumed.serverFlightDone", "resumed.finished", "loopLag"), tags);
    }

    @Test
    void theFirstByteIsTimedFromThePlannedStart() {
        recorder.record(Samples.early(1000, Sample.EarlyData.ACCEPTED));
        recorder.record(Samples.early(3000, Sample.EarlyData.RETRIED));
        var histograms = recorder.take(0, 1).histograms();
        assertNanos(2_000_000, histograms.earlyDataTimeToFirstByte());
        assertNanos(6_000_000, histograms.timeToFirstByte(Kind.RESUMED));
        assertEquals(0, histograms.timeToFirstByte(Kind.FULL).getTotalCount());
        var tags = new ArrayList<String>();
        histograms.forEachRecorded(histogram -> tags.add(histogram.getTag()));
        assertTrue(
                tags.containsAll(List.of("earlyData.timeToFirstByte", "resumed.timeToFirstByte", "resumed.firstByte")),
                tags::toString);
    }

    @Test
    void onlyCompletedHandshakesHaveTimes() {
        recorder.record(Samples.failed("server_hello", "handshake_failure"));
        recorder.record(Samples.timedOut("server_hello"));
        recorder.record(Samples.cancelled());
        recorder.record(Samples.unsent(UnsentReason.PORTS));
        recorder.take(0, 1).histograms().forEachRecorded(histogram -> {
            throw new AssertionError(histogram.getTag());
        });
    }

    @Test
    void noValueIsLostHoweverOddItIs() {
        for (var finished : new long[]{-1, 0, 1, 3_600_000_000_000L, Long.MAX_VALUE}) {
            var nanos = Samples.none();
            nanos[Mark.PLANNED.ordinal()] = 0;
            nanos[Mark.FINISHED.ordinal()] = finished;
            recorder.record(completed(Marks.of(nanos)));
        }
        recorder.record(completed(Marks.of(Samples.none())));
        recorder.loopLag(-7);
        recorder.loopLag(Long.MIN_VALUE);
        recorder.loopLag(Long.MAX_VALUE);
        var taken = recorder.take(0, 1);
        assertEquals(6, taken.tally().completed());
        var latency = taken.histograms().latency(Kind.FULL);
        assertEquals(5, latency.getTotalCount());
        assertEquals(0, latency.getMinValue());
        assertTrue(latency.getMaxValue() > Long.MAX_VALUE * 0.999);
        assertEquals(3, taken.histograms().loopLag().getTotalCount());
    }

    /** A check every 10 ms that comes after 95 ms would have been late nine more times. */
    @Test
    void aLongDelayOfAnEventLoopIsAsManyLooksAsItIsLong() {
        recorder.loopLag(95_000_000, 10_000_000);
        recorder.loopLag(9_000_000, 10_000_000);
        var lag = recorder.take(0, 1).histograms().loopLag();
        assertEquals(10, lag.getTotalCount());
        assertEquals(15_000_000, lag.getValueAtPercentile(20), 15_000);
        assertEquals(95_000_000, lag.getMaxValue(), 95_000);
    }

    @Test
    void takingStartsAfreshAndSharesNothing() {
        recorder.planned();
        recorder.record(Samples.full(1000));
        var first = recorder.take(1, 2);
        recorder.planned();
        recorder.record(Samples.full(9000));
        var second = recorder.take(2, 3);
        var third = recorder.take(3, 4);
        assertEquals(1, first.tally().planned());
        assertNanos(1_000_000, first.histograms().latency(Kind.FULL));
        assertNanos(9_000_000, second.histograms().latency(Kind.FULL));
        assertEquals(1, second.tally().completed());
        assertEquals(0, third.tally().planned());
        assertEquals(0, third.histograms().latency(Kind.FULL).getTotalCount());
        assertEquals(List.of(2L, 3L), List.of(second.startEpochMillis(), second.endEpochMillis()));
    }

    @Test
    void theWindowCountsWhatFinishedUpToItsEnd() {
        recorder.record(Samples.full(1000));
        recorder.windowEnds(Samples.finishedNanos(1000));
        recorder.record(Samples.full(999));
        recorder.record(Samples.full(1000));
        recorder.record(Samples.full(1001));
        recorder.take(0, 1);
        recorder.record(Samples.resumed(1001));
        recorder.record(Samples.resumed(1000));
        var tally = recorder.take(0, 1).tally();
        assertEquals(2, tally.completed(Kind.RESUMED), "recorded like any other");
        assertEquals(1, tally.completedInWindow(Kind.RESUMED), "the window's end outlives a take");
    }

    @Test
    void withoutAnEndTheWindowHoldsEverything() {
        recorder.record(Samples.full(1));
        recorder.record(Samples.full(1_000_000_000));
        assertEquals(2, recorder.take(0, 1).tally().completedInWindow(Kind.FULL));
    }

    private static Sample completed(Marks marks) {
        return new Sample(new Outcome.Completed(Kind.FULL, Samples.X25519), Kind.FULL, Resumption.NOT_OFFERED, marks, 0,
                0);
    }

    private static void assertNanos(long expected, Histogram histogram) {
        assertEquals(1, histogram.getTotalCount());
        assertEquals(expected, histogram.getMaxValue(), expected * ONE_THOUSANDTH);
    }
}
