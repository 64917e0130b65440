package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    private static final Instant START = Instant.ofEpochMilli(1_700_000_000_250L);

    @TempDir
    private Path parent;

    private static Interval second(int n, Sample... samples) {
        var recorder = new Recorder();
        for (var sample : samples) {
            recorder.record(sample);
        }
        recorder.loopLag(1000);
        return recorder.take(START.toEpochMilli() + n * 1000L, START.toEpochMilli() + (n + 1) * 1000L);
    }

    private static List<Histogram> read(Path log) throws IOException {
        var histograms = new ArrayList<Histogram>();
        try (var reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                histograms.add((Histogram) reader.nextIntervalHistogram());
            }
        }
        return histograms;
    }

    @Test
    void hdrHistogramsOwnReaderReadsTheLog() throws IOException {
        var directory = parent.resolve("a/b");
        var intervals = List.of(second(0, Samples.full(2400), Samples.full(70_000)),
                second(1, Samples.resumed(600), Samples.resumed(700)), second(2));
        try (var file = ResultFile.create(directory, START)) {
            assertEquals(directory, file.directory());
            for (var interval : intervals) {
                file.append(interval);
            }
        }
        var expected = new ArrayList<Histogram>();
        for (var interval : intervals) {
            interval.histograms().forEachRecorded(expected::add);
        }
        var found = read(directory.resolve("intervals.hlog"));
        assertEquals(expected, found, "empty ones are left out, values are nanoseconds");
        assertEquals(expected.stream().map(Histogram::getTag).toList(), found.stream().map(Histogram::getTag).toList());
        assertEquals(List.of("full.latency", "full.service"),
                found.stream().limit(2).map(Histogram::getTag).toList());
        assertEquals(START.toEpochMilli(), found.getFirst().getStartTimeStamp());
        assertEquals(START.toEpochMilli() + 1000, found.getFirst().getEndTimeStamp());
        assertEquals(START.toEpochMilli() + 3000, found.getLast().getEndTimeStamp());
    }

    /** The plotter takes a value, its percentile, how many are at most that, and 1/(1-percentile). */
    @Test
    void percentilesAreInMicrosecondsAsTheirPlotterReadsThem() throws IOException {
        var summary = new Summary();
        summary.add(second(0, Samples.full(2400), Samples.full(70_000), Samples.resumed(600)));
        try (var file = ResultFile.create(parent.resolve("r"), START)) {
            file.percentiles(summary.latencies());
        }
        try (var files = Files.list(parent.resolve("r"))) {
            assertEquals(List.of("full.latency.hgrm", "full.service.hgrm", "intervals.hlog", "resumed.latency.hgrm",
                    "resumed.service.hgrm"), files.map(each -> each.getFileName().toString()).sorted().toList());
        }
        var full = summary.latencies().getFirst();
        var rows = Files.readAllLines(parent.resolve("r/full.latency.hgrm")).stream()
                .filter(line -> line.matches(" *[0-9].*")).map(line -> line.strip().split(" +")).toList();
        assertEquals(full.getValueAtPercentile(50) / 1e3, Double.parseDouble(rows.getFirst()[0]), 0.001);
        assertEquals(full.getMaxValue() / 1e3, Double.parseDouble(rows.getLast()[0]), 0.001);
        assertEquals(List.of("1.000000000000", "2"), List.of(rows.getLast()[1], rows.getLast()[2]));
        assertEquals("2.00", rows.stream().filter(row -> row[1].equals("0.500000000000")).findFirst().orElseThrow()[3]);
    }

    @Test
    void ofARehearsalNothingIsKept() throws IOException {
        var interval = second(1, Samples.full(2400), Samples.resumed(700));
        try (var rehearsed = ResultFile.create(parent.resolve("rehearsed"), START);
                var plain = ResultFile.create(parent.resolve("plain"), START)) {
            rehearsed.rehearse(second(0, Samples.full(5000)));
            rehearsed.append(interval);
            rehearsed.rehearse(second(2, Samples.full(9000)));
            plain.append(interval);
        }
        var expected = read(parent.resolve("plain/intervals.hlog"));
        assertFalse(expected.isEmpty());
        assertEquals(expected, read(parent.resolve("rehearsed/intervals.hlog")));
    }

    @Test
    void theLogsMaximaAreMilliseconds() throws IOException {
        try (var file = ResultFile.create(parent.resolve("r"), START)) {
            file.append(second(0, Samples.full(2400)));
        }
        var line = Files.readAllLines(parent.resolve("r/intervals.hlog")).stream()
                .filter(l -> l.startsWith("Tag=full.latency,")).findFirst().orElseThrow();
        assertTrue(line.startsWith("Tag=full.latency,0.000,1.000,2.4"), line);
    }

    @Test
    void whatWasAppendedSurvivesAKill() throws IOException {
        var log = parent.resolve("intervals.hlog");
        try (var file = new ResultFile(parent, new BufferedOutputStream(Files.newOutputStream(log)), START)) {
            assertNotEquals(0, Files.size(log), "the header");
            file.append(second(0, Samples.full(2400)));
            assertEquals(2400, read(log).getFirst().getMaxValue() / 1e3, 3);
        }
    }

    @Test
    void aClockSetBackHidesNoInterval() throws IOException {
        try (var file = ResultFile.create(parent.resolve("r"), START)) {
            file.append(second(-5, Samples.full(2400)));
        }
        try (var reader = new HistogramLogReader(parent.resolve("r/intervals.hlog").toFile())) {
            assertEquals("full.latency", ((Histogram) reader.nextIntervalHistogram(0.0, 1.0)).getTag());
        }
    }

    @Test
    void writesTheResultWholeAndLeavesNothingElse() throws IOException {
        var result = Facts.result(Facts.of(Facts.CLOSED), Samples.full(2400));
        try (var file = ResultFile.create(parent, START)) {
            file.finish(result);
        }
        assertEquals(result, RunResult.read(parent));
        try (var files = Files.list(parent)) {
            assertEquals(List.of("intervals.hlog", "run.json"),
                    files.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void takesADirectoryThatHoldsOtherThings() throws IOException {
        Files.writeString(parent.resolve("notes.txt"), "mine");
        ResultFile.create(parent, START).close();
        assertEquals("mine", Files.readString(parent.resolve("notes.txt")));
    }

    @Test
    void overwritesNoFinishedRun() throws IOException {
        Files.writeString(parent.resolve("run.json"), "a run");
        var e = assertThrows(IOException.class, () -> ResultFile.create(parent, START));
        assertTrue(e.getMessage().startsWith(parent + " already contains a run"), e.getMessage());
        assertEquals("a run", Files.readString(parent.resolve("run.json")));
        assertFalse(Files.exists(parent.resolve("intervals.hlog")));
    }

    @Test
    void overwritesNoKilledRun() throws IOException {
        Files.writeString(parent.resolve("intervals.hlog"), "seconds");
        var e = assertThrows(IOException.class, () -> ResultFile.create(parent, START));
        assertTrue(e.getMessage().startsWith(parent + " already contains the intervals"), e.getMessage());
        assertEquals("seconds", Files.readString(parent.resolve("intervals.hlog")));
    }

    @Test
    void saysWhyItCannotMakeTheDirectory() throws IOException {
        var inTheWay = Files.writeString(parent.resolve("file"), "");
        for (var directory : List.of(inTheWay, inTheWay.resolve("below"))) {
            var e = assertThrows(IOException.class, () -> ResultFile.create(directory, START));
            assertTrue(e.getMessage().startsWith("cannot create the result directory " + directory + ": "),
                    e.getMessage());
            assertFalse(e.getMessage().endsWith(": "), e.getMessage());
        }
    }

    @Test
    void aFullDiskIsNotSwallowed() throws IOException {
        var disk = new OutputStream() {
            boolean full;

            @Override
            public void write(int b) throws IOException {
                if (full) {
                    throw new IOException("No space left on device");
                }
            }
        };
        try (var file = new ResultFile(parent, disk, START)) {
            file.append(second(0, Samples.full(1)));
            disk.full = true;
            var e = assertThrows(IOException.class, () -> file.append(second(1, Samples.full(1))));
            assertEquals("cannot write " + parent.resolve("intervals.hlog") + ": No space left on device",
                    e.getMessage());
        }
    }

    @Test
    void aResultThatCannotBeWrittenLeavesNoPart() throws IOException {
        try (var file = ResultFile.create(parent, START)) {
            Files.createDirectories(parent.resolve("run.json/in-the-way"));
            var result = Facts.result(Facts.of(Facts.CLOSED), Samples.full(2400));
            var e = assertThrows(IOException.class, () -> file.finish(result));
            assertTrue(e.getMessage().startsWith("cannot write " + parent.resolve("run.json") + ": "), e.getMessage());
            assertFalse(Files.exists(parent.resolve("run.json.part")));
        }
    }
}
