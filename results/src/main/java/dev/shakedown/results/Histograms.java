package dev.shakedown.results;

import java.util.Set;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * The histograms of an interval or of a run, one for each kind and phase, in <b>nanoseconds</b> with three significant
 * digits. Single-threaded; hand it over as a whole. A value below zero counts as zero; none is lost, however large.
 *
 * <p>Each has a tag: {@code full.latency}, {@code full.service}, {@code full.timeToFirstByte}, {@code full.serverHello}
 * and so on, the same with {@code resumed}, {@code earlyData.timeToFirstByte}, and {@code loopLag}.
 */
public final class Histograms {
    private static final long LOWEST_DISCERNIBLE_NANOS = 64;
    /** Where a histogram starts; it grows when a longer time comes. */
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

    /** All that there are. */
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
     * @param earlyData whether the server took early data, and so answered that
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

    /** Records of a completed handshake only its latency. */
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

    /** To add others to; small, for it is made often, and many stay empty. */
    static Histogram empty() {
        return upTo(2 * LOWEST_DISCERNIBLE_NANOS);
    }

    private static Histogram upTo(long nanos) {
        var histogram = new Histogram(LOWEST_DISCERNIBLE_NANOS, nanos, SIGNIFICANT_DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /** Adds all values of {@code other}, which stays as it is. */
    public void add(Histograms other) {
        for (var i = 0; i < histograms.length; i++) {
            if (other.histograms[i] != null) {
                at(i).add(other.histograms[i]);
            }
        }
    }

    /** From the planned start to the end. Empty if nothing was recorded, as are all that follow. */
    public Histogram latency(Kind kind) {
        return existing(index(kind, LATENCY));
    }

    /** From the actual start to the end. */
    public Histogram service(Kind kind) {
        return existing(index(kind, SERVICE));
    }

    /** From the planned start to the first byte of an answer, of handshakes whose early data was not taken. */
    public Histogram timeToFirstByte(Kind kind) {
        return existing(index(kind, TIME_TO_FIRST_BYTE));
    }

    /** From the planned start to the first byte of the answer to early data. */
    public Histogram earlyDataTimeToFirstByte() {
        return existing(EARLY_DATA);
    }

    /**
     * From the mark reached before {@code mark} to {@code mark}.
     *
     * @throws IllegalArgumentException for {@link Mark#PLANNED}, which nothing comes before
     */
    public Histogram phase(Kind kind, Mark mark) {
        if (mark == Mark.PLANNED) {
            throw new IllegalArgumentException("no phase ends with " + mark.label());
        }
        return existing(index(kind, phase(mark)));
    }

    /** How much later than due the event loops ran. */
    public Histogram loopLag() {
        return existing(LOOP_LAG);
    }

    private Histogram existing(int index) {
        return histograms[index] == null ? empty() : histograms[index];
    }

    /** Every histogram that has a value, with its tag set, in the order of kinds and marks. */
    public void forEachRecorded(Consumer<Histogram> action) {
        for (var histogram : histograms) {
            if (histogram != null && histogram.getTotalCount() > 0) {
                action.accept(histogram);
            }
        }
    }
}
