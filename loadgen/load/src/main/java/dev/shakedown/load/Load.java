package dev.shakedown.load;

import com.sun.management.OperatingSystemMXBean;
import dev.shakedown.load.process.CpuReading;
import dev.shakedown.load.process.CpuSource;
import dev.shakedown.load.process.CpuUse;
import dev.shakedown.results.Interval;
import dev.shakedown.results.SessionYield;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One load: workers on their event loops, and the thread that calls {@link #run}, which collects their results and
 * measures the CPU time of generator and server.
 */
public final class Load {
    /** Receives results during the load, on the thread that called {@link Load#run}. */
    public interface Watcher {
        /**
         * Called about once per second, and once at the end.
         *
         * @param interval    what all workers recorded since the last call, for measured arrivals
         * @param warmup      what they recorded for arrivals due in the warm-up
         * @param inFlight    handshakes in progress
         * @param secondsLeft seconds until no more handshakes are planned; negative if a count ends the load
         * @throws IOException if the results cannot be stored, which ends the load
         */
        void second(Interval interval, Interval warmup, int inFlight, double secondsLeft) throws IOException;
    }

    /**
     * What is known of a load beyond the recorded handshakes.
     *
     * @param startedAt           when the measured part began
     * @param measuredSeconds     length of the measured part; 0 if the load ended before it
     * @param interrupted         whether {@link #stop} ended it
     * @param generatorCpuSeconds CPU time of this process in the measured part, without the embedded server's
     * @param server              CPU time of the watched server in the measured part; empty if none was watched
     * @param threadShares        share of the measured part, 0 to 1, that each event loop spent on a processor
     * @param busySeconds         in how many seconds of the measured part an event loop was too busy to be punctual
     * @param health              what may have kept the generator from its work in the measured part
     * @param breakdown           the results broken down; phases are empty if there is only one
     * @param sessions            how many sessions handshakes yielded; empty if that is unknown or sets no limit
     * @param closure             what was found out about how the server keeps sessions under an ID
     */
    public record Measured(Instant startedAt, double measuredSeconds, boolean interrupted, double generatorCpuSeconds,
            Optional<CpuUse> server, List<Double> threadShares, BusySeconds busySeconds, Health health,
            Breakdown breakdown, Optional<SessionYield> sessions, Closure.Finding closure) {

        /** Creates a value without findings about sessions. */
        public Measured(Instant startedAt, double measuredSeconds, boolean interrupted, double generatorCpuSeconds,
                Optional<CpuUse> server, List<Double> threadShares, BusySeconds busySeconds, Health health,
                Breakdown breakdown) {
            this(startedAt, measuredSeconds, interrupted, generatorCpuSeconds, server, threadShares,
                    busySeconds, health, breakdown, Optional.empty(), Closure.Finding.NOTHING);
        }
    }

    /**
     * How often an event loop was too busy to be punctual.
     *
     * @param busy seconds in which the busiest event loop spent more than {@link #SHARE} of the time on a processor
     * @param all  all seconds
     */
    public record BusySeconds(long busy, long all) {
        /** The share from which an event loop is too busy to be punctual. */
        static final double SHARE = 0.9;
        static final BusySeconds NONE = new BusySeconds(0, 0);

        /** Returns this count with one more second. */
        BusySeconds and(double busiestShare) {
            return new BusySeconds(busiestShare > SHARE ? busy + 1 : busy, all + 1);
        }
    }

    /** The CPU time if no server is embedded in this process. */
    public static final DoubleSupplier NOTHING_EMBEDDED = () -> 0;

    private static final long SECOND = 1_000_000_000;
    /** Time for event loops to start before the first arrival is due. */
    private static final long LEAD_NANOS = 20_000_000;
    /** Interval at which to check whether this process was suspended. */
    private static final long LOOK_NANOS = SECOND / 10;

    private final LongSupplier clock;
    private final LoadPlan plan;
    private final Optional<CpuSource> server;
    private final DoubleSupplier embeddedCpuSeconds;
    private final FailureObserver failures;
    private final EventLoopGroup group;
    private final List<WorkerLoop> workers = new ArrayList<>();
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<LoopThread> threads = new ArrayList<>();
    private final CpuQuota.Groups groups = CpuQuota.Groups.ofThisProcess();
    private final Suspensions suspensions = Suspensions.ofThisThread();
    private final Queue<Recorders.Taken> parts = new ConcurrentLinkedQueue<>();
    /** The results so far, broken down; phases are empty if there is only one. */
    private Breakdown breakdown = Breakdown.NONE;
    private BusySeconds busySeconds = BusySeconds.NONE;
    private final CountDownLatch done;
    /** CPU time that the event loops had used when the current second began; {@code null} outside the measured part. */
    private double @Nullable [] secondBegan;
    private long secondBeganNanos;
    private long startNanos;
    private boolean stopped;
    /** Set by a worker that cannot continue. */
    private volatile @Nullable Throwable broken;

    /** CPU time used so far, and what has held this process up so far. */
    private record Cpu(double processSeconds, Optional<CpuReading> server, double[] threadSeconds, Health health,
            double[] waitedSeconds, Map<Path, CpuQuota> quotas) {}

    /**
     * The thread of an event loop.
     *
     * @param id        the JVM's number of the thread
     * @param schedstat the file in which Linux says how long it ran and waited (proc(5))
     */
    private record LoopThread(long id, Path schedstat) {}

    /** Prepares a load on a server whose CPU time is not watched. */
    public Load(LoadPlan plan, FailureObserver failures) {
        this(plan, Optional.empty(), NOTHING_EMBEDDED, failures);
    }

    /**
     * Prepares a load, which {@link #run} starts.
     *
     * @param server             source of the server's CPU time; empty if it is not watched
     * @param embeddedCpuSeconds CPU time that a server embedded in this process has used so far, which is not the
     *                           generator's; {@link #NOTHING_EMBEDDED} if there is none
     * @param failures           watches some of the handshakes
     */
    public Load(LoadPlan plan, Optional<CpuSource> server, DoubleSupplier embeddedCpuSeconds,
            FailureObserver failures) {
        this(System::nanoTime, plan, server, embeddedCpuSeconds, failures);
    }

    /**
     * Prepares a load with a clock that may jump.
     *
     * @param clock begins as {@link System#nanoTime()}; {@link #clockMoved} must be called after each jump
     */
    Load(LongSupplier clock, LoadPlan plan, Optional<CpuSource> server, DoubleSupplier embeddedCpuSeconds,
            FailureObserver failures) {
        this.clock = clock;
        this.failures = failures;
        this.plan = plan;
        this.server = server;
        this.embeddedCpuSeconds = embeddedCpuSeconds;
        this.done = new CountDownLatch(plan.threads());
        this.group = new MultiThreadIoEventLoopGroup(plan.threads(), new DefaultThreadFactory("load", true),
                plan.transport().ioHandlerFactory());
    }

    /**
     * Runs the load and returns when its last handshake has ended.
     *
     * @throws IOException if the watcher threw it, or the generator broke down; the load is then stopped
     */
    public Measured run(Watcher watcher) throws IOException {
        try {
            var startedAt = begin();
            var measuredFrom = startNanos + plan.warmupNanos();
            var duration = plan.end().nanos();
            var windowEnds = duration.isPresent() ? OptionalLong.of(measuredFrom + duration.getAsLong()) : duration;
            await(OptionalLong.of(measuredFrom), watcher);
            var before = cpu();
            secondBegan = before.threadSeconds;
            secondBeganNanos = System.nanoTime();
            await(windowEnds, watcher);
            // An open loop lasts until its plan ends, even if its last handshake ended earlier.
            var now = System.nanoTime();
            var ended = plan.pacing() instanceof Pacing.OpenLoop && !wasStopped()
                    ? windowEnds.orElse(now)
                    : Math.min(now, windowEnds.orElse(now));
            var after = cpu();
            noteBusiest();
            secondBegan = null;
            await(OptionalLong.empty(), watcher);
            gather(watcher);
            return measured(startedAt, measuredFrom, Math.max(measuredFrom, ended), before, after);
        } finally {
            stop();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
    }

    /** Ends the load now, and cancels handshakes in progress. Any thread may call it, more than once. */
    public synchronized void stop() {
        if (!stopped && done.getCount() > 0) {
            stopped = true;
            workers.forEach(WorkerLoop::stop);
        }
    }

    /** Makes every worker do what is due after the clock has jumped, and waits for it. */
    synchronized void clockMoved() {
        workers.forEach(WorkerLoop::clockMoved);
    }

    /**
     * Returns how many sessions handshakes have yielded so far, for the server that issues the fewest; empty if that is
     * unknown, or if sessions can be offered any number of times.
     */
    public Optional<SessionYield> sessions() {
        return IntStream.range(0, plan.destinations().size())
                .mapToObj(destination -> workers.stream().flatMap(worker -> worker.sessionYield(destination).stream())
                        .max(Comparator.comparingDouble(SessionYield::mostShare)))
                .flatMap(Optional::stream).min(Comparator.comparingDouble(SessionYield::mostShare));
    }

    /** Returns the results of each server so far; empty if there is only one. Only for the watcher's thread. */
    public List<Interval> servers() {
        return breakdown.servers();
    }

    /** Starts the workers; returns when the measured part begins. */
    private synchronized Instant begin() {
        for (var i = 0; i < plan.threads(); i++) {
            var loop = group.next();
            loops.add(loop);
            threads.add(threadOf(loop));
        }
        startNanos = System.nanoTime() + LEAD_NANOS;
        var startedAt = Instant.now().plusNanos(LEAD_NANOS + plan.warmupNanos());
        for (var i = 0; i < plan.threads(); i++) {
            workers.add(new WorkerLoop(loops.get(i), clock, plan, i, startNanos, failures, parts::add,
                    done::countDown, error -> broken = error));
        }
        workers.forEach(WorkerLoop::start);
        if (stopped) {
            workers.forEach(WorkerLoop::stop);
        }
        return startedAt;
    }

    /** Serves the watcher until {@code untilNanos}, if given, or until the load is done. */
    private void await(OptionalLong untilNanos, Watcher watcher) throws IOException {
        while (done.getCount() > 0) {
            var now = System.nanoTime();
            var left = untilNanos.orElse(now + LOOK_NANOS) - now;
            if (left <= 0) {
                return;
            }
            var nextSecond = SECOND - Math.floorMod(now - startNanos, SECOND);
            var wait = Math.min(Math.min(nextSecond, left), LOOK_NANOS);
            suspensions.look(now);
            try {
                if (done.await(wait, TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException _) {
                stop();
            }
            suspensions.look(System.nanoTime());
            if (broken != null || loops.stream().anyMatch(EventLoop::isTerminated)) {
                throw new IOException("the generator broke down: "
                        + (broken == null ? "an event loop died, perhaps for lack of memory or descriptors" : broken));
            }
            if (wait == nextSecond) {
                suspensions.pause();
                gather(watcher);
                noteBusiest();
                if (server.isPresent()) {
                    server.get().look();
                }
            }
        }
    }

    private void noteBusiest() {
        var now = System.nanoTime();
        var began = secondBegan;
        if (began == null || now - secondBeganNanos < SECOND / 2) {
            return;
        }
        var seconds = threadSeconds();
        var most = 0.0;
        for (var i = 0; i < seconds.length; i++) {
            most = Math.max(most, (seconds[i] - began[i]) * SECOND / (now - secondBeganNanos));
        }
        busySeconds = busySeconds.and(most);
        secondBegan = seconds;
        secondBeganNanos = now;
    }

    private void gather(Watcher watcher) throws IOException {
        var intervals = new ArrayList<Interval>();
        var warmups = new ArrayList<Interval>();
        for (Recorders.Taken part; (part = parts.poll()) != null;) {
            intervals.addAll(part.measured().phases());
            warmups.add(part.warmup());
            breakdown = breakdown.and(plan.phases() > 1 ? part.measured() : part.measured().withoutPhases());
        }
        if (!intervals.isEmpty()) {
            var duration = plan.end().nanos();
            var left = duration.isEmpty()
                    ? -1
                    : Math.max(0, startNanos + plan.warmupNanos() + duration.getAsLong() - System.nanoTime()) / 1e9;
            watcher.second(Interval.merged(intervals), Interval.merged(warmups),
                    workers.stream().mapToInt(WorkerLoop::inFlight).sum(), left);
        }
    }

    private Measured measured(Instant startedAt, long fromNanos, long toNanos, Cpu before, Cpu after) {
        var seconds = (toNanos - fromNanos) / 1e9;
        var shares = new ArrayList<Double>();
        var waits = new ArrayList<Double>();
        for (var i = 0; i < before.threadSeconds.length; i++) {
            shares.add(seconds > 0 ? (after.threadSeconds[i] - before.threadSeconds[i]) / seconds : 0);
            waits.add(after.waitedSeconds[i] - before.waitedSeconds[i]);
        }
        var health = after.health.since(before.health).with(List.copyOf(waits),
                CpuQuota.between(before.quotas, after.quotas), suspensions.within(fromNanos, toNanos));
        return new Measured(startedAt, seconds, wasStopped(), after.processSeconds - before.processSeconds,
                after.server.map(used -> used.since(before.server.orElseThrow())),
                shares, busySeconds, health, breakdown, sessions(),
                workers.stream().map(WorkerLoop::closureFinding).max(Comparator.naturalOrder()).orElseThrow());
    }

    private synchronized boolean wasStopped() {
        return stopped;
    }

    private Cpu cpu() throws IOException {
        var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
        var watching = server.map(CpuSource::costNanos).orElse(0L) / 1e9;
        Optional<CpuReading> read = server.isPresent() ? Optional.of(server.get().read()) : Optional.empty();
        return new Cpu(process - watching - embeddedCpuSeconds.getAsDouble(), read,
                threadSeconds(), Health.now(),
                threads.stream().mapToDouble(thread -> Suspensions.runQueueNanos(thread.schedstat) / 1e9).toArray(),
                groups.now());
    }

    /** Returns the CPU time that each event loop has used so far, in seconds. */
    private double[] threadSeconds() {
        var beans = ManagementFactory.getThreadMXBean();
        return threads.stream().mapToDouble(thread -> beans.getThreadCpuTime(thread.id) / 1e9).toArray();
    }

    private static LoopThread threadOf(EventLoop loop) {
        try {
            return loop.submit(() -> new LoopThread(Thread.currentThread().threadId(), schedstat())).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot start an event loop", e);
        }
    }

    /**
     * Returns the schedstat file of this thread, by a path that other threads can use as well; it does not exist on
     * systems without one.
     */
    private static Path schedstat() {
        var thread = Path.of("/proc/thread-self");
        try {
            return thread.resolveSibling(Files.readSymbolicLink(thread)).resolve("schedstat");
        } catch (IOException _) {
            return thread;
        }
    }
}
