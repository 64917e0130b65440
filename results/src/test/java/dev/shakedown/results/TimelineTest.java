package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.IntervalLog.Slice;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final String TAG = "full.latency";

    private final Timeline timeline = new Timeline(Set.of(TAG));

    private void add(double start, long nanos) {
        timeline.add(new Slice(start, start + 1, Map.of(TAG, of(nanos), "full.service", of(1))));
    }

    private static Histogram of(long nanos) {
        var histogram = new Histogram(3);
        histogram.recordValue(nanos);
        return histogram;
    }

    private List<Double> starts() {
        return timeline.parts().stream().map(Timeline.Part::startSeconds).toList();
    }

    @Test
    void aShortRunKeepsItsSeconds() {
        for (var second : List.of(0.0, 1.001, 1.999, 7.5)) {
            add(second, 1000);
        }
        assertEquals(List.of(0.0, 1.001, 1.999, 7.5), starts());
        assertEquals(1, timeline.widthSeconds());
        assertEquals(0, timeline.parts().getFirst().histogram("full.service").getTotalCount(), "not asked for");
    }

    /** Parts are filled evenly, and the longest time of a second stays in its place. */
    @Test
    void aLongRunMergesNeighboursAndLosesNothing() {
        for (var second = 0; second < 10_000; second++) {
            add(second, second == 4444 ? 1_000_000 : 1000);
        }
        assertEquals(32, timeline.widthSeconds());
        assertEquals(313, timeline.parts().size());
        assertEquals(10_000, timeline.parts().stream().mapToLong(part -> part.histogram(TAG).getTotalCount()).sum());
        for (var part : timeline.parts()) {
            assertEquals(0, part.startSeconds() % 32);
            assertEquals(Math.min(part.startSeconds() + 32, 10_000), part.endSeconds());
            var slow = part.startSeconds() <= 4444 && 4444 < part.endSeconds();
            assertEquals(slow, part.histogram(TAG).getMaxValue() > 900_000);
        }
    }

    /** Half an hour without any record is not hidden by the parts around it. */
    @Test
    void aLongGapStays() {
        for (var second = 0; second < 3600; second++) {
            if (second < 600 || second >= 2400) {
                add(second, 1000);
            }
        }
        assertEquals(4, timeline.widthSeconds());
        assertTrue(timeline.parts().stream()
                .noneMatch(part -> part.startSeconds() < 2400 && part.endSeconds() > 600), () -> starts().toString());
        assertEquals(150 + 300, timeline.parts().size());
    }

    @Test
    void aClockThatIsSetBackPutsWhatFollowsWhereItSays() {
        for (var second = 0; second < 1000; second++) {
            add(second, 1000);
        }
        for (var second = 500; second < 510; second++) {
            add(second, 2_000_000);
        }
        assertEquals(500, timeline.parts().size());
        assertEquals(10, timeline.parts().stream().filter(part -> part.histogram(TAG).getMaxValue() > 1_000_000)
                .mapToLong(part -> part.histogram(TAG).getTotalCount() - 2).sum());
    }
}
