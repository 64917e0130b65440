package dev.shakedown.run;

import dev.shakedown.experiment.Trial;
import dev.shakedown.load.Breakdown;
import dev.shakedown.load.Health;
import dev.shakedown.load.Load;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Failed;
import dev.shakedown.results.Outcome.Failure;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Outcome.TimedOut;
import dev.shakedown.results.Outcome.Unsent;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.UnsentReason;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * Simulates a server with a given number of workers, each occupied by a handshake for a given time, and a machine that
 * loads it, both on a clock that only runs advance. What one run leaves undone, the next one finds; a client that gives
 * up saves the server no work.
 */
public final class SimulatedServer implements TrialRunner {
    private static final long SECOND = 1_000_000_000;
    private static final long ON_THE_WAY_NANOS = 100_000;
    private static final int THREADS = 1;

    private final long serviceNanos;
    /** When each worker will have finished its work so far. */
    private final PriorityQueue<Long> workers;
    private long now;
    private int openRuns;
    private int goneAfter = Integer.MAX_VALUE;
    private int interruptedAfter = Integer.MAX_VALUE;
    private int busyFrom = Integer.MAX_VALUE;
    private int busyUntil = Integer.MAX_VALUE;
    private boolean stopped;

    /** What a run records as it goes. */
    private record Recording(LoadPlan plan, List<Recorder> phases) {}

    public SimulatedServer(Duration service, int workers) {
        this.serviceNanos = service.toNanos();
        this.workers = new PriorityQueue<>(Collections.nCopies(workers, 0L));
    }

    /** From then on it refuses connections. */
    public SimulatedServer goneAfter(int runs) {
        goneAfter = runs;
        return this;
    }

    /** The run after this many at a rate is interrupted. */
    public SimulatedServer interruptedAfter(int runs) {
        interruptedAfter = runs;
        return this;
    }

    /** In these runs at a rate, counted from 1, a hypervisor makes the generator late. */
    public SimulatedServer machineBusy(int from, int until) {
        busyFrom = from;
        busyUntil = until;
        return this;
    }

    /** Returns how many runs at a rate there were. */
    public int openRuns() {
        return openRuns;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public Trial run(RunPlan plan) throws InterruptedIOException {
        var load = plan.load();
        if (load.pacing() instanceof OpenLoop) {
            if (openRuns == interruptedAfter) {
                stop();
            }
            openRuns++;
        }
        if (stopped) {
            throw new InterruptedIOException();
        }
        return switch (load.pacing()) {
            case OpenLoop open -> open(plan, open);
            case ClosedLoop _ -> oneByOne(plan);
        };
    }

    private Trial open(RunPlan plan, OpenLoop pacing) {
        var load = plan.load();
        var late = busyFrom <= openRuns && openRuns <= busyUntil ? SECOND / 10 : 0;
        var lasts = load.end().nanos().orElseThrow();
        var every = SECOND / pacing.schedule().meanPerSecond();
        var begins = now + load.warmupNanos();
        var recording = new Recording(load, Stream.generate(Recorder::new).limit(load.phases()).toList());
        recording.phases.forEach(phase -> phase.windowEnds(begins + lasts));
        var inFlight = new PriorityQueue<Long>();
        var unmeasured = Math.round(load.warmupNanos() / every);
        for (var n = -unmeasured; n * every < lasts; n++) {
            var due = begins + Math.round(n * every);
            var begun = due + late;
            inFlight.removeIf(end -> end <= begun);
            var most = load.sources().mostEach();
            if (most.isPresent() && inFlight.size() >= most.getAsInt()) {
                record(recording, n, due, due, due, new Unsent(UnsentReason.SOURCES));
            } else {
                inFlight.add(handshake(recording, n, due, begun));
            }
        }
        now = Math.max(begins + lasts, inFlight.stream().mapToLong(end -> end).max().orElse(0));
        return trial(plan, recording, lasts / 1e9, late > 0);
    }

    private Trial oneByOne(RunPlan plan) {
        var recording = new Recording(plan.load(), List.of(new Recorder()));
        var began = now;
        for (var n = 0; n < plan.load().end().arrivals().orElseThrow(); n++) {
            now = handshake(recording, n, now, now);
        }
        return trial(plan, recording, (now - began) / 1e9, false);
    }

    /** @return when the client's part in it ends */
    private long handshake(Recording recording, long n, long due, long begun) {
        if (openRuns > goneAfter) {
            var refused = begun + ON_THE_WAY_NANOS;
            record(recording, n, due, begun, refused,
                    new Failed(new Failure("connect", "received", "connection_refused", false, null, "gone")));
            return refused;
        }
        var done = Math.max(workers.remove(), begun) + serviceNanos;
        workers.add(done);
        var answered = done + ON_THE_WAY_NANOS;
        var patience = begun + recording.plan.timeoutNanos();
        if (answered > patience) {
            record(recording, n, due, begun, patience, new TimedOut("server_hello"));
            return patience;
        }
        record(recording, n, due, begun, answered,
                new Completed(recording.plan.mix().kind(n), new Negotiated("TLSv1.2", "A", null, null)));
        return answered;
    }

    /** Unless it belongs to the warm-up. */
    private static void record(Recording recording, long n, long due, long begun, long ended, Outcome outcome) {
        if (n < 0) {
            return;
        }
        var marks = new long[Mark.values().length];
        Arrays.fill(marks, Marks.NOT_REACHED);
        marks[Mark.PLANNED.ordinal()] = due;
        if (!(outcome instanceof Unsent)) {
            marks[Mark.BEGUN.ordinal()] = begun;
        }
        if (outcome instanceof Completed) {
            marks[Mark.FINISHED.ordinal()] = ended;
        }
        var asked = recording.plan.mix().kind(n);
        var phases = recording.phases;
        var count = recording.plan.pacing() instanceof OpenLoop(var schedule, _, _)
                ? schedule.meanPerSecond() * schedule.durationNanos() / SECOND
                : Double.MAX_VALUE;
        var phase = phases.get((int) Math.min(phases.size() - 1, n * phases.size() / count));
        phase.planned();
        phase.record(new Sample(outcome, asked,
                asked == Kind.RESUMED ? Resumption.ACCEPTED : Resumption.NOT_OFFERED, Marks.of(marks), 300, 1000));
    }

    private static Trial trial(RunPlan plan, Recording recording, double seconds, boolean stolen) {
        var intervals = recording.phases.stream().map(phase -> phase.take(0, 1)).toList();
        // Of the time of two processors, a fifth.
        var health = new Health(0, 0, 0.0, 2 * seconds, stolen ? 0.4 * seconds : 0, 0L);
        var measured = new Load.Measured(Instant.EPOCH, seconds, false, 0.1 * seconds, Optional.empty(),
                Collections.nCopies(THREADS, 0.1), new Load.BusySeconds(0, 1), health,
                new Breakdown(intervals.size() == 1 ? List.of() : intervals, List.of(), List.of(), List.of()));
        return LocalRunner.trial(plan, measured, List.of(Interval.merged(intervals)));
    }
}
