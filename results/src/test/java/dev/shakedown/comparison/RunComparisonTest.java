package dev.shakedown.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.comparison.Comparison.Row;
import dev.shakedown.comparison.Differences.Aspect;
import dev.shakedown.report.ComparisonReport;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunFacts;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Samples;
import dev.shakedown.results.Summary;
import dev.shakedown.results.UnsentReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {
    private static final RunFacts FACTS = Facts.of(Facts.CLOSED);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private Path run(String name, List<Sample> samples, Consumer<JsonNode> edit) throws IOException {
        var recorder = new Recorder();
        for (var sample : samples) {
            recorder.planned();
            recorder.record(sample);
        }
        var start = FACTS.window().startedAt().toEpochMilli();
        var interval = recorder.take(start, start + 1000);
        var summary = new Summary();
        summary.add(interval);
        var results = directory.resolve(name);
        try (var file = ResultFile.create(results, FACTS.window().startedAt())) {
            file.append(interval);
        }
        var json = JSON.readTree(summary.result(FACTS).toJson());
        edit.accept(json);
        Files.writeString(results.resolve(ResultFile.RUN_JSON), json.toString());
        return results;
    }

    private Path run(String name, Consumer<JsonNode> edit) throws IOException {
        return run(name, Collections.nCopies(200, Samples.full(2400)), edit);
    }

    private static Row row(Comparison comparison, String name) {
        return comparison.rows().stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
    }

    /** A hundred samples lie beyond the median of two hundred, but not beyond that of one fewer. */
    @Test
    void aQuantileIsToldWhereAHundredSamplesLieBeyondIt() throws IOException {
        var enough = run("enough", _ -> {});
        var less = run("less", Collections.nCopies(199, Samples.full(2400)), _ -> {});
        var comparison = RunComparison.of(List.of(enough, less), Set.of());
        var median = row(comparison, "full latency p50");
        assertEquals(2400, median.values().getFirst(), 3);
        assertNull(median.values().getLast());
        assertNull(median.ratios().getFirst());
        assertTrue(comparison.rows().stream().noneMatch(each -> each.name().equals("full latency p90")));
    }

    /** Two times in the first bucket have no meaningful quotient. */
    @Test
    void timesTooShortToMeasureHaveNoRatio() throws IOException {
        var quick = run("quick", Collections.nCopies(200, Samples.full(3)), _ -> {});
        var comparison = RunComparison.of(List.of(quick, quick), Set.of());
        var phase = row(comparison, "full connected p50");
        assertTrue(phase.values().getFirst() < 0.1, phase::toString);
        assertNull(phase.ratios().getFirst());
        assertEquals(1, row(comparison, "full latency p50").ratios().getFirst().value());
        var line = ComparisonReport.of(comparison).lines().filter(each -> each.startsWith("full connected p50"))
                .findFirst().orElseThrow();
        assertEquals(List.of("full connected p50", "<0.1 µs", "<0.1 µs", "-"), List.of(line.strip().split(" {2,}")));
        assertEquals(20.0, row(comparison, "full completed/s").values().getFirst());
        assertEquals(0.95, JSON.readTree(comparison.toJson()).at("/confidenceLevel").doubleValue());
    }

    /** A run and a comparison within it say the same about full and resumed handshakes. */
    @Test
    void aRunAndItsComparisonAgree() throws IOException {
        var results = directory.resolve("long");
        var summary = new Summary();
        try (var file = ResultFile.create(results, FACTS.window().startedAt())) {
            for (var second = 0; second < 47; second++) {
                var recorded = Facts.second(10, 2000 + 13 * (second * second % 37), 700 + 7 * (second * 5 % 23));
                var start = FACTS.window().startedAt().toEpochMilli() + 1000 * second;
                var interval = new Interval(start, start + 1000, recorded.tally(), recorded.histograms());
                file.append(interval);
                summary.add(interval);
            }
        }
        var result = summary.result(FACTS);
        Files.writeString(results.resolve(ResultFile.RUN_JSON), result.toJson());
        var share = result.kinds().resumedToFull();
        var ratio = row(RunComparison.of(List.of(results), Set.of()), "latency p50").ratios().getFirst();
        assertEquals(ratio.value(), share.p50(), 1e-4);
        assertEquals(ratio.low(), share.low(), 1e-4);
        assertEquals(ratio.high(), share.high(), 1e-4);
        assertTrue(share.low() < share.p50() && share.p50() < share.high(), share::toString);
    }

    @Test
    void outcomesAddUp() throws IOException {
        var run = run("run", List.of(Samples.full(2400), Samples.cancelled(), Samples.unsent(UnsentReason.PORTS),
                Samples.timedOut("finished"), Samples.failed("connect", "connection_refused"), Samples.cancelled()),
                _ -> {});
        var comparison = RunComparison.of(List.of(run, run), Set.of());
        var sum = List.of("completed", "failed", "timed out", "cancelled", "unsent").stream()
                .mapToDouble(name -> row(comparison, name).values().getFirst()).sum();
        assertEquals(6, sum);
        assertEquals(sum, row(comparison, "planned").values().getFirst());
        assertEquals(2, row(comparison, "cancelled").values().getFirst());
    }

    @Test
    void eachDifferenceIsNamedAndAllAtOnce() throws IOException {
        var one = run("one", _ -> {});
        var other = run("other", json -> {
            object(json, "/plan").put("prelude", "STARTTLS smtp").put("sni", "elsewhere.example");
            object(json, "/host").put("cpus", 64);
            object(json, "/client").put("verify", "always");
            ((ObjectNode) json).putArray("loadPhases").addObject().put("name", "ramp").put("seconds", 10)
                    .put("fromPerSecond", 1).put("toPerSecond", 50);
            var targets = ((ObjectNode) json).putArray("targets");
            targets.addObject();
            targets.addObject();
        });
        var refused = assertThrows(IllegalArgumentException.class,
                () -> RunComparison.of(List.of(one, other), Set.of())).getMessage();
        for (var words : List.of("other: ", "\"STARTTLS smtp\"", "plan.sni is the target's own and elsewhere.example",
                "host.cpus is 2 and 64", "client.verify is \"none\" and \"always\"",
                "loadPhases is none and ramp 1.0/s to 50.0/s for 10.0 s", "the number of targets is 1 and 2",
                "give despite client,machine,plan")) {
            assertTrue(refused.contains(words), () -> words + " is not in: " + refused);
        }
        assertEquals(1, refused.lines().count());
        var half = assertThrows(IllegalArgumentException.class,
                () -> RunComparison.of(List.of(one, other), Set.of(Aspect.PLAN, Aspect.CLIENT))).getMessage();
        assertTrue(half.endsWith("host.cpus is 2 and 64; to compare them all the same, give despite machine"),
                half);
        assertEquals(6, RunComparison.of(List.of(one, other), Set.of(Aspect.values())).differences().size());
    }

    @Test
    void anotherBuildOfTheToolIsNamedAndNotRefused() throws IOException {
        var one = run("one", _ -> {});
        var other = run("other", json -> object(json, "/tool").put("commit", "89abcde").put("netty", "4.3.0.Final"));
        var silent = run("silent", json -> object(json, "/tool").remove(List.of("commit", "netty")));
        assertEquals(
                List.of("other: tool.commit is 1234567 and 89abcde",
                        "other: tool.netty is 4.2.18.Final and 4.3.0.Final"),
                RunComparison.of(List.of(one, other), Set.of()).differences());
        assertEquals(List.of(), RunComparison.of(List.of(one, silent), Set.of()).differences());
    }

    @Test
    void serversMayBeCalledByTheirOwnNames() throws IOException {
        var one = run("one", _ -> {});
        var named = run("named", json -> {
            object(json, "/plan").put("sni", "b.example");
            object(json, "/target").put("host", "b.example");
        });
        var addressed = run("addressed", json -> {
            object(json, "/plan").remove("sni");
            object(json, "/target").put("host", "::1");
        });
        assertEquals(List.of(), RunComparison.of(List.of(one, named, addressed), Set.of()).differences());
    }

    @Test
    void anUnfitRunIsNamedThoughNothingSaysWhy() throws IOException {
        var unfit = run("unfit", json -> object(json, "/generator").put("saturated", true));
        var text = ComparisonReport.of(RunComparison.of(List.of(run("one", _ -> {}), unfit), Set.of()));
        assertTrue(text.startsWith("A  one\nB  unfit\nUNFIT: unfit\n"), text);
    }

    @Test
    void threeAreComparedWithTheFirst() throws IOException {
        var slower = run("slower", Collections.nCopies(200, Samples.full(4800)), _ -> {});
        var slowest = run("slowest", Collections.nCopies(200, Samples.full(24_000)), _ -> {});
        var text = ComparisonReport.of(RunComparison.of(List.of(run("base", _ -> {}), slower, slowest), Set.of()));
        var lines = text.lines().toList();
        assertEquals(List.of("A  base", "B  slower", "C  slowest"), lines.subList(0, 3));
        assertEquals(List.of("A", "B", "B/A", "95 % interval", "C", "C/A", "95 % interval"),
                List.of(lines.get(4).strip().split(" {2,}")));
        var median = lines.stream().filter(line -> line.startsWith("full latency p50")).findFirst().orElseThrow();
        assertEquals(List.of("full latency p50", "2.40 ms", "4.80 ms", "2.000", "24.0 ms", "10.0"),
                List.of(median.strip().split(" {2,}")));
    }

    private static ObjectNode object(JsonNode json, String pointer) {
        return (ObjectNode) json.at(pointer);
    }
}
