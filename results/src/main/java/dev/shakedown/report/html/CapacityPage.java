package dev.shakedown.report.html;

import dev.shakedown.experiment.CapacityResult;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A search for a capacity as a page. */
final class CapacityPage {
    private CapacityPage() {}

    static Page of(List<CapacityResult> results) {
        var first = results.getFirst();
        var sections = new ArrayList<Section>();
        for (var result : results) {
            var mix = result.capacity().mix();
            var name = "full=" + mix.full() + " resumed=" + mix.resumed();
            var suffix = results.size() == 1 ? "" : "-" + name.replaceAll("[= ]+", "-");
            sections.add(new Section("Capacity" + (results.size() == 1 ? "" : ", " + name),
                    List.of(curve("capacity" + suffix, result.steps()), steps(result.steps()))));
        }
        sections.add(new Section("Plan and environment", List.of(
                new Table("Plan", List.of(),
                        List.of(List.of("objective", first.capacity().objective()),
                                List.of("precision",
                                        String.format(Locale.ROOT, "%.1f %%", 100 * first.capacity().precision())),
                                List.of("client", first.client().keyShare() + ", " + first.client().transport()),
                                List.of("TLS", first.plan().tls()))),
                RunPage.environment(first.tool(), first.startedAt(), first.target(), first.host()))));
        var limited = results.stream().filter(result -> result.capacity().limitedBy().equals("generator")).toList();
        return new Page("Shakedown: capacity of " + first.target().host() + ":" + first.target().port(),
                results.stream().map(CapacityReport::sentence).collect(Collectors.joining(" ")),
                Stream.concat(
                        limited.isEmpty()
                                ? Stream.empty()
                                : Stream.of("UNFIT: the generator was the limit, not the server; it may carry more."),
                        Stream.ofNullable(RunWords.weak(first.negotiated())).map(RunWords.Warning::toString)).toList(),
                sections);
    }

    private static Chart curve(String name, List<Step> steps) {
        var rows = steps.stream().filter(step -> step.latencyMicros().p99() != null)
                .sorted(Comparator.comparing(Step::ratePerSecond))
                .map(step -> new Row(null, step.ratePerSecond(),
                        Arrays.asList(step.held() ? step.latencyMicros().p50() : null,
                                step.held() ? step.latencyMicros().p99() : null,
                                step.held() ? null : step.latencyMicros().p50(),
                                step.held() ? null : step.latencyMicros().p99())))
                .toList();
        return new Chart(name, "Latency over the rate",
                "Each point is a run: what held the objective, and what did not.",
                Form.POINTS, new Axis("offered handshakes/s", Scale.LOG, Unit.NUMBER),
                new Axis("latency", Scale.LOG, Unit.MICROS), List.of("held, p50", "held, p99", "missed, p50",
                        "missed, p99"),
                rows);
    }

    private static Table steps(List<Step> steps) {
        return new Table("Each run, in the order in which they were made.",
                List.of("rate/s", "purpose", "held", "completed/s", "p50", "p99", "failures", "server cores", ""),
                steps.stream()
                        .map(step -> List.of(Units.rate(step.ratePerSecond()), step.purpose(),
                                step.held() ? "yes" : "no: " + step.missed(), Units.rate(step.achievedPerSecond()),
                                Units.time(step.latencyMicros().p50()), Units.time(step.latencyMicros().p99()),
                                String.format(Locale.ROOT, "%.2f %%", 100 * step.failures()),
                                Units.number(step.serverCpuCores()),
                                step.unfitBecause() == null ? "" : "unfit: " + step.unfitBecause()))
                        .toList());
    }
}
