package dev.shakedown.report;

import dev.shakedown.results.Advice;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Setting;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Whether the figures of a run are to be believed, as the last lines of a screen say it. */
final class Fitness {
    /** It measured what it was to measure. */
    static final String FIT = "FIT";
    /** It may have measured something else. */
    static final String NOT_FIT = "NOT FIT";
    /** No handshake completed, so that it measured nothing. */
    static final String FAILED = "FAILED";

    /** What helps where some of many runs were unfit, whatever made them so. */
    static final String USUAL_REMEDY = "Keep other work off this machine, lower the rate, or load from more machines.";

    private Fitness() {}

    /** In a word, or two. */
    static String word(RunResult result) {
        return result.outcomes().completed() == 0 ? FAILED : isFit(result) ? FIT : NOT_FIT;
    }

    /** Why one should think twice before believing them, as sentences; that it was interrupted comes first. */
    static List<String> reasons(RunResult result, Setting.Names names) {
        var nothing = result.outcomes().completed() == 0;
        // Where nothing completed, it needs no saying that rate and mix were not what was asked for.
        return RunWords.warnings(result, names).stream().filter(warning -> !nothing || !warning.isOfPlan())
                .sorted(Comparator.comparing(warning -> !warning.lead().equals(RunWords.INTERRUPTED)))
                .map(RunWords.Warning::toString).toList();
    }

    /** What helps against what made it unfit, as a sentence; empty where nothing did. */
    static Optional<String> remedy(RunResult result, Setting.Names names) {
        return result.generator().saturated()
                ? Optional.of((switch (result.generator().saturatedCause()) {
                    case "suspended" -> Advice.words("Run it again where nothing makes it stand still.");
                    case "cpu_quota" -> Advice.words("Give the generator more CPU time, or lower the rate.");
                    case "hypervisor", "other_work" ->
                        Advice.words("Keep other work off this machine, or lower the rate.");
                    case "retransmits" -> Advice.words("Look at the network between, or lower the rate.");
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
