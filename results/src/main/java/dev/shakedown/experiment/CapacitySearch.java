package dev.shakedown.experiment;

import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Looks for the highest rate that holds an objective: doubles the rate until one is missed, halves the gap between the two
 * until it is narrow, and confirms what is left for longer. It knows nothing of servers: a rate goes in, a run's result
 * comes out.
 */
public final class CapacitySearch {
    /** Does one run, once the server has done with the one before. */
    public interface Runner {
        /** @param confirms whether it is to last for longer */
        Trial run(double ratePerSecond, boolean confirms) throws IOException;
    }

    private static final double LEAST_RATE = 0.1;
    /** Below that share of what was offered there is no doubt, and no use in a second try. */
    private static final double CLEARLY = 0.9;
    private static final int MOST_CONFIRMATIONS = 12;
    /** What a server may fall behind and yet hold a rate, as a share of the precision asked for. */
    private static final double SLACK = 0.5;

    private final Objective objective;
    private final double precision;
    private final double mostRate;
    private final Runner runner;
    private final Consumer<String> progress;
    private final List<Step> steps = new ArrayList<>();
    private double held;
    private double missed = Double.POSITIVE_INFINITY;
    private Step tightestMiss;
    /** Whether the generator ran out of something: rates in between would find the machine still recovering from it. */
    private boolean ranOut;

    /**
     * @param precision share of the rate, above 0: when the gap is no wider, it is narrow
     * @param mostRate  rates above it are not tried
     * @param progress  takes a sentence before each run
     */
    public CapacitySearch(Objective objective, double precision, double mostRate, Runner runner,
            Consumer<String> progress) {
        this.objective = objective;
        this.precision = precision;
        this.mostRate = mostRate;
        this.runner = runner;
        this.progress = progress;
    }

    /** Every run so far, in order. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** @param firstRate to begin with, per second */
    public Capacity search(double firstRate) throws IOException {
        var rate = Math.min(firstRate, mostRate);
        while (held < mostRate && missed == Double.POSITIVE_INFINITY) {
            step("bracket", rate);
            rate = Math.min(2 * rate, mostRate);
        }
        while (held == 0 && missed > LEAST_RATE) {
            step("bracket", missed / 2);
        }
        // A gap that is barely too wide is not worth a run that makes it much narrower than asked.
        while (held > 0 && !ranOut && missed != Double.POSITIVE_INFINITY && missed / held > 1 + precision) {
            step("narrow", Math.sqrt(held * missed));
        }
        for (var down = 1; held > 0 && down <= MOST_CONFIRMATIONS; down++) {
            var ranOutBefore = ranOut;
            if (step("confirm", held)) {
                return found(held);
            }
            if (ranOut && !ranOutBefore) {
                break;
            }
            // Short runs were too kind.
            held /= 1 + precision;
        }
        return found(0);
    }

    /** What is known when the search is ended before its time: what held so far, if not for long. */
    public Capacity soFar() {
        return new Capacity(held, objective.text(), precision, Capacity.INTERRUPTED,
                "the search was interrupted before a longer run confirmed it", null);
    }

    private Capacity found(double rate) {
        String limitedBy;
        String because;
        if (tightestMiss == null) {
            limitedBy = "maxRate";
            because = "no higher rate was to be tried";
        } else if (tightestMiss.unfitBecause() != null) {
            limitedBy = "generator";
            because = tightestMiss.unfitBecause();
        } else {
            limitedBy = "server";
            because = tightestMiss.missed();
        }
        return new Capacity(rate, objective.text(), precision, limitedBy, because, null);
    }

    /** Does a run, and again if it missed by little or was disturbed: a stray pause of the machine is no limit of the server. */
    private boolean step(String purpose, double rate) throws IOException {
        for (var tries = 1;; tries++) {
            report(purpose, rate);
            var trial = runner.run(rate, purpose.equals("confirm"));
            var verdict = Verdict.of(trial, objective, SLACK * precision);
            var step = step(purpose, rate, trial, verdict);
            steps.add(step);
            ranOut |= verdict.ranOut();
            if (tries >= verdict.tries(step.achievedPerSecond() < CLEARLY * rate)) {
                if (step.held()) {
                    held = Math.max(held, rate);
                } else if (rate <= missed) {
                    missed = rate;
                    tightestMiss = step;
                }
                return step.held();
            }
        }
    }

    private void report(String purpose, double rate) {
        progress.accept(String.format(Locale.ROOT, "%s: trying %,.1f/s; %s held, %s missed", purpose, rate,
                held == 0 ? "nothing" : String.format(Locale.ROOT, "%,.1f/s", held),
                tightestMiss == null
                        ? "nothing"
                        : String.format(Locale.ROOT, "%,.1f/s (%s)", missed, tightestMiss.missed())));
    }

    private static Step step(String purpose, double rate, Trial trial, Verdict verdict) {
        var run = trial.run();
        return new Step(purpose, rate, run.measuredSeconds(), verdict.missed() == null, verdict.missed(),
                trial.achievedPerSecond(), trial.failures(), trial.latencyMicros(), run.outcomes(),
                run.server() == null ? null : run.server().cpuCores(),
                run.server() == null ? null : run.server().withheldBecause(), verdict.unfitBecause());
    }
}
