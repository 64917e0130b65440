package org.openjdk.jmh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Stands in for JMH in jars that tests make: lists two benchmarks, and makes up figures by the factor in its jar. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException {
        var options = List.of(args);
        if (options.contains("-l")) {
            System.out.println("Benchmarks: ");
            System.out.println("made.up.Benchmark.one");
            return;
        }
        if (options.stream().noneMatch(option -> option.contains("made.up.Benchmark.one"))) {
            throw new IllegalArgumentException("this benchmark is not here: " + options);
        }
        double factor;
        try (var in = Main.class.getResourceAsStream("/factor.txt")) {
            factor = Double.parseDouble(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        var score = 2 * factor * Math.exp(0.005 * new Random().nextGaussian());
        Files.writeString(Path.of(options.get(options.indexOf("-rff") + 1)), """
                [{"benchmark": "made.up.Benchmark.one", "mode": "avgt", "forks": 0, "params": {"p": "x"},
                  "primaryMetric": {"score": %s, "scoreError": 0.1, "scoreUnit": "us/op", "rawData": [[%s, %s]]},
                  "secondaryMetrics": {}}]
                """.formatted(score, score, score));
    }
}
