package dev.shakedown.report.html;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.report.CapacityReport;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.Units;
import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Row;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Quantile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** A search for a capacity as a page. */
final class CapacityPage {
    private CapacityPage() {}

    static Page of(List<CapacityResult> results) {
        var first = results.getFirst();
        var sections = new ArrayList<Section>();
        for (var result : results) {
            var name = CapacityReport.mix(result.capacity());
            var suffix = results.size() == 1 ? "" : "-" + name.replaceAll("[= ]+", "-");
            var of = results.size() == 1 ? "" : ", " + name;
            sections.add(new Section("Capacity" + of,
                    List.of(curve("capacity" + suffix, of, result.steps()), steps(of, result.steps()))));
        }
        sections.add(PlanTables.section(List.of(
                List.of("objective", first.capacity().objective()),
                List.of("precision", String.format(Locale.ROOT, "%.1f %%", 100 * first.capacity().precision()))),
                RunWords.client(first.client()), first.plan(), List.of(
                        PlanTables.environment(first.tool(), first.startedAt(), first.target(), first.host()))));
        var limited = results.stream().filter(result -> result.capacity().limitedBy().equals(Capacity.GENERATOR))
                .toList();
        var warnings = new ArrayList<String>();
        var weak = RunWords.weak(first.negotiated());
        if (!limited.isEmpty()) {
            warnings.add("UNFIT: the generator was the limit, not the server; it may carry more.");
        }
        results.stream().flatMap(result -> CapacityReport.moved(result).stream()).forEach(warnings::add);
        if (weak != null) {
            warnings.add(weak.toString());
        }
        return new Page("Shakedown: capacity of " + first.target().hostAndPort(),
                results.stream().map(CapacityReport::sentence).collect(Collectors.joining(" ")),
                RunWords.client(first.client()), warnings, sections);
    }

    private static Chart curve(String name, String of, List<Step> steps) {
        var rows = steps.stream().filter(step -> step.latencyMicros().p99() != null)
                .sorted(Comparator.comparingDouble(Step::ratePerSecond))
                .map(step -> new Row(null, step.ratePerSecond(),
                        Arrays.asList(step.held() ? step.latencyMicros().p50() : null,
                                step.held() ? step.latencyMicros().p99() : null,
                                step.held() ? null : step.latencyMicros().p50(),
                                step.held() ? null : step.latencyMicros().p99())))
                .toList();
        return new Chart(name, "Latency over the rate" + of,
                "Each point is a run: what held the objective, and what did not.",
                Form.POINTS, new Axis("offered handshakes/s", Scale.LOG, Unit.NUMBER),
                new Axis("latency", Scale.LOG, Unit.MICROS), List.of("held, p50", "held, p99", "missed, p50",
                        "missed, p99"),
                rows);
    }

    private static String note(Step step) {
        var notes = new StringJoiner("; ");
        if (step.unfitBecause() != null) {
            notes.add("unfit: " + step.unfitBecause());
        }
        if (step.serverCpuWithheldBecause() != null) {
            notes.add("server cores withheld: " + step.serverCpuWithheldBecause());
        }
        return notes.toString();
    }

    private static Table steps(String of, List<Step> steps) {
        return new Table("Each run, in the order in which they were made" + of + ".",
                List.of("offered/s", "purpose", "held", "completed/s", "p50", "p99", "failures", "server cores",
                        "note"),
                steps.stream()
                        .map(step -> List.of(Units.rate(step.ratePerSecond()), step.purpose(),
                                step.held() ? "yes" : "no: " + step.missed(), Units.rate(step.achievedPerSecond()),
                                Units.quantile(step.latencyMicros(), Quantile.P50),
                                Units.quantile(step.latencyMicros(), Quantile.P99),
                                String.format(Locale.ROOT, "%.2f %%", 100 * step.failures()),
                                Units.number(step.serverCpuCores()),
                                note(step)))
                        .toList());
    }
}
