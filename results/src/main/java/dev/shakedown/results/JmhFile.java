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
 * What JMH writes with {@code -rf json}.
 *
 * @param jdkVersion of the JVM that ran the first benchmark
 * @param vmName     likewise
 */
public record JmhFile(List<Row> rows, String jdkVersion, String vmName) {
    /** What a score depends on beside the code and the machine. */
    private static final List<String> SETTINGS = List.of("threads", "jvmArgs", "warmupIterations", "warmupTime",
            "warmupBatchSize", "measurementIterations", "measurementTime", "measurementBatchSize");

    /**
     * One benchmark with one set of parameters.
     *
     * @param benchmark its whole name
     * @param settings  how it was run, by JMH's names: threads, JVM arguments, iterations and their times
     * @param mode      as JMH abbreviates it: {@code avgt}, {@code sample}, {@code ss}, {@code thrpt}
     * @param unit      of its scores, such as {@code us/op}
     * @param forks     each fork's scores, one for each iteration; for a sampled one its median
     * @param samples   a sampled benchmark's values and how often each came; empty for any other
     * @param counters  secondary results by their names: each fork's scores
     */
    public record Row(String benchmark, String mode, Map<String, String> params, Map<String, String> settings,
            String unit, double score, double error, List<List<Double>> forks, Map<Double, Long> samples,
            Map<String, List<List<Double>>> counters) {

        /** Class, method and parameters, such as {@code FinishedMac.make SHA_256}. */
        public String name() {
            return (shortName() + " " + String.join(" ", params.values())).strip();
        }

        /** Class and method, such as {@code FinishedMac.make}. */
        public String shortName() {
            var parts = benchmark.split("\\.");
            var name = parts.length < 2 ? benchmark : parts[parts.length - 2] + "." + parts[parts.length - 1];
            return name.replaceFirst("(?<=.)Benchmark\\.", ".");
        }

        /** Over all iterations of all forks, in {@link #unit}. */
        public double median() {
            return median(forks.stream().flatMap(List::stream).toList());
        }

        /** Each fork's median, in {@link #unit}. */
        public List<Double> forkMedians() {
            return forks.stream().map(Row::median).toList();
        }

        /** Every iteration's time of an operation, nanoseconds; of a throughput, the time that each has on average. */
        public double[] iterationNanos() {
            return forks.stream().flatMap(List::stream).mapToDouble(
                    score -> unit.startsWith("ops/") ? throughputNanos() / score : score * unitNanos())
                    .toArray();
        }

        /** @param unit as JMH abbreviates it; {@link Double#NaN} if it is none of time */
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

        /** Whether a smaller score is a better one. */
        public boolean smallerIsBetter() {
            return !mode.equals("thrpt");
        }

        /** Nanoseconds in one of {@link #unit}; {@link Double#NaN} if it is no time of an operation. */
        public double unitNanos() {
            return nanos(unit.replace("/op", ""));
        }

        /**
         * Nanoseconds of the time that {@link #unit} counts operations in; {@link Double#NaN} if it is no throughput.
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
            throw new IOException(file + " is not what JMH writes with -rf json: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + ResultFile.reason(e), e);
        }
    }

    /**
     * Files of one fork each as if JMH had run all forks: each row's iterations, fork by fork, with the mean of all for
     * a score. What JMH reckons from the distribution is left out.
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
            throw new IllegalArgumentException("it holds no list");
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

    /** Of pairs of a value and its count, in the order of values. */
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
