package dev.shakedown.load;

import dev.shakedown.load.socket.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a run is to do.
 *
 * @param target           where handshakes go
 * @param concurrency      closed loop: handshakes at once, each slot begins its next when its last has ended; 0 in an
 *                         open loop
 * @param ratePerSecond    open loop: handshakes due per second; 0 in a closed loop
 * @param arrivals         open loop: how they are spread over time
 * @param durationNanos    how long handshakes are planned once the warm-up is over; {@link Long#MAX_VALUE} where
 *                         {@code count} ends the load
 * @param count            how many measured handshakes are planned; {@link Long#MAX_VALUE} where the duration ends it
 * @param warmupNanos      before the measured part; what is planned in it is not in the results
 * @param mix              full against resumed
 * @param timeoutNanos     per handshake, from its beginning
 * @param connectTimeoutNanos for the TCP connection, from the handshake's beginning
 * @param close            how connections are closed
 * @param maxInFlight      open loop: beyond this an arrival that is due is not started but counted as unsent
 * @param threads          event loops, each with a worker
 * @param transport        how sockets are driven
 * @param sources          local addresses to spread over; empty leaves the choice to the kernel
 */
public record LoadPlan(InetSocketAddress target, int concurrency, double ratePerSecond, ArrivalPlan.Shape arrivals,
        long durationNanos, long count, long warmupNanos, Mix mix, long timeoutNanos, long connectTimeoutNanos,
        Close close, int maxInFlight, int threads, Transport transport, List<InetAddress> sources) {

    /** How a connection is closed. */
    public enum Close {
        /** At once, with a reset: no port stays in TIME_WAIT. */
        RST,
        /** With close_notify and FIN, as RFC 9411 asks. */
        NOTIFY
    }

    /** Whether arrivals come at their planned times, whatever became of those before. */
    public boolean openLoop() {
        return concurrency == 0;
    }
}
