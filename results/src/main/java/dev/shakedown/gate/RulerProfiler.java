package dev.shakedown.gate;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.IterationType;

/** The ruler beside a benchmark: a round before each iteration that counts, so that both find the same machine. */
public final class RulerProfiler implements InternalProfiler {
    private static final List<Double> ROUNDS = new ArrayList<>();

    /** Of all rounds so far, nanoseconds of a digest. */
    static double quickest() {
        return Ruler.quickest(ROUNDS.stream().mapToDouble(each -> each).toArray());
    }

    @Override
    public String getDescription() {
        return "Watches the machine";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        if (iteration.getType() == IterationType.MEASUREMENT) {
            ROUNDS.add(Ruler.round());
        }
    }

    @Override
    public List<Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
            IterationResult result) {
        return List.of();
    }
}
