package dev.shakedown.results;

import dev.shakedown.results.Outcome.Failure;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Sample.EarlyData;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample.Tickets;
import java.util.Arrays;

/** Samples for tests. Times are microseconds; a handshake reaches its marks at fixed shares of them. */
public final class Samples {
    public static final Negotiated X25519 = new Negotiated("TLS 1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "x25519", null);
    public static final Negotiated NO_GROUP = new Negotiated("TLS 1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", null,
            null);

    private static final long PLANNED_NANOS = 5_000_000;

    private static final Mark[] TLS12_FULL = {Mark.PLANNED, Mark.BEGUN, Mark.CONNECTED, Mark.HELLO_SENT,
        Mark.SERVER_HELLO, Mark.SERVER_FLIGHT_DONE, Mark.KEY_EXCHANGE_SENT, Mark.FINISHED};

    private Samples() {}

    public static Sample full(long latencyMicros) {
        return new Sample(new Outcome.Completed(Kind.FULL, X25519), Kind.FULL, Resumption.NOT_OFFERED,
                marks(latencyMicros, TLS12_FULL), 300, 1840);
    }

    /** Returns a sample without {@link Mark#KEY_EXCHANGE_SENT}. */
    public static Sample resumed(long latencyMicros) {
        return new Sample(new Outcome.Completed(Kind.RESUMED, NO_GROUP), Kind.RESUMED, Resumption.ACCEPTED,
                marks(latencyMicros, Mark.PLANNED, Mark.BEGUN, Mark.CONNECTED, Mark.HELLO_SENT, Mark.SERVER_HELLO,
                        Mark.SERVER_FLIGHT_DONE, Mark.FINISHED),
                312, 200);
    }

    /** TLS 1.3: resumed with this outcome of early data, with an awaited answer at twice the latency. */
    public static Sample early(long latencyMicros, EarlyData earlyData) {
        return new Sample(new Outcome.Completed(Kind.RESUMED, X25519), Kind.RESUMED, Resumption.ACCEPTED, earlyData,
                Tickets.NOT_AWAITED, HandshakeTraits.NOTHING,
                marks(2 * latencyMicros, Mark.PLANNED, Mark.BEGUN, Mark.CONNECTED,
                        Mark.HELLO_SENT, Mark.SERVER_HELLO, Mark.SERVER_FLIGHT_DONE, Mark.FINISHED, Mark.FIRST_BYTE),
                500, 400);
    }

    /** TLS 1.3: full, after a HelloRetryRequest, with this outcome of waiting for a ticket. */
    public static Sample retried(long latencyMicros, Tickets tickets) {
        return new Sample(new Outcome.Completed(Kind.FULL, X25519), Kind.FULL, Resumption.NOT_OFFERED,
                EarlyData.NOT_OFFERED, tickets, HandshakeTraits.NOTHING,
                marks(2 * latencyMicros, Mark.PLANNED, Mark.BEGUN, Mark.CONNECTED,
                        Mark.HELLO_SENT, Mark.HELLO_RETRY_REQUEST, Mark.SERVER_HELLO, Mark.SERVER_FLIGHT_DONE,
                        Mark.FINISHED, Mark.TICKET),
                500, 2000);
    }

    /** Offered a session but got a full handshake. */
    public static Sample declined(long latencyMicros) {
        return new Sample(new Outcome.Completed(Kind.FULL, X25519), Kind.RESUMED, Resumption.DECLINED,
                marks(latencyMicros, TLS12_FULL), 300, 1840);
    }

    /** Asked to resume, but had no session to offer. */
    public static Sample priming(long latencyMicros) {
        return new Sample(new Outcome.Completed(Kind.FULL, X25519), Kind.RESUMED, Resumption.NOT_OFFERED,
                marks(latencyMicros, TLS12_FULL), 300, 1840);
    }

    public static Sample failed(Kind asked, Resumption resumption, String stage, String cause, String meaning) {
        return new Sample(new Outcome.Failed(new Failure(stage, "received", cause, true, null, meaning)), asked,
                resumption,
                marks(100, Mark.PLANNED, Mark.BEGUN, Mark.CONNECTED), 100, 7);
    }

    public static Sample failed(String stage, String cause) {
        return failed(Kind.FULL, Resumption.NOT_OFFERED, stage, cause, "the server ended it with " + cause);
    }

    public static Sample timedOut(String stage) {
        return new Sample(new Outcome.TimedOut(stage), Kind.RESUMED, Resumption.UNANSWERED,
                marks(100, Mark.PLANNED, Mark.BEGUN), 0, 0);
    }

    public static Sample cancelled() {
        return new Sample(new Outcome.Cancelled(), Kind.RESUMED, Resumption.NOT_OFFERED, marks(0, Mark.PLANNED), 0, 0);
    }

    public static Sample unsent(UnsentReason reason) {
        return new Sample(new Outcome.Unsent(reason), Kind.RESUMED, Resumption.NOT_OFFERED, marks(0, Mark.PLANNED), 0,
                0);
    }

    /** Puts the n-th mark after PLANNED at 2^n parts of the latency, so that every phase has a different length. */
    private static Marks marks(long latencyMicros, Mark... reached) {
        var nanos = none();
        for (var i = 0; i < reached.length; i++) {
            nanos[reached[i].ordinal()] = PLANNED_NANOS
                    + (i == 0 ? 0 : (latencyMicros * 1000) >> (reached.length - 1 - i));
        }
        return Marks.of(nanos);
    }

    static long[] none() {
        var nanos = new long[Mark.values().length];
        Arrays.fill(nanos, Marks.NOT_REACHED);
        return nanos;
    }

    /** The time at which {@link #full} and {@link #resumed} finish, nanoseconds. */
    static long finishedNanos(long latencyMicros) {
        return PLANNED_NANOS + latencyMicros * 1000;
    }

    public static Interval interval(Sample... samples) {
        var recorder = new Recorder();
        for (var sample : samples) {
            recorder.planned();
            recorder.record(sample);
        }
        return recorder.take(0, 1000);
    }
}
