package dev.shakedown.load;

import java.util.NoSuchElementException;

/**
 * When something is due next, nanoseconds of the worker's clock, if it ever is. One holds one such time after another:
 * an object for each would be one for each handshake. Not thread-safe.
 */
final class NextDue {
    private boolean ever;
    private long nanos;

    /** Nothing is due. */
    void never() {
        ever = false;
    }

    /** Something else is due as well; the earlier counts. */
    void orAt(long otherNanos) {
        nanos = ever ? Math.min(nanos, otherNanos) : otherNanos;
        ever = true;
    }

    boolean isEver() {
        return ever;
    }

    /** Whether it is due before {@code other} is. */
    boolean isBefore(NextDue other) {
        return ever && (!other.ever || nanos < other.nanos);
    }

    /** @throws NoSuchElementException if nothing is */
    long nanos() {
        if (!ever) {
            throw new NoSuchElementException("nothing is due");
        }
        return nanos;
    }
}
