package dev.shakedown.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.report.html.Chart.Guide;
import dev.shakedown.report.html.SeriesStyle.Symbol;
import dev.shakedown.report.html.Page.Fact;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Json;
import dev.shakedown.results.RunSetup;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityPageTest {
    private static final String BECAUSE = "an event loop waited 0.9 of 1.0 s for a processor";

    private static Step step(double rate, String missed, String unfitBecause, double p50, double p99)
            throws JsonProcessingException {
        var latency = Json.RESULTS.readValue("{\"count\": 100000, \"p50\": " + p50 + ", \"p99\": " + p99 + "}",
                Distribution.class);
        return new Step("narrow", rate, 1, missed == null, missed, rate, 0, latency, null, null, null, null,
                unfitBecause);
    }

    private static Page page(double answer, String objective) throws JsonProcessingException {
        var setup = Facts.of(Facts.CLOSED);
        return CapacityPage.of(List.of(new CapacityResult(null, "2026-01-02T03:04:05Z", Facts.CLOSED,
                new RunSetup.Target("localhost", 8443, "127.0.0.1", false, null, null), null,
                Facts.result(setup).client(),
                new Capacity(answer, objective, 0.03, "server", "p99 30.0 ms", new RunSetup.Mix(1, 4), null),
                List.of(step(200, "p99 30.0 ms", null, 4000, 30_000), step(100, null, null, 1000, 9000),
                        step(150, "p99 25.0 ms", BECAUSE, 2000, 25_000), step(120, null, BECAUSE, 1500, 19_000)),
                List.of())));
    }

    private static Chart chart(Page page) {
        return (Chart) page.sections().getFirst().parts().getFirst();
    }

    /** An unfit generator makes a run look worse, so a run that held nevertheless did hold. */
    @Test
    void heldMissedAndUnfitAreToldApart() throws JsonProcessingException {
        var page = page(120, "p99<20ms,failures<1%");
        var chart = chart(page);
        assertEquals(List.of("held, p50", "held, p99", "missed, p50", "missed, p99", "unfit, p50", "unfit, p99"),
                chart.series());
        assertEquals(List.of(Symbol.CIRCLE, Symbol.CIRCLE, Symbol.CROSS, Symbol.CROSS, Symbol.RING, Symbol.RING),
                chart.looks().stream().map(SeriesStyle::symbol).toList());
        assertEquals(List.of(100.0, 120.0, 150.0, 200.0), chart.rows().stream().map(Chart.Row::x).toList());
        assertEquals(Arrays.asList(1000.0, 9000.0, null, null, null, null), chart.rows().get(0).values());
        assertEquals(Arrays.asList(1500.0, 19_000.0, null, null, null, null), chart.rows().get(1).values());
        assertEquals(Arrays.asList(null, null, null, null, 2000.0, 25_000.0), chart.rows().get(2).values());
        assertEquals(Arrays.asList(null, null, 4000.0, 30_000.0, null, null), chart.rows().get(3).values());
        var tables = page.sections().getFirst().parts().stream().filter(Table.class::isInstance)
                .map(Table.class::cast).toList();
        assertEquals(List.of("× no: p99 30.0 ms", "● yes", "○ unfit: p99 25.0 ms", "● yes"),
                tables.getFirst().rows().stream().map(row -> row.get(2)).toList());
        assertEquals(List.of(List.of("150/s, narrow", BECAUSE),
                List.of("120/s, narrow", BECAUSE + "; it held nevertheless")), tables.getLast().rows());
    }

    @Test
    void theObjectiveAndTheAnswerAreLines() throws JsonProcessingException {
        assertEquals(List.of(Guide.level("objective: p50 < 2.00 ms", 2000), Guide.level("objective: p99 < 20.0 ms",
                20_000), Guide.place("holds 120/s", 120)),
                chart(page(120, "p50<2ms,p99<20ms,failures<1%")).guides());
        assertEquals(List.of(), chart(page(0, "what another version asks")).guides());
        assertTrue(page(120, "p99<20ms").strip().containsAll(List.of(new Fact("target", "localhost:8443"),
                new Fact("date", "2026-01-02 03:04 UTC"), new Fact("objective", "p99<20ms"),
                new Fact("holds, full=1 resumed=4", "120/s"))));
    }
}
