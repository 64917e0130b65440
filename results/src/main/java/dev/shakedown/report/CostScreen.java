package dev.shakedown.report;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.report.Screen.Need;
import dev.shakedown.results.Setting;
import java.util.List;
import java.util.stream.Collectors;

/** What full and resumed handshakes cost, on one screen. */
public final class CostScreen {
    private CostScreen() {}

    /** The screen of one version, or of several without their phases. */
    public static String of(List<CostResult> results, Setting.Names names, Further further) {
        var screen = new Screen();
        for (var result : results) {
            screen.row(Need.ESSENTIAL, 2, SetupWords.loaded(result.target(), result.negotiated()));
            var shape = result.plan().shape();
            screen.words(Need.EXTRA, 2, "  ", Units.count(result.blocks(), "block") + " of "
                    + Units.plain(shape.durationSeconds()) + " s of each kind, alternating, "
                    + Units.plain(shape.ratePerSecond()) + "/s " + shape.arrivals());
            if (RunWords.weak(result.negotiated()) instanceof RunWords.Warning(var lead, var words)) {
                screen.words(Need.USEFUL, 2, lead + ": ", words);
            }
            screen.gap();
            screen.table(Need.ESSENTIAL, CostReport.table(result, results.size() == 1, false));
            screen.gap();
            CostReport.sentences(result, result.saving().share(), names)
                    .forEach(sentence -> screen.words(Need.USEFUL, 2, "", sentence));
            if (!result.unlike().isEmpty()) {
                screen.words(Need.ESSENTIAL, 2, "NOT ALIKE: ", CostReport.unlike(result));
            }
            if (!result.unfit().isEmpty()) {
                screen.words(Need.ESSENTIAL, 3, "UNFIT: ", CostReport.unfit(result));
            }
        }
        screen.row(Need.ESSENTIAL, 2,
                List.of(word(results), "page " + further.page(), "more: " + further.details()));
        return screen.text();
    }

    /** The same in a few words. */
    public static String brief(List<CostResult> results) {
        return word(results) + "  " + results.getFirst().target().hostAndPort() + "  full / resumed "
                + results.stream().map(result -> Units.times(result.ratio().latencyMicros().p50()))
                        .collect(Collectors.joining(", "));
    }

    private static String word(List<CostResult> results) {
        if (results.stream().anyMatch(result -> result.full().completed() + result.resumed().completed() == 0)) {
            return Fitness.FAILED;
        }
        return results.stream().allMatch(result -> result.unfit().isEmpty()) ? Fitness.FIT : Fitness.NOT_FIT;
    }
}
