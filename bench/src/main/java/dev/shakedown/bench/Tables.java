package dev.shakedown.bench;

import dev.shakedown.bench.HandshakeBenchmark.Kind;
import dev.shakedown.results.JmhFile;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** The tables of a benchmark run. Figures are medians over iterations or samples. */
final class Tables {
    private final PrintStream out;

    Tables(PrintStream out) {
        this.out = out;
    }

    void print(Collection<RunResult> results) {
        printScores(results.stream().filter(result -> !Samples.isSampled(result) && !isCost(result)).toList(), results);
        printPercentiles(results.stream().filter(Samples::isSampled).toList(), results);
        printFullAgainstResumed(results.stream().filter(Tables::isCost).toList());
    }

    private static boolean isCost(RunResult result) {
        return result.getParams().getBenchmark().endsWith("HandshakeBenchmark.cost");
    }

    /** Returns microseconds per operation. */
    static double medianMicros(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50)
                * TimeUnit.NANOSECONDS.convert(1, result.getParams().getTimeUnit()) / 1000;
    }

    private void printScores(List<RunResult> results, Collection<RunResult> all) {
        if (results.isEmpty()) {
            return;
        }
        out.printf("%n%-58s %10s %8s %11s%n", "µs per operation", "median", "error", "÷ baseline");
        for (var result : results) {
            var statistics = result.getPrimaryResult().getStatistics();
            var error = 100 * statistics.getMeanErrorAt(0.99) / statistics.getMean();
            out.printf(Locale.ROOT, "%-58s %10.3f %8s %11s%n", Samples.name(result), medianMicros(result),
                    Double.isNaN(error) ? "-" : "±%.1f %%".formatted(error), ratio(result, all));
        }
        out.println("error: half the 99 % confidence interval of the mean over iterations");
    }

    private void printPercentiles(List<RunResult> results, Collection<RunResult> all) {
        if (results.isEmpty()) {
            return;
        }
        out.printf("%n%-58s %9s %9s %9s %9s %9s %11s%n", "µs per operation, sampled", "p50", "p90", "p99", "p99.9",
                "max", "÷ baseline");
        for (var result : results) {
            var histogram = Samples.histogram(result);
            out.printf(Locale.ROOT, "%-58s %9.2f %9.2f %9.2f %9.2f %9.2f %11s%n", Samples.name(result),
                    histogram.getValueAtPercentile(50) / 1e3, histogram.getValueAtPercentile(90) / 1e3,
                    histogram.getValueAtPercentile(99) / 1e3, histogram.getValueAtPercentile(99.9) / 1e3,
                    histogram.getMaxValue() / 1e3, ratio(result, all));
        }
    }

    /** Returns the median divided by the baseline's; empty where there is no baseline, or it did not run. */
    private static String ratio(RunResult result, Collection<RunResult> all) {
        var baseline = baseline(result.getParams().getBenchmark());
        return baseline == null
                ? ""
                : all.stream().filter(other -> other.getParams().getBenchmark().equals(baseline)
                        && result.getParams().getParamsKeys().stream().allMatch(key -> result.getParams().getParam(key)
                                .equals(other.getParams().getParam(key))))
                        .findFirst().map(other -> "%.2f".formatted(medianMicros(result) / medianMicros(other)))
                        .orElse("");
    }

    /** Returns the baseline's qualified name; {@code null} without one. */
    static @Nullable String baseline(String benchmark) {
        var dot = benchmark.lastIndexOf('.');
        try {
            for (var method : Class.forName(benchmark.substring(0, dot)).getMethods()) {
                var against = method.getAnnotation(Baseline.class);
                if (against != null && method.getName().equals(benchmark.substring(dot + 1))) {
                    return benchmark.substring(0, dot + 1) + against.value();
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return null;
    }

    // Whole handshakes

    /** What one kind of handshake costs. */
    private record Cost(double clientMicros, double serverMicros, double errorPercent, double clientBytes,
            double serverBytes, double flights, double clientHeapBytes, double serverHeapBytes) {
        static Cost of(RunResult result) {
            var client = perIteration(result, "clientNanos");
            var server = perIteration(result, "serverNanos");
            var both = client.stream().mapToDouble(Double::doubleValue).summaryStatistics();
            return new Cost(JmhFile.Row.median(client), JmhFile.Row.median(server),
                    100 * (both.getMax() - both.getMin()) / 2 / JmhFile.Row.median(client),
                    total(result, "clientBytes", "handshakes"), total(result, "serverBytes", "handshakes"),
                    total(result, "flights", "handshakes"), total(result, "clientHeapBytes", "weighed"),
                    total(result, "serverHeapBytes", "weighed"));
        }

        /** Returns CPU time, microseconds: the part of the elapsed time in which the thread had a CPU. */
        private static List<Double> perIteration(RunResult result, String nanos) {
            var values = new ArrayList<Double>();
            for (var fork : result.getBenchmarkResults()) {
                for (var iteration : fork.getIterationResults()) {
                    var elapsed = score(iteration, "elapsedNanos");
                    var share = elapsed == 0 ? 1 : Math.min(1, score(iteration, "cpuNanos") / elapsed);
                    values.add(score(iteration, nanos) * share / score(iteration, "timed") / 1000);
                }
            }
            return values;
        }

        private static double total(RunResult result, String counter, String over) {
            return sum(result, counter) / sum(result, over);
        }

        private static double sum(RunResult result, String counter) {
            return result.getBenchmarkResults().stream().flatMap(fork -> fork.getIterationResults().stream())
                    .mapToDouble(iteration -> score(iteration, counter)).sum();
        }

        private static double score(IterationResult iteration, String name) {
            return Objects.requireNonNull(iteration.getSecondaryResults().get(name), name).getScore();
        }
    }

    private void printFullAgainstResumed(List<RunResult> results) {
        Map<String, Map<Kind, Cost>> groups = new TreeMap<>();
        for (var result : results) {
            var params = result.getParams();
            groups.computeIfAbsent(params.getParam("peers") + ", " + params.getParam("certificate"),
                    _ -> new EnumMap<>(Kind.class)).put(Kind.valueOf(params.getParam("kind")), Cost.of(result));
        }
        groups.forEach((group, costs) -> {
            out.printf("%nFull against resumed, in memory: %s (client_server, certificate)%n", group);
            out.printf("%-18s %15s %15s %7s %10s %12s %8s %13s %13s%n", "", "client CPU", "server CPU", "±",
                    "bytes sent", "received", "flights", "client heap", "server heap");
            costs.forEach((kind, cost) -> printCost(kind, cost, costs.get(kind.version().label().endsWith("3")
                    ? Kind.TLS13_FULL
                    : Kind.TLS12_FULL)));
        });
        if (!groups.isEmpty()) {
            out.println(
                    "µs and bytes per handshake; in brackets the share of the full one's; ±: half the spread of the"
                            + " client's CPU time over iterations.\nBytes and flights as the client sees them; only"
                            + " the Java heap is counted.");
        }
    }

    private void printCost(Kind kind, Cost cost, @Nullable Cost full) {
        out.printf(Locale.ROOT, "%-18s %15s %15s %6.1f%% %10.0f %12.0f %8.0f %13s %13s%n", kind,
                against(cost, full, kind, Cost::clientMicros), against(cost, full, kind, Cost::serverMicros),
                cost.errorPercent, cost.clientBytes, cost.serverBytes, cost.flights,
                against(cost, full, kind, Cost::clientHeapBytes), against(cost, full, kind, Cost::serverHeapBytes));
    }

    private static String against(Cost cost, @Nullable Cost full, Kind kind, ToDoubleFunction<Cost> figure) {
        var value = figure.applyAsDouble(cost);
        var text = value < 1000 ? "%.1f".formatted(value) : "%.0f".formatted(value);
        return kind.resumed() && full != null
                ? text + " (%.2f)".formatted(value / figure.applyAsDouble(full))
                : text;
    }

    // Comparison with OpenSSL

    void printReference(Collection<RunResult> results, Map<String, Double> openssl) {
        out.printf("%n%-66s %10s %10s %7s%n", "µs per operation, against openssl speed", "OpenSSL", "ours", "ratio");
        openssl.forEach((primitive, micros) -> {
            var ours = results.stream().filter(result -> Samples.name(result).equals(primitive)).findFirst()
                    .map(Tables::medianMicros);
            out.printf(Locale.ROOT, "%-66s %10.3f %10s %7s%n", primitive, micros,
                    ours.map("%.3f"::formatted).orElse("not run"),
                    ours.map(each -> "%.2f".formatted(each / micros)).orElse(""));
        });
    }
}
