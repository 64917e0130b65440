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
 * Drives one worker on its event loop: passes it the time, opens its connections, and hands over its results each
 * second. Unless noted otherwise, methods other than the constructor, {@link #start} and {@link #stop} run on the loop.
 */
final class WorkerLoop implements Worker.Opener {
    private static final long LAG_PROBE_NANOS = 10_000_000;
    /** One in this many resumed handshakes sends no early data, so that a run can compare. */
    private static final int WITHOUT_EARLY_DATA = 5;
    private static final byte[] NO_DATA = {};

    private final EventLoop loop;
    private final LongSupplier clock;
    private final LoadPlan plan;
    private final Samples samples = new Samples();
    private final Connection.Shared shared;
    private final List<DestinationState> destinations;
    private final Recorders recorders;
    private final Worker worker;
    private final Consumer<Recorders.Taken> intervals;
    private final Runnable whenDone;
    private final Consumer<Throwable> whenBroken;
    private final long measuredFromNanos;
    /** When the pending timer fires. */
    private final NextDue timer = new NextDue();
    private boolean turnPending;
    private boolean finished;
    private long lagProbeDueNanos;
    private long intervalStartMillis;
    private long resumable;
    private final int resumeUses;
    /** Written by the loop, read by other threads. */
    private volatile int inFlight;
    /** For each destination, how many sessions its handshakes yield; written by the loop, read by other threads. */
    private volatile List<Optional<SessionYield>> sessionYields = List.of();

    /**
     * @param clock      the clock of arrivals and deadlines, nanoseconds
     * @param intervals  receives the results of each second, on the loop
     * @param whenDone   called on the loop once no arrival is left
     * @param whenBroken receives the error after which this worker cannot continue
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
            var waitPolicy = new LoadWaitPolicy(plan.ending(), tickets, this::inFlightPerDestination);
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
        this.shared = new Connection.Shared(worker, clock, this::turnSoon,
                new Sockets(plan.transport().opener(loop), plan, index), samples, failures, plan.close());
    }

    /** Starts the worker, whose first arrivals begin when they are due. */
    void start() {
        loop.execute(() -> {
            intervalStartMillis = System.currentTimeMillis();
            lagProbeDueNanos = System.nanoTime() + LAG_PROBE_NANOS;
            loop.schedule(this::probeLag, LAG_PROBE_NANOS, TimeUnit.NANOSECONDS);
            loop.schedule(this::eachSecond, 1, TimeUnit.SECONDS);
            turn();
        });
    }

    /** Cancels handshakes in progress; {@code whenDone} is called soon afterwards. */
    void stop() {
        loop.execute(() -> {
            worker.stop(nanoTime());
            turn();
        });
    }

    /**
     * Does what is due now that the clock has jumped ahead of the pending timer, and waits for it. For other threads.
     */
    void clockMoved() {
        loop.submit(this::turn).syncUninterruptibly();
    }

    int inFlight() {
        return inFlight;
    }

    /** Returns how many sessions handshakes at one destination yield, as of the last second. For any thread. */
    Optional<SessionYield> sessionYield(int destination) {
        var yields = sessionYields;
        return destination < yields.size() ? yields.get(destination) : Optional.empty();
    }

    /** Returns what was found out about how servers keep sessions. For any thread, once this worker is done. */
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
        // A server that issues no sessions has no resumed handshakes to learn from.
        return full.getAsInt() == 0 || resumed.isPresent()
                ? Optional.of(new SessionYield(full.getAsInt(), resumed.orElse(0), uses))
                : Optional.empty();
    }

    @Override
    public Worker.Attempt open(Worker.Arrival arrival, long nowNanos) {
        var destination = destinations.get(arrival.destination);
        var offered = arrival.asked == Kind.RESUMED ? destination.sessions().take(nowNanos) : null;
        var earlyData = offered instanceof Session.Tls13 ? nextEarlyData() : NO_DATA;
        var connection = new Connection(shared, arrival, destination, offered, earlyData);
        connection.begin(nowNanos);
        return connection;
    }

    /** Schedules another turn of the worker before the loop waits. */
    private void turnSoon() {
        if (!turnPending) {
            turnPending = true;
            loop.execute(this::turn);
        }
    }

    /** Returns the approximate number of handshakes in progress at one destination. */
    private int inFlightPerDestination() {
        return (worker.inFlight() + destinations.size() - 1) / destinations.size();
    }

    /** Returns the early data for the next handshake that could send any; empty for none. */
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
            // Otherwise no further turn would follow, and the failure would go unnoticed.
            whenBroken.accept(e);
            throw e;
        }
        inFlight = worker.inFlight();
        if (worker.isDone()) {
            finish();
        } else if (next.isBefore(timer)) {
            timer.orAt(next.nanos());
            loop.schedule(this::timerFired, Math.max(0, next.nanos() - nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private void timerFired() {
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
        // Lag is measured by the machine's clock, whatever clock the load uses.
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
