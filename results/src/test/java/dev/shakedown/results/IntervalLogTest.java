package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.IntervalLog.Slice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntervalLogTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Set<String> LATENCIES = Set.of("full.latency", "resumed.latency");

    @TempDir
    private Path directory;
    private Path log;
    private final List<Slice> slices = new ArrayList<>();

    /** The third interval began with the second one, since a worker delivered its data too late for that one. */
    @BeforeEach
    void write() throws IOException {
        try (var file = ResultFile.create(directory, START)) {
            append(file, 0, Samples.full(2400), Samples.resumed(600));
            append(file, 1500, Samples.full(4800));
            append(file, 1500, Samples.full(9600), Samples.full(9600));
            append(file, 4000, Samples.resumed(1200));
        }
        log = directory.resolve(ResultFile.INTERVALS);
    }

    private static void append(ResultFile file, long millis, Sample... samples) throws IOException {
        var recorded = Samples.interval(samples);
        var start = START.toEpochMilli() + millis;
        file.append(new Interval(start, start + 1000, recorded.tally(), recorded.histograms()));
    }

    @Test
    void intervalsComeInTheirOrderWithWhatWasAskedFor() throws IOException {
        var read = IntervalLog.read(log, LATENCIES, slices::add);
        assertEquals(START.toEpochMilli(), read.startEpochMillis());
        assertEquals(5, read.endSeconds());
        assertEquals(LATENCIES, read.whole().keySet());
        assertEquals(4, read.whole("full.latency").getTotalCount());
        assertEquals(9600, read.whole("full.latency").getMaxValue() / 1e3, 10);
        assertEquals(0, read.whole("full.service").getTotalCount(), "not asked for");
        assertEquals(List.of(0.0, 1.5, 4.0), slices.stream().map(Slice::startSeconds).toList());
        assertEquals(List.of(1.0, 2.5, 5.0), slices.stream().map(Slice::endSeconds).toList());
        assertEquals(List.of(1L, 3L, 0L),
                slices.stream().map(slice -> slice.histogram("full.latency").getTotalCount()).toList());
    }

    /** Cuts the last line at every length; the lines before it must be read. */
    @Test
    void aLastLineThatWasCutOffIsLeftOut() throws IOException {
        var whole = Files.readAllBytes(log);
        var text = new String(whole, StandardCharsets.ISO_8859_1);
        var last = text.lastIndexOf("\nTag=resumed.latency") + 1;
        var end = text.indexOf('\n', last);
        for (var length = last; length < end; length++) {
            Files.write(log, Arrays.copyOf(whole, length));
            slices.clear();
            var read = IntervalLog.read(log, LATENCIES, slices::add);
            assertEquals(1, read.whole("resumed.latency").getTotalCount(), "cut at " + (length - last));
            assertEquals(2, slices.size());
        }
    }

    @Test
    void aDamagedLineInTheMiddleIsNoted() throws IOException {
        Files.writeString(log, Files.readString(log).replaceFirst("(Tag=full.latency,1.500,.*,HIST).*\n", "$1FAAAA\n"));
        var e = assertThrows(IOException.class, () -> IntervalLog.read(log, LATENCIES, slices::add));
        assertTrue(e.getMessage().startsWith(log + " is damaged"), e::getMessage);
    }

    @Test
    void aMissingLogIsSaidToBe() throws IOException {
        Files.delete(log);
        var e = assertThrows(IOException.class, () -> IntervalLog.read(log, LATENCIES, slices::add));
        assertEquals(log + " does not exist", e.getMessage());
    }
}
