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
 * Finds the highest rate that a server holds, for one mix of handshakes after the other. It runs once; {@link #stop}
 * may be called by any thread.
 */
public final class CapacityRun {
    /**
     * What is looked for.
     *
     * @param objective what must hold
     * @param precision how far above the answer it must no longer hold, as a share of it above 0
     * @param rates     which rates are tried
     * @param arrivals  how arrivals are spread
     * @param lengths   how long runs take
     */
    public record Terms(Objective objective, double precision, Rates rates, Schedule.Shape arrivals, Lengths lengths) {}

    /** Handshakes a second to begin with, and to try at most. */
    public record Rates(double from, double most) {}

    /**
     * How long runs take.
     *
     * @param step    one that searches
     * @param confirm one that confirms the answer
     * @param settle  how long the server may take after each until it is idle again
     */
    public record Lengths(Duration step, Duration confirm, Duration settle) {}

    private final List<Trials> trials;
    private final List<Mix> mixes;
    private final Terms terms;

    /**
     * Prepares a search.
     *
     * @param plans  one for each mix, whose rates and lengths are not asked
     * @param giving how people give the server longer to become idle, to be told them if it does not; empty if they
     *               cannot
     * @param runner makes the runs
     */
    public CapacityRun(List<RunPlan> plans, Terms terms, String giving, TrialRunner runner) {
        this.terms = terms;
        this.mixes = plans.stream().map(plan -> plan.load().mix()).toList();
        this.trials = plans.stream().map(plan -> new Trials(plan, terms.arrivals, runner)).toList();
        trials.forEach(each -> {
            each.settleWithin(terms.lengths.settle, giving);
            each.hurry(terms.objective.patienceNanos());
        });
    }

    /** Ends the run under way, and with it the search: what was found until then is the answer. */
    public void stop() {
        trials.forEach(Trials::stop);
    }

    /**
     * Searches.
     *
     * @param progress takes a sentence before each run, for each mix its own
     * @return of each mix what was found; less if {@link #stop} came first
     * @throws CannotRunException if the search cannot be done
     */
    public List<CapacityResult> run(List<? extends Consumer<String>> progress) {
        var results = new ArrayList<CapacityResult>();
        for (var i = 0; i < trials.size() && !trials.get(i).stopped(); i++) {
            search(trials.get(i), mixes.get(i), progress.get(i)).ifPresent(results::add);
        }
        return results;
    }

    /** What was found, if only until it was interrupted; nothing if that was before the first run had ended. */
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

    /** As far as the gap between what held and what was missed tells. */
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
