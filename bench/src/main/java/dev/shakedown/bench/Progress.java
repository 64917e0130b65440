package dev.shakedown.bench;

import java.io.PrintStream;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** Prints a line for each benchmark: how far the run is, JMH's estimate of the time left, and the result. */
final class Progress implements OutputFormat {
    private static final String ESTIMATE = "# Run progress: ";

    private final PrintStream err;
    private String estimate = "";

    Progress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void startBenchmark(BenchmarkParams params) {
        err.print(estimate + Samples.fullName(params) + " … ");
        err.flush();
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        if (result == null) {
            err.println("failed");
            return;
        }
        var primary = result.getPrimaryResult();
        err.println("%.3f %s".formatted(primary.getScore(), primary.getScoreUnit()));
    }

    @Override
    public void println(String line) {
        if (line.startsWith(ESTIMATE)) {
            estimate = "[" + line.substring(ESTIMATE.length()).replaceFirst("\\.\\d+%", "%")
                    .replaceFirst(" complete, ETA ", ", left ") + "] ";
        } else if (line.contains("<failure>") || line.startsWith("ERROR")) {
            err.println(line);
        }
    }

    @Override
    public void verbosePrintln(String line) {
        // only needed for JMH's own format
    }

    @Override
    public void print(String text) {
        // a failing fork's message arrives here
        if (text.contains("Exception")) {
            err.print(text);
        }
    }

    @Override
    public void write(int b) {
        // the forks' own output
    }

    @Override
    public void write(byte[] bytes) {
        // the forks' own output
    }

    @Override
    public void flush() {
        err.flush();
    }

    @Override
    public void close() {
        err.flush();
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {
        // a benchmark is one line
    }

    @Override
    public void iterationResult(BenchmarkParams benchmark, IterationParams params, int iteration,
            IterationResult result) {
        // a benchmark is one line
    }

    @Override
    public void startRun() {
        // the line of the first benchmark says so
    }

    @Override
    public void endRun(Collection<RunResult> results) {
        // the tables follow
    }
}
