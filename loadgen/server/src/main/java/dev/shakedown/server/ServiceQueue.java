package dev.shakedown.server;

import java.util.PriorityQueue;

/**
 * Handshakes that wait for one of so many workers, first come first served, and occupy it for a time: a server whose
 * capacity is known exactly, workers divided by service time. It holds no clock.
 */
final class ServiceQueue {
    private final long serviceNanos;
    /** When each worker is free, the earliest first. */
    private final PriorityQueue<Long> free = new PriorityQueue<>();

    ServiceQueue(long serviceNanos, int workers) {
        this.serviceNanos = serviceNanos;
        for (var worker = 0; worker < workers; worker++) {
            free.add(Long.MIN_VALUE);
        }
    }

    /** When the worker has done with a handshake that comes now. */
    synchronized long doneNanos(long nowNanos) {
        var done = Math.max(nowNanos, free.poll()) + serviceNanos;
        free.add(done);
        return done;
    }
}
