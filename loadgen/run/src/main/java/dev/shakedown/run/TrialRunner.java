package dev.shakedown.run;

import dev.shakedown.experiment.Trial;
import java.io.IOException;

/** Makes the runs of an experiment, one behind the other, each by a plan of its own. */
public interface TrialRunner {
    /**
     * Makes one run and waits for its end.
     *
     * @throws java.io.InterruptedIOException if {@link #stop} came before its end, or before it began
     * @throws IOException                    if the generator broke down
     */
    Trial run(RunPlan plan) throws IOException;

    /** Ends the run under way, and each later one before it begins. Any thread may call it. */
    void stop();

    /** The clock by which runs take their time, nanoseconds from an instant that is always the same. */
    default long nanoTime() {
        return System.nanoTime();
    }
}
