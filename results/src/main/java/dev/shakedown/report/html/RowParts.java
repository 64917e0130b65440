package dev.shakedown.report.html;

import dev.shakedown.report.RunWords;
import dev.shakedown.report.Units;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tables by requested name, by server and by negotiated version, where there are several. */
final class RowParts {
    private RowParts() {}

    static List<Part> of(RunResult result) {
        var parts = new ArrayList<Part>();
        if (result.names() != null) {
            parts.add(table("Requested names, and the certificates presented for them.", List.of("name",
                    "completed/s", "not completed"), List.of("resumed of offered", "certificate"),
                    result.names().stream().map(row -> cells(List.of(row.name() == null ? "no name" : row.name(),
                            Units.rate(row.ratePerSecond()), missing(row.outcomes())), row.fullLatencyMicros(),
                            row.resumedLatencyMicros(),
                            List.of(Units.share(row.resumption().accepted(), row.resumption().offered()),
                                    row.certificates().isEmpty()
                                            ? "none was presented"
                                            : row.certificates().stream().map(RunWords::certificate)
                                                    .collect(Collectors.joining("; ")))))
                            .toList()));
        }
        if (result.targets() != null) {
            parts.add(table("Servers take turns.", List.of("target", "completed/s", "not completed"), List.of(),
                    result.targets().stream().map(row -> cells(List.of(row.target().hostAndPort(),
                            Units.rate(row.ratePerSecond()), missing(row.outcomes())), row.full().latencyMicros(),
                            row.resumed().latencyMicros(), List.of())).toList()));
        }
        if (result.versions() != null) {
            parts.add(table("Negotiated versions.", List.of("version", "completed/s", "completed"), List.of(),
                    result.versions().stream().map(row -> cells(List.of(RunWords.version(row.version()),
                            Units.rate(row.ratePerSecond()), Units.count(row.completed())), row.fullLatencyMicros(),
                            row.resumedLatencyMicros(), List.of())).toList()));
        }
        return parts;
    }

    private static String missing(RunSums.Outcomes outcomes) {
        return Units.count(outcomes.planned() - outcomes.completed());
    }

    private static Table table(String caption, List<String> before, List<String> after, List<List<String>> rows) {
        return new Table(caption, joined(before, List.of("full p50", "full p99", "resumed p50", "resumed p99"), after),
                rows);
    }

    private static List<String> cells(List<String> before, Distribution full, Distribution resumed,
            List<String> after) {
        return joined(before, Stream.of(full, resumed)
                .flatMap(micros -> Stream.of(Quantile.P50, Quantile.P99).map(each -> Units.quantile(micros, each)))
                .toList(), after);
    }

    private static List<String> joined(List<String> before, List<String> middle, List<String> after) {
        return Stream.of(before, middle, after).flatMap(List::stream).toList();
    }
}
