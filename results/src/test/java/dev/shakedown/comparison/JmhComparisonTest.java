package dev.shakedown.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.comparison.Differences.Aspect;
import dev.shakedown.report.ComparisonReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                "jvmArgs is [\"-Xmx1g\"] and []", "give despite plan")) {
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
        var other = file("other.json", row("a.B.unit", "B/op", 1, "1 s", ""), common,
                row("a.B.added", "us/op", 1, "1 s", ""));
        var comparison = JmhComparison.of(List.of(one, other), Set.of());
        assertEquals(List.of("B.gone (avgt, us/op): only in one.json",
                "B.unit (avgt, us/op): only in one.json; other.json has it as avgt, B/op, which cannot be compared with"
                        + " that",
                "B.unit (avgt, B/op): only in other.json; one.json has it as avgt, us/op, which cannot be compared with"
                        + " that",
                "B.added (avgt, us/op): only in other.json"),
                comparison.unmatched());
        assertEquals(1, comparison.rows().size());
        assertTrue(ComparisonReport.of(comparison).contains("not in all: B.gone (avgt, us/op): only in one.json\n"));
    }

    /** JMH's times are averaged over many operations, so nanoseconds are meaningful. */
    @Test
    void shortTimesAreExact() throws IOException {
        var one = file("one.json", row("a.B.c", "ns/op", 1, "1 s", ""));
        var comparison = JmhComparison.of(List.of(one, one), Set.of());
        assertTrue(ComparisonReport.of(comparison).contains("B.c   1.13 ns   1.13 ns   1.000"),
                () -> ComparisonReport.of(comparison));
        assertTrue(comparison.toJson().contains("\"unit\" : \"MICROS\""), comparison::toJson);
    }

    private static String scored(String mode, String unit, int threads, double score) {
        return """
                {"benchmark": "a.B.c", "mode": "%s", "threads": %d, "forks": 2,
                 "primaryMetric": {"score": %s, "scoreUnit": "%s", "rawData": [[%s], [%s]]}}"""
                .formatted(mode, threads, score, unit, score, score);
    }

    private static String refusal(Path... files) {
        return assertThrows(IllegalArgumentException.class, () -> JmhComparison.of(List.of(files), Set.of()))
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource({"avgt, us/op, 10, ms/op, 0.02, 10, 20", "sample, ns/op, 500, s/op, 1e-6, 0.5, 1",
        "thrpt, ops/ms, 3, ops/s, 6000, 3, 6"})
    void unitsOfOneQuantityAreConverted(String mode, String unit, double score, String otherUnit, double otherScore,
            double value, double otherValue) throws IOException {
        var one = file("one.json", scored(mode, unit, 1, score));
        var other = file("other.json", scored(mode, otherUnit, 1, otherScore));
        var comparison = JmhComparison.of(List.of(one, other), Set.of());
        var row = comparison.rows().getFirst();
        assertEquals(value, row.values().getFirst(), 1e-9);
        assertEquals(otherValue, row.values().getLast(), 1e-9);
        assertEquals(2, row.ratios().getFirst().value(), 1e-9);
        assertEquals(List.of(), comparison.unmatched());
        assertEquals(
                mode.equals("thrpt") ? List.of("B.c is in ops/s in other.json, and converted to ops/ms") : List.of(),
                comparison.notes());
    }

    @Test
    void aTimeAndAThroughputDoNotCompare() throws IOException {
        var one = file("one.json", scored("avgt", "us/op", 1, 10));
        var other = file("other.json", scored("thrpt", "ops/us", 1, 0.1));
        assertEquals("no benchmark is in all of them: B.c (avgt, us/op): only in one.json; other.json has it as thrpt,"
                + " ops/us, which cannot be compared with that; B.c (thrpt, ops/us): only in other.json; one.json has"
                + " it as"
                + " avgt, us/op, which cannot be compared with that", refusal(one, other));
    }

    /** The logarithm of zero is not a number, and JSON has no form for it. */
    @ParameterizedTest
    @ValueSource(doubles = {0, -1})
    void aScoreOfZeroHasNoRatio(double score) throws IOException {
        var one = file("one.json", scored("avgt", "us/op", 1, 10));
        var zero = file("zero.json", scored("avgt", "us/op", 1, score));
        for (var files : List.of(List.of(one, zero), List.of(zero, one))) {
            var comparison = JmhComparison.of(files, Set.of());
            assertNull(comparison.rows().getFirst().ratios().getFirst());
            assertEquals(List.of("B.c has no ratio, because one of its scores in zero.json is not above 0"),
                    comparison.notes());
            assertTrue(ComparisonReport.of(comparison)
                    .contains("note: B.c has no ratio, because one of its scores in zero.json is not above 0\n"));
            assertFalse(comparison.toJson().contains("NaN") || comparison.toJson().contains("Infinity"));
        }
    }

    @Test
    void anEmptyFileIsSaidToBe() throws IOException {
        var one = file("one.json", scored("avgt", "us/op", 1, 10));
        var none = file("none.json");
        assertEquals(none + " contains no benchmark", refusal(one, none));
        assertEquals(none + " contains no benchmark", refusal(none, one));
    }

    @Test
    void rowsOfOneNameAreToldApartByTheirSettings() throws IOException {
        var twice = file("twice.json", scored("avgt", "us/op", 1, 10), scored("avgt", "us/op", 8, 20));
        var again = file("again.json", scored("avgt", "us/op", 8, 60), scored("avgt", "us/op", 1, 10));
        var comparison = JmhComparison.of(List.of(twice, again), Set.of());
        assertEquals(List.of("B.c threads=1", "B.c threads=8"), comparison.rows().stream().map(Row::name).toList());
        assertEquals(List.of(1.0, 3.0),
                comparison.rows().stream().map(row -> Math.rint(row.ratios().getFirst().value())).toList());
        var single = file("single.json", scored("avgt", "us/op", 8, 40));
        for (var files : List.of(List.of(twice, single), List.of(single, twice))) {
            var one = JmhComparison.of(files, Set.of());
            assertEquals(List.of("B.c threads=8"), one.rows().stream().map(Row::name).toList());
            assertEquals(List.of("B.c threads=1 (avgt, us/op): only in twice.json"), one.unmatched());
        }
    }

    @Test
    void rowsThatNothingTellsApartAreRefused() throws IOException {
        var one = file("one.json", scored("avgt", "us/op", 1, 10));
        var twice = file("twice.json", scored("avgt", "us/op", 1, 10), scored("avgt", "us/op", 1, 20));
        assertEquals(twice
                + " contains B.c (avgt, us/op) twice with the same settings, so it is unclear which of the two"
                + " counts", refusal(one, twice));
    }
}
