package dev.shakedown.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.report.CapacityReport;
import dev.shakedown.report.CapacityScreen;
import dev.shakedown.report.ScreensTest;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.Summary;
import dev.shakedown.results.UnsentReason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches on simulated servers, whose capacity is known. */
class CapacitySearchTest {
    @ParameterizedTest
    @CsvSource({"400, 100", "400, 1", "61, 100", "401.3, 399", "1234.5, 100", "5000, 4000", "90, 100"})
    void aKnownCapacityIsFound(double perSecond, double first) throws IOException {
        var model = new SearchModel(perSecond);
        var result = model.search(first, 1e6);
        assertEquals(perSecond, result.capacity().ratePerSecond(), 0.03 * perSecond, () -> result.steps().toString());
        assertEquals("server", result.capacity().limitedBy());
        var last = result.steps().getLast();
        assertEquals("confirm true " + result.capacity().ratePerSecond(),
                last.purpose() + " " + last.held() + " " + last.ratePerSecond());
        assertTrue(result.steps().stream().filter(step -> !step.held()).allMatch(step -> step.missed() != null));
        assertTrue(model.rates.size() < 30, () -> model.rates.toString());
    }

    @Test
    void aStrayPauseIsNoLimit() throws IOException {
        var model = new SearchModel(400);
        // The third run would have held 400.
        model.strayPauses = Set.of(2, 4);
        var result = model.search(100, 1e6);
        assertEquals(400, result.capacity().ratePerSecond(), 12);
        assertEquals(2, result.steps().stream().filter(step -> step.ratePerSecond() == 200).count(), "tried again");
    }

    /** The number of tries depends on whether the machine stood still, and on whether the generator was fit. */
    @ParameterizedTest
    @CsvSource({"false, false, false, 2", "true, false, false, 1", "false, true, false, 3", "true, true, false, 2",
        "true, false, true, 3", "false, true, true, 3"})
    void whatWasDisturbedIsTriedAgain(boolean clearly, boolean stoodStill, boolean unfit, int tries) {
        var because = unfit ? "it was busy" : null;
        assertEquals(tries, new Verdict("p99 1 s", because, false, stoodStill).tries(clearly));
        assertEquals(1, new Verdict(null, because, false, stoodStill).tries(clearly), "held");
        assertEquals(1, new Verdict("out of ports", "out of ports", true, stoodStill).tries(clearly), "ran out");
    }

    @Test
    void theGeneratorsLimitIsNotTheServers() throws IOException {
        var model = new SearchModel(10_000);
        model.generatorLimit = 700;
        var result = model.search(100, 1e6);
        assertEquals("generator", result.capacity().limitedBy());
        assertEquals("it was busy", result.capacity().because());
        assertEquals(700, result.capacity().ratePerSecond(), 21);
        assertTrue(CapacityReport.sentence(result).contains("the generator is the limit, not the server"));
    }

    @Test
    void noMoreIsTriedThanAllowed() throws IOException {
        var model = new SearchModel(10_000);
        var result = model.search(100, 1000);
        assertEquals(1000, result.capacity().ratePerSecond());
        assertEquals("maxRate", result.capacity().limitedBy());
        assertEquals(1000, model.rates.stream().mapToDouble(rate -> rate).max().orElseThrow());
    }

    @Test
    void aServerThatHoldsNothing() throws IOException {
        var model = new SearchModel(400);
        model.failing = 0.01;
        var result = model.search(100, 1e6);
        assertEquals(0, result.capacity().ratePerSecond());
        assertEquals("1.00 % failed", result.steps().getFirst().missed());
        assertTrue(CapacityReport.sentence(result).contains("at no rate that was tried"));
    }

    @Test
    void whatShortRunsHoldMayNotBeConfirmed() throws IOException {
        var model = new SearchModel(400);
        model.confirmsTo = 380;
        var result = model.search(100, 1e6);
        assertEquals(380, result.capacity().ratePerSecond(), 0.06 * 380);
        assertTrue(result.steps().stream().filter(step -> step.purpose().equals("confirm")).count() > 1);
    }

    /** With a loose objective, latency alone would not show it. */
    @Test
    void aBacklogThatGrowsIsAMiss() throws IOException {
        var search = new CapacitySearch(Objective.parse("p99<1000s"), 0.03, 1e6, new SearchModel(400), _ -> {});
        assertEquals(400, search.search(100).ratePerSecond(), 12);
        assertTrue(search.steps().stream().filter(step -> !step.held()).map(Step::missed)
                .allMatch(missed -> missed.startsWith("a backlog grows")), () -> search.steps().toString());
    }

