package dev.shakedown.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CostResult;
import dev.shakedown.gate.Signals;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.IntervalLog;
import dev.shakedown.results.JmhFile;
import dev.shakedown.results.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any file where a result is wanted: it is read, or refused with an {@link IOException} for people. Seeds are kept
 * inputs.
 */
class ResultFilesFuzzTest {
    private static final Scratch RUN = new Scratch("run.json");
    private static final Scratch CAPACITY = new Scratch(Report.CAPACITY);
    private static final Scratch COST = new Scratch(Report.COST);
    private static final Scratch BENCH = new Scratch(Report.BENCH);
    private static final Scratch INTERVALS = new Scratch("intervals.hlog");

    @FuzzTest
    void run(byte[] input) throws Exception {
        RUN.read(input, IOException.class, "run.json", RunResult::read);
    }

    @FuzzTest
    void capacity(byte[] input) throws Exception {
        CAPACITY.read(input, IOException.class, "capacity.json", CapacityResult::read);
    }

    @FuzzTest
    void cost(byte[] input) throws Exception {
        COST.read(input, IOException.class, "cost.json", CostResult::read);
    }

    @FuzzTest
    void signals(byte[] input) throws Exception {
        BENCH.read(input, IOException.class, "bench.json", Signals::read);
    }

    static Stream<byte[]> benches() {
        return Stream
                .of("""
                        [{"jmhVersion": "1.37", "benchmark": "a.B.c", "mode": "avgt", "threads": 1, "forks": 1,
                        "jvmArgs": ["-Xmx1g"], "params": {"hash": "SHA_256"}, "primaryMetric":
                        {"score": 1.5, "scoreError": "NaN",
                        "scoreUnit": "us/op", "rawData": [[1.4, 1.6]]},
                        "secondaryMetrics": {"gc": {"score": 1, "rawData": [[1]]}}}]
                        """,
                        """
                                [{"benchmark": "a.B.d", "mode": "sample", "primaryMetric":
                                {"score": 2e3, "scoreUnit": "ns/op",
                                "rawDataHistogram": [[[[1.0, 3], [2.5, 1]]]]}}]
                                """)
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("benches")
    @FuzzTest
    void bench(byte[] input) throws Exception {
        BENCH.read(input, IOException.class, "bench.json", file -> {
            for (var row : JmhFile.read(file).rows()) {
                row.name();
                row.median();
                row.forkMedians();
                row.iterationNanos();
            }
        });
    }

    static Stream<byte[]> intervals() {
        var text = new ByteArrayOutputStream();
        try (var printer = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            var log = new HistogramLogWriter(printer);
            log.outputLogFormatVersion();
            log.outputStartTime(1_767_323_045_000L);
            log.outputBaseTime(1_767_323_045_000L);
            log.outputLegend();
            log.outputIntervalHistogram(0, 1, histogram("full.latency"));
            log.outputIntervalHistogram(1, 2, histogram("loopLag"));
        }
        return Stream.of(text.toByteArray());
    }

    private static Histogram histogram(String tag) {
        var histogram = new Histogram(3);
        histogram.setTag(tag);
        histogram.recordValueWithCount(1_500, 7);
        histogram.recordValue(2_000_000);
        return histogram;
    }

    @MethodSource("intervals")
    @FuzzTest
    void intervals(byte[] input) throws Exception {
        INTERVALS.read(input, IOException.class, "intervals.hlog", ResultFilesFuzzTest::readIntervals);
    }

    private static void readIntervals(Path file) throws IOException {
        IntervalLog.read(file, Set.of("full.latency", "loopLag"), _ -> {});
    }

    static Stream<byte[]> histograms() {
        var histogram = histogram("full.latency");
        var encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        var length = histogram.encodeIntoByteBuffer(encoded);
        return Stream.of(Arrays.copyOf(encoded.array(), length));
    }

    /** A histogram as it is before it is compressed, which no chance change gets through. */
    @MethodSource("histograms")
    @FuzzTest
    void histogram(byte[] input) throws Exception {
        var log = "#[StartTime: 1767323045.000 (seconds since epoch)]\nTag=full.latency,0.000,1.000,2.0,"
                + Base64.getEncoder().encodeToString(compressed(input)) + "\n";
        INTERVALS.read(log.getBytes(StandardCharsets.US_ASCII), IOException.class, "intervals.hlog",
                ResultFilesFuzzTest::readIntervals);
    }

    /** With the cookie and the length that HdrHistogram's format has before what is compressed. */
    private static byte[] compressed(byte[] content) {
        var deflater = new Deflater();
        try {
            deflater.setInput(content);
            deflater.finish();
            var out = new byte[content.length + 64 + content.length / 100];
            var length = deflater.deflate(out);
            return ByteBuffer.allocate(8 + length).putInt(0x1c849314).putInt(length).put(out, 0, length).array();
        } finally {
            deflater.end();
        }
    }
}
