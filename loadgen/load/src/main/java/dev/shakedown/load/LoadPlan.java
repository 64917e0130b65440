package dev.shakedown.load;

import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.net.Target;
import java.net.InetAddress;
import java.util.List;

/**
 * What a run is to do.
 *
 * @param target           where handshakes go
 * @param concurrency      closed loop: handshakes at once, each slot begins its next when its last has ended; 0 in an
 *                         open loop
 * @param schedule         open loop: when handshakes are due, once the warm-up is over; {@code null} in a closed loop
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
 * @param ending           what ends a handshake, and what is sent beyond it
 * @param prelude          what comes before the handshake
 * @param mostPerSource    connections at a time from one of {@code sources}; 0 for any number
 * @param maxLateNanos     open loop: what is due longer ago is not started but counted as unsent; 0 for the longer of a
 *                         second and a tenth of the run
 */
public record LoadPlan(Target target, int concurrency, Schedule schedule,
        long durationNanos, long count, long warmupNanos, Mix mix, long timeoutNanos, long connectTimeoutNanos,
        Close close, int maxInFlight, int threads, Transport transport, List<InetAddress> sources,
        Ending ending, Prelude prelude, int mostPerSource, long maxLateNanos) {
    private static final long SECOND = 1_000_000_000;

    /** With a handshake that begins at once. */
    public LoadPlan(Target target, int concurrency, Schedule schedule, long durationNanos, long count,
            long warmupNanos, Mix mix, long timeoutNanos, long connectTimeoutNanos, Close close, int maxInFlight,
            int threads, Transport transport, List<InetAddress> sources, Ending ending) {
        this(target, concurrency, schedule, durationNanos, count, warmupNanos, mix, timeoutNanos, connectTimeoutNanos,
                close, maxInFlight, threads, transport, sources, ending, Prelude.NONE, 0, 0);
    }

    /**
     * What ends a handshake, and what is sent beyond it.
     *
     * @param request            application data that asks for a small answer
     * @param earlyData          what resumed handshakes of TLS 1.3 send behind their ClientHello; empty for nothing
     * @param ticketTimeoutNanos how long a ticket of TLS 1.3 is waited for before the request is sent
     * @param implied            whether nobody asked for that end by name, so that it is only for handshakes in which the
     *                           server judges a client certificate: full ones
     */
    public record Ending(CompleteOn completeOn, byte[] request, byte[] earlyData, long ticketTimeoutNanos,
            boolean implied) {
        /** Where the end was asked for by name. */
        public Ending(CompleteOn completeOn, byte[] request, byte[] earlyData, long ticketTimeoutNanos) {
            this(completeOn, request, earlyData, ticketTimeoutNanos, false);
        }
    }

    /** What ends a handshake. */
    public enum CompleteOn {
        /** Both Finished. */
        FINISHED,
        /**
         * TLS 1.3: the server's first ticket that arrived after the client's Finished had left, or its answer to a request
         * if none does so unasked; else as FINISHED.
         */
        TICKET,
        /** The first byte of the answer to a request. */
        RESPONSE
    }

    /** How a connection is closed. */
    public enum Close {
        /** With a reset, except where that may make the server forget a session that it keeps under an ID: {@link Closure}. */
        AUTO,
        /** At once, with a reset: no port stays in TIME_WAIT. */
        RST,
        /** With close_notify and FIN, as RFC 9411 asks. */
        NOTIFY
    }

    /** The same with something before each handshake. */
    public LoadPlan with(Prelude other) {
        return new LoadPlan(target, concurrency, schedule, durationNanos, count, warmupNanos, mix, timeoutNanos,
                connectTimeoutNanos, close, maxInFlight, threads, transport, sources, ending, other, mostPerSource,
                maxLateNanos);
    }

    /** The same with so many connections at a time from each source address at most. */
    public LoadPlan withMostPerSource(int most) {
        return new LoadPlan(target, concurrency, schedule, durationNanos, count, warmupNanos, mix, timeoutNanos,
                connectTimeoutNanos, close, maxInFlight, threads, transport, sources, ending, prelude, most,
                maxLateNanos);
    }

    /** The same in which arrivals may begin so late at most. */
    public LoadPlan withMaxLate(long nanos) {
        return new LoadPlan(target, concurrency, schedule, durationNanos, count, warmupNanos, mix, timeoutNanos,
                connectTimeoutNanos, close, maxInFlight, threads, transport, sources, ending, prelude, mostPerSource,
                nanos);
    }

    /** How late an arrival of an open loop may begin. */
    public long lateNanos() {
        if (maxLateNanos > 0) {
            return maxLateNanos;
        }
        var lasts = durationNanos == Long.MAX_VALUE && schedule != null
                ? Math.round(count / schedule.meanPerSecond() * SECOND)
                : durationNanos;
        return Math.max(SECOND, lasts / 10);
    }

    /** Whether arrivals come at their planned times, whatever became of those before. */
    public boolean openLoop() {
        return concurrency == 0;
    }

    /** How many stretches there are whose results are kept apart. */
    public int phases() {
        return schedule == null ? 1 : schedule.phases().size();
    }

    /** The stretch that an arrival belongs to, by its time from the end of the warm-up. */
    int phaseAt(long nanos) {
        return schedule == null ? 0 : schedule.phaseAt(nanos);
    }
}
