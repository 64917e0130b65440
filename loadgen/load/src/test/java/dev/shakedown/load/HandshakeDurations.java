package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import dev.shakedown.trace.FailureTraces;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Traces a load's failures as a run does, and measures how long each handshake lasted that the deadline ended. */
final class HandshakeDurations implements FailureObserver {
    private final FailureTraces traces = new FailureTraces();
    private final Map<HandshakeObserver, Long> begunNanos = new ConcurrentHashMap<>();
    private final Queue<Long> lastedNanos = new ConcurrentLinkedQueue<>();

    @Override
    public HandshakeObserver next(int inFlight) {
        var observer = traces.next(inFlight);
        begunNanos.put(observer, System.nanoTime());
        return observer;
    }

    @Override
    public void failed(HandshakeFailure failure, HandshakeObserver observer) {
        traces.failed(failure, observer);
    }

    @Override
    public void timedOut(Stage stage, HandshakeObserver observer) {
        lastedNanos.add(System.nanoTime() - begunNanos.get(observer));
        traces.timedOut(stage, observer);
    }

    void assertNeverBefore(Duration timeout) {
        assertTrue(lastedNanos.stream().allMatch(nanos -> nanos >= timeout.toNanos()), lastedNanos::toString);
    }

    long latestNanos() {
        return lastedNanos.stream().mapToLong(nanos -> nanos).max().orElseThrow();
    }
}
