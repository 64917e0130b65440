package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class IntervalTest {
    @Test
    void mergedIsTheSameAsRecordedByOne() {
        var random = new Random(2);
        var alone = new Recorder();
        var workers = List.of(new Recorder(), new Recorder(), new Recorder());
        for (var i = 0; i < 5000; i++) {
            // The third worker is rare and slow: averaged percentiles would come out far off, and its range is larger.
            var worker = random.nextInt(100);
            var recorder = workers.get(worker < 2 ? 2 : worker % 2);
            var latencyMicros = worker < 2 ? 2_000_000 + random.nextInt(8_000_000) : 100 + random.nextInt(900);
            var sample = random.nextBoolean() ? Samples.full(latencyMicros) : Samples.resumed(latencyMicros);
            for (var either : List.of(alone, recorder)) {
                either.planned();
                either.record(sample);
                either.loopLag(latencyMicros);
            }
        }
        var expected = alone.take(10, 40);
        var merged = Interval.merged(List.of(workers.get(2).take(20, 40), workers.get(0).take(10, 20),
                workers.get(1).take(15, 30)));
        assertEquals(10, merged.startEpochMillis());
        assertEquals(40, merged.endEpochMillis());
        assertEquals(expected.tally().planned(), merged.tally().planned());
        assertEquals(expected.tally().negotiated(), merged.tally().negotiated());
        assertEquals(histograms(expected), histograms(merged));
    }

    private static List<Histogram> histograms(Interval interval) {
        var all = new ArrayList<Histogram>();
        interval.histograms().forEachRecorded(all::add);
        return all;
    }

    @Test
    void mergingLeavesThePartsAsTheyAre() {
        var part = Samples.interval(Samples.full(1000));
        var merged = Interval.merged(List.of(part, Samples.interval(Samples.full(3000))));
        merged.tally().add(part.tally());
        assertEquals(1, part.tally().completed());
        assertEquals(1, part.histograms().latency(Kind.FULL).getTotalCount());
        assertEquals(2, merged.histograms().latency(Kind.FULL).getTotalCount());
    }

    @Test
    void ofNothingThereIsNoInterval() {
        assertThrows(IllegalArgumentException.class, () -> Interval.merged(List.of()));
    }
}
