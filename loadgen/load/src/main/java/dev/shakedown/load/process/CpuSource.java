package dev.shakedown.load.process;

import java.io.IOException;

/** A source of a server's CPU time. Not thread-safe. */
public interface CpuSource {
    /** Reads the CPU time used so far. */
    CpuReading read() throws IOException;

    /**
     * Looks for new and ended processes; to be called now and then between two readings, so that short-lived ones are
     * seen.
     */
    default void look() throws IOException {
        // By default there are no processes to look for.
    }

    /**
     * Returns the CPU time that reading and looking have taken so far, in nanoseconds, which is not part of the load.
     */
    default long costNanos() {
        return 0;
    }
}
