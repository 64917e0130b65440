package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that break a run down, the most frequent first.
 *
 * @param failures      by where and why; the counts sum to {@code outcomes.failed}
 * @param timeouts      by the message awaited; the counts sum to {@code outcomes.timedOut}
 * @param unsentReasons by what the generator ran out of; the counts sum to {@code outcomes.unsent}
 * @param negotiated    by what was negotiated; the counts sum to {@code outcomes.completed}
 * @param certificates  the servers' own certificates; the counts are of handshakes in which one was presented
 * @param names         by requested name, in the order given; {@code null} where there was one
 * @param versions      by negotiated version, the highest first; {@code null} where there was one
 * @param objective     the terms of the objective, in the order given; empty where there was none
 */
public record RunRows(List<FailureRow> failures, List<TimeoutRow> timeouts, List<UnsentRow> unsentReasons,
        List<NegotiatedRow> negotiated, List<CertificateRow> certificates, @Nullable List<NameRow> names,
        @Nullable List<VersionRow> versions,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ObjectiveTerm> objective) {
    /** No rows. */
    static final RunRows NONE = new RunRows(List.of(), List.of(), List.of(), List.of(), List.of(), null, null,
            List.of());

    public RunRows {
        failures = RunResult.copy(failures);
        timeouts = RunResult.copy(timeouts);
        unsentReasons = RunResult.copy(unsentReasons);
        negotiated = RunResult.copy(negotiated);
        certificates = RunResult.copy(certificates);
        objective = RunResult.copy(objective);
    }

    /** Returns these rows with the terms of an objective, judged. */
    RunRows judged(List<ObjectiveTerm> terms) {
        return new RunRows(failures, timeouts, unsentReasons, negotiated, certificates, names, versions, terms);
    }

    /**
     * Fields as in {@link Outcome.Failure}; {@code cause} is repeated under the name that says what it is.
     *
     * @param alert     {@code cause} if it is an alert's name; else {@code null}
     * @param transport {@code cause} if it is the transport's; else {@code null}
     */
    public record FailureRow(String stage, String direction, String cause, @Nullable String alert,
            @Nullable String transport, @Nullable String rule,
            long count, @Nullable String meaning) {
        FailureRow(Outcome.Failure failure, long count) {
            this(failure.stage(), failure.direction(), failure.cause(), failure.byAlert() ? failure.cause() : null,
                    failure.byAlert() ? null : failure.cause(), failure.rule(), count, failure.meaning());
        }
    }

    /** Handshakes whose deadline passed while they awaited {@code stage}. */
    public record TimeoutRow(String stage, long count) {}

    /** Arrivals that the generator could not start, for lack of {@code reason}. */
    public record UnsentRow(String reason, long count) {}

    /** Fields as in {@link Outcome.Negotiated}. */
    public record NegotiatedRow(String version, String cipherSuite, @Nullable String group,
            @Nullable String compression, long count) {}

    /**
     * Full handshakes in which a server presented this certificate.
     *
     * @param key       algorithm and size of its key, such as {@code RSA 2048}
     * @param name      what it was issued for: its first DNS name, else its subject
     * @param notAfter  the end of its validity, ISO 8601 in UTC
     * @param bearsName whether it contains the requested name (RFC 9525, 6.3); {@code null} if none was requested
     */
    public record CertificateRow(String key, String name, String notAfter, @Nullable Boolean bearsName, long count) {}

    /**
     * One of several requested names.
     *
     * @param name          {@code null} where none was requested
     * @param outcomes      what became of its arrivals
     * @param ratePerSecond how many of them completed, per second of the measured window
     * @param latencyMicros of both kinds together
     * @param certificates  presented for it, the most frequent first
     */
    public record NameRow(@Nullable String name, RunSums.Outcomes outcomes, @Nullable Double ratePerSecond,
            Distribution latencyMicros, Distribution fullLatencyMicros, Distribution resumedLatencyMicros,
            RunSums.Resumption resumption, List<CertificateRow> certificates) {
        public NameRow {
            certificates = RunResult.copy(certificates);
        }
    }

    /**
     * Handshakes that negotiated one of several versions.
     *
     * @param completed     how many
     * @param ratePerSecond how many, per second of the measured window
     * @param latencyMicros of both kinds together
     */
    public record VersionRow(String version, long completed, @Nullable Double ratePerSecond,
            Distribution latencyMicros, Distribution fullLatencyMicros, Distribution resumedLatencyMicros) {}

    /**
     * One term of an objective, judged.
     *
     * @param name     {@code failures}, or a figure of the latency, such as {@code p99}
     * @param limit    what it had to stay below, microseconds; for failures a share, 0 to 1
     * @param measured the measured value, likewise; {@code null} if nothing completed
     * @param held     whether it stayed below the limit
     */
    public record ObjectiveTerm(String name, double limit, @Nullable Double measured, boolean held) {}
}
