package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.Witness;
import dev.shakedown.trace.FailureTraces;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Traces a load's failures as a run does, and measures how long the deadline let each handshake be that it ended. */
final class Lasted implements FailureWatch {
    private final FailureTraces traces = new FailureTraces();
    private final Map<Witness, Long> begunNanos = new ConcurrentHashMap<>();
    private final Queue<Long> lastedNanos = new ConcurrentLinkedQueue<>();

    @Override
    public Witness next(int inFlight) {
        var witness = traces.next(inFlight);
        begunNanos.put(witness, System.nanoTime());
        return witness;
    }

    @Override
    public void failed(HandshakeFailure failure, Witness witness) {
        traces.failed(failure, witness);
    }

    @Override
    public void timedOut(Stage stage, Witness witness) {
        lastedNanos.add(System.nanoTime() - begunNanos.get(witness));
        traces.timedOut(stage, witness);
    }

    void assertNeverBefore(Duration timeout) {
        assertTrue(lastedNanos.stream().allMatch(nanos -> nanos >= timeout.toNanos()), lastedNanos::toString);
    }

    long latestNanos() {
        return lastedNanos.stream().mapToLong(nanos -> nanos).max().orElseThrow();
    }
}
