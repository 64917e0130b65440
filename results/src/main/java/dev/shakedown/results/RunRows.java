package dev.shakedown.results;

import java.util.List;

/**
 * What became of a run, the most frequent first.
 *
 * @param failures      by where and why; the counts sum to {@code outcomes.failed}
 * @param timeouts      by what was awaited; the counts sum to {@code outcomes.timedOut}
 * @param unsentReasons by what the generator ran out of; the counts sum to {@code outcomes.unsent}
 * @param negotiated    by what was agreed on; the counts sum to {@code outcomes.completed}
 */
public record RunRows(List<FailureRow> failures, List<TimeoutRow> timeouts, List<UnsentRow> unsentReasons,
        List<NegotiatedRow> negotiated) {
    public RunRows {
        failures = RunResult.copy(failures);
        timeouts = RunResult.copy(timeouts);
        unsentReasons = RunResult.copy(unsentReasons);
        negotiated = RunResult.copy(negotiated);
    }

    /**
     * Fields as in {@link Outcome.Failure}; {@code cause} stands a second time where it says what it is.
     *
     * @param alert     the alert's name; {@code null} where none ended it
     * @param transport the transport's cause; {@code null} where an alert came
     */
    public record FailureRow(String stage, String direction, String cause, String alert, String transport, String rule,
            long count, String meaning) {
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
    public record NegotiatedRow(String version, String cipherSuite, String group, String compression, long count) {}
}
