package dev.shakedown.bench;

import java.io.OutputStream;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/** The distributions of sampled benchmarks as histograms of HdrHistogram. */
final class Samples {
    private static final int DIGITS = 3;

    private Samples() {}

    static boolean isSampled(RunResult result) {
        return result.getParams().getMode() == Mode.SampleTime;
    }

    /** Returns all samples of one benchmark, nanoseconds. */
    static Histogram histogram(RunResult result) {
        var histogram = new Histogram(DIGITS);
        var unit = result.getParams().getTimeUnit();
        var nanos = (double) TimeUnit.NANOSECONDS.convert(1, unit);
        for (var data = result.getPrimaryResult().getStatistics().getRawData(); data.hasNext();) {
            var each = data.next();
            histogram.recordValueWithCount(Math.max(1, Math.round(each.getKey() * nanos)), each.getValue());
        }
        return histogram;
    }

    /** Writes an interval log, with a benchmark's name and parameters as each line's tag. */
    static void write(Collection<RunResult> results, OutputStream out) {
        var writer = new HistogramLogWriter(out);
        writer.outputComment("[Nanoseconds per operation; one line per benchmark]");
        writer.outputLogFormatVersion();
        writer.outputLegend();
        for (var result : results) {
            if (isSampled(result)) {
                var histogram = histogram(result);
                histogram.setTag(name(result).replace(' ', ';').replace(',', ';'));
                histogram.setStartTimeStamp(0);
                histogram.setEndTimeStamp(TimeUnit.NANOSECONDS.toMillis((long) (histogram.getMean()
                        * histogram.getTotalCount())));
                writer.outputIntervalHistogram(histogram);
            }
        }
    }

    /** Returns class, method and parameters, such as {@code KeyExchange.agree X25519 JDK}. */
    static String name(RunResult result) {
        return fullName(result.getParams()).replaceFirst("Benchmark\\.", ".");
    }

    /** Returns the name with the qualified class name, as JMH's options take it. */
    static String fullName(BenchmarkParams params) {
        var parts = params.getBenchmark().split("\\.");
        return parts[parts.length - 2] + "." + parts[parts.length - 1] + params.getParamsKeys().stream()
                .map(key -> " " + params.getParam(key)).collect(Collectors.joining());
    }
}
