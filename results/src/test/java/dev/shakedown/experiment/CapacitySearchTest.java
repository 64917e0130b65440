package dev.shakedown.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.report.CapacityReport;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Failed;
import dev.shakedown.results.Outcome.Failure;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Summary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches of servers whose capacity is known, since they are a formula. */
class CapacitySearchTest {
    private static final Objective OBJECTIVE = Objective.parse("p99<20ms,failures<0.1%");
    private static final double SECONDS = 10;

    /** One worker that takes a handshake after the other, each for as long; half a millisecond more on the way. */
    private static final class Model implements CapacitySearch.Runner {
        private final double perSecond;
        private final List<Double> rates = new ArrayList<>();
        private double generatorLimit = Double.POSITIVE_INFINITY;
        private Set<Integer> strayPauses = Set.of();
        private double failing;
        private double confirmsTo = Double.POSITIVE_INFINITY;

        Model(double perSecond) {
            this.perSecond = perSecond;
        }

        @Override
        public Trial run(double rate, boolean confirms) {
            rates.add(rate);
            var recorder = new Recorder();
            recorder.windowEnds((long) (SECONDS * 1e9));
            var capacity = confirms ? Math.min(perSecond, confirmsTo) : perSecond;
            var free = strayPauses.contains(rates.size()) ? 1.0 : 0;
            for (var n = 0; n < rate * SECONDS; n++) {
                var due = n / rate;
                free = Math.max(free, due) + 1 / Math.min(capacity, generatorLimit);
                recorder.planned();
                recorder.record(sample(due, free + 0.0005, n < failing * rate * SECONDS));
            }
            var summary = new Summary();
            var recorded = recorder.take(0, 1);
            summary.add(recorded);
            var facts = Facts.of(Facts.open(rate, "constant", SECONDS));
            return new Trial(summary.result(rate > generatorLimit ? Facts.saturated(facts, "it was busy") : facts),
                    summary.latencyMicros(), recorded);
        }

        private static Sample sample(double due, double done, boolean fails) {
            var marks = new long[Mark.values().length];
            Arrays.fill(marks, Marks.NOT_REACHED);
            marks[Mark.PLANNED.ordinal()] = (long) (due * 1e9);
            marks[Mark.BEGUN.ordinal()] = (long) (due * 1e9);
            marks[Mark.FINISHED.ordinal()] = (long) (done * 1e9);
            return new Sample(fails
                    ? new Failed(new Failure("server_hello", "received", "internal_error", true, "no"))
                    : new Completed(Kind.FULL, new Negotiated("TLSv1.2", "A", null, null)), Kind.FULL,
                    Resumption.NOT_OFFERED, Marks.of(marks), 1, 1);
        }
    }

    private static CapacityResult search(Model model, double first, double most) throws IOException {
        var search = new CapacitySearch(OBJECTIVE, 0.03, most, model, _ -> {});
        var found = search.search(first);
        var run = model.run(10, false).run();
        return new CapacityResult(run.tool(), "now", run.plan(), run.target(), run.host(), run.client(),
                new CapacityResult.Capacity(found.ratePerSecond(), found.objective(), found.precision(),
                        found.limitedBy(), found.because(), new RunResult.Mix(1, 0)),
                search.steps(), run.negotiated());
    }

    @ParameterizedTest
    @CsvSource({"400, 100", "400, 1", "61, 100", "401.3, 399", "1234.5, 100", "5000, 4000", "90, 100"})
    void aKnownCapacityIsFound(double perSecond, double first) throws IOException {
        var model = new Model(perSecond);
        var result = search(model, first, 1e6);
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
        var model = new Model(400);
        // The third run would have held 400.
        model.strayPauses = Set.of(2, 4);
        var result = search(model, 100, 1e6);
        assertEquals(400, result.capacity().ratePerSecond(), 12);
        assertEquals(2, result.steps().stream().filter(step -> step.ratePerSecond() == 200).count(), "tried again");
    }

    @Test
    void theGeneratorsLimitIsNotTheServers() throws IOException {
        var model = new Model(10_000);
        model.generatorLimit = 700;
        var result = search(model, 100, 1e6);
        assertEquals("generator", result.capacity().limitedBy());
        assertEquals("it was busy", result.capacity().because());
        assertEquals(700, result.capacity().ratePerSecond(), 21);
        assertTrue(CapacityReport.sentence(result).contains("the generator is the limit, not the server"));
    }

    @Test
    void noMoreIsTriedThanAllowed() throws IOException {
        var model = new Model(10_000);
        var result = search(model, 100, 1000);
        assertEquals(1000, result.capacity().ratePerSecond());
        assertEquals("maxRate", result.capacity().limitedBy());
        assertEquals(1000, model.rates.stream().mapToDouble(rate -> rate).max().orElseThrow());
    }

    @Test
    void aServerThatHoldsNothing() throws IOException {
        var model = new Model(400);
        model.failing = 0.01;
        var result = search(model, 100, 1e6);
        assertEquals(0, result.capacity().ratePerSecond());
        assertEquals("1.00 % failed", result.steps().getFirst().missed());
        assertTrue(CapacityReport.sentence(result).contains("at no rate that was tried"));
    }

    @Test
    void whatShortRunsHoldMayNotBeConfirmed() throws IOException {
        var model = new Model(400);
        model.confirmsTo = 380;
        var result = search(model, 100, 1e6);
        assertEquals(380, result.capacity().ratePerSecond(), 0.06 * 380);
        assertTrue(result.steps().stream().filter(step -> step.purpose().equals("confirm")).count() > 1);
    }

    /** Latency alone would not tell, where the objective is loose. */
    @Test
    void aBacklogThatGrowsIsAMiss() throws IOException {
        var search = new CapacitySearch(Objective.parse("p99<1000s"), 0.03, 1e6, new Model(400), _ -> {});
        assertEquals(400, search.search(100).ratePerSecond(), 12);
        assertTrue(search.steps().stream().filter(step -> !step.held()).map(Step::missed)
                .allMatch(missed -> missed.startsWith("a backlog grows")), () -> search.steps().toString());
    }

    @Test
    void theReportHasASentenceATableAndAPicture() throws IOException {
        var text = CapacityReport.of(search(new Model(400), 100, 1e6));
        assertTrue(text.startsWith("localhost:8443 holds p99<20ms,failures<0.1% up to "), text);
        assertTrue(text.replaceAll("\\s+", " ").contains("/s are too many: p99 "), text);
        assertTrue(text.contains("server CPU") && text.contains("0.50 cores"), text);
        assertTrue(text.lines().filter(line -> line.contains(" |")).count() == 12, text);
        assertTrue(text.lines().anyMatch(line -> line.contains("|") && line.contains("x")), text);
        assertTrue(text.lines().anyMatch(line -> line.contains("|") && line.contains("o")), text);
        assertTrue(text.lines().allMatch(line -> line.length() <= 110), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "p99", "p99<", "p99<20", "p95<20ms", "p99>20ms", "failures<1", "failures<101%",
        "p99<0ms",
        "p99<20ms;failures<1%"})
    void aMalformedObjectiveIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Objective.parse(text));
    }
}
