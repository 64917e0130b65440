package dev.shakedown.report;

import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows.CertificateRow;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables of handshakes by requested name, and by negotiated version, where there are several. */
final class RowTables {
    private RowTables() {}

    /** Returns the tables, each ending with an empty line; empty where there are none. */
    static String of(RunResult result) {
        return names(result) + versions(result);
    }

    private static String names(RunResult result) {
        if (result.names() == null) {
            return "";
        }
        var table = new TextTable();
        table.row("name", "completed/s", "failed", "full p50", "full p99", "resumed p50", "resumed p99", "accepted");
        for (var row : result.names()) {
            table.row(name(row.name()), Units.rate(row.ratePerSecond()),
                    Units.count(row.outcomes().planned() - row.outcomes().completed()),
                    Units.quantile(row.fullLatencyMicros(), Quantile.P50),
                    Units.quantile(row.fullLatencyMicros(), Quantile.P99),
                    Units.quantile(row.resumedLatencyMicros(), Quantile.P50),
                    Units.quantile(row.resumedLatencyMicros(), Quantile.P99),
                    Units.share(row.resumption().accepted(), row.resumption().offered()));
        }
        return table.text() + result.names().stream()
                .map(row -> Paragraph.of("  " + name(row.name()) + ": ", certificates(row.certificates())))
                .collect(Collectors.joining()) + "\n";
    }

    private static String name(@Nullable String name) {
        return name == null ? "no name" : name;
    }

    /** Returns the certificates that were presented, in a line. */
    private static String certificates(List<CertificateRow> rows) {
        return rows.isEmpty()
                ? "no certificate was presented"
                : rows.stream().map(RunWords::certificate).collect(Collectors.joining("; "));
    }

    private static String versions(RunResult result) {
        if (result.versions() == null) {
            return "";
        }
        var table = new TextTable();
        table.row("version", "count", "completed/s", "full p50", "full p99", "resumed p50", "resumed p99");
        for (var row : result.versions()) {
            table.row(RunWords.version(row.version()), Units.count(row.completed()), Units.rate(row.ratePerSecond()),
                    Units.quantile(row.fullLatencyMicros(), Quantile.P50),
                    Units.quantile(row.fullLatencyMicros(), Quantile.P99),
                    Units.quantile(row.resumedLatencyMicros(), Quantile.P50),
                    Units.quantile(row.resumedLatencyMicros(), Quantile.P99));
        }
        return table.text() + "\n";
    }
}