    /**
     * Steady latencies, however long, are not a backlog, even when a run ends before its second half has completed.
     */
    @ParameterizedTest
    @CsvSource({"1, 1s", "3, 5s", "8, 20s"})
    void aSlowServerIsNotABusyOne(double slowness, String limit) throws IOException {
        var model = new SearchModel(400);
        model.slowness = slowness;
        var search = new CapacitySearch(Objective.parse("p99<" + limit.replace("1s", "1500ms")), 0.03, 1e6, model,
                _ -> {});
        assertEquals(400, search.search(100).ratePerSecond(), 12, () -> search.steps().toString());
    }

    /** Ten seconds with latencies in ms: the initial one, its growth per second, and a jitter. */
    @ParameterizedTest(name = "{5}")
    @CsvSource({"100, 5, 0, 0, false, as quick at the end as at the beginning",
        "100, 2000, 0, 0, false, slow but steady", "100, 2000, 30, 0, true, slow and falling behind by 3 %",
        "100, 5, 30, 0, true, quick and falling behind by 3 %", "100, 5, 10, 0, false, within the slack",
        "1, 500, 0, 400, false, few and far between", "1, 500, 900, 0, true, few and far too many",
        "100, 2000, -30, 0, false, catching up"})
    void aBacklogGrowsWhereLatencyDoes(double rate, double millis, double growth, double jitter, boolean grows,
            String what) {
        var halves = List.of(new Recorder(), new Recorder());
        for (var n = 0; n < rate * SearchModel.SECONDS; n++) {
            var due = n / rate;
            // Few handshakes with a jitter: two of the second half are late.
            var extra = n == 6 || n == 8 ? jitter : 0;
            var half = halves.get(due < SearchModel.SECONDS / 2 ? 0 : 1);
            half.planned();
            half.record(SearchModel.sample(due, due, due + (millis + growth * due + extra) / 1e3,
                    new Completed(Kind.FULL, new Negotiated("TLSv1.2", "A", null, null))));
        }
        var recorded = halves.stream().map(half -> half.take(0, 1)).toList();
        var summary = new Summary();
        recorded.forEach(summary::add);
        var trial = new Trial(summary.result(Facts.of(Facts.open(rate, "constant", SearchModel.SECONDS))),
                summary.latencyMicros(),
                Interval.merged(recorded), recorded);
        var verdict = Verdict.of(trial, Objective.parse("p99<60s"), 0.015);
        assertEquals(grows, verdict.missed() != null && verdict.missed().startsWith("a backlog grows"),
                () -> what + ": " + verdict);
        assertEquals(grows, verdict.missed() != null, verdict::toString);
    }

    /** An objective without a term for failures does not allow a server to drop its load. */
    @Test
    void whatFailsIsNotCarried() throws IOException {
        var model = new SearchModel(400);
        model.failing = 0.02;
        var search = new CapacitySearch(Objective.parse("p99<20ms"), 0.03, 1e6, model, _ -> {});
        assertEquals(0, search.search(100).ratePerSecond());
        assertEquals("only 980 of 1,000 arrivals were carried through", search.steps().getFirst().missed());
        var tolerant = new CapacitySearch(Objective.parse("p99<20ms,failures<5%"), 0.03, 1e6, model, _ -> {});
        assertEquals(400, tolerant.search(100).ratePerSecond(), 12);
    }

    @Test
    void whatTheGeneratorRanOutOfEndsTheSearch() throws IOException {
        var model = new SearchModel(10_000);
        model.unsentAbove = 700;
        model.lacking = UnsentReason.PORTS;
        var result = model.search(100, 1e6);
        assertEquals("generator", result.capacity().limitedBy());
        assertEquals("this machine ran out of ports", result.capacity().because());
        assertEquals(List.of(100.0, 200.0, 400.0, 800.0, 400.0),
                result.steps().stream().map(Step::ratePerSecond).toList(),
                "not again, and nothing in between: the machine would still lack them");
        assertEquals(400, result.capacity().ratePerSecond());
        assertTrue(CapacityReport.sentence(result).contains("the generator is the limit, not the server"));
    }

    /** Reaching the limit of handshakes under way means that the server does not keep up. */
    @Test
    void tooManyUnderWayAreTheServers() throws IOException {
        var model = new SearchModel(10_000);
        model.unsentAbove = 700;
        model.lacking = UnsentReason.MAX_IN_FLIGHT;
        var result = model.search(100, 1e6);
        assertEquals("server", result.capacity().limitedBy());
        assertEquals(700, result.capacity().ratePerSecond(), 21);
    }

