package dev.shakedown.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.comparison.Differences.Aspect;
import dev.shakedown.report.ComparisonReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JmhComparisonTest {
    @TempDir
    private Path directory;

    private Path file(String name, String... rows) throws IOException {
        return Files.writeString(directory.resolve(name), "[" + String.join(",", rows) + "]");
    }

    private static String row(String benchmark, String unit, int threads, String warmupTime, String jvmArgs) {
        return """
                {"benchmark": "%s", "mode": "avgt", "threads": %d, "warmupTime": "%s", "jvmArgs": [%s],
                 "measurementIterations": 5, "forks": 2,
                 "primaryMetric": {"score": 1, "scoreUnit": "%s", "rawData": [[1, 1.1], [1.2]]}}"""
                .formatted(benchmark, threads, warmupTime, jvmArgs, unit);
    }

    @Test
    void settingsThatMakeScoresDifferAreNamedAllAtOnce() throws IOException {
        var one = file("one.json", row("a.B.c", "us/op", 1, "1 s", "\"-Xmx1g\""));
        var other = file("other.json", row("a.B.c", "us/op", 2, "2 s", ""));
        var refused = assertThrows(IllegalArgumentException.class,
                () -> JmhComparison.of(List.of(one, other), Set.of())).getMessage();
        for (var words : List.of("threads is 1 and 2", "warmupTime is 1 s and 2 s",
                "jvmArgs is [\"-Xmx1g\"] and []", "say --despite plan")) {
            assertTrue(refused.contains(words), () -> words + " is not in: " + refused);
        }
        assertEquals(3, JmhComparison.of(List.of(one, other), Set.of(Aspect.PLAN)).differences().size());
        assertEquals(List.of(), JmhComparison.of(List.of(one, one), Set.of()).differences());
    }

    @Test
    void rowsThatNotAllHaveAreNamed() throws IOException {
        var common = row("a.B.c", "us/op", 1, "1 s", "");
        var one = file("one.json", common, row("a.B.gone", "us/op", 1, "1 s", ""),
                row("a.B.unit", "us/op", 1, "1 s", ""));
        var other = file("other.json", row("a.B.unit", "ns/op", 1, "1 s", ""), common,
                row("a.B.added", "us/op", 1, "1 s", ""));
        var comparison = JmhComparison.of(List.of(one, other), Set.of());
        assertEquals(List.of("B.gone (avgt, us/op): only in one.json", "B.unit (avgt, us/op): only in one.json",
                "B.unit (avgt, ns/op): only in other.json", "B.added (avgt, us/op): only in other.json"),
                comparison.unmatched());
        assertEquals(1, comparison.rows().size());
        assertTrue(ComparisonReport.of(comparison).contains("not in all: B.gone (avgt, us/op): only in one.json\n"));
    }

    /** Its times are of many operations each, so that nanoseconds are no bucket's doing. */
    @Test
    void shortTimesAreExact() throws IOException {
        var one = file("one.json", row("a.B.c", "ns/op", 1, "1 s", ""));
        var comparison = JmhComparison.of(List.of(one, one), Set.of());
        assertTrue(ComparisonReport.of(comparison).contains("B.c    1.13 ns    1.13 ns        1.000"),
                () -> ComparisonReport.of(comparison));
        assertTrue(comparison.toJson().contains("\"unit\" : \"MICROS\""), comparison::toJson);
    }
}
