package dev.shakedown.load;

import org.jspecify.annotations.Nullable;

/**
 * Deadlines with one common timeout, so that they expire in the order in which they were added: adding and removing
 * cost a few pointers, and one timer serves them all. Not thread-safe.
 */
final class Deadlines<T> {
    /** A link of a ring, or on its own. */
    static class Link<T> {
        Link<T> earlier = this;
        Link<T> later = this;
    }

    /** One deadline, to be removed if it is met. */
    static final class Entry<T> extends Link<T> {
        private final T subject;
        private final long dueNanos;

        private Entry(T subject, long dueNanos) {
            this.subject = subject;
            this.dueNanos = dueNanos;
        }
    }

    private final long timeoutNanos;
    /**
     * The ring's anchor: its {@code later} is the first deadline, its {@code earlier} the last; itself if there is
     * none.
     */
    private final Link<T> ring = new Link<>();

    Deadlines(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    Entry<T> add(T subject, long nowNanos) {
        var entry = new Entry<>(subject, nowNanos + timeoutNanos);
        entry.earlier = ring.earlier;
        entry.later = ring;
        ring.earlier.later = entry;
        ring.earlier = entry;
        return entry;
    }

    /** Removes a deadline, unless it has been removed already. */
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

    /** Adds the time of the first deadline, if any, to {@code due}. */
    void first(NextDue due) {
        if (ring.later instanceof Entry<T> first) {
            due.orAt(first.dueNanos);
        }
    }

    /** Removes the first deadline, however far away, and returns its subject; {@code null} if there is none. */
    @Nullable
    T poll() {
        if (!(ring.later instanceof Entry<T> first)) {
            return null;
        }
        remove(first);
        return first.subject;
    }
}
