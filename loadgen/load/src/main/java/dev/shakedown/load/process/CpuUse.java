package dev.shakedown.load.process;

/**
 * CPU time that a server used between two readings.
 *
 * @param seconds     user and system time of its process, of those that this one started, and of theirs; at least 0
 * @param stepSeconds how exactly that could be read; 0 for nanoseconds
 * @param forgotten   how many processes the machine began meanwhile, if the server lets the kernel forget what it
 *                    starts, so that their time is missing; else 0
 * @param ended       whether the watched process was gone at one of the readings, so that the rest says nothing
 */
public record CpuUse(double seconds, double stepSeconds, long forgotten, boolean ended) {
    static final CpuUse ENDED = new CpuUse(0, 0, 0, true);
}
