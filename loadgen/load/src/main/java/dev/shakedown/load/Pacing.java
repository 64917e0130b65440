package dev.shakedown.load;

import java.util.OptionalLong;

/** Decides when arrivals are due. */
public sealed interface Pacing {
    /**
     * Arrivals come at their planned times, whatever happened to earlier ones.
     *
     * @param schedule     the planned times, from the end of the warm-up
     * @param maxInFlight  most handshakes in progress, at least 1; an arrival beyond that is not started but counted as
     *                     unsent
     * @param maxLateNanos an arrival later than this is not started but counted as unsent; empty for 1 s or a tenth of
     *                     the run, whichever is longer
     */
    record OpenLoop(Schedule schedule, int maxInFlight, OptionalLong maxLateNanos) implements Pacing {
        /** The default of {@code maxInFlight}. */
        public static final int MOST_IN_FLIGHT = 10_000;
        private static final long SECOND = 1_000_000_000;

        /** Creates an open loop with the default limits. */
        public OpenLoop(Schedule schedule) {
            this(schedule, MOST_IN_FLIGHT, OptionalLong.empty());
        }

        /** Returns how late an arrival may begin in a load with this end, in nanoseconds. */
        public long lateNanos(End end) {
            return maxLateNanos.orElseGet(() -> Math.max(SECOND, end.nanos()
                    .orElseGet(() -> Math.round(end.arrivals().orElseThrow() / schedule.meanPerSecond() * SECOND))
                    / 10));
        }
    }

    /**
     * A fixed number of slots, in each of which an arrival is due when the one before has ended.
     *
     * @param slots at least 1
     */
    record ClosedLoop(int slots) implements Pacing {}
}