    /** The next run may be on time. */
    @Test
    void aGeneratorThatIsTooLateToBeginSomeHasRunOutOfNothing() throws IOException {
        var model = new SearchModel(10_000);
        model.unsentAbove = 700;
        model.lacking = UnsentReason.LATE;
        var result = model.search(100, 1e6);
        assertTrue(result.steps().stream().noneMatch(step -> String.valueOf(step.unfitBecause()).contains("ran out")),
                result::toString);
    }

    @Test
    void whatBeganLateIsNotTheServers() throws IOException {
        var once = new SearchModel(400);
        // The runs at 200/s: the third of them would have held 200.
        once.lateRuns = Set.of(2, 3);
        var found = once.search(100, 1e6);
        assertEquals("server", found.capacity().limitedBy());
        assertEquals(400, found.capacity().ratePerSecond(), 12);
        assertTrue(found.steps().get(1).unfitBecause().startsWith("its handshakes began late"));

        var always = new SearchModel(10_000);
        always.lateAbove = 500;
        var result = always.search(100, 1e6);
        assertEquals("generator", result.capacity().limitedBy());
        assertEquals(500, result.capacity().ratePerSecond(), 15);
        assertTrue(result.capacity().because().startsWith("its handshakes began late"));
    }

    @Test
    void whatHeldOnlyForAShortTimeIsSaid() throws IOException {
        var model = new SearchModel(400);
        model.confirmsTo = 100;
        var result = model.search(100, 1e6);
        assertEquals(0, result.capacity().ratePerSecond());
        var sentence = CapacityReport.sentence(result);
        assertTrue(sentence.matches(".* at no rate that was tried for 10 s .* For 10 s it held up to (39|40)\\d"
                + " handshakes/s\\."), sentence);
    }

    @Test
    void whatWasKnownBeforeAnInterruptIsKept() {
        var model = new SearchModel(400);
        var search = new CapacitySearch(SearchModel.OBJECTIVE, 0.03, 1e6, (rate, confirms) -> {
            if (model.rates.size() == 3) {
                throw new InterruptedIOException();
            }
            return model.run(rate, confirms);
        }, _ -> {});
        assertThrows(InterruptedIOException.class, () -> search.search(50));
        assertEquals(200, search.soFar().ratePerSecond());
        assertEquals("interrupted", search.soFar().limitedBy());
    }

    @Test
    void theReportHasASentenceATableAndAPicture() throws IOException {
        var text = CapacityReport.of(new SearchModel(400).search(100, 1e6));
        assertTrue(text.startsWith("localhost:8443 holds p99<20ms,failures<0.1% up to "), text);
        assertTrue(text.replaceAll("\\s+", " ").contains("/s is too much: p99 "), text);
        assertTrue(text.contains("server CPU") && text.contains("0.40 cores"), text);
        assertTrue(text.lines().filter(line -> line.contains(" |")).count() == 12, text);
        assertTrue(text.lines().anyMatch(line -> line.contains("|") && line.contains("x")), text);
        assertTrue(text.lines().anyMatch(line -> line.contains("|") && line.contains("o")), text);
        assertTrue(text.lines().allMatch(line -> line.length() <= 110), text);
    }

    @Test
    void theScreenHasTheRunsNearestToTheAnswer() throws IOException {
        var result = new SearchModel(400).search(100, 1e6);
        var text = ScreensTest.checked(CapacityScreen.of(List.of(result), ScreensTest.FURTHER));
        assertTrue(text.startsWith("localhost:8443 "), text);
        assertTrue(text.contains("\nobjective  p99<20ms,failures<0.1%, precision 3 %\n"), text);
        assertTrue(text.contains(" ✓ ") && text.contains(" ✗ "), text);
        assertTrue(text.replaceAll("\\s+", " ").contains(" holds p99<20ms,failures<0.1% up to "), text);
        assertTrue(text.contains("\nFIT  page "), text);
        var several = ScreensTest.checked(CapacityScreen.of(Collections.nCopies(9, result), ScreensTest.FURTHER));
        assertFalse(several.contains("offered/s"), "each mix has its sentence");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "p99", "p99<", "p99<20", "p94<20ms", "p99>20ms", "failures<1", "failures<101%",
        "p99<0ms",
        "p99<20ms;failures<1%"})
    void aMalformedObjectiveIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Objective.parse(text));
    }
}
