package dev.shakedown.results;

import java.util.List;

/**
 * What was recorded between two instants. Its holder owns it: nothing is shared with the recorder it came from.
 *
 * @param startEpochMillis when it starts, milliseconds since 1970 UTC
 * @param endEpochMillis   when it ends, likewise; not before the start
 * @param tally            the counts
 * @param histograms       the times
 */
public record Interval(long startEpochMillis, long endEpochMillis, Tally tally, Histograms histograms) {

    /**
     * Returns one interval with everything in {@code parts}, from the earliest start to the latest end. The parts do
     * not change; a single one is returned itself. Histograms are added value by value, so that percentiles are those
     * of all values together.
     *
     * @throws IllegalArgumentException if there are no parts
     */
    public static Interval merged(List<Interval> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("no intervals to merge");
        }
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        var start = Long.MAX_VALUE;
        var end = Long.MIN_VALUE;
        var tally = new Tally();
        var histograms = new Histograms();
        for (var part : parts) {
            start = Math.min(start, part.startEpochMillis);
            end = Math.max(end, part.endEpochMillis);
            tally.add(part.tally);
            histograms.add(part.histograms);
        }
        return new Interval(start, end, tally, histograms);
    }
}
