package dev.shakedown.experiment;

import dev.shakedown.results.Facts;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Failed;
import dev.shakedown.results.Outcome.Failure;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Outcome.Unsent;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.RunSetup;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Summary;
import dev.shakedown.results.UnsentReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleBiFunction;

/** One worker that serves handshakes one after the other, all equally long, plus half a millisecond of network. */
final class SearchModel implements CapacitySearch.Runner {
    static final Objective OBJECTIVE = Objective.parse("p99<20ms,failures<0.1%");
    /** Length of every run. */
    static final double SECONDS = 10;

    private final double perSecond;
    final List<Double> rates = new ArrayList<>();
    double generatorLimit = Double.POSITIVE_INFINITY;
    Set<Integer> strayPauses = Set.of();
    double failing;
    double confirmsTo = Double.POSITIVE_INFINITY;
    double slowness = 0.0005;
    double unsentAbove = Double.POSITIVE_INFINITY;
    UnsentReason lacking;
    Set<Integer> lateRuns = Set.of();
    double lateAbove = Double.POSITIVE_INFINITY;
    /** Whether the generator calls a run unfit, by the run's number from 1 and its rate; nothing else depends on it. */
    BiPredicate<Integer, Double> busy = (_, _) -> false;
    /** The number of the run from which on nothing completes. */
    int goneFrom = Integer.MAX_VALUE;
    /** The server's CPU time per completed handshake, by the run's number and its rate. */
    ToDoubleBiFunction<Integer, Double> cpuMicros = (_, _) -> 1_000;

    SearchModel(double perSecond) {
        this.perSecond = perSecond;
    }

    @Override
    public Trial run(double rate, boolean confirms) {
        rates.add(rate);
        var halves = List.of(new Recorder(), new Recorder());
        halves.forEach(half -> half.windowEnds((long) (SECONDS * 1e9)));
        var capacity = confirms ? Math.min(perSecond, confirmsTo) : perSecond;
        var free = strayPauses.contains(rates.size()) ? 1.0 : 0;
        var late = lateRuns.contains(rates.size()) || rate > lateAbove ? 0.05 : 0;
        for (var n = 0; n < rate * SECONDS; n++) {
            var due = n / rate;
            free = Math.max(free, due + late) + 1 / Math.min(capacity, generatorLimit);
            var half = halves.get(due < SECONDS / 2 ? 0 : 1);
            half.planned();
            half.record(sample(due, due + late, free + slowness,
                    rates.size() >= goneFrom || n < failing * rate * SECONDS
                            ? new Failed(new Failure("server_hello", "received", "internal_error", true, null, "no"))
                            : rate > unsentAbove && n % 20 == 0
                                    ? new Unsent(lacking)
                                    : new Completed(Kind.FULL, new Negotiated("TLSv1.2", "A", null, null))));
        }
        var summary = new Summary();
        var recorded = halves.stream().map(half -> half.take(0, 1)).toList();
        recorded.forEach(summary::add);
        var facts = Facts.server(Facts.of(Facts.open(rate, "constant", SECONDS)),
                cpuMicros.applyAsDouble(rates.size(), rate) / 1e6 * summary.tally().completedInWindow());
        var unfit = rate > generatorLimit || busy.test(rates.size(), rate);
        return new Trial(summary.result(unfit ? Facts.saturated(facts, "it was busy") : facts),
                summary.latencyMicros(), Interval.merged(recorded), recorded);
    }

    static Sample sample(double due, double begun, double done, Outcome outcome) {
        var marks = new long[Mark.values().length];
        Arrays.fill(marks, Marks.NOT_REACHED);
        marks[Mark.PLANNED.ordinal()] = (long) (due * 1e9);
        if (!(outcome instanceof Unsent)) {
            marks[Mark.BEGUN.ordinal()] = (long) (begun * 1e9);
            marks[Mark.FINISHED.ordinal()] = (long) (done * 1e9);
        }
        return new Sample(outcome, Kind.FULL, Resumption.NOT_OFFERED, Marks.of(marks), 1, 1);
    }

    /** Searches with a precision of 3 %, and returns the result. */
    CapacityResult search(double first, double most) throws IOException {
        var search = new CapacitySearch(OBJECTIVE, 0.03, most, this, _ -> {});
        var found = search.search(first);
        return result(found, search.steps());
    }

    CapacityResult result(CapacityResult.Capacity found, List<CapacityResult.Step> steps) {
        var run = run(10, false).run();
        return new CapacityResult(run.tool(), "2026-01-01T00:00:00Z", run.plan(), run.target(), run.host(),
                run.client(),
                found.with(new RunSetup.Mix(1, 0)), steps, run.negotiated());
    }
}
