package dev.shakedown.report.html;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.experiment.Objective;
import dev.shakedown.report.CapacityReport;
import dev.shakedown.report.RunWords;
import dev.shakedown.report.Units;
import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Guide;
import dev.shakedown.report.html.Chart.Row;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.SeriesStyle.Line;
import dev.shakedown.report.html.SeriesStyle.Symbol;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Quantile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of a capacity search. */
final class CapacityPage {
    private CapacityPage() {}

    static Page of(List<CapacityResult> results) {
        var first = results.getFirst();
        var sections = new ArrayList<Section>();
        for (var result : results) {
            var name = CapacityReport.mix(result.capacity());
            var suffix = results.size() == 1 ? "" : "-" + name.replaceAll("[= ]+", "-");
            var of = results.size() == 1 ? "" : ", " + name;
            var parts = new ArrayList<Part>(List.of(curve("capacity" + suffix, of, result), steps(of, result.steps())));
            unfit(of, result.steps()).ifPresent(parts::add);
            sections.add(new Section("Capacity" + of, parts));
        }
        sections.add(PlanTables.section(List.of(
                List.of("objective", first.capacity().objective()),
                List.of("precision", Units.plain(100 * first.capacity().precision()) + " %")),
                RunWords.client(first.client()), first.plan(), List.of(
                        PlanTables.environment(first.tool(), first.startedAt(), first.target(), first.host()))));
        var limited = results.stream().filter(result -> result.capacity().limitedBy().equals(Capacity.GENERATOR))
                .toList();
        var warnings = new ArrayList<String>();
        var weak = RunWords.weak(first.negotiated());
        if (!limited.isEmpty()) {
            warnings.add("UNFIT: the generator was the limit, not the server; the server may carry more.");
        }
        results.stream().flatMap(result -> CapacityReport.drift(result).stream()).forEach(warnings::add);
        if (weak != null) {
            warnings.add(weak.toString());
        }
        return new Page("Shakedown: capacity of " + first.target().hostAndPort(),
                results.stream().map(CapacityReport::sentence).collect(Collectors.joining(" ")),
                RunWords.client(first.client()), warnings, HeadStrip.ofCapacity(results), sections);
    }

    /** How a run of the search ended, with its symbol. */
    private enum Fate {
        HELD(Symbol.CIRCLE), MISSED(Symbol.CROSS), UNFIT(Symbol.RING);

        private final Symbol symbol;

        Fate(Symbol symbol) {
            this.symbol = symbol;
        }

        static Fate of(Step step) {
            return step.held() ? HELD : step.tellsOfServer() ? MISSED : UNFIT;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<Quantile> SHOWN = List.of(Quantile.P50, Quantile.P99);

    private static Chart curve(String name, String of, CapacityResult result) {
        var steps = result.steps().stream().filter(step -> step.latencyMicros().p99() != null)
                .sorted(Comparator.comparingDouble(Step::ratePerSecond)).toList();
        var series = new ArrayList<String>();
        var looks = new ArrayList<SeriesStyle>();
        for (var fate : Fate.values()) {
            for (var i = 0; i < SHOWN.size(); i++) {
                series.add(fate.label() + ", " + SHOWN.get(i).label());
                looks.add(new SeriesStyle(SeriesStyle.other(i), Line.SOLID, fate.symbol));
            }
        }
        var rows = steps.stream().map(step -> new Row(null, step.ratePerSecond(), Stream.of(Fate.values())
                .flatMap(fate -> SHOWN.stream().map(quantile -> fate == Fate.of(step)
                        ? quantile.micros(step.latencyMicros())
                        : null))
                .toList())).toList();
        return new Chart(name, "Latency against the rate" + of,
                "Each point is a run: ● held the objective, × missed it, ○ says nothing about the server, because"
                        + " the generator was unfit.",
                Form.POINTS, new Axis("offered handshakes/s", Scale.LOG, Unit.NUMBER),
                new Axis("latency", Scale.LOG, Unit.MICROS), series, rows).looking(looks)
                .guided(guides(result.capacity()));
    }

    /** Draws the objective and the answer. */
    private static List<Guide> guides(Capacity capacity) {
        var guides = new ArrayList<Guide>();
        try {
            Objective.parse(capacity.objective()).terms().stream().filter(term -> !term.name().equals("failures"))
                    .forEach(term -> guides.add(Guide.level("objective: " + term.name() + " < "
                            + Units.time(term.limit()), term.limit())));
        } catch (IllegalArgumentException e) {
            // An objective of another version of the tool is still in the text.
            guides.clear();
        }
        if (capacity.ratePerSecond() > 0) {
            guides.add(Guide.place("holds " + Units.rate(capacity.ratePerSecond()) + "/s",
                    capacity.ratePerSecond()));
        }
        return guides;
    }

    /** Returns a table of why runs say nothing about the server; empty where all say something. */
    private static Optional<Table> unfit(String of, List<Step> steps) {
        var rows = steps.stream().filter(step -> step.unfitBecause() != null)
                .map(step -> List.of(Units.rate(step.ratePerSecond()) + "/s, " + step.purpose(),
                        step.unfitBecause() + (step.held() ? "; it held nevertheless" : "")))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Table("Runs in which the generator was unfit, and why" + of + ".", List.of(), rows));
    }

    private static Table steps(String of, List<Step> steps) {
        return new Table("All runs, in the order of the search" + of + ".",
                List.of("offered/s", "purpose", "held", "completed/s", "p50", "p99", "failures", "server cores",
                        "server cores withheld"),
                steps.stream()
                        .map(step -> List.of(Units.rate(step.ratePerSecond()), step.purpose(),
                                held(step), Units.rate(step.achievedPerSecond()),
                                Units.quantile(step.latencyMicros(), Quantile.P50),
                                Units.quantile(step.latencyMicros(), Quantile.P99),
                                Units.percent(step.failures()),
                                Units.number(step.serverCpuCores()),
                                step.serverCpuWithheldBecause() == null ? "" : step.serverCpuWithheldBecause()))
                        .toList());
    }

    private static String held(Step step) {
        return switch (Fate.of(step)) {
            case HELD -> "● yes";
            case MISSED -> "× no: " + step.missed();
            case UNFIT -> "○ unfit: " + step.missed();
        };
    }
}
