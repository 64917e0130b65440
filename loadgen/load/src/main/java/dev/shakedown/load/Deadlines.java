package dev.shakedown.load;

import org.jspecify.annotations.Nullable;

/**
 * Deadlines that all lie equally far from their beginning, so that the order of adding is the order of expiry: adding
 * and removing cost a few pointers, and one timer serves them all. Not thread-safe.
 */
final class Deadlines<T> {
    /** What stands in a ring, or alone. */
    static class Link<T> {
        Link<T> earlier = this;
        Link<T> later = this;
    }

    /** One deadline, to be removed by whoever meets it. */
    static final class Entry<T> extends Link<T> {
        private final T subject;
        private final long dueNanos;

        private Entry(T subject, long dueNanos) {
            this.subject = subject;
            this.dueNanos = dueNanos;
        }
    }

    private final long distanceNanos;
    /** Ring: {@code later} of it is the first deadline, {@code earlier} the last; itself when there is none. */
    private final Link<T> ring = new Link<>();

    Deadlines(long distanceNanos) {
        this.distanceNanos = distanceNanos;
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
        entry.earlier.later = entry.later;
        entry.later.earlier = entry.earlier;
        entry.earlier = entry;
        entry.later = entry;
    }

    boolean isEmpty() {
        return ring.later == ring;
    }

    /** Whether the first deadline is due. */
    boolean isDue(long nowNanos) {
        return ring.later instanceof Entry<T> first && first.dueNanos <= nowNanos;
    }

    /** Tells {@code due} when the first deadline is, if there is one. */
    void first(NextDue due) {
        if (ring.later instanceof Entry<T> first) {
            due.orAt(first.dueNanos);
        }
    }

    /** Takes out the first deadline, however far away; {@code null} when there is none. */
    @Nullable
    T poll() {
        if (!(ring.later instanceof Entry<T> first)) {
            return null;
        }
        remove(first);
        return first.subject;
    }
}
