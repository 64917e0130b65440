package dev.shakedown.report;

import dev.shakedown.results.Advice;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Setting;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Whether the figures of a run can be trusted, as the last lines of a screen say it. */
final class Fitness {
    /** The run measured what it was meant to measure. */
    static final String FIT = "FIT";
    /** The run may have measured something else. */
    static final String NOT_FIT = "NOT FIT";
    /** No handshake completed, so the run measured nothing. */
    static final String FAILED = "FAILED";

    /** What to do where some of many runs were unfit, whatever the cause. */
    static final String USUAL_REMEDY = "Keep other work off this machine, lower the rate, or load from more machines.";

    private Fitness() {}

    /** Returns the verdict. */
    static String word(RunResult result) {
        return result.outcomes().completed() == 0 ? FAILED : isFit(result) ? FIT : NOT_FIT;
    }

    /** Returns the reasons to doubt the figures, as sentences; an interruption comes first. */
    static List<String> reasons(RunResult result, Setting.Names names) {
        var nothing = result.outcomes().completed() == 0;
        // Where nothing completed, it goes without saying that rate and mix were missed.
        return RunWords.warnings(result, names).stream().filter(warning -> !nothing || !warning.isOfPlan())
                .sorted(Comparator.comparing(warning -> !warning.lead().equals(RunWords.INTERRUPTED)))
                .map(RunWords.Warning::toString).toList();
    }

    /** Says what to do about the cause that made the run unfit; empty if it was fit. */
    static Optional<String> remedy(RunResult result, Setting.Names names) {
        return result.generator().saturated()
                ? Optional.of((switch (result.generator().saturatedCause()) {
                    case "suspended" -> Advice.words("Run it again where nothing suspends it.");
                    case "cpu_quota" -> Advice.words("Give the generator more CPU time, or lower the rate.");
                    case "hypervisor", "other_work" ->
                        Advice.words("Keep other work off this machine, or lower the rate.");
                    case "retransmits" -> Advice.words("Check the network to the server, or lower the rate.");
                    case null, default ->
                        Advice.of("Lower the rate, add %s, or load from more machines.", Setting.THREADS);
                }).in(names))
                : Optional.empty();
    }

    private static boolean isFit(RunResult result) {
        return !result.generator().saturated() && !result.missedRate() && !result.resumption().tooMuchPriming()
                && !result.interrupted() && !result.unfinished() && result.endedBecause() == null;
    }
}
