package dev.shakedown.run;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacitySearch;
import dev.shakedown.experiment.Objective;
import dev.shakedown.experiment.Trial;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Schedule;
import dev.shakedown.report.Units;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Finds the highest rate that a server holds, for one mix of handshakes after another. An instance runs once; any
 * thread may call {@link #stop}.
 */
public final class CapacityRun {
    /**
     * What the search looks for.
     *
     * @param objective what a rate must meet
     * @param precision how far above the answer a rate may be that misses the objective, as a share of the answer,
     *                  above 0
     * @param rates     the first and the highest rate to try
     * @param arrivals  how arrivals are spaced
     * @param lengths   how long runs last
     */
    public record Terms(Objective objective, double precision, Rates rates, Schedule.Shape arrivals, Lengths lengths) {}

    /** The first and the highest rate to try, in handshakes per second. */
    public record Rates(double from, double most) {}

    /**
     * How long runs last.
     *
     * @param step    the length of a run that searches
     * @param confirm the length of the run that confirms the answer
     * @param settle  how long the server may take after each run to become idle again
     */
    public record Lengths(Duration step, Duration confirm, Duration settle) {}

    private final List<Trials> trials;
    private final List<Mix> mixes;
    private final Terms terms;

    /**
     * Prepares a search.
     *
     * @param plans         one for each mix; their own rates and lengths are ignored
     * @param settleSetting the name of the setting that gives the server longer to become idle, for an error message;
     *                      empty if there is none
     * @param runner        performs the runs
     */
    public CapacityRun(List<RunPlan> plans, Terms terms, String settleSetting, TrialRunner runner) {
        this.terms = terms;
        this.mixes = plans.stream().map(plan -> plan.load().mix()).toList();
        this.trials = plans.stream().map(plan -> new Trials(plan, terms.arrivals, runner)).toList();
        trials.forEach(each -> {
            each.settleWithin(terms.lengths.settle, settleSetting);
            each.limitTimeout(terms.objective.patienceNanos());
        });
    }

    /** Ends the current run and with it the search: what was found so far is the answer. */
    public void stop() {
        trials.forEach(Trials::stop);
    }

    /**
     * Searches.
     *
     * @param progress for each mix, takes a sentence before each run
     * @return the result for each mix; fewer if {@link #stop} was called
     * @throws CannotRunException if the search is impossible
     */
    public List<CapacityResult> run(List<? extends Consumer<String>> progress) {
        var results = new ArrayList<CapacityResult>();
        for (var i = 0; i < trials.size() && !trials.get(i).stopped(); i++) {
            search(trials.get(i), mixes.get(i), progress.get(i)).ifPresent(results::add);
        }
        return results;
    }

    /** Returns what was found before the end or an interruption; empty if the first run had not ended by then. */
    private Optional<CapacityResult> search(Trials runs, Mix mix, Consumer<String> progress) {
        var startedAt = Instant.now();
        var last = new AtomicReference<Trial>();
        var search = new AtomicReference<CapacitySearch>();
        var looking = new CapacitySearch(terms.objective, terms.precision, terms.rates.most, (rate, confirms) -> {
            runs.settle();
            var length = confirms ? terms.lengths.confirm : terms.lengths.step;
            var trial = runs.open(rate, length.toNanos(), mix);
            last.set(trial);
            return trial;
        }, sentence -> progress.accept(Optional.ofNullable(search.get())
                .map(begun -> "about " + Units.wait(secondsLeft(begun, runs)) + " left, ").orElse("") + sentence));
        search.set(looking);
        var found = found(runs, looking);
        return Optional.ofNullable(last.get()).map(Trial::run)
                .map(run -> new CapacityResult(run.tool(), startedAt.toString(), run.plan(), run.target(), run.host(),
                        run.client(), found.with(run.plan().shape().mix()), looking.steps(), run.negotiated()));
    }

    /** Estimates the time left from the gap between the highest rate held and the lowest one missed. */
    private double secondsLeft(CapacitySearch search, Trials runs) {
        var searches = search.searchesLeft();
        return (searches * terms.lengths.step.toMillis() + terms.lengths.confirm.toMillis()) / 1e3
                + (searches + 1) * runs.warmupSeconds();
    }

    private Capacity found(Trials runs, CapacitySearch looking) {
        try {
            runs.settle();
            return looking.search(terms.rates.from);
        } catch (InterruptedIOException _) {
            return looking.soFar();
        } catch (IOException e) {
            throw new CannotRunException(e);
        }
    }
}
