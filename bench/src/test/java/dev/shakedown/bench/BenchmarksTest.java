package dev.shakedown.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark for one short iteration: each must come to a figure, whatever it is. */
class BenchmarksTest {
    @Test
    void everyBenchmarkRuns() throws RunnerException {
        var quiet = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        var known = new HashSet<String>();
        BenchmarkList.defaultList().getAll(quiet, List.of()).forEach(entry -> known.add(entry.getUsername()));
        assertEquals(Set.of("dev.shakedown.bench.FinishedMacBenchmark.baseline",
                "dev.shakedown.bench.FinishedMacBenchmark.make", "dev.shakedown.bench.FinishedMacBenchmark.verify"),
                known);
        var results = new Runner(new OptionsBuilder().include(".*").forks(0).warmupIterations(0)
                .measurementIterations(1).measurementTime(TimeValue.milliseconds(20))
                .shouldFailOnError(true).verbosity(VerboseMode.SILENT).build()).run();
        var ran = new HashSet<String>();
        for (var result : results) {
            assertTrue(result.getPrimaryResult().getScore() > 0, result.getParams()::getBenchmark);
            ran.add(result.getParams().getBenchmark());
        }
        assertEquals(known, ran);
    }
}
