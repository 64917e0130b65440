package dev.shakedown.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;

/** An operation of known cost, which shows whether the harness measures correctly on this machine. */
@BenchmarkMode(Mode.SampleTime)
public class SpinBenchmark extends BenchmarkDefaults {
    @Param({"10", "100"})
    public int micros;

    @Benchmark
    public long spin() {
        var end = System.nanoTime() + micros * 1000L;
        long now;
        do {
            now = System.nanoTime();
        } while (now - end < 0);
        return now;
    }
}
