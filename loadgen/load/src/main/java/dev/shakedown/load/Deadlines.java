package dev.shakedown.load;

/**
 * Deadlines that all lie equally far from their beginning, so that the order of adding is the order of expiry: adding
 * and removing cost a few pointers, and one timer serves them all. Not thread-safe.
 */
final class Deadlines<T> {
    /** One deadline, to be removed by whoever meets it. */
    static final class Entry<T> {
        private final T subject;
        private final long dueNanos;
        private Entry<T> earlier;
        private Entry<T> later;

        private Entry(T subject, long dueNanos) {
            this.subject = subject;
            this.dueNanos = dueNanos;
        }
    }

    private final long distanceNanos;
    /** Ring: {@code later} of it is the first deadline, {@code earlier} the last; itself when there is none. */
    private final Entry<T> ring = new Entry<>(null, 0);

    Deadlines(long distanceNanos) {
        this.distanceNanos = distanceNanos;
        ring.earlier = ring;
        ring.later = ring;
    }

    Entry<T> add(T subject, long nowNanos) {
        var entry = new Entry<>(subject, nowNanos + distanceNanos);
        entry.earlier = ring.earlier;
        entry.later = ring;
        ring.earlier.later = entry;
        ring.earlier = entry;
        return entry;
    }

    /** Takes a deadline out; nothing happens when it is out already. */
    void remove(Entry<T> entry) {
        if (entry.later != null) {
            entry.earlier.later = entry.later;
            entry.later.earlier = entry.earlier;
            entry.earlier = null;
            entry.later = null;
        }
    }

    boolean isEmpty() {
        return ring.later == ring;
    }

    /** Whether the first deadline is due. */
    boolean isDue(long nowNanos) {
        return !isEmpty() && ring.later.dueNanos <= nowNanos;
    }

    /** Tells {@code due} when the first deadline is, if there is one. */
    void first(Due due) {
        if (!isEmpty()) {
            due.orAt(ring.later.dueNanos);
        }
    }

    /** Takes out the first deadline, however far away; {@code null} when there is none. */
    T poll() {
        if (isEmpty()) {
            return null;
        }
        var first = ring.later;
        remove(first);
        return first.subject;
    }
}
