package dev.shakedown.results;

import java.util.Set;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * The histograms of an interval or of a run, one for each kind and phase, in <b>nanoseconds</b> with three significant
 * digits. Single-threaded; hand it over as a whole. A value below zero counts as zero; no value is too large.
 *
 * <p>Each has a tag: {@code full.latency}, {@code full.service}, {@code full.timeToFirstByte}, {@code full.serverHello}
 * and so on, likewise for {@code resumed}, then {@code earlyData.timeToFirstByte} and {@code loopLag}.
 */
public final class Histograms {
    private static final long LOWEST_DISCERNIBLE_NANOS = 64;
    /** The initial highest value of a histogram, which grows when a longer time is recorded. */
    private static final long FIRST_HIGHEST_NANOS = 50_000_000;
    static final int SIGNIFICANT_DIGITS = 3;

    private static final Kind[] KINDS = Kind.values();
    private static final Mark[] MARKS = Mark.values();
    private static final int LATENCY = 0;
    private static final int SERVICE = 1;
    private static final int TIME_TO_FIRST_BYTE = 2;
    /** Latency, service, time to first byte, and a phase for every mark but the first. */
    private static final int PER_KIND = 3 + MARKS.length - 1;
    private static final int EARLY_DATA = KINDS.length * PER_KIND;
    private static final int LOOP_LAG = EARLY_DATA + 1;
    private static final String[] TAGS = tags();

    private final Histogram[] histograms = new Histogram[LOOP_LAG + 1];

    /** Returns the tags of all histograms. */
    static Set<String> allTags() {
        return Set.of(TAGS);
    }

    private static String[] tags() {
        var tags = new String[LOOP_LAG + 1];
        for (var kind : KINDS) {
            tags[index(kind, LATENCY)] = kind.label() + ".latency";
            tags[index(kind, SERVICE)] = kind.label() + ".service";
            tags[index(kind, TIME_TO_FIRST_BYTE)] = kind.label() + ".timeToFirstByte";
            for (var i = 1; i < MARKS.length; i++) {
                tags[index(kind, phase(MARKS[i]))] = kind.label() + "." + MARKS[i].label();
            }
        }
        tags[EARLY_DATA] = "earlyData.timeToFirstByte";
        tags[LOOP_LAG] = "loopLag";
        return tags;
    }

    private static int index(Kind kind, int what) {
        return kind.ordinal() * PER_KIND + what;
    }

    private static int phase(Mark mark) {
        return TIME_TO_FIRST_BYTE + mark.ordinal();
    }

    /**
     * Records a completed handshake: latency, service time, time to the first byte of an answer, and every phase whose
     * mark was reached.
     *
     * @param earlyData whether the server accepted early data, so that the answer is to that
     */
    void record(Kind kind, Marks marks, boolean earlyData) {
        recordBetween(earlyData ? EARLY_DATA : index(kind, TIME_TO_FIRST_BYTE), marks, Mark.PLANNED, Mark.FIRST_BYTE);
        recordLatency(kind, marks);
        recordBetween(index(kind, SERVICE), marks, Mark.BEGUN, Mark.FINISHED);
        Mark previous = null;
        for (var mark : MARKS) {
            if (marks.reached(mark)) {
                if (previous != null) {
                    recordBetween(index(kind, phase(mark)), marks, previous, mark);
                }
                previous = mark;
            }
        }
    }

    /** Records only the latency of a completed handshake. */
    void recordLatency(Kind kind, Marks marks) {
        recordBetween(index(kind, LATENCY), marks, Mark.PLANNED, Mark.FINISHED);
    }

    private void recordBetween(int index, Marks marks, Mark from, Mark to) {
        if (marks.reached(from) && marks.reached(to)) {
            at(index).recordValue(Math.max(0, marks.at(to) - marks.at(from)));
        }
    }

    void recordLoopLag(long nanos, long everyNanos) {
        at(LOOP_LAG).recordValueWithExpectedInterval(Math.max(0, nanos), everyNanos);
    }

    private Histogram at(int index) {
        var histogram = histograms[index];
        if (histogram == null) {
            histogram = upTo(FIRST_HIGHEST_NANOS);
            histogram.setTag(TAGS[index]);
            histograms[index] = histogram;
        }
        return histogram;
    }

    /** Returns a new histogram to add others to; small, since many are made and stay empty. */
    static Histogram empty() {
        return upTo(2 * LOWEST_DISCERNIBLE_NANOS);
    }

    private static Histogram upTo(long nanos) {
        var histogram = new Histogram(LOWEST_DISCERNIBLE_NANOS, nanos, SIGNIFICANT_DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /** Adds all values of {@code other}, which does not change. */
    public void add(Histograms other) {
        for (var i = 0; i < histograms.length; i++) {
            if (other.histograms[i] != null) {
                at(i).add(other.histograms[i]);
            }
        }
    }

    /** Returns the times from the planned start to the end; empty if nothing was recorded, as all others. */
    public Histogram latency(Kind kind) {
        return existing(index(kind, LATENCY));
    }

    /** Returns the times from the actual start to the end. */
    public Histogram service(Kind kind) {
        return existing(index(kind, SERVICE));
    }

    /** Returns the times from the planned start to the first byte of an answer, except those of accepted early data. */
    public Histogram timeToFirstByte(Kind kind) {
        return existing(index(kind, TIME_TO_FIRST_BYTE));
    }

    /** Returns the times from the planned start to the first byte of the answer to early data. */
    public Histogram earlyDataTimeToFirstByte() {
        return existing(EARLY_DATA);
    }

    /**
     * Returns the times from the previous mark that was reached to {@code mark}.
     *
     * @throws IllegalArgumentException for {@link Mark#PLANNED}, which is the first
     */
    public Histogram phase(Kind kind, Mark mark) {
        if (mark == Mark.PLANNED) {
            throw new IllegalArgumentException("no phase ends with " + mark.label());
        }
        return existing(index(kind, phase(mark)));
    }

    /** Returns by how much the event loops were late. */
    public Histogram loopLag() {
        return existing(LOOP_LAG);
    }

    private Histogram existing(int index) {
        return histograms[index] == null ? empty() : histograms[index];
    }

    /** Passes on each histogram that has a value, with its tag set, in the order of kinds and marks. */
    public void forEachRecorded(Consumer<Histogram> action) {
        for (var histogram : histograms) {
            if (histogram != null && histogram.getTotalCount() > 0) {
                action.accept(histogram);
            }
        }
    }
}
