package org.openjdk.jmh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Stands in for JMH in jars that tests make: lists a benchmark with a parameter, another by the name in its jar, and
 * makes up figures by the factor there.
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        var options = List.of(args);
        String other;
        try (var in = Main.class.getResourceAsStream("/other.txt")) {
            other = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (options.contains("-lp")) {
            var asked = options.getLast();
            System.out.println("Benchmarks: ");
            if (!asked.contains("(")) {
                System.out.println(
                        "made.up.Benchmark.one\n  param \"p\" = {" + (options.contains("p=x") ? "x" : "x, y") + "}");
            } else {
                System.out.println("made.up.Benchmark." + other);
            }
            return;
        }
        if (options.stream().noneMatch(option -> option.contains("made.up.Benchmark.one")
                || option.contains("made.up.Benchmark." + other))) {
            // As JMH does it.
            System.out.println("No matching benchmarks. Miss-spelled regexp?");
            System.exit(1);
        }
        double factor;
        try (var in = Main.class.getResourceAsStream("/factor.txt")) {
            factor = Double.parseDouble(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        // What the profiler that it was given would do.
        Class.forName("dev.shakedown.gate.Ruler").getMethod("between").invoke(null);
        var score = 2 * factor * Math.exp(0.005 * new Random().nextGaussian());
        var p = options.contains("p=y") ? "y" : "x";
        // One is given as a throughput.
        var unit = p.equals("y") ? "ops/us" : "us/op";
        var value = p.equals("y") ? 1 / score : score;
        Files.writeString(Path.of(options.get(options.indexOf("-rff") + 1)), """
                [{"benchmark": "made.up.Benchmark.one", "mode": "%s", "forks": 0, "params": {"p": "%s"},
                  "primaryMetric": {"score": %s, "scoreError": 0.1, "scoreUnit": "%s", "rawData": [[%s, %s]]},
                  "secondaryMetrics": {}}]
                """.formatted(p.equals("y") ? "thrpt" : "avgt", p, value, unit, value, value));
    }
}
