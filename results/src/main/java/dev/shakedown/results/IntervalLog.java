package dev.shakedown.results;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * What an interval log of HdrHistogram holds, by its tags; values as they were recorded, in <b>nanoseconds</b>.
 *
 * @param startEpochMillis what the times of intervals are reckoned from
 * @param intervals        in the order of time
 * @param whole            each tag's intervals merged
 */
public record IntervalLog(long startEpochMillis, List<Slice> intervals, Map<String, Histogram> whole) {
    private static final double MILLIS_PER_SECOND = 1e3;

    /** One interval. */
    public record Slice(double startSeconds, double endSeconds, Map<String, Histogram> histograms) {
        /** Of the interval; empty if the tag has none. */
        public Histogram histogram(String tag) {
            return histograms.getOrDefault(tag, Histograms.empty());
        }
    }

    /** Of all intervals; empty if the tag has none. */
    public Histogram whole(String tag) {
        return whole.getOrDefault(tag, Histograms.empty());
    }

    /**
     * Reads the log of a run that has ended.
     *
     * @throws IOException with a message for people, naming the file, also if it lacks handshakes of that run
     */
    public static IntervalLog of(RunResult run, Path file) throws IOException {
        var log = read(file);
        log.holds("loopLag", run.generator().loopLagMicros(), file);
        for (var kind : Kind.values()) {
            var result = kind == Kind.FULL ? run.kinds().full() : run.kinds().resumed();
            log.holds(kind.label() + ".latency", result.latencyMicros(), file);
            log.holds(kind.label() + ".service", result.serviceMicros(), file);
            for (var phase : result.phases().entrySet()) {
                log.holds(kind.label() + "." + phase.getKey(), phase.getValue(), file);
            }
        }
        return log;
    }

    private void holds(String tag, RunResult.Distribution all, Path file) throws IOException {
        var found = whole(tag).getTotalCount();
        if (found != all.count()) {
            throw new IOException(file + " is damaged: of the " + all.count() + " values of " + tag + " that "
                    + ResultFile.RUN_JSON + " counts it holds " + found);
        }
    }

    /**
     * Reads a log. A last line that was cut off is left out, as are lines that are no intervals.
     *
     * @throws IOException with a message for people, naming the file, if it cannot be read
     */
    public static IntervalLog read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return read(in);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + ResultFile.reason(e), e);
        } catch (RuntimeException e) {
            // The reader knows no exception of its own for what it cannot decode.
            throw new IOException(file + " is damaged, or no interval log of HdrHistogram", e);
        }
    }

    private static IntervalLog read(InputStream in) {
        var slices = new TreeMap<Long, Map<String, Histogram>>();
        var ends = new HashMap<Long, Long>();
        var whole = new HashMap<String, Histogram>();
        long first;
        try (var reader = new HistogramLogReader(in)) {
            while (reader.hasNext()) {
                if (reader.nextIntervalHistogram() instanceof Histogram histogram && histogram.getTag() != null) {
                    var start = histogram.getStartTimeStamp();
                    slices.computeIfAbsent(start, _ -> new HashMap<>()).merge(histogram.getTag(), histogram,
                            IntervalLog::merged);
                    ends.merge(start, histogram.getEndTimeStamp(), Math::max);
                    whole.merge(histogram.getTag(), histogram, IntervalLog::merged);
                }
            }
            first = (long) (reader.getStartTimeSec() * MILLIS_PER_SECOND);
        }
        var intervals = new ArrayList<Slice>();
        slices.forEach((start, histograms) -> intervals.add(new Slice((start - first) / MILLIS_PER_SECOND,
                (ends.get(start) - first) / MILLIS_PER_SECOND, histograms)));
        return new IntervalLog(first, List.copyOf(intervals), whole);
    }

    private static Histogram merged(Histogram one, Histogram other) {
        var sum = Histograms.empty();
        sum.add(one);
        sum.add(other);
        return sum;
    }
}
