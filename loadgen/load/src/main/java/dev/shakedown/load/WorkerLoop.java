package dev.shakedown.load;

import dev.shakedown.conversation.Plan;
import dev.shakedown.results.Kind;
import dev.shakedown.results.SessionYield;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.channel.EventLoop;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Drives one worker on its event loop: tells it the time, opens its connections, and hands over what it recorded each
 * second. All methods but the constructor, {@link #start} and {@link #stop} run on the loop.
 */
final class WorkerLoop implements Worker.Opener {
    private static final long LAG_PROBE_NANOS = 10_000_000;
    /** One of so many resumed handshakes sends no early data, so that a run knows what it is worth. */
    private static final int WITHOUT_EARLY_DATA = 5;
    private static final byte[] NO_DATA = {};

    private final EventLoop loop;
    private final LongSupplier clock;
    private final LoadPlan plan;
    private final Samples samples = new Samples();
    private final Connection.Means means;
    private final List<DestinationState> destinations;
    private final Recorders recorders;
    private final Worker worker;
    private final Consumer<Recorders.Taken> intervals;
    private final Runnable whenDone;
    private final Consumer<Throwable> whenBroken;
    private final long measuredFromNanos;
    /** When the timer that is set goes off. */
    private final NextDue timer = new NextDue();
    private boolean turnPending;
    private boolean finished;
    private long lagProbeDueNanos;
    private long intervalStartMillis;
    private long resumable;
    private final int resumeUses;
    /** Written by the loop, read by whoever shows progress. */
    private volatile int inFlight;
    /** Of each seat, how many sessions its handshakes bring; written and read likewise. */
    private volatile List<Optional<SessionYield>> sessionYields = List.of();

    /**
     * @param clock     by which arrivals are due and deadlines come, nanoseconds
     * @param intervals takes what was recorded in each second, on the loop
     * @param whenDone  runs on the loop once no arrival is left
     * @param whenBroken takes what this worker cannot go on after
     */
    WorkerLoop(EventLoop loop, LongSupplier clock, LoadPlan plan, int index, long startNanos, FailureObserver failures,
            Consumer<Recorders.Taken> intervals, Runnable whenDone, Consumer<Throwable> whenBroken) {
        this.loop = loop;
        this.clock = clock;
        this.resumeUses = plan.resumeUses();
        this.plan = plan;
        this.destinations = plan.destinations().stream().map(destination -> {
            var memory = new ClientMemory(destination.settings(), resumeUses);
            var tickets = new TicketSupply(memory.sessions(), plan.mix().resumed() > 0);
            var waitPolicy = new LoadWaitPolicy(plan.ending(), tickets, this::inFlightOfASeat);
            return new DestinationState(
                    new Plan(destination.target(), memory, plan.prelude(), plan.ending().request(), waitPolicy),
                    tickets,
                    new Closure(plan.close(), startNanos + plan.warmupNanos() / 2));
        }).toList();
        this.intervals = intervals;
        this.whenDone = whenDone;
        this.whenBroken = whenBroken;
        this.recorders = new Recorders(plan, startNanos, plan.versions().stream().map(ProtocolVersion::label).toList());
        this.measuredFromNanos = startNanos + plan.warmupNanos();
        var all = plan.end().arrivals();
        var count = all.isPresent() ? OptionalLong.of(PlannedStarts.part(all.getAsLong(), index, plan.threads())) : all;
        this.worker = new Worker(plan, PlannedStarts.of(plan, index, startNanos), count, startNanos, recorders, this);
        this.means = new Connection.Means(worker, clock, this::turnSoon,
                new Sockets(plan.transport().opener(loop), plan, index), samples, failures, plan.close());
    }

    /** Begins; the first arrivals start when the worker's time has come. */
    void start() {
        loop.execute(() -> {
            intervalStartMillis = System.currentTimeMillis();
            lagProbeDueNanos = System.nanoTime() + LAG_PROBE_NANOS;
            loop.schedule(this::probeLag, LAG_PROBE_NANOS, TimeUnit.NANOSECONDS);
            loop.schedule(this::eachSecond, 1, TimeUnit.SECONDS);
            turn();
        });
    }

    /** Cancels what is under way; {@code whenDone} follows soon. */
    void stop() {
        loop.execute(() -> {
            worker.stop(nanoTime());
            turn();
        });
    }

    /** Does what is due now, though the clock has gone faster than the timer that waits for it; once done, returns. */
    void clockMoved() {
        loop.submit(this::turn).syncUninterruptibly();
    }

    int inFlight() {
        return inFlight;
    }

    /** How many sessions handshakes of one seat bring, as of the last second; for any thread. */
    Optional<SessionYield> sessionYield(int destination) {
        var yields = sessionYields;
        return destination < yields.size() ? yields.get(destination) : Optional.empty();
    }

    /** What was found out about how servers keep sessions; once this worker is done, for any thread. */
    Closure.Finding closureFinding() {
        return destinations.stream().map(destination -> destination.closure().finding()).max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private Optional<SessionYield> sessionYield(TicketSupply supply) {
        var uses = resumeUses != SessionMemory.AS_THE_VERSION_ASKS
                ? resumeUses
                : samples.areOfTls13() ? 1 : SessionMemory.UNLIMITED;
        var full = supply.perHandshake(Kind.FULL);
        var resumed = supply.perHandshake(Kind.RESUMED);
        if (uses == SessionMemory.UNLIMITED || full.isEmpty()) {
            return Optional.empty();
        }
        // Who gives none has nothing resumed, of which nothing can be known then.
        return full.getAsInt() == 0 || resumed.isPresent()
                ? Optional.of(new SessionYield(full.getAsInt(), resumed.orElse(0), uses))
                : Optional.empty();
    }

    @Override
    public Worker.Attempt open(Worker.Arrival arrival, long nowNanos) {
        var destination = destinations.get(arrival.destination);
        var offered = arrival.asked == Kind.RESUMED ? destination.sessions().take(nowNanos) : null;
        var earlyData = offered instanceof Session.Tls13 ? nextEarlyData() : NO_DATA;
        var connection = new Connection(means, arrival, destination, offered, earlyData);
        connection.begin(nowNanos);
        return connection;
    }

    /** Calls the worker again before the loop waits. */
    private void turnSoon() {
        if (!turnPending) {
            turnPending = true;
            loop.execute(this::turn);
        }
    }

    /** Handshakes under way on one seat, about. */
    private int inFlightOfASeat() {
        return (worker.inFlight() + destinations.size() - 1) / destinations.size();
    }

    /** What the next handshake that could send early data is to send; empty for nothing. */
    private byte[] nextEarlyData() {
        var data = plan.ending().earlyData();
        return data.length > 0 && ++resumable % WITHOUT_EARLY_DATA == 0 ? NO_DATA : data;
    }

    private long nanoTime() {
        return clock.getAsLong();
    }

    private void turn() {
        turnPending = false;
        NextDue next;
        try {
            next = worker.turn(nanoTime());
        } catch (RuntimeException | Error e) {
            // No turn would follow, and nobody would learn of it.
            whenBroken.accept(e);
            throw e;
        }
        inFlight = worker.inFlight();
        if (worker.isDone()) {
            finish();
        } else if (next.isBefore(timer)) {
            timer.orAt(next.nanos());
            loop.schedule(this::timerWentOff, Math.max(0, next.nanos() - nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private void timerWentOff() {
        timer.never();
        turn();
    }

    private void finish() {
        if (!finished) {
            finished = true;
            handOver();
            whenDone.run();
        }
    }

    private void eachSecond() {
        if (!finished) {
            handOver();
            loop.schedule(this::eachSecond, 1, TimeUnit.SECONDS);
        }
    }

    private void handOver() {
        sessionYields = destinations.stream().map(destination -> sessionYield(destination.tickets())).toList();
        var now = System.currentTimeMillis();
        intervals.accept(recorders.take(intervalStartMillis, now));
        intervalStartMillis = now;
    }

    private void probeLag() {
        // A loop is late by the machine's time, whatever clock its load goes by.
        var now = System.nanoTime();
        if (lagProbeDueNanos >= measuredFromNanos) {
            recorders.at(lagProbeDueNanos, 0).loopLag(now - lagProbeDueNanos, LAG_PROBE_NANOS);
        }
        if (!finished) {
            lagProbeDueNanos = now + LAG_PROBE_NANOS;
            loop.schedule(this::probeLag, LAG_PROBE_NANOS, TimeUnit.NANOSECONDS);
        }
    }
}
