package dev.shakedown.load.process;

/**
 * CPU time that a server used between two readings.
 *
 * @param seconds     user and system time of its process and all descendants; at least 0
 * @param stepSeconds resolution of that time; 0 for nanoseconds
 * @param forgotten   number of processes that the machine started meanwhile, if the server lets the kernel discard the
 *                    CPU time of its children, so that it is missing; else 0
 * @param ended       whether the watched process had ended at one of the readings, so that the other values mean
 *                    nothing
 */
public record CpuUse(double seconds, double stepSeconds, long forgotten, boolean ended) {
    static final CpuUse ENDED = new CpuUse(0, 0, 0, true);
}
