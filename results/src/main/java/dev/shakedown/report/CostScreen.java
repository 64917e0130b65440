package dev.shakedown.report;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.report.Screen.Need;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.Setting;
import java.util.List;
import java.util.stream.Collectors;

/** What full and resumed handshakes cost, on one screen. */
public final class CostScreen {
    private CostScreen() {}

    /** Returns the screen of one version, or of several with a line for each. */
    public static String of(List<CostResult> results, Setting.Names names, FurtherReading further) {
        var screen = new Screen();
        var first = results.getFirst();
        screen.row(Need.ESSENTIAL, 2, SetupWords.loaded(first.target(),
                results.stream().flatMap(result -> result.negotiated().stream()).toList()));
        screen.words(Need.USEFUL, 1, "", Units.count(first.blocks(), "block") + " of "
                + Units.plain(first.blockSeconds()) + " s of each kind, alternating, "
                + Units.plain(first.ratePerSecond()) + "/s " + first.plan().shape().arrivals());
        if (RunWords.weak(first.negotiated()) instanceof RunWords.Warning(var lead, var words)) {
            screen.words(Need.USEFUL, 2, lead + ": ", words);
        }
        screen.gap();
        if (results.size() == 1) {
            screen.table(Need.ESSENTIAL, CostReport.table(first, false));
            screen.phases("full", first.full().phases());
            screen.phases("resumed", first.resumed().phases());
        } else {
            screen.table(Need.ESSENTIAL, versions(results));
        }
        screen.gap();
        for (var result : results) {
            var version = results.size() == 1 ? "" : "TLS " + result.plan().offer().tls() + ": ";
            CostReport.sentences(result, result.saving().share(), names)
                    .forEach(sentence -> screen.words(Need.USEFUL, 2, version, sentence));
            if (!result.unlike().isEmpty()) {
                screen.words(Need.USEFUL, 2, "NOT ALIKE: ", version + CostReport.unlike(result));
            }
        }
        results.stream().filter(result -> !result.unfit().isEmpty()).findFirst().ifPresent(result -> {
            screen.words(Need.ESSENTIAL, 3, "UNFIT: ", CostReport.unfit(result));
            screen.words(Need.ESSENTIAL, 1, "", Fitness.USUAL_REMEDY);
        });
        screen.row(Need.ESSENTIAL, 2,
                List.of(word(results), "page " + further.page(), "more: " + further.details()));
        return screen.text();
    }

    /** Returns how many times as much a full handshake costs as a resumed one, with a line for each version. */
    private static TextTable versions(List<CostResult> results) {
        var table = new TextTable();
        table.row("", "full p50", "resumed p50", "full / resumed", "client CPU", "server CPU");
        for (var result : results) {
            var ratio = result.ratio();
            table.row("TLS " + result.plan().offer().tls(),
                    Units.quantile(result.full().latencyMicros(), Quantile.P50),
                    Units.quantile(result.resumed().latencyMicros(), Quantile.P50),
                    CostReport.ratio(result, ratio.latencyMicros().p50(), "latencyMicros.p50"),
                    CostReport.ratio(result, ratio.clientCpuMicros(), "clientCpuMicros"),
                    CostReport.ratio(result, ratio.serverCpuMicros(), "serverCpuMicros"));
        }
        return table;
    }

    /** Sums the results up in a few words. */
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
