package dev.shakedown.load.process;

import java.io.IOException;

/** Where the CPU time of a server is read. For one thread. */
public interface CpuSource {
    /** What it has used so far. */
    CpuReading read() throws IOException;

    /** To be called now and then between two readings, so that what comes and goes between them is seen. */
    default void look() throws IOException {
        // Where nothing comes and goes there is nothing to see.
    }

    /** CPU time that reading and looking took so far, nanoseconds: it is no part of the load. */
    default long costNanos() {
        return 0;
    }
}
