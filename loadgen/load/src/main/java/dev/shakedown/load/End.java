package dev.shakedown.load;

import java.util.OptionalLong;

/** The condition that ends a load. */
public sealed interface End {
    /** The load ends after a time, counted from the end of the warm-up. */
    record AfterTime(long durationNanos) implements End {
        @Override
        public OptionalLong nanos() {
            return OptionalLong.of(durationNanos);
        }

        @Override
        public OptionalLong arrivals() {
            return OptionalLong.empty();
        }
    }

    /** The load ends after a number of arrivals in the measured part. */
    record AfterCount(long count) implements End {
        @Override
        public OptionalLong nanos() {
            return OptionalLong.empty();
        }

        @Override
        public OptionalLong arrivals() {
            return OptionalLong.of(count);
        }
    }

    /** The load ends after a number of arrivals or after a time, whichever comes first. */
    record AfterEither(AfterCount count, AfterTime time) implements End {
        @Override
        public OptionalLong nanos() {
            return time.nanos();
        }

        @Override
        public OptionalLong arrivals() {
            return count.arrivals();
        }
    }

    /**
     * Returns for how long arrivals are planned, in nanoseconds from the end of the warm-up; empty if only a count ends
     * the load.
     */
    OptionalLong nanos();

    /** Returns how many arrivals are planned in the measured part; empty if only time ends the load. */
    OptionalLong arrivals();
}
