package dev.shakedown.run;

import dev.shakedown.experiment.Trial;
import java.io.IOException;

/** Performs the runs of an experiment, one after another, each with a plan of its own. */
public interface TrialRunner {
    /**
     * Performs one run and waits for its end.
     *
     * @throws java.io.InterruptedIOException if {@link #stop} was called before the run ended
     * @throws IOException                    if the generator failed
     */
    Trial run(RunPlan plan) throws IOException;

    /** Ends the current run, and each later one before it begins. Any thread may call this. */
    void stop();

    /** Returns the time on the clock of the runs, in nanoseconds since some fixed instant. */
    default long nanoTime() {
        return System.nanoTime();
    }
}
