package dev.shakedown.load;

import java.util.OptionalLong;

/** When no more arrivals are planned. */
public sealed interface End {
    /** After a time, counted from the end of the warm-up. */
    record AfterTime(long lastsNanos) implements End {
        @Override
        public OptionalLong nanos() {
            return OptionalLong.of(lastsNanos);
        }

        @Override
        public OptionalLong arrivals() {
            return OptionalLong.empty();
        }
    }

    /** After so many arrivals of the measured part. */
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

    /** After so many arrivals, or after a time if that is over before. */
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
     * How long arrivals are planned, from the end of the warm-up, nanoseconds; empty where only a count ends the load.
     */
    OptionalLong nanos();

    /** How many arrivals are planned in the measured part; empty where only time ends the load. */
    OptionalLong arrivals();
}
