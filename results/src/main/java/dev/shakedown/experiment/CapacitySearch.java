package dev.shakedown.experiment;

import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the highest rate that holds an objective: doubles the rate until it misses, halves the gap between the
 * last two rates until it is narrow, and confirms the answer with a longer run. It knows nothing about servers: a rate
 * goes in, a run's result comes out.
 *
 * <p>A run that missed only because of the generator says nothing about the server. It is tried again; if that does not
 * help, the generator sets the upper end there, and the search goes on below it only where some rate is known to hold.
 */
public final class CapacitySearch {
    /** Does one run, once the server has recovered from the one before. */
    public interface Runner {
        /** @param confirms whether it is one of the longer runs that confirm an answer */
        Trial run(double ratePerSecond, boolean confirms) throws IOException;
    }

    /** What the tries at one rate say about the server. */
    private enum Finding {
        HELD, MISSED, NOTHING
    }

    private static final double LEAST_RATE = 0.1;
    /** A run that achieved less than this share of its rate missed beyond doubt, and is not tried again. */
    private static final double CLEARLY = 0.9;
    private static final int MOST_CONFIRMATIONS = 12;
    /** How far a server may fall behind and still hold a rate, as a share of the precision. */
    private static final double SLACK = 0.5;
    /** After this many runs that say nothing about the server, further ones are unlikely to say more. */
    private static final int MOST_UNFIT_IN_A_ROW = 6;
    /** Tries at a rate below one at which the generator was the limit, where it is no surprise that it is again. */
    private static final int TRIES_BELOW_ITS_LIMIT = 2;

    private final Objective objective;
    private final double precision;
    private final double mostRate;
    private final Runner runner;
    private final Consumer<String> progress;
    private final List<Step> steps = new ArrayList<>();
    private double held;
    /** The lowest rate that the server missed, infinite where it missed none; and why it counts as missed. */
    private double missed = Double.POSITIVE_INFINITY;
    private String missedBecause = "";
    /**
     * The lowest rate at which only the generator was at fault, infinite where there is none; and what delayed it the
     * last time.
     */
    private double generatorLimit = Double.POSITIVE_INFINITY;
    private String generatorBecause = "";
    private int unfitInARow;
    /** Whether the generator ran out of something, from which the machine would still be recovering at other rates. */
    private boolean ranOut;

    /**
     * @param precision width of the gap, as a share of the rate, at which the search stops narrowing it; above 0
     * @param mostRate  the highest rate to try, per second
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

    /** Returns all runs so far, in order. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** @param firstRate the rate to begin with, per second */
    public Capacity search(double firstRate) throws IOException {
        bracket(Math.min(firstRate, mostRate));
        narrow();
        if (mayNarrow() && generatorLimit < missed && missed != Double.POSITIVE_INFINITY) {
            // The generator could offer a rate that the server missed, so what delayed it before may have passed.
            generatorLimit = Double.POSITIVE_INFINITY;
            narrow();
        }
        if (held == 0) {
            return generatorLimit < missed ? stopped() : found(0);
        }
        var rate = held;
        for (var down = 1; down <= MOST_CONFIRMATIONS; down++) {
            switch (step("confirm", rate)) {
                case HELD -> {
                    return found(rate);
                }
                case NOTHING -> {
                    return stopped();
                }
                // Short runs held a rate that a longer one does not.
                case MISSED -> rate /= 1 + precision;
            }
        }
        return found(0);
    }

    private void bracket(double firstRate) throws IOException {
        var rate = firstRate;
        while (held < mostRate && upperEnd() == Double.POSITIVE_INFINITY) {
            step("bracket", rate);
            rate = Math.min(2 * rate, mostRate);
        }
        // A generator that is merely late may be late at any rate; only what it ran out of certainly lasts longer at a
        // lower rate.
        while (held == 0 && upperEnd() > LEAST_RATE && (ranOut || missed < generatorLimit)
                && unfitInARow < MOST_UNFIT_IN_A_ROW) {
            step("bracket", upperEnd() / 2);
        }
    }

    private void narrow() throws IOException {
        // The middle of the gap is the geometric mean, since the gap is a ratio.
        while (mayNarrow() && upperEnd() != Double.POSITIVE_INFINITY && upperEnd() / held > 1 + precision) {
            step("narrow", Math.sqrt(held * upperEnd()));
        }
    }

    private boolean mayNarrow() {
        return held > 0 && !ranOut && unfitInARow < MOST_UNFIT_IN_A_ROW;
    }

    /**
     * Estimates how many runs are left before the one that confirms; while no rate was missed yet, it assumes that the
     * next one will be.
     */
    public int searchesLeft() {
        var from = Math.max(held, LEAST_RATE);
        var gap = held == 0 || upperEnd() == Double.POSITIVE_INFINITY ? Math.log(2) : Math.log(upperEnd() / from);
        var narrowing = Math.ceil(Math.log(gap / Math.log1p(precision)) / Math.log(2));
        return (upperEnd() == Double.POSITIVE_INFINITY || held == 0 ? 1 : 0) + (int) Math.max(0, narrowing);
    }

