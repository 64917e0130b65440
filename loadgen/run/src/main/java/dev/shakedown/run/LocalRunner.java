package dev.shakedown.run;

import dev.shakedown.experiment.Trial;
import dev.shakedown.load.FailureObserver;
import dev.shakedown.load.Load;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Summary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Performs runs in this process. */
public final class LocalRunner implements TrialRunner {
    private @Nullable Load running;
    private boolean stopped;

    @Override
    public Trial run(RunPlan plan) throws IOException {
        var intervals = new ArrayList<Interval>();
        var current = new Load(plan.load(), plan.server().cpu(), Load.NOTHING_EMBEDDED, FailureObserver.NONE);
        synchronized (this) {
            running = current;
            if (stopped) {
                throw new InterruptedIOException();
            }
        }
        var measured = current.run((interval, _, _, _) -> intervals.add(interval));
        if (measured.interrupted()) {
            throw new InterruptedIOException();
        }
        return trial(plan, measured, intervals);
    }

    /**
     * Returns the outcome of a run.
     *
     * @param intervals everything recorded in the measured part, at least one interval
     */
    static Trial trial(RunPlan plan, Load.Measured measured, List<Interval> intervals) {
        var summary = new Summary();
        intervals.forEach(summary::add);
        return new Trial(summary.result(new RunDescription(plan).facts(measured, summary)), summary.latencyMicros(),
                Interval.merged(intervals), measured.breakdown().phases());
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        if (running != null) {
            running.stop();
        }
    }
}
