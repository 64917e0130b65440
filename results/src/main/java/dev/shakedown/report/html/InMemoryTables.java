package dev.shakedown.report.html;

import dev.shakedown.report.Units;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.JmhFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Tables of what full and resumed handshakes cost each side in memory, from the counters of the benchmark. */
final class InMemoryTables {
    private static final String BENCHMARK = "HandshakeBenchmark.cost";
    private static final String FULL = "FULL";
    private static final double NANOS_PER_MICRO = 1e3;

    private InMemoryTables() {}

    /** What one handshake of a kind costs: CPU times in microseconds, means of everything else. */
    private record Cost(double clientMicros, double serverMicros, double clientBytes, double serverBytes,
            double flights, double clientHeapBytes, double serverHeapBytes) {
        static Cost of(JmhFile.Row row) {
            return new Cost(cpuMicros(row, "clientNanos"), cpuMicros(row, "serverNanos"),
                    mean(row, "clientBytes", "handshakes"), mean(row, "serverBytes", "handshakes"),
                    mean(row, "flights", "handshakes"), mean(row, "clientHeapBytes", "weighed"),
                    mean(row, "serverHeapBytes", "weighed"));
        }

        /** Returns the median over iterations of the time in which the thread had the CPU, microseconds. */
        private static double cpuMicros(JmhFile.Row row, String nanos) {
            var took = counts(row, nanos);
            var timed = counts(row, "timed");
            var elapsed = counts(row, "elapsedNanos");
            var cpu = counts(row, "cpuNanos");
            var values = new ArrayList<Double>();
            for (var i = 0; i < took.size(); i++) {
                var share = elapsed.get(i) == 0 ? 1 : Math.min(1, cpu.get(i) / elapsed.get(i));
                values.add(took.get(i) * share / timed.get(i) / NANOS_PER_MICRO);
            }
            return JmhFile.Row.median(values);
        }

        private static double mean(JmhFile.Row row, String counter, String over) {
            return sum(row, counter) / sum(row, over);
        }

        private static double sum(JmhFile.Row row, String counter) {
            return counts(row, counter).stream().mapToDouble(each -> each).sum();
        }

        private static List<Double> counts(JmhFile.Row row, String counter) {
            return row.counters().getOrDefault(counter, List.of()).stream().flatMap(List::stream).toList();
        }
    }

    /** Returns a table for each pair of peers and certificate; none where the file lacks the benchmark. */
    static List<Part> of(JmhFile file) {
        var groups = new TreeMap<String, Map<String, Cost>>();
        for (var row : file.rows()) {
            if (row.benchmark().endsWith(BENCHMARK) && isWhole(row)) {
                groups.computeIfAbsent(row.params().get("peers") + ", " + row.params().get("certificate"),
                        _ -> new LinkedHashMap<>()).put(row.params().get("kind"), Cost.of(row));
            }
        }
        return groups.entrySet().stream().map(group -> (Part) table(group.getKey(), group.getValue())).toList();
    }

    /** Whether a row has all counters; one of another version, or from elsewhere, may lack some. */
    private static boolean isWhole(JmhFile.Row row) {
        var counters = List.of("clientNanos", "serverNanos", "timed", "elapsedNanos", "cpuNanos").stream()
                .map(row.counters()::get).toList();
        return row.params().keySet().containsAll(List.of("peers", "certificate", "kind"))
                && row.counters().keySet().containsAll(List.of("clientBytes", "serverBytes", "handshakes", "flights",
                        "clientHeapBytes", "serverHeapBytes", "weighed"))
                && counters.stream().allMatch(Objects::nonNull)
                && counters.stream().mapToLong(each -> each.stream().mapToLong(List::size).sum()).distinct()
                        .count() == 1
                && counters.getFirst().stream().anyMatch(fork -> !fork.isEmpty());
    }

    private static Table table(String group, Map<String, Cost> costs) {
        var rows = new ArrayList<List<String>>();
        costs.forEach((kind, cost) -> {
            // TLS13_PSK is a part of TLS13_FULL.
            var full = kind.endsWith(FULL) ? null : costs.get(kind.replaceFirst("_.*", "_") + FULL);
            rows.add(List.of(kind, Units.exactTime(cost.clientMicros), part(cost, full, Cost::clientMicros),
                    Units.exactTime(cost.serverMicros), part(cost, full, Cost::serverMicros),
                    whole(cost.clientBytes), whole(cost.serverBytes), whole(cost.flights),
                    whole(cost.clientHeapBytes), whole(cost.serverHeapBytes)));
        });
        return new Table("Full against resumed, in memory: " + group
                + " (client_server, certificate). Per handshake: CPU time of each side, bytes and flights as the"
                + " client sees them, Java heap; of full is the share of a full handshake's CPU time in that version.",
                List.of("kind", "client CPU", "of full", "server CPU", "of full", "bytes sent", "received", "flights",
                        "client heap", "server heap"),
                rows);
    }

    private static String part(Cost cost, @Nullable Cost full, ToDoubleFunction<Cost> figure) {
        return full == null ? Units.NONE : Units.times(figure.applyAsDouble(cost) / figure.applyAsDouble(full));
    }

    private static String whole(double value) {
        return Double.isFinite(value) ? Units.count(Math.round(value)) : Units.NONE;
    }
}
