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

/** The runs of an experiment, one behind the other against one server, all by one plan but for rate and length. */
public final class Trials {
    /** How many handshakes tell whether a server has nothing left to do. */
    private static final int PROBES = 5;
    /** A server is idle again whose handshakes take no longer than this many times what they took at first. */
    private static final double IDLE = 3;
    private static final long WARM_NANOS = 500_000_000;
    private static final double IDLE_MICROS = 5_000;

    private final RunPlan run;
    private final LoadPlan plan;
    private final Schedule.Shape arrivals;
    private final TrialRunner runner;
    private Duration settle = Duration.ofSeconds(60);
    private String howToGiveLonger = "";
    private long timeoutNanos;
    private double firstMicros;
    private double idleMicros = Double.NaN;
    private volatile boolean stopped;
    private boolean warm;

    /**
     * Prepares trials in this process, of which none has run yet.
     *
     * @param run      their plan, but for rate and length
     * @param arrivals how arrivals are spread in open loops
     */
    public Trials(RunPlan run, Schedule.Shape arrivals) {
        this(run, arrivals, new LocalRunner());
    }

    /**
     * Prepares trials, of which none has run yet.
     *
     * @param runner makes them
     */
    Trials(RunPlan run, Schedule.Shape arrivals, TrialRunner runner) {
        this.runner = runner;
        this.run = run;
        this.plan = run.load();
        this.timeoutNanos = plan.timeoutNanos();
        this.arrivals = arrivals;
    }

    /**
     * Gives the server so long after each run until it must be idle again.
     *
     * @param how how people give it longer, to be told those whose server is not; empty if they cannot
     */
    public void settleWithin(Duration time, String how) {
        settle = time;
        howToGiveLonger = how;
    }

    /** Ends the run under way, and with it the experiment. */
    public void stop() {
        stopped = true;
        runner.stop();
    }

    public boolean stopped() {
        return stopped;
    }

    /** An open loop at a constant rate. The first warms this process up; those that resume gather sessions first. */
    public Trial open(double ratePerSecond, long durationNanos, Mix mix) throws IOException {
        var warmup = warm && mix.resumed() == 0 ? Math.min(plan.warmupNanos(), WARM_NANOS) : plan.warmupNanos();
        warm = true;
        return run(open(ratePerSecond, durationNanos, mix, warmup));
    }

    /**
     * Looks ahead.
     *
     * @throws CannotRunException if an open loop would run out of ports, as far as that can be foreseen
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

    /** What comes before the measured part of each. */
    double warmupSeconds() {
        return plan.warmupNanos() / 1e9;
    }

    /** Gives handshakes no longer than this: who waits for longer has missed the objective anyhow. */
    public void hurry(long nanos) {
        timeoutNanos = Math.min(timeoutNanos, nanos);
    }

    /** A closed loop: so many at a time for a time. */
    public Trial closed(int concurrency, long durationNanos, Mix mix) throws IOException {
        return run(closed(concurrency, new AfterTime(durationNanos), plan.warmupNanos(), mix));
    }

    private LoadPlan closed(int concurrency, End end, long warmupNanos, Mix mix) {
        return plan.toBuilder().pacing(new ClosedLoop(concurrency)).end(end).warmupNanos(warmupNanos).mix(mix)
                .threads(Math.min(concurrency, plan.threads())).build();
    }

    /**
     * Waits, bounded, until the server answers single handshakes as quickly as it did at first: it has nothing left of
     * what came before. The first call finds out how quickly that is.
     *
     * @throws CannotRunException if it completes no handshake at first, or does not become as quick again
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
                idleMicros = Math.max(IDLE_MICROS, IDLE * usual);
                return;
            }
            if (probe.latencyMicros().count() == PROBES && slowest != null && slowest <= idleMicros) {
                return;
            }
            if (runner.nanoTime() - begun > settle.toNanos()) {
                throw new CannotRunException(String.format(Locale.ROOT,
                        "the server has not become idle within %s s: single handshakes %s, where at first they took"
                                + " up to %.1f ms; a further run would begin on its backlog, so give it longer%s",
                        Units.plain(settle.toMillis() / 1e3),
                        slowest == null
                                ? "do not complete"
                                : String.format(Locale.ROOT, "take up to %.1f ms", slowest / 1e3),
                        firstMicros / 1e3, howToGiveLonger.isEmpty() ? "" : " with " + howToGiveLonger));
            }
        }
    }

    private Trial run(LoadPlan one) throws IOException {
        return runner.run(run.with(one));
    }
}
