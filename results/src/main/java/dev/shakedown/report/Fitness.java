package dev.shakedown.report;

import dev.shakedown.results.RunResult;
import dev.shakedown.results.Setting;
import java.util.List;

/** Whether the figures of a run are to be believed, as the last lines of a screen say it. */
final class Fitness {
    /** It measured what it was to measure. */
    static final String FIT = "FIT";
    /** It may have measured something else. */
    static final String NOT_FIT = "NOT FIT";
    /** No handshake completed, so that it measured nothing. */
    static final String FAILED = "FAILED";

    private Fitness() {}

    /** In a word, or two. */
    static String word(RunResult result) {
        return result.outcomes().completed() == 0 ? FAILED : isFit(result) ? FIT : NOT_FIT;
    }

    /** Why one should think twice before believing them, each with what helps. */
    static List<String> reasons(RunResult result, Setting.Names names) {
        var nothing = result.outcomes().completed() == 0;
        // Where nothing completed, it needs no saying that rate and mix were not what was asked for.
        return RunWords.warnings(result, names).stream().filter(warning -> !nothing || !warning.isOfPlan())
                .map(warning -> warning + (warning.lead().equals(RunWords.UNFIT)
                        ? " " + RunWords.remedyOfUnfit(result).in(names)
                        : ""))
                .toList();
    }

    private static boolean isFit(RunResult result) {
        return !result.generator().saturated() && !result.missedRate() && !result.resumption().tooMuchPriming()
                && !result.interrupted() && !result.unfinished() && result.endedBecause() == null;
    }
}
