package dev.shakedown.results;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.HdrHistogram.Histogram;

/**
 * The contents of an HdrHistogram interval log, merged over all intervals by tag; values as recorded, in
 * <b>nanoseconds</b>. A log is read interval by interval, and none is kept: the log of a run of a day is a gigabyte.
 *
 * @param startEpochMillis the instant that the times of intervals are relative to
 * @param endSeconds       when the last interval ended, seconds from there; 0 without any
 * @param whole            the merged intervals of each tag
 */
public record IntervalLog(long startEpochMillis, double endSeconds, Map<String, Histogram> whole) {
    private static final double MILLIS_PER_SECOND = 1e3;
    /** {@code #[StartTime: 1767323045.000 (seconds since epoch), ...]}. */
    private static final Pattern START = Pattern.compile("#\\[StartTime: ([\\d.]+) .*");
    /** {@code Tag=full.latency,0.000,1.000,2.415,HISTFAAA...}: start and length in seconds, the maximum, all values. */
    private static final Pattern LINE = Pattern.compile("Tag=([^,]+),([\\d.]+),([\\d.]+),[^,]*,(.*)");

    /** One interval; the receiver owns it. */
    public record Slice(double startSeconds, double endSeconds, Map<String, Histogram> histograms) {
        /** Returns the interval's histogram of a tag; empty if it has none. */
        public Histogram histogram(String tag) {
            return histograms.getOrDefault(tag, Histograms.empty());
        }
    }

    /** Returns the histogram of a tag over all intervals; empty if it has none. */
    public Histogram whole(String tag) {
        return whole.getOrDefault(tag, Histograms.empty());
    }

    /**
     * Reads the log of a run; see {@link #read}.
     *
     * @throws IOException with a message for people, naming the file; also if the run has finished and the log lacks
     *                     some of its handshakes
     */
    public static IntervalLog of(RunResult run, Path file, Set<String> tags, Consumer<Slice> each) throws IOException {
        var log = read(file, tags, each);
        if (run.unfinished()) {
            // The run may still be going on, and have logged more since.
            return log;
        }
        log.holds("loopLag", tags, run.generator().loopLagMicros(), file);
        for (var kind : Kind.values()) {
            var result = kind == Kind.FULL ? run.kinds().full() : run.kinds().resumed();
            log.holds(kind.label() + ".latency", tags, result.latencyMicros(), file);
            log.holds(kind.label() + ".service", tags, result.serviceMicros(), file);
            for (var phase : result.phases().entrySet()) {
                log.holds(kind.label() + "." + phase.getKey(), tags, phase.getValue(), file);
            }
        }
        return log;
    }

    private void holds(String tag, Set<String> tags, Distribution all, Path file) throws IOException {
        var found = whole(tag).getTotalCount();
        if (tags.contains(tag) && found != all.count()) {
            throw new IOException(file + " is damaged: of the " + all.count() + " values of " + tag + " that "
                    + ResultFile.RUN_JSON + " counts, it contains " + found);
        }
    }

