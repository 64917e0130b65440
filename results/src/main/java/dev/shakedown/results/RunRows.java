package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run, the most frequent first.
 *
 * @param failures      by where and why; the counts sum to {@code outcomes.failed}
 * @param timeouts      by what was awaited; the counts sum to {@code outcomes.timedOut}
 * @param unsentReasons by what the generator ran out of; the counts sum to {@code outcomes.unsent}
 * @param certificates  the servers' own certificates; the counts are of handshakes that were shown one
 * @param names         by the name that was asked for, in their order; {@code null} where there was one
 * @param versions      by the version that was agreed on, the highest first; {@code null} where there was one
 * @param negotiated    by what was agreed on; the counts sum to {@code outcomes.completed}
 * @param objective     the terms of what was required, in the order in which they were; empty where nothing was
 */
public record RunRows(List<FailureRow> failures, List<TimeoutRow> timeouts, List<UnsentRow> unsentReasons,
        List<NegotiatedRow> negotiated, List<CertificateRow> certificates, @Nullable List<NameRow> names,
        @Nullable List<VersionRow> versions,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ObjectiveTerm> objective) {
    /** Of nothing. */
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

    /** The same, judged by these terms. */
    RunRows judged(List<ObjectiveTerm> terms) {
        return new RunRows(failures, timeouts, unsentReasons, negotiated, certificates, names, versions, terms);
    }

    /**
     * Fields as in {@link Outcome.Failure}; {@code cause} stands a second time where it says what it is.
     *
     * @param alert     the alert's name; {@code null} where none ended it
     * @param transport the transport's cause; {@code null} where an alert came
     */
    public record FailureRow(String stage, String direction, String cause, @Nullable String alert,
            @Nullable String transport, @Nullable String rule,
            long count, @Nullable String meaning) {
        FailureRow(Outcome.Failure failure, long count) {
            this(failure.stage(), failure.direction(), failure.cause(), failure.byAlert() ? failure.cause() : null,
                    failure.byAlert() ? null : failure.cause(), failure.rule(), count, failure.meaning());
        }
    }

    /** Handshakes whose deadline came while they awaited {@code stage}. */
    public record TimeoutRow(String stage, long count) {}

    /** Arrivals that the generator could not start, for want of {@code reason}. */
    public record UnsentRow(String reason, long count) {}

    /** Fields as in {@link Outcome.Negotiated}. */
    public record NegotiatedRow(String version, String cipherSuite, @Nullable String group,
            @Nullable String compression, long count) {}

    /**
     * Full handshakes in which a server showed a certificate.
     *
     * @param key       algorithm and size of its key, such as {@code RSA 2048}
     * @param name      what it was made for: its first DNS name, else its subject
     * @param notAfter  until when it is in force, ISO 8601 in UTC
     * @param bearsName whether it bears the name that was asked for (RFC 9525, 6.3); {@code null} if none was
     */
    public record CertificateRow(String key, String name, String notAfter, @Nullable Boolean bearsName, long count) {}

    /**
     * One of several names that were asked for.
     *
     * @param name          {@code null} where none was asked for
     * @param outcomes      what became of its arrivals
     * @param ratePerSecond how many of them completed, per second of the measured window
     * @param latencyMicros of both kinds together
     * @param certificates  shown to it, the most frequent first
     */
    public record NameRow(@Nullable String name, RunSums.Outcomes outcomes, @Nullable Double ratePerSecond,
            Distribution latencyMicros, Distribution fullLatencyMicros, Distribution resumedLatencyMicros,
            RunSums.Resumption resumption, List<CertificateRow> certificates) {
        public NameRow {
            certificates = RunResult.copy(certificates);
        }
    }

    /**
     * Handshakes that came to one of several versions.
     *
     * @param completed     how many
     * @param ratePerSecond those per second of the measured window
     * @param latencyMicros of both kinds together
     */
    public record VersionRow(String version, long completed, @Nullable Double ratePerSecond,
            Distribution latencyMicros, Distribution fullLatencyMicros, Distribution resumedLatencyMicros) {}

    /**
     * One thing that was required.
     *
     * @param name     {@code failures}, or what of the latency, such as {@code p99}
     * @param limit    what it had to stay below, microseconds; of failures a share, 0 to 1
     * @param measured what it was, likewise; {@code null} if nothing completed
     * @param held     whether it did
     */
    public record ObjectiveTerm(String name, double limit, @Nullable Double measured, boolean held) {}
}
