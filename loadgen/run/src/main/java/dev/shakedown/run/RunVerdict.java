package dev.shakedown.run;

import dev.shakedown.report.RunWords;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows.ObjectiveTerm;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Whether a run met its requirements. */
public sealed interface RunVerdict {
    /**
     * What is required besides at least one completed handshake.
     *
     * @param fit       whether the generator must have been fit, the rate reached, and the mix as asked for
     * @param resumed   the least share of offered sessions that the server resumes, 0 to 1
     * @param completed the least share of planned arrivals that complete, 0 to 1
     */
    record Requirements(boolean fit, OptionalDouble resumed, OptionalDouble completed) {
        /** No further requirements. */
        public static final Requirements NONE = new Requirements(false, OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    /** The run met its requirements. */
    record Passed() implements RunVerdict {}

    /** No handshake completed. */
    record NothingCompleted(String reason) implements RunVerdict {}

    /** The figures may not be true of the server. */
    record Unfit(String reason) implements RunVerdict {}

    /** Too few of the planned arrivals completed. */
    record TooFewCompleted(long completed, long planned, double required) implements RunVerdict {
        /** Returns the share of planned arrivals that completed, 0 to 1. */
        public double share() {
            return (double) completed / planned;
        }
    }

    /** The server resumed too few of the sessions offered to it, or issued none to offer. */
    record TooFewResumed(long accepted, long offered, double required) implements RunVerdict {
        /** Returns the share of offered sessions that were resumed, 0 to 1; NaN if none was offered. */
        public double share() {
            return (double) accepted / offered;
        }
    }

    /** The run missed these terms of its objective, at least one. */
    record MissedObjective(List<ObjectiveTerm> terms) implements RunVerdict {}

    /** Judges a result by these requirements and by the objective in it. */
    static RunVerdict of(RunResult result, Requirements required) {
        var outcomes = result.outcomes();
        if (outcomes.completed() == 0) {
            return new NothingCompleted(reason(result));
        }
        var unfit = required.fit ? unfit(result) : Optional.<String>empty();
        if (unfit.isPresent()) {
            return new Unfit(unfit.get());
        }
        if (required.completed.isPresent()) {
            var found = new TooFewCompleted(outcomes.completed(), outcomes.planned(),
                    required.completed.getAsDouble());
            if (found.share() < found.required) {
                return found;
            }
        }
        if (required.resumed.isPresent()) {
            var sessions = result.resumption();
            var found = new TooFewResumed(sessions.accepted(), sessions.offered(), required.resumed.getAsDouble());
            if (found.offered == 0 || found.accepted < found.required * found.offered) {
                return found;
            }
        }
        var missed = result.rows().objective().stream().filter(term -> !term.held()).toList();
        return missed.isEmpty() ? new Passed() : new MissedObjective(missed);
    }

    /** Returns why no handshake completed, after a colon; empty if that is unknown. */
    static String reason(RunResult result) {
        if (!result.failures().isEmpty()) {
            var most = result.failures().getFirst();
            return ": " + most.meaning() + " (" + most.stage() + ", " + most.cause() + ")";
        }
        if (!result.timeouts().isEmpty()) {
            return ": handshakes timed out at stage " + result.timeouts().getFirst().stage();
        }
        if (!result.unsentReasons().isEmpty()) {
            return ": " + RunWords.lack(result.unsentReasons().getFirst().reason());
        }
        return result.interrupted() ? ": the run was interrupted first" : "";
    }

    private static Optional<String> unfit(RunResult result) {
        if (result.generator().saturated()) {
            return Optional.of("the generator or its machine may have distorted the figures, because "
                    + result.generator().saturatedBecause());
        }
        if (result.missedRate()) {
            return Optional.of("the rate was missed");
        }
        return result.resumption().tooMuchPriming()
                ? Optional.of("%d of %d handshakes that were to resume had no session to offer".formatted(
                        result.resumption().priming(), result.resumption().asked()))
                : Optional.empty();
    }
}
