package dev.shakedown.results;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * A run's time in parts, for curves over time. There are at most {@value #MOST}, however long the run: where there
 * would be more, those of the same two seconds are merged, then those of the same four, and so on. Single-threaded.
 */
public final class Timeline {
    /** Ten minutes, second by second. */
    static final int MOST = 600;

    private final Set<String> tags;
    /** Parts by their start; once merged, by the number of their grid cell. */
    private TreeMap<Double, Part> parts = new TreeMap<>();
    private int widthSeconds = 1;
    /** The part that was added to last, which is not packed. */
    private Part last = new Part(0, 0);

    /** A part of the run's time; times are seconds from the log's start. */
    public static final class Part {
        private double startSeconds;
        private double endSeconds;
        /** Each tag's histogram is either open or packed, which takes a twentieth of the memory. */
        private final Map<String, Histogram> open = new HashMap<>();
        private final Map<String, byte[]> packed = new HashMap<>();

        private Part(double startSeconds, double endSeconds) {
            this.startSeconds = startSeconds;
            this.endSeconds = endSeconds;
        }

        private void add(double start, double end, Map<String, Histogram> more) {
            startSeconds = Math.min(startSeconds, start);
            endSeconds = Math.max(endSeconds, end);
            more.forEach((tag, nanos) -> {
                var sum = histogram(tag);
                sum.add(nanos);
                packed.remove(tag);
                open.put(tag, sum);
            });
        }

        private void pack() {
            open.forEach((tag, nanos) -> {
                var buffer = ByteBuffer.allocate(nanos.getNeededByteBufferCapacity());
                packed.put(tag, Arrays.copyOf(buffer.array(), nanos.encodeIntoCompressedByteBuffer(buffer)));
            });
            open.clear();
        }

        public double startSeconds() {
            return startSeconds;
        }

        public double endSeconds() {
            return endSeconds;
        }

        /** Returns the histogram of a tag, nanoseconds; empty if it has none. */
        public Histogram histogram(String tag) {
            var bytes = packed.get(tag);
            return bytes == null ? open.getOrDefault(tag, Histograms.empty()) : unpacked(bytes);
        }

        private static Histogram unpacked(byte[] bytes) {
            try {
                var nanos = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
                nanos.setAutoResize(true);
                return nanos;
            } catch (DataFormatException e) {
                throw new IllegalStateException(e);
            }
        }

        private Map<String, Histogram> histograms(Set<String> tags) {
            return tags.stream().collect(Collectors.toMap(tag -> tag, this::histogram));
        }
    }

    /** @param tags the tags to keep */
    public Timeline(Set<String> tags) {
        this.tags = Set.copyOf(tags);
    }

    /** Adds an interval, which does not change; it may lie before others if the clock was set back. */
    public void add(IntervalLog.Slice slice) {
        var kept = new HashMap<>(slice.histograms());
        kept.keySet().retainAll(tags);
        add(slice.startSeconds(), slice.endSeconds(), kept);
        while (parts.size() > MOST) {
            widthSeconds *= 2;
            var narrow = parts.values();
            parts = new TreeMap<>();
            narrow.forEach(part -> add(part.startSeconds, part.endSeconds, part.histograms(tags)));
        }
    }

    private void add(double start, double end, Map<String, Histogram> nanos) {
        // Unmerged seconds begin when their worker had time, so they fit no grid.
        var key = widthSeconds == 1 ? start : Math.floor(start / widthSeconds);
        var part = parts.computeIfAbsent(key, _ -> new Part(start, end));
        if (part != last) {
            last.pack();
            last = part;
        }
        part.add(start, end, nanos);
    }

    /** Returns the parts in the order of time. */
    public List<Part> parts() {
        return new ArrayList<>(parts.values());
    }

    /** Returns the length of a part in which the run never stopped, seconds. */
    public int widthSeconds() {
        return widthSeconds;
    }
}
