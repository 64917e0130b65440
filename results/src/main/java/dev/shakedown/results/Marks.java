package dev.shakedown.results;

import java.util.Arrays;

/**
 * The time marks that one handshake reached, in nanoseconds of the generator's monotonic clock
 * ({@link System#nanoTime()}); immutable.
 */
public final class Marks {
    /** Stands for a mark that was not reached. */
    public static final long NOT_REACHED = Long.MIN_VALUE;

    private final long[] nanos;

    private Marks(long[] nanos) {
        this.nanos = nanos;
    }

    /** Copies {@code nanos}, which is indexed by {@link Mark#ordinal()}; {@link #NOT_REACHED} where there is none. */
    public static Marks of(long[] nanos) {
        return new Marks(Arrays.copyOf(nanos, Mark.values().length));
    }

    /** Whether the handshake reached {@code mark}. */
    public boolean reached(Mark mark) {
        return nanos[mark.ordinal()] != NOT_REACHED;
    }

    /** Returns when {@code mark} was reached, nanoseconds; {@link #NOT_REACHED} if it was not. */
    public long at(Mark mark) {
        return nanos[mark.ordinal()];
    }
}
