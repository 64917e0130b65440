package dev.shakedown.load;

import dev.shakedown.results.RunResult.Suspension;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Detects times in which the whole process was suspended: stopped by a signal such as SIGSTOP, or paused with its
 * virtual machine. A thread checks the clock again and again; a check that comes late, although neither other work on
 * the processors nor the garbage collector delayed it, reveals a suspension. Not thread-safe.
 */
final class Suspensions {
    /** The shortest unexplained delay between two checks that counts as a suspension. */
    private static final long SHORTEST_NANOS = 300_000_000;

    /** The most suspensions that are kept. */
    static final int MOST = 1000;

    private final LongSupplier otherDelaysNanos;
    private final List<long[]> found = new ArrayList<>();
    private boolean looked;
    private long lastNanos;
    private long lastDelaysNanos;

    /** @param otherDelaysNanos total time for which anything else has delayed the checking thread so far */
    Suspensions(LongSupplier otherDelaysNanos) {
        this.otherDelaysNanos = otherDelaysNanos;
    }

    /** Returns a detector for the current thread, which must be the one that calls {@link #look}. */
    static Suspensions ofThisThread() {
        return new Suspensions(() -> runQueueNanos(Path.of("/proc/thread-self/schedstat")) + pauseNanos());
    }

    /** Checks the clock; to be called often. */
    void look(long nowNanos) {
        var delaysNanos = otherDelaysNanos.getAsLong();
        if (looked && found.size() < MOST && nowNanos - lastNanos - (delaysNanos - lastDelaysNanos) >= SHORTEST_NANOS) {
            found.add(new long[]{lastNanos, nowNanos});
        }
        looked = true;
        lastNanos = nowNanos;
        lastDelaysNanos = delaysNanos;
    }

    /** Ignores the time until the next check, in which this thread does other work. */
    void pause() {
        looked = false;
    }

    /**
     * Returns the suspensions between two times, with their beginning relative to the first and their length, in
     * seconds.
     */
    List<Suspension> within(long fromNanos, long toNanos) {
        return found.stream().filter(each -> each[1] > fromNanos && each[0] < toNanos)
                .map(each -> new Suspension((Math.max(each[0], fromNanos) - fromNanos) / 1e9,
                        (Math.min(each[1], toNanos) - Math.max(each[0], fromNanos)) / 1e9))
                .toList();
    }

    /**
     * Returns how long a thread has waited for a processor so far (proc(5): the second number of schedstat); 0 if
     * unknown.
     */
    static long runQueueNanos(Path schedstat) {
        try {
            return Long.parseLong(Files.readString(schedstat).strip().split(" ")[1]);
        } catch (IOException | RuntimeException _) {
            return 0;
        }
    }

    private static long pauseNanos() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime).filter(millis -> millis > 0).sum() * 1_000_000;
    }
}
