package dev.shakedown.report.html;

import dev.shakedown.experiment.CostResult;
import dev.shakedown.experiment.CostResult.Side;
import dev.shakedown.report.CostReport;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.Units;
import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Row;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page of a comparison of full and resumed handshakes. */
final class CostPage {
    private CostPage() {}

    static Page of(List<CostResult> results, double share, Setting.Names names) {
        var first = results.getFirst();
        var sections = new ArrayList<Section>();
        var warnings = new ArrayList<String>();
        for (var result : results) {
            var version = "TLS " + result.plan().offer().tls();
            var suffix = results.size() == 1 ? "" : "-" + result.plan().offer().tls();
            var weak = RunWords.weak(result.negotiated());
            if (weak != null) {
                warnings.add(version + ", " + weak);
            }
            if (!result.unfit().isEmpty()) {
                warnings.add("UNFIT: " + version + ", " + CostReport.unfit(result));
            }
            if (!result.unlike().isEmpty()) {
                warnings.add("NOT ALIKE: " + version + ", " + CostReport.unlike(result));
            }
            var parts = new ArrayList<Part>();
            // In a screen reader only these words tell the versions apart.
            var of = results.size() == 1 ? "" : ", " + version;
            parts.add(times("cost" + suffix, of, result));
            parts.add(table(of, result));
            parts.add(new Table("What handshakes negotiated" + of + ".", List.of("kind", "negotiated"),
                    List.of(List.of("full", CostReport.negotiated(result.full())),
                            List.of("resumed", CostReport.negotiated(result.resumed())))));
            parts.addAll(RunPage.phases(suffix, of, Map.of(Kind.FULL, result.full().phases(), Kind.RESUMED,
                    result.resumed().phases())));
            sections.add(new Section(version, parts));
        }
        sections.add(PlanTables.section(List.of(
                List.of("blocks of each kind", Units.count(first.blocks())),
                List.of("rate",
                        Units.plain(first.ratePerSecond()) + "/s " + first.plan().shape().arrivals()),
                List.of("length of a block", Units.plain(first.blockSeconds()) + " s")),
                RunWords.client(first.client()), first.plan(), List.of(
                        PlanTables.environment(first.tool(), first.startedAt(), first.target(), first.host()))));
        return new Page(
                "Shakedown: full against resumed at " + first.target().hostAndPort(),
                results.stream().map(result -> Headline.of(result, share, names)).collect(Collectors.joining(" ")),
                RunWords.client(first.client()), warnings, HeadStrip.ofCost(results), sections);
    }

    private static Chart times(String name, String of, CostResult result) {
        var rows = new ArrayList<Row>();
        row(rows, result, "latency p50", side -> side.latencyMicros().p50());
        row(rows, result, "latency p90", side -> side.latencyMicros().p90());
        row(rows, result, "latency p99", side -> side.latencyMicros().p99());
        row(rows, result, "client CPU", Side::clientCpuMicros);
        row(rows, result, "server CPU", Side::serverCpuMicros);
        return new Chart(name, "Full and resumed side by side" + of, "Time per handshake, on a logarithmic scale.",
                Form.POINTS, new Axis("figure", Scale.NAMES, Unit.NUMBER), new Axis("time", Scale.LOG, Unit.MICROS),
                List.of("full", "resumed"), rows);
    }

    private static void row(List<Row> rows, CostResult result, String name, Function<Side, @Nullable Double> value) {
        if (value.apply(result.full()) != null || value.apply(result.resumed()) != null) {
            rows.add(Row.of(name, Arrays.asList(value.apply(result.full()), value.apply(result.resumed()))));
        }
    }

    private static Table table(String of, CostResult result) {
        var rows = new ArrayList<List<String>>();
        var ratio = result.ratio();
        rows.add(row(result, "latency p50", side -> Units.quantile(side.latencyMicros(), Quantile.P50),
                ratio.latencyMicros().p50(), "latencyMicros.p50"));
        rows.add(row(result, "latency p99", side -> Units.quantile(side.latencyMicros(), Quantile.P99),
                ratio.latencyMicros().p99(), "latencyMicros.p99"));
        rows.add(row(result, "client CPU", side -> Units.time(side.clientCpuMicros()), ratio.clientCpuMicros(),
                "clientCpuMicros"));
        rows.add(row(result, "server CPU", side -> Units.time(side.serverCpuMicros()), ratio.serverCpuMicros(),
                "serverCpuMicros"));
        rows.add(row(result, "bytes sent", side -> Units.number(side.bytesSent()), ratio.bytesSent(),
                "bytesSent"));
        rows.add(row(result, "bytes received", side -> Units.number(side.bytesReceived()), ratio.bytesReceived(),
                "bytesReceived"));
        rows.add(row(result, "flights", side -> side.flights() == null ? Units.NONE : side.flights().toString(),
                ratio.flights(), ""));
        return new Table("Full against resumed" + of + ". " + CostReport.RATIOS,
                List.of("figure", "full", "resumed", "full / resumed", Estimates.CONFIDENCE + " interval"), rows);
    }

    private static List<String> row(CostResult result, String name, Function<Side, String> words,
            @Nullable Double ratio,
            String confidence) {
        return List.of(name, words.apply(result.full()), words.apply(result.resumed()),
                CostReport.ratio(result, ratio, confidence), CostReport.within(result, confidence));
    }
}
