package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JmhFileTest {
    private static final String TWO = """
            [{"jmhVersion": "1.37", "benchmark": "a.b.MacBenchmark.make", "mode": "avgt", "jdkVersion": "25",
              "vmName": "VM", "params": {"hash": "SHA_256"},
              "primaryMetric": {"score": 2.5, "scoreError": "NaN", "scoreUnit": "us/op",
                                "rawData": [[1, 3, 2], [4, 5]]},
              "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 128, "scoreUnit": "B/op",
                                                          "rawData": [[128, 130], [126, 128]]}}},
             {"benchmark": "a.b.X.y", "mode": "sample",
              "primaryMetric": {"score": 7, "scoreError": 0.5, "scoreUnit": "ns/op",
                                "rawDataHistogram": [[[[5, 1], [7, 3]], [[9, 2]]]]}}]
            """;

    @TempDir
    private Path directory;

    @Test
    void forksIterationsAndSamplesAreRead() throws IOException {
        var file = JmhFile.read(Files.writeString(directory.resolve("two.json"), TWO));
        var first = file.rows().getFirst();
        assertEquals("Mac.make SHA_256", first.name());
        assertEquals(List.of(2.0, 4.5), first.forkMedians());
        assertEquals(3, first.median());
        assertEquals(1e3, first.unitNanos());
        assertArrayEquals(new double[]{1e3, 3e3, 2e3, 4e3, 5e3}, first.iterationNanos());
        assertEquals(List.of(List.of(128.0, 130.0), List.of(126.0, 128.0)), first.counters().get("gc.alloc.rate.norm"));
        var second = file.rows().getLast();
        assertEquals(Map.of(5.0, 1L, 7.0, 3L, 9.0, 2L), second.samples());
        assertEquals(List.of(List.of(7.0, 9.0)), second.forks());
        assertEquals("25", file.jdkVersion());
    }

    /** A throughput of two per microsecond is half a microsecond each. */
    @ParameterizedTest
    @CsvSource({"2, ops/us, 500", "0.25, ops/s, 4e9", "2, us/op, 2000", "3, ops/min, 20e9", "1, min/op, 60e9"})
    void everyUnitIsATime(double score, String unit, double nanos) throws IOException {
        var mode = unit.startsWith("ops") ? "thrpt" : "avgt";
        var text = """
                [{"benchmark": "a.B.c", "mode": "%s",
                  "primaryMetric": {"score": %s, "scoreUnit": "%s", "rawData": [[%s]]}}]
                """.formatted(mode, score, unit, score);
        var row = JmhFile.read(Files.writeString(directory.resolve("unit.json"), text)).rows().getFirst();
        assertArrayEquals(new double[]{nanos}, row.iterationNanos(), nanos * 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[{}]", "no", "[{\"benchmark\": \"a.b\", \"mode\": \"avgt\"}]"})
    void whatIsNoneIsSaidToBe(String text) throws IOException {
        var file = Files.writeString(directory.resolve("none.json"), text);
        var message = assertThrows(IOException.class, () -> JmhFile.read(file)).getMessage();
        assertTrue(message.startsWith(file + " is not a file that JMH writes"), message);
    }
}
