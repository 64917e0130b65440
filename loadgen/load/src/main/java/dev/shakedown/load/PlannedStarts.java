package dev.shakedown.load;

import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** One worker's share of a {@link Pacing}: when its arrivals are due. Not thread-safe. */
sealed interface PlannedStarts {
    /** Whether there is an arrival {@code n} whose time is known already. */
    boolean has(long n);

    /**
     * Returns when arrival {@code n} is due, in nanoseconds.
     *
     * @throws NoSuchElementException if there is no such arrival
     */
    long dueNanos(long n);

    /** Called when the arrival that was due is started. */
    void taken();

    /** Called when an arrival has ended, with the time at which the next one of its slot may begin. */
    void ended(long freeNanos);

    /** Whether an arrival is too late to be started. */
    boolean isTooLate(long lateNanos);

    /** Whether this many handshakes in progress are too many. */
    boolean isTooMany(int inFlight);

    /** Returns the share of a worker, 0 to {@code plan.threads()} − 1. */
    static PlannedStarts of(LoadPlan plan, int worker, long startNanos) {
        var workers = plan.threads();
        return switch (plan.pacing()) {
            case Pacing.OpenLoop open -> new Planned(
                    new ArrivalPlan(open.schedule().withWarmup(plan.warmupNanos()), worker, workers), startNanos,
                    (int) part(open.maxInFlight(), worker, workers), open.lateNanos(plan.end()));
            case Pacing.ClosedLoop closed -> new Slots((int) part(closed.slots(), worker, workers), startNanos);
        };
    }

    /** Returns one worker's share of a number that is divided evenly. */
    static long part(long whole, int worker, int workers) {
        return whole / workers + (worker < whole % workers ? 1 : 0);
    }

    /** The starts of an open loop. */
    record Planned(ArrivalPlan arrivals, long startNanos, int maxInFlight, long maxLateNanos) implements PlannedStarts {
        @Override
        public boolean has(long n) {
            return arrivals.has(n);
        }

        @Override
        public long dueNanos(long n) {
            return startNanos + arrivals.plannedNanos(n);
        }

        @Override
        public void taken() {
            // the next has its own time
        }

        @Override
        public void ended(long freeNanos) {
            // frees nothing
        }

        @Override
        public boolean isTooLate(long lateNanos) {
            return lateNanos > maxLateNanos;
        }

        @Override
        public boolean isTooMany(int inFlight) {
            return inFlight > maxInFlight;
        }
    }

    /** The starts of a closed loop. */
    final class Slots implements PlannedStarts {
        /** Planned starts of the free slots, the earliest first. */
        private final PriorityQueue<Long> free = new PriorityQueue<>();

        Slots(int slots, long startNanos) {
            for (var slot = 0; slot < slots; slot++) {
                free.add(startNanos);
            }
        }

        @Override
        public boolean has(long n) {
            return !free.isEmpty();
        }

        @Override
        public long dueNanos(long n) {
            return free.element();
        }

        @Override
        public void taken() {
            free.poll();
        }

        @Override
        public void ended(long freeNanos) {
            free.add(freeNanos);
        }

        @Override
        public boolean isTooLate(long lateNanos) {
            return false;
        }

        @Override
        public boolean isTooMany(int inFlight) {
            return false;
        }
    }
}
