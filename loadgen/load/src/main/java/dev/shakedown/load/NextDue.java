package dev.shakedown.load;

import java.util.NoSuchElementException;

/**
 * The time, if any, at which something is due next, in nanoseconds of the worker's clock. Mutable and reused, since a
 * new object each time would be one per handshake. Not thread-safe.
 */
final class NextDue {
    private boolean ever;
    private long nanos;

    /** Sets that nothing is due. */
    void never() {
        ever = false;
    }

    /** Adds another time; the earlier one counts. */
    void orAt(long otherNanos) {
        nanos = ever ? Math.min(nanos, otherNanos) : otherNanos;
        ever = true;
    }

    boolean isEver() {
        return ever;
    }

    /** Whether this is due before {@code other}. */
    boolean isBefore(NextDue other) {
        return ever && (!other.ever || nanos < other.nanos);
    }

    /** @throws NoSuchElementException if nothing is due */
    long nanos() {
        if (!ever) {
            throw new NoSuchElementException("nothing is due");
        }
        return nanos;
    }
}