    /**
     * Reads a log. A last line that was cut off is skipped, as are lines that are not intervals.
     *
     * @param tags the tags to read; lines of others cost next to nothing
     * @param each takes each interval, in the order of recording
     * @throws IOException with a message for people, naming the file, if it cannot be read
     */
    public static IntervalLog read(Path file, Set<String> tags, Consumer<Slice> each) throws IOException {
        try (var in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            return new Reading(tags, each).all(in);
        } catch (DataFormatException | RuntimeException e) {
            // HdrHistogram has no exception of its own for what it cannot decode.
            throw new IOException(file + " is damaged, or not an interval log of HdrHistogram", e);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + ResultFile.reason(e), e);
        }
    }

    /**
     * Reads only the merged contents of a log, on all processors: each decodes its share of the tags, and decoding
     * takes nearly all of the time.
     *
     * @param tags the tags to read
     * @throws IOException with a message for people, naming the file, if it cannot be read
     */
    static IntervalLog whole(Path file, Set<String> tags) throws IOException {
        var parts = Runtime.getRuntime().availableProcessors();
        var number = new AtomicInteger();
        var shares = tags.stream().collect(Collectors.groupingBy(_ -> number.getAndIncrement() % parts,
                Collectors.toSet()));
        try {
            return List.copyOf(shares.values()).parallelStream().map(share -> {
                try {
                    return read(file, share, _ -> {});
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).reduce(IntervalLog::with).orElseThrow();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Returns this log with the tags of another added. */
    private IntervalLog with(IntervalLog other) {
        var all = new HashMap<>(whole);
        all.putAll(other.whole);
        return new IntervalLog(startEpochMillis, Math.max(endSeconds, other.endSeconds), all);
    }

    private static final class Reading {
        /** Length of what precedes the compressed data: a cookie and a length. */
        private static final int COMPRESSED_HEADER = 8;
        /** Offset of the number of digits, after cookie, length and offset. */
        private static final int DIGITS_AT = 12;

        private final Set<String> tags;
        private final Consumer<Slice> each;
        private final Inflater inflater = new Inflater();
        private final byte[] head = new byte[DIGITS_AT + Integer.BYTES];
        private final Map<String, Histogram> whole = new HashMap<>();
        private long startEpochMillis;
        private double lastEnd;
        /** The interval being read, which ends where a line of another begins. */
        private Map<String, Histogram> slice = new HashMap<>();
        private double start;
        private double end;

        Reading(Set<String> tags, Consumer<Slice> each) {
            this.tags = tags;
            this.each = each;
        }

        IntervalLog all(BufferedReader in) throws IOException, DataFormatException {
            for (var line = in.readLine(); line != null;) {
                var next = in.readLine();
                try {
                    take(line);
                } catch (DataFormatException | RuntimeException e) {
                    if (next != null) {
                        throw e;
                    }
                }
                line = next;
            }
            hand();
            inflater.end();
            return new IntervalLog(startEpochMillis, lastEnd, whole);
        }

        private void take(String line) throws DataFormatException {
            var startTime = START.matcher(line);
            if (startTime.matches()) {
                startEpochMillis = Math.round(Double.parseDouble(startTime.group(1)) * MILLIS_PER_SECOND);
                return;
            }
            var parts = LINE.matcher(line);
            if (!parts.matches()) {
                return;
            }
            var from = Double.parseDouble(parts.group(2));
            var to = from + Double.parseDouble(parts.group(3));
            lastEnd = Math.max(lastEnd, to);
            var tag = parts.group(1);
            if (tags.contains(tag)) {
                var encoded = Base64.getDecoder().decode(parts.group(4));
                requireUsualPrecision(encoded);
                var histogram = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), 0);
                if (from != start) {
                    hand();
                }
                start = from;
                end = Math.max(end, to);
                slice.merge(tag, histogram, IntervalLog::merged);
                whole.computeIfAbsent(tag, _ -> Histograms.empty()).add(histogram);
            }
        }

        /** Refuses histograms of more digits than ours have: one of five takes 49 MB, whatever its contents. */
        private void requireUsualPrecision(byte[] encoded) throws DataFormatException {
            if (encoded.length <= COMPRESSED_HEADER) {
                return;
            }
            inflater.reset();
            inflater.setInput(encoded, COMPRESSED_HEADER, encoded.length - COMPRESSED_HEADER);
            if (inflater.inflate(head) == head.length
                    && ByteBuffer.wrap(head).getInt(DIGITS_AT) > Histograms.SIGNIFICANT_DIGITS) {
                throw new DataFormatException("a histogram of more than " + Histograms.SIGNIFICANT_DIGITS
                        + " significant digits");
            }
        }

        private void hand() {
            if (!slice.isEmpty()) {
                each.accept(new Slice(start, end, slice));
            }
            slice = new HashMap<>();
            end = 0;
        }
    }

    /** Adds the values of the other histogram to the one, and returns that. */
    private static Histogram merged(Histogram one, Histogram other) {
        one.setAutoResize(true);
        one.add(other);
        return one;
    }
}
