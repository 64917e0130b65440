package dev.shakedown.report;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.report.Screen.Need;
import dev.shakedown.results.Quantile;
import java.util.Comparator;
import java.util.List;

import java.util.stream.Collectors;

/** A capacity on one screen: what was found, and the runs that show it. */
public final class CapacityScreen {
    /** How many runs are shown; those nearest to the answer tell most. */
    private static final int MOST_STEPS = 8;
    /** How many mixes' answers fit. */
    private static final int MOST_MIXES = 4;
    /** The server holds the objective at no rate. */
    private static final String NONE_HELD = "MISSED";

    private CapacityScreen() {}

    /** Returns the screen of one mix, or the answers of several. */
    public static String of(List<CapacityResult> results, FurtherReading further) {
        var screen = new Screen();
        var first = results.getFirst();
        screen.row(Need.ESSENTIAL, 2, SetupWords.loaded(first.target(), first.negotiated()));
        screen.words(Need.ESSENTIAL, 2, "objective  ", first.capacity().objective() + ", precision "
                + Units.plain(100 * first.capacity().precision()) + " %");
        if (RunWords.weak(first.negotiated()) instanceof RunWords.Warning(var lead, var words)) {
            screen.words(Need.USEFUL, 2, lead + ": ", words);
        }
        screen.gap();
        if (results.size() == 1) {
            steps(screen, first);
            screen.gap();
        }
        var most = results.size() == 1 ? 5 : 3;
        for (var result : results.subList(0, Math.min(MOST_MIXES, results.size()))) {
            screen.words(Need.ESSENTIAL, most, "", CapacityReport.sentence(result));
            CapacityReport.drift(result).ifPresent(drift -> screen.words(Need.USEFUL, 2, "", drift));
        }
        if (results.stream().anyMatch(result -> result.capacity().limitedBy().equals(Capacity.GENERATOR))) {
            screen.words(Need.ESSENTIAL, 1, "", Fitness.USUAL_REMEDY);
        }
        screen.row(Need.ESSENTIAL, 2, List.of(word(results), "page " + further.page(),
                "more: " + further.details()));
        return screen.text();
    }

    /** Sums the results up in a few words. */
    public static String brief(List<CapacityResult> results) {
        return word(results) + "  " + results.getFirst().target().hostAndPort() + "  "
                + results.stream().map(result -> Units.rate(result.capacity().ratePerSecond()) + "/s")
                        .collect(Collectors.joining(", "));
    }

    /** Returns the verdict of the worst result. */
    private static String word(List<CapacityResult> results) {
        var limits = results.stream().map(result -> result.capacity().limitedBy()).toList();
        if (limits.contains(Capacity.GENERATOR) || limits.contains(Capacity.INTERRUPTED)) {
            return Fitness.NOT_FIT;
        }
        return results.stream().anyMatch(result -> result.capacity().ratePerSecond() == 0) ? NONE_HELD : Fitness.FIT;
    }

    private static void steps(Screen screen, CapacityResult result) {
        var answer = result.capacity().ratePerSecond();
        var nearest = result.steps().stream()
                .sorted(Comparator
                        .comparingDouble(step -> Math.abs(Math.log(step.ratePerSecond() / Math.max(answer, 1)))))
                .limit(MOST_STEPS).toList();
        var table = new TextTable();
        table.row("offered/s", "", "held", "completed/s", "p50", "p99", "failures", "server CPU");
        result.steps().stream().filter(nearest::contains).forEach(step -> table.row(Units.rate(step.ratePerSecond()),
                step.purpose(), held(step), Units.rate(step.achievedPerSecond()),
                Units.quantile(step.latencyMicros(), Quantile.P50), Units.quantile(step.latencyMicros(), Quantile.P99),
                Units.percent(step.failures()),
                step.serverCpuCores() == null ? Units.NONE : Units.number(step.serverCpuCores()) + " cores"));
        screen.table(Need.ESSENTIAL, table);
        if (result.steps().size() > MOST_STEPS) {
            screen.words(Need.EXTRA, 1, "  ", "the " + MOST_STEPS + " of " + result.steps().size()
                    + " runs nearest to the answer");
        }
    }

    private static String held(Step step) {
        return step.held() ? ObjectiveWords.HELD : step.unfitBecause() == null ? ObjectiveWords.MISSED : "unfit";
    }
}
