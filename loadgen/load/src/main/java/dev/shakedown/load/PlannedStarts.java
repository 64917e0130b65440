package dev.shakedown.load;

import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** One worker's part of a {@link Pacing}: when its arrivals are due. Single-threaded. */
sealed interface PlannedStarts {
    /** Whether arrival {@code n} is due at a time that is known by now. */
    boolean has(long n);

    /**
     * When that is.
     *
     * @throws NoSuchElementException if there is no such time
     */
    long dueNanos(long n);

    /** The arrival that was due is taken care of. */
    void taken();

    /** The arrival of a slot has ended, and the next one may begin at this time. */
    void ended(long freeNanos);

    /** Whether an arrival is too late to be started. */
    boolean isTooLate(long lateNanos);

    /** Whether so many are too many at a time. */
    boolean isTooMany(int inFlight);

    /** The part that falls to a worker, 0 to {@code plan.threads()} − 1. */
    static PlannedStarts of(LoadPlan plan, int worker, long startNanos) {
        var workers = plan.threads();
        return switch (plan.pacing()) {
            case Pacing.OpenLoop open -> new Planned(
                    new ArrivalPlan(open.schedule().withWarmup(plan.warmupNanos()), worker, workers), startNanos,
                    (int) part(open.maxInFlight(), worker, workers), open.lateNanos(plan.end()));
            case Pacing.ClosedLoop closed -> new Slots((int) part(closed.slots(), worker, workers), startNanos);
        };
    }

    /** What falls to one worker of what is shared out evenly. */
    static long part(long whole, int worker, int workers) {
        return whole / workers + (worker < whole % workers ? 1 : 0);
    }

    /** Of an open loop. */
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

    /** Of a closed loop. */
    final class Slots implements PlannedStarts {
        /** Planned starts of the slots that are free, earliest first. */
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