    private double upperEnd() {
        return Math.min(missed, generatorLimit);
    }

    /** Returns what is known when the search is interrupted: what held so far, if only in short runs. */
    public Capacity soFar() {
        return capacity(heldByARun(), Capacity.INTERRUPTED, steps.stream().anyMatch(Step::held)
                ? "the search was interrupted before a longer run confirmed it"
                : "the search was interrupted before any run held");
    }

    /** Returns the answer of a search that the generator stopped. */
    private Capacity stopped() {
        var runs = unfitInARow == 1 ? "run" : unfitInARow + " runs";
        return capacity(heldByARun(), Capacity.GENERATOR, "the search stopped, since only the generator was at fault in"
                + " the last " + runs + ": " + generatorBecause);
    }

    /** Returns the highest rate that a run held and that no other run refuted; 0 if there is none. */
    private double heldByARun() {
        return steps.stream().filter(Step::held).mapToDouble(Step::ratePerSecond).filter(rate -> rate < missed).max()
                .orElse(0);
    }

    private Capacity found(double rate) {
        if (upperEnd() == Double.POSITIVE_INFINITY) {
            return capacity(rate, "maxRate", "no higher rate was allowed");
        }
        return missed <= generatorLimit
                ? capacity(rate, "server", missedBecause)
                : capacity(rate, Capacity.GENERATOR, generatorBecause);
    }

    private Capacity capacity(double rate, String limitedBy, String because) {
        return new Capacity(rate, objective.text(), precision, limitedBy, because, null,
                MachineDrift.during(steps, precision).orElse(null));
    }

    /**
     * Does a run, and repeats it if it missed by little or was disturbed, since a stray pause of the machine is not a
     * limit of the server. Of several that missed, one in which the generator had no part decides.
     */
    private Finding step(String purpose, double rate) throws IOException {
        Step miss = null;
        for (var tries = 1;; tries++) {
            report(purpose, rate);
            var trial = runner.run(rate, purpose.equals("confirm"));
            var verdict = Verdict.of(trial, objective, SLACK * precision);
            var step = step(purpose, rate, trial, verdict);
            steps.add(step);
            unfitInARow = step.tellsOfServer() ? 0 : unfitInARow + 1;
            ranOut |= verdict.ranOut();
            if (step.held()) {
                held = Math.max(held, rate);
                return Finding.HELD;
            }
            if (miss == null || step.tellsOfServer()) {
                miss = step;
            }
            if (tries >= tries(verdict, step) || unfitInARow >= MOST_UNFIT_IN_A_ROW) {
                return missed(miss);
            }
        }
    }

    private int tries(Verdict verdict, Step step) {
        var tries = verdict.tries(step.achievedPerSecond() < CLEARLY * step.ratePerSecond());
        return step.tellsOfServer() || generatorBecause.isEmpty() ? tries : Math.min(tries, TRIES_BELOW_ITS_LIMIT);
    }

    private Finding missed(Step step) {
        var unfit = step.unfitBecause();
        if (unfit != null) {
            generatorLimit = Math.min(generatorLimit, step.ratePerSecond());
            generatorBecause = unfit;
            return Finding.NOTHING;
        }
        if (step.ratePerSecond() <= missed) {
            missed = step.ratePerSecond();
            missedBecause = Objects.requireNonNull(step.missed());
        }
        return Finding.MISSED;
    }

    private void report(String purpose, double rate) {
        var best = heldByARun();
        progress.accept(String.format(Locale.ROOT, "%s: trying %,.1f/s; %s held, %s missed%s", purpose, rate,
                best == 0 ? "nothing" : String.format(Locale.ROOT, "%,.1f/s", best),
                missed == Double.POSITIVE_INFINITY
                        ? "nothing"
                        : String.format(Locale.ROOT, "%,.1f/s (%s)", missed, missedBecause),
                generatorLimit == Double.POSITIVE_INFINITY
                        ? ""
                        : String.format(Locale.ROOT, "; the generator was the limit at %,.1f/s (%s)", generatorLimit,
                                generatorBecause)));
    }

    private static Step step(String purpose, double rate, Trial trial, Verdict verdict) {
        var run = trial.run();
        var server = run.server();
        return new Step(purpose, rate, run.measuredSeconds(), verdict.missed() == null, verdict.missed(),
                trial.achievedPerSecond(), trial.failures(), trial.latencyMicros(), run.outcomes(),
                server == null ? null : server.cpuCores(), server == null ? null : server.cpuMicrosPerHandshake(),
                server == null ? null : server.withheldBecause(), verdict.unfitBecause());
    }
}
