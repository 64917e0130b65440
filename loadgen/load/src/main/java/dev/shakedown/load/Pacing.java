package dev.shakedown.load;

import java.util.OptionalLong;

/** What makes the next arrival due. */
public sealed interface Pacing {
    /**
     * Arrivals come at their planned times, whatever became of those before.
     *
     * @param schedule     when, once the warm-up is over
     * @param maxInFlight  beyond this many an arrival that is due is not started but counted as unsent; at least 1
     * @param maxLateNanos what is due longer ago is not started but counted as unsent; empty for the longer of a second
     *                     and a tenth of the run
     */
    record OpenLoop(Schedule schedule, int maxInFlight, OptionalLong maxLateNanos) implements Pacing {
        /** So many under way at most where nobody says another number. */
        public static final int MOST_IN_FLIGHT = 10_000;
        private static final long SECOND = 1_000_000_000;

        /** With the usual limits. */
        public OpenLoop(Schedule schedule) {
            this(schedule, MOST_IN_FLIGHT, OptionalLong.empty());
        }

        /** How late an arrival may begin in a load with this end, nanoseconds. */
        public long lateNanos(End end) {
            return maxLateNanos.orElseGet(() -> Math.max(SECOND, end.nanos()
                    .orElseGet(() -> Math.round(end.arrivals().orElseThrow() / schedule.meanPerSecond() * SECOND))
                    / 10));
        }
    }

    /**
     * So many arrivals at a time, each due when the one before it in its slot has ended.
     *
     * @param slots at least 1
     */
    record ClosedLoop(int slots) implements Pacing {}
}
