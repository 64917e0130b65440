package dev.shakedown.server;

import java.util.PriorityQueue;

/**
 * A queue in which handshakes wait for a free worker, first come first served, and occupy it for a fixed time. The
 * server's capacity is thus known exactly: the number of workers divided by the service time. It reads no clock.
 */
final class ServiceQueue {
    private final long serviceNanos;
    /** When each worker becomes free, the earliest first. */
    private final PriorityQueue<Long> free = new PriorityQueue<>();

    ServiceQueue(long serviceNanos, int workers) {
        this.serviceNanos = serviceNanos;
        for (var worker = 0; worker < workers; worker++) {
            free.add(Long.MIN_VALUE);
        }
    }

    /** Adds a handshake that arrives now, and returns when its worker will have finished with it. */
    synchronized long doneNanos(long nowNanos) {
        var done = Math.max(nowNanos, free.poll()) + serviceNanos;
        free.add(done);
        return done;
    }
}
