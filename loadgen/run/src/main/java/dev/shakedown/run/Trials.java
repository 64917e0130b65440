package dev.shakedown.run;

import dev.shakedown.experiment.Trial;
import dev.shakedown.load.End.AfterCount;
import dev.shakedown.load.End.AfterTime;
import dev.shakedown.load.End;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.load.Ports;
import dev.shakedown.load.Schedule;
import dev.shakedown.report.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The runs of an experiment against one server, one after another, which differ only in rate and length. */
public final class Trials {
    /** Number of handshakes that show whether a server is idle. */
    private static final int PROBES = 5;
    /** A server is idle again when its handshakes take at most this many times as long as at first. */
    private static final double IDLE_FACTOR = 3;
    private static final long WARM_NANOS = 500_000_000;
    private static final double IDLE_MICROS = 5_000;

    private final RunPlan run;
    private final LoadPlan plan;
    private final Schedule.Shape arrivals;
    private final TrialRunner runner;
    private Duration settle = Duration.ofSeconds(60);
    private String settleSetting = "";
    private long timeoutNanos;
    private double firstMicros;
    private double idleMicros = Double.NaN;
    private volatile boolean stopped;
    private boolean warm;

    /**
     * Prepares trials in this process.
     *
     * @param run      their plan; its own rate and length are ignored
     * @param arrivals how arrivals are spaced in open loops
     */
    public Trials(RunPlan run, Schedule.Shape arrivals) {
        this(run, arrivals, new LocalRunner());
    }

    /**
     * Prepares trials.
     *
     * @param runner performs the runs
     */
    Trials(RunPlan run, Schedule.Shape arrivals, TrialRunner runner) {
        this.runner = runner;
        this.run = run;
        this.plan = run.load();
        this.timeoutNanos = plan.timeoutNanos();
        this.arrivals = arrivals;
    }

    /**
     * Sets how long the server may take after each run to become idle again.
     *
     * @param setting the name of the setting for this time, for an error message; empty if there is none
     */
    public void settleWithin(Duration time, String setting) {
        settle = time;
        settleSetting = setting;
    }

    /** Ends the current run and with it the experiment. */
    public void stop() {
        stopped = true;
        runner.stop();
    }

    /** Whether {@link #stop} was called. */
    public boolean stopped() {
        return stopped;
    }

    /**
     * Runs an open loop at a constant rate. The first one warms this process up; those that resume gather sessions
     * first.
     */
    public Trial open(double ratePerSecond, long durationNanos, Mix mix) throws IOException {
        var warmup = warm && mix.resumed() == 0 ? Math.min(plan.warmupNanos(), WARM_NANOS) : plan.warmupNanos();
        warm = true;
        return run(open(ratePerSecond, durationNanos, mix, warmup));
    }

    /**
     * Checks beforehand that an open loop will not run out of ports.
     *
     * @throws CannotRunException if it can be foreseen that it would
     */
    public void checkPorts(double ratePerSecond, long durationNanos, Mix mix) {
        Ports.shortage(open(ratePerSecond, durationNanos, mix, plan.warmupNanos())).ifPresent(shortage -> {
            throw new CannotRunException(shortage.in(run.words().names()));
        });
    }

    private LoadPlan open(double ratePerSecond, long durationNanos, Mix mix, long warmupNanos) {
        var half = durationNanos / 2;
        var schedule = new Schedule(arrivals, List.of(
                new Schedule.Phase("first half", half, ratePerSecond, ratePerSecond, 1),
                new Schedule.Phase("second half", durationNanos - half, ratePerSecond, ratePerSecond, 1)));
        return plan.toBuilder().pacing(open(schedule)).end(new AfterTime(durationNanos)).warmupNanos(warmupNanos)
                .mix(mix).timeouts(timeoutNanos, Math.min(timeoutNanos, plan.connectTimeoutNanos())).build();
    }

    private OpenLoop open(Schedule schedule) {
        return switch (plan.pacing()) {
            case OpenLoop open -> new OpenLoop(schedule, open.maxInFlight(), open.maxLateNanos());
            case ClosedLoop _ -> new OpenLoop(schedule);
        };
    }

    /** Returns the length of the warm-up before the measured part of a run, in seconds. */
    double warmupSeconds() {
        return plan.warmupNanos() / 1e9;
    }

    /** Limits the timeout of handshakes to this time: one that takes longer has missed the objective anyway. */
    public void limitTimeout(long nanos) {
        timeoutNanos = Math.min(timeoutNanos, nanos);
    }

    /** Runs a closed loop with this many handshakes at a time. */
    public Trial closed(int concurrency, long durationNanos, Mix mix) throws IOException {
        return run(closed(concurrency, new AfterTime(durationNanos), plan.warmupNanos(), mix));
    }

    private LoadPlan closed(int concurrency, End end, long warmupNanos, Mix mix) {
        return plan.toBuilder().pacing(new ClosedLoop(concurrency)).end(end).warmupNanos(warmupNanos).mix(mix)
                .threads(Math.min(concurrency, plan.threads())).build();
    }

    /**
     * Waits until the server answers single handshakes as quickly as at first, and so has no backlog of earlier runs,
     * but not longer than it may take to settle. The first call measures how quickly that is.
     *
     * @throws CannotRunException if the server completes no handshake at first, or does not become as quick again
     */
    public void settle() throws IOException {
        for (var begun = runner.nanoTime();;) {
            var probe = run(closed(1, new AfterCount(PROBES), 0, Mix.parse("full=1")));
            var slowest = probe.latencyMicros().max();
            var usual = probe.latencyMicros().p50();
            if (Double.isNaN(idleMicros)) {
                if (slowest == null || usual == null) {
                    throw new CannotRunException("no handshake completed" + RunVerdict.reason(probe.run()));
                }
                firstMicros = slowest;
                idleMicros = Math.max(IDLE_MICROS, IDLE_FACTOR * usual);
                return;
            }
            if (probe.latencyMicros().count() == PROBES && slowest != null && slowest <= idleMicros) {
                return;
            }
            if (runner.nanoTime() - begun > settle.toNanos()) {
                throw new CannotRunException(String.format(Locale.ROOT,
                        "the server has not become idle within %s s: single handshakes %s, but took up to %.1f ms"
                                + " at first; another run would begin with its backlog, so give it longer%s",
                        Units.plain(settle.toMillis() / 1e3),
                        slowest == null
                                ? "do not complete"
                                : String.format(Locale.ROOT, "take up to %.1f ms", slowest / 1e3),
                        firstMicros / 1e3, settleSetting.isEmpty() ? "" : " with " + settleSetting));
            }
        }
    }

    private Trial run(LoadPlan one) throws IOException {
        return runner.run(run.with(one));
    }
}
