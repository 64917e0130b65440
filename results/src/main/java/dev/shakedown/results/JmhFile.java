package dev.shakedown.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.descriptive.Median;

/**
 * A result file that JMH writes with {@code -rf json}.
 *
 * @param jdkVersion of the JVM that ran the first benchmark
 * @param vmName     likewise
 */
public record JmhFile(List<Row> rows, String jdkVersion, String vmName) {
    /** The settings on which a score depends, besides the code and the machine. */
    private static final List<String> SETTINGS = List.of("threads", "jvmArgs", "warmupIterations", "warmupTime",
            "warmupBatchSize", "measurementIterations", "measurementTime", "measurementBatchSize");

    /**
     * One benchmark with one set of parameters.
     *
     * @param benchmark its qualified name
     * @param settings  how it was run, by JMH's names: threads, JVM arguments, iterations and their times
     * @param mode      as JMH abbreviates it: {@code avgt}, {@code sample}, {@code ss}, {@code thrpt}
     * @param unit      of its scores, such as {@code us/op}
     * @param forks     each fork's scores, one for each iteration; the iteration's median in mode {@code sample}
     * @param samples   the values in mode {@code sample}, with their counts; empty in any other mode
     * @param counters  secondary results by name: each fork's scores
     */
    public record Row(String benchmark, String mode, Map<String, String> params, Map<String, String> settings,
            String unit, double score, double error, List<List<Double>> forks, Map<Double, Long> samples,
            Map<String, List<List<Double>>> counters) {

        /** Returns class, method and parameters, such as {@code FinishedMac.make SHA_256}. */
        public String name() {
            return (shortName() + " " + String.join(" ", params.values())).strip();
        }

        /** Returns class and method, such as {@code FinishedMac.make}. */
        public String shortName() {
            var parts = benchmark.split("\\.");
            var name = parts.length < 2 ? benchmark : parts[parts.length - 2] + "." + parts[parts.length - 1];
            return name.replaceFirst("(?<=.)Benchmark\\.", ".");
        }

        /** Returns the median over all iterations of all forks, in {@link #unit}. */
        public double median() {
            return median(forks.stream().flatMap(List::stream).toList());
        }

        /** Returns each fork's median, in {@link #unit}. */
        public List<Double> forkMedians() {
            return forks.stream().map(Row::median).toList();
        }

        /** Returns each iteration's time per operation, nanoseconds; for a throughput, its reciprocal. */
        public double[] iterationNanos() {
            return forks.stream().flatMap(List::stream).mapToDouble(
                    score -> unit.startsWith("ops/") ? throughputNanos() / score : score * unitNanos())
                    .toArray();
        }

        /** Returns the nanoseconds in a unit of time, as JMH abbreviates it; {@link Double#NaN} for any other unit. */
        private static double nanos(String unit) {
            return switch (unit) {
                case "ns" -> 1;
                case "us" -> 1e3;
                case "ms" -> 1e6;
                case "s" -> 1e9;
                case "min" -> 60e9;
                case "hr" -> 3600e9;
                case "day" -> 86_400e9;
                default -> Double.NaN;
            };
        }

        /** Whether a smaller score is better. */
        public boolean smallerIsBetter() {
            return !mode.equals("thrpt");
        }

        /** Returns the nanoseconds in {@link #unit}; {@link Double#NaN} if it is not a time per operation. */
        public double unitNanos() {
            return nanos(unit.replace("/op", ""));
        }

        /**
         * Returns the nanoseconds in the time of {@link #unit}; {@link Double#NaN} if it is not a throughput.
         */
        public double throughputNanos() {
            return unit.startsWith("ops/") ? nanos(unit.replace("ops/", "")) : Double.NaN;
        }

        /** @throws IllegalArgumentException if there are none */
        public static double median(List<Double> values) {
            if (values.isEmpty()) {
                throw new IllegalArgumentException("there is no median of nothing");
            }
            return Median.withDefaults().evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException with a message for people, naming the file, if it is missing, unreadable or not JMH's
     */
    public static JmhFile read(Path file) throws IOException {
        try {
            return of(Json.PLAIN.readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(file + " is not a file that JMH writes with -rf json: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + ResultFile.reason(e), e);
        }
    }

    /**
     * Merges files of one fork each as if JMH had run all forks: each row has the iterations of all forks, and their
     * mean as its score. What JMH computes from the distribution is left out.
     */
    public static String merged(List<Path> files) throws IOException {
        var rows = new LinkedHashMap<String, ObjectNode>();
        for (var file : files) {
            for (var node : Json.PLAIN.readTree(Files.readAllBytes(file))) {
                var row = (ObjectNode) node;
                var primary = (ObjectNode) required(row, "primaryMetric");
                var known = rows.putIfAbsent(row.path("benchmark") + " " + row.path("params") + " " + row.path("mode"),
                        row);
                if (known == null) {
                    row.put("forks", 1);
                    primary.put("scoreError", "NaN").remove(List.of("scoreConfidence", "scorePercentiles"));
                } else {
                    known.put("forks", known.get("forks").asInt() + 1);
                    for (var name : List.of("rawData", "rawDataHistogram")) {
                        if (primary.has(name)) {
                            ((ArrayNode) known.get("primaryMetric").get(name)).addAll((ArrayNode) primary.get(name));
                        }
                    }
                    var score = known.get("primaryMetric").get("score").asDouble();
                    ((ObjectNode) known.get("primaryMetric")).put("score",
                            score + (primary.get("score").asDouble() - score) / known.get("forks").asInt());
                }
            }
        }
        return Json.INDENTED.writeValueAsString(rows.values()) + "\n";
    }

    private static JmhFile of(JsonNode root) {
        if (!root.isArray()) {
            throw new IllegalArgumentException("it is not a list");
        }
        var rows = new ArrayList<Row>();
        for (var node : root) {
            var primary = required(node, "primaryMetric");
            var params = new LinkedHashMap<String, String>();
            node.path("params").forEachEntry((name, value) -> params.put(name, value.asText()));
            var samples = new LinkedHashMap<Double, Long>();
            for (var fork : primary.path("rawDataHistogram")) {
                for (var iteration : fork) {
                    for (var pair : iteration) {
                        samples.merge(pair.path(0).asDouble(), Math.max(0, pair.path(1).asLong()), Long::sum);
                    }
                }
            }
            var counters = new LinkedHashMap<String, List<List<Double>>>();
            node.path("secondaryMetrics").forEachEntry((name, metric) -> counters.put(name, raw(metric)));
            var settings = new LinkedHashMap<String, String>();
            SETTINGS.stream().filter(node::has).forEach(name -> settings.put(name, text(node.get(name))));
            var forks = raw(primary);
            if (forks.isEmpty() || forks.stream().anyMatch(List::isEmpty)) {
                throw new IllegalArgumentException("rawData is missing");
            }
            rows.add(new Row(required(node, "benchmark").asText(), required(node, "mode").asText(), params, settings,
                    required(primary, "scoreUnit").asText(), required(primary, "score").asDouble(),
                    primary.path("scoreError").asDouble(Double.NaN), forks, samples, counters));
        }
        return new JmhFile(rows, root.path(0).path("jdkVersion").asText(""), root.path(0).path("vmName").asText(""));
    }

    private static List<List<Double>> raw(JsonNode metric) {
        var forks = new ArrayList<List<Double>>();
        for (var fork : metric.path("rawData")) {
            var values = new ArrayList<Double>();
            fork.forEach(value -> values.add(value.asDouble()));
            forks.add(values);
        }
        for (var fork : metric.path("rawDataHistogram")) {
            var values = new ArrayList<Double>();
            for (var iteration : fork) {
                values.add(weightedMedian(iteration));
            }
            forks.add(values);
        }
        return forks;
    }

    /** Returns the median of pairs of a value and its count, ordered by value. */
    private static double weightedMedian(JsonNode pairs) {
        var all = 0L;
        for (var pair : pairs) {
            all += pair.path(1).asLong();
        }
        var seen = 0L;
        for (var pair : pairs) {
            seen += pair.path(1).asLong();
            if (2 * seen >= all) {
                return pair.path(0).asDouble();
            }
        }
        throw new IllegalArgumentException("a histogram is empty");
    }

    private static String text(JsonNode node) {
        return node.isValueNode() ? node.asText() : node.toString();
    }

    private static JsonNode required(JsonNode node, String name) {
        if (!node.has(name)) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return node.get(name);
    }
}
