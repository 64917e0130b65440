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
 * Times in which this process stood still as a whole: stopped by a signal such as SIGSTOP, or with the virtual machine
 * that it runs in. One thread that looks at the clock again and again finds them by looks that come late, though
 * neither other work on the processors nor the garbage collector held it up. Not thread-safe.
 */
final class Suspensions {
    /** A look that comes so much later than the one before, for no other reason, shows one. */
    private static final long SHORTEST_NANOS = 300_000_000;

    /** So many are kept; whoever has more needs no list of them. */
    static final int MOST = 1000;

    private final LongSupplier otherDelaysNanos;
    private final List<long[]> found = new ArrayList<>();
    private boolean looked;
    private long lastNanos;
    private long lastDelaysNanos;

    /** @param otherDelaysNanos how long the looking thread has been held up by anything else so far */
    Suspensions(LongSupplier otherDelaysNanos) {
        this.otherDelaysNanos = otherDelaysNanos;
    }

    /** For the thread that calls {@link #look}. */
    static Suspensions ofThisThread() {
        return new Suspensions(() -> runQueueNanos(Path.of("/proc/thread-self/schedstat")) + pauseNanos());
    }

    /** To be called often, with the time. */
    void look(long nowNanos) {
        var delaysNanos = otherDelaysNanos.getAsLong();
        if (looked && found.size() < MOST && nowNanos - lastNanos - (delaysNanos - lastDelaysNanos) >= SHORTEST_NANOS) {
            found.add(new long[]{lastNanos, nowNanos});
        }
        looked = true;
        lastNanos = nowNanos;
        lastDelaysNanos = delaysNanos;
    }

    /** What comes until the next look is this thread's own work, and no matter how long it takes. */
    void pause() {
        looked = false;
    }

    /** What lies between two times, each with its beginning and length in seconds, counted from the first. */
    List<Suspension> within(long fromNanos, long toNanos) {
        return found.stream().filter(each -> each[1] > fromNanos && each[0] < toNanos)
                .map(each -> new Suspension((Math.max(each[0], fromNanos) - fromNanos) / 1e9,
                        (Math.min(each[1], toNanos) - Math.max(each[0], fromNanos)) / 1e9))
                .toList();
    }

    /** How long a thread has waited for a processor so far (proc(5): the second number of schedstat); 0 if unknown. */
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
