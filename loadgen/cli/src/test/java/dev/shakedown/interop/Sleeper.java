package dev.shakedown.interop;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;

/** Waits for equal distances and does nothing else, beside a run: no generator is more punctual on this machine. */
final class Sleeper {
    private static final long DISTANCE_NANOS = 5_000_000;
    private final CompletableFuture<Double> off = new CompletableFuture<>();
    private volatile boolean over;

    /** Begins at once, in a thread of its own. */
    Sleeper() {
        Thread.ofPlatform().daemon().name("sleeper").start(() -> {
            var distances = DoubleStream.builder();
            var due = System.nanoTime();
            for (var last = due; !over;) {
                due += DISTANCE_NANOS;
                waitUntil(due);
                var now = System.nanoTime();
                distances.add(Math.abs(now - last - DISTANCE_NANOS) / 1e3);
                last = now;
            }
            var sorted = distances.build().toArray();
            Arrays.sort(sorted);
            off.complete(sorted.length == 0 ? 0 : sorted[sorted.length * 99 / 100]);
        });
    }

    /** Ends it. How far from equal the distances were until the first call, microseconds at the 99th percentile. */
    double offMicros() {
        over = true;
        return off.join();
    }

    static void waitUntil(long nanos) {
        for (long left; (left = nanos - System.nanoTime()) > 0;) {
            LockSupport.parkNanos(left);
        }
    }
}
