package dev.shakedown.load;

import dev.shakedown.net.socket.TcpSocket;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Observed;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.SessionYield;
import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

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
    private final TcpSocket.Opener sockets;
    private final List<Seat> seats;
    private final FailureWatch failures;
    private final Recorders recorders;
    private final Worker worker;
    private final Consumer<Recorders.Taken> intervals;
    private final Runnable whenDone;
    private final Consumer<Throwable> whenBroken;
    private final long measuredFromNanos;
    private long timerNanos = Long.MAX_VALUE;
    private boolean turnPending;
    private boolean finished;
    /** Of these this worker takes its turns. */
    private final List<InetAddress> sources;
    /** How many connections each has now, where there may not be any number. */
    private final int[] busy;
    private int nextSource;
    private long lagProbeDueNanos;
    private long intervalStartMillis;
    private Negotiated negotiated;
    private Observed observed = Observed.NOTHING;
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
    WorkerLoop(EventLoop loop, LongSupplier clock, LoadPlan plan, Share share, long startNanos, List<Aim> aims,
            int resumeUses,
            FailureWatch failures, Consumer<Recorders.Taken> intervals, Runnable whenDone,
            Consumer<Throwable> whenBroken) {
        this.loop = loop;
        this.clock = clock;
        this.resumeUses = resumeUses;
        this.plan = plan;
        this.sockets = plan.transport().opener(loop);
        this.failures = failures;
        this.seats = aims.stream().map(aim -> {
            var memory = new ClientMemory(aim.settings(), resumeUses);
            return new Seat(aim.target(), memory, new TicketSupply(memory.sessions(), plan.mix().resumed() > 0),
                    new Closure(plan.close(), startNanos + plan.warmupNanos() / 2));
        }).toList();
        this.intervals = intervals;
        this.whenDone = whenDone;
        this.whenBroken = whenBroken;
        this.recorders = new Recorders(plan, startNanos, Aim.rows(aims));
        this.sources = plan.mostPerSource() == 0
                ? plan.sources()
                : IntStream.range(0, plan.sources().size()).filter(i -> i % plan.threads() == share.index)
                        .mapToObj(plan.sources()::get).toList();
        this.busy = new int[sources.size()];
        this.nextSource = plan.mostPerSource() == 0 ? share.index : 0;
        this.measuredFromNanos = startNanos + plan.warmupNanos();
        this.worker = new Worker(plan, share.arrivals, share.slots, share.count, share.maxInFlight, startNanos,
                recorders, aims.stream().mapToInt(Aim::row).toArray(), this);
    }

    /** What one worker of several has to do. */
    record Share(int index, ArrivalPlan arrivals, int slots, long count, int maxInFlight) {
        static Share of(LoadPlan plan, int index) {
            var workers = plan.threads();
            return new Share(index,
                    plan.openLoop()
                            ? new ArrivalPlan(plan.schedule().withWarmup(plan.warmupNanos()), index, workers)
                            : null,
                    (int) part(plan.concurrency(), index, workers),
                    plan.count() == Long.MAX_VALUE ? Long.MAX_VALUE : part(plan.count(), index, workers),
                    plan.openLoop() ? (int) part(plan.maxInFlight(), index, workers) : Integer.MAX_VALUE);
        }

        private static long part(long whole, int index, int workers) {
            return whole / workers + (index < whole % workers ? 1 : 0);
        }
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
    Optional<SessionYield> sessionYield(int seat) {
        var yields = sessionYields;
        return seat < yields.size() ? yields.get(seat) : Optional.empty();
    }

    /** What was found out about how servers keep sessions; once this worker is done, for any thread. */
    Closure.Finding closureFinding() {
        return seats.stream().map(seat -> seat.closure().finding()).max(Comparator.naturalOrder()).orElseThrow();
    }

    private Optional<SessionYield> sessionYield(TicketSupply supply) {
        var uses = resumeUses != SessionMemory.AS_THE_VERSION_ASKS
                ? resumeUses
                : negotiated != null && negotiated.version().equals(ProtocolVersion.TLS_1_3.label())
                        ? 1
                        : SessionMemory.UNLIMITED;
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
        var connection = new Connection(this, arrival, nowNanos);
        connection.begin();
        return connection;
    }

    /**
     * A socket that has begun to connect.
     *
     * @param source as {@link #takeSource} gave it
     */
    TcpSocket openSocket(InetSocketAddress target, TcpSocket.Listener listener, int source) throws IOException {
        return sockets.open(target, sources.isEmpty() ? null : sources.get(source), listener);
    }

    /** The number of the next source address that is not as busy as it may be; negative if there is none. */
    int takeSource() {
        if (sources.isEmpty()) {
            return 0;
        }
        if (plan.mostPerSource() == 0) {
            var source = nextSource % sources.size();
            nextSource = (nextSource + plan.threads()) % (sources.size() * plan.threads());
            return source;
        }
        for (var tried = 0; tried < sources.size(); tried++) {
            var source = nextSource;
            nextSource = (nextSource + 1) % sources.size();
            if (busy[source] < plan.mostPerSource()) {
                busy[source]++;
                return source;
            }
        }
        return -1;
    }

    /** A connection from there has ended. */
    void releaseSource(int source) {
        if (plan.mostPerSource() > 0 && source >= 0 && !sources.isEmpty()) {
            busy[source]--;
        }
    }

    /** Calls the worker again before the loop waits. */
    void turnSoon() {
        if (!turnPending) {
            turnPending = true;
            loop.execute(this::turn);
        }
    }

    /** What was agreed on, one object for the same again. */
    Negotiated negotiated(ClientHandshake handshake) {
        var version = handshake.version().label();
        var suite = handshake.suite().name();
        var group = handshake.groupLabel();
        var compression = handshake.compression() == Compression.NULL ? null : handshake.compression().label();
        if (negotiated == null || !version.equals(negotiated.version()) || !suite.equals(negotiated.cipherSuite())
                || !Objects.equals(group, negotiated.group())
                || !Objects.equals(compression, negotiated.compression())) {
            negotiated = new Negotiated(version, suite, group, compression);
        }
        return negotiated;
    }

    /** One object for the same again. */
    Observed observed(Observed shown) {
        if (!shown.equals(observed)) {
            observed = shown;
        }
        return observed;
    }

    LoadPlan plan() {
        return plan;
    }

    /** Handshakes under way on one seat, about. */
    int inFlightOfASeat() {
        return (worker.inFlight() + seats.size() - 1) / seats.size();
    }

    Seat seat(int number) {
        return seats.get(number);
    }

    FailureWatch failures() {
        return failures;
    }

    /** What the next handshake that could send early data is to send; empty for nothing. */
    byte[] earlyData() {
        var data = plan.ending().earlyData();
        return data.length > 0 && ++resumable % WITHOUT_EARLY_DATA == 0 ? NO_DATA : data;
    }

    Worker worker() {
        return worker;
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    private void turn() {
        turnPending = false;
        long next;
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
        } else if (next < timerNanos) {
            timerNanos = next;
            loop.schedule(this::timer, Math.max(0, next - nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private void timer() {
        timerNanos = Long.MAX_VALUE;
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
        sessionYields = seats.stream().map(seat -> sessionYield(seat.tickets())).toList();
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
