package dev.shakedown.load.process;

import dev.shakedown.load.process.CpuReading.Part;
import dev.shakedown.load.process.ProcessEntry.Id;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * CPU time of a server's process and of all that it starts. Who was once one of them stays one, even when its parent
 * ends before it.
 */
public final class ServerCpu implements CpuSource {
    /** How often a reading is tried until nothing moves meanwhile. */
    private static final int ROUNDS = 5;
    private static final int ROUND_NANOS = 999_999;
    /** Of Linux's scheduler, 100 to 1,000 times a second. */
    private static final long LONGEST_TICK_NANOS = 10_000_000;
    private static final int POLL_NANOS = 200_000;

    private final Optional<ProcessEntry> watched;
    /** Who was seen last. */
    private Map<Id, ProcessEntry> family = Map.of();
    private long lost;
    private long costNanos;

    /** @param pid of the server's process; see {@link #canWatch} */
    public ServerCpu(long pid) {
        this.watched = ProcessEntry.of(pid);
    }

    /** Whether the process {@code pid} can be watched here. */
    public static boolean canWatch(long pid) {
        return ProcessEntry.of(pid).isPresent();
    }

    /**
     * {@inheritDoc} It takes up to 10 ms more where processes run just then: see {@link #settle}.
     *
     * @throws IOException when {@code /proc} cannot be listed
     */
    @Override
    public CpuReading read() throws IOException {
        var began = cpuNanos();
        try {
            notice();
            var nanos = new HashMap<Id, Long>();
            var entries = family;
            var quiet = false;
            for (var round = 0; round < ROUNDS && !quiet; round++) {
                pause(Math.min(1, round) * ROUND_NANOS);
                entries.keySet().forEach(id -> CpuClock.nanos(id.pid()).ifPresent(used -> nanos.put(id, used)));
                settle(entries, nanos);
                var before = entries;
                entries = again(before.keySet());
                var now = entries;
                quiet = before.entrySet().stream().allMatch(each -> isQuiet(each.getValue(), now.get(each.getKey())));
            }
            return reading(entries, nanos);
        } finally {
            costNanos += cpuNanos() - began;
        }
    }

    @Override
    public void look() throws IOException {
        var began = cpuNanos();
        notice();
        costNanos += cpuNanos() - began;
    }

    @Override
    public long costNanos() {
        return costNanos;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /**
     * The scheduler counts the time of a thread when it leaves the processor, and at each of its ticks until then. So
     * the time of a process that seems to run is known exactly when it grows; if it does not within a tick, it was not
     * on a processor. Of threads that run beside the first one, up to a tick of the scheduler's is missing.
     */
    private static void settle(Map<Id, ProcessEntry> entries, Map<Id, Long> nanos) {
        var running = entries.values().stream().filter(ProcessEntry::running).map(ProcessEntry::id)
                .filter(nanos::containsKey).collect(Collectors.toCollection(ArrayList::new));
        for (var began = System.nanoTime(); !running.isEmpty() && System.nanoTime() - began < LONGEST_TICK_NANOS;) {
            pause(POLL_NANOS);
            running.removeIf(id -> CpuClock.nanos(id.pid()).stream().allMatch(now -> now != nanos.put(id, now)));
        }
    }

    private static void pause(int nanos) {
        try {
            Thread.sleep(0, nanos);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Children first: who has gone by then has gone over to a parent that is yet to be asked. */
    private static Map<Id, ProcessEntry> again(Set<Id> ids) {
        var entries = new HashMap<Id, ProcessEntry>();
        ids.stream().sorted(Comparator.comparingLong(Id::started).thenComparingLong(Id::pid).reversed())
                .forEach(id -> ProcessEntry.of(id.pid()).filter(entry -> entry.id().equals(id))
                        .ifPresent(entry -> entries.put(id, entry)));
        return entries;
    }

    /** @param now {@code null} if it has ended */
    private static boolean isQuiet(ProcessEntry before, @Nullable ProcessEntry now) {
        return now != null && now.childFaults() == before.childFaults();
    }

    private CpuReading reading(Map<Id, ProcessEntry> entries, Map<Id, Long> nanos) {
        var parts = new HashMap<Id, Part>();
        var parents = entries.keySet().stream().collect(Collectors.toMap(Id::pid, id -> id));
        entries.forEach((id, entry) -> parts.put(id, new Part(parents.get(entry.parentPid()),
                nanos.getOrDefault(id, entry.ticks() * ProcessEntry.NANOS_PER_TICK),
                !nanos.containsKey(id), entry.childTicks(), entry.childFaults(),
                entry.minorFaults(), entry.threads() == 1 && entry.ignoresChildren())));
        return new CpuReading(watched.map(one -> parts.containsKey(one.id())).orElse(false), parts,
                ProcessEntry.begun(), lost);
    }

    /** Sees who has come, and how those ended who have gone. */
    private void notice() throws IOException {
        var all = ProcessEntry.all();
        var before = family;
        family = all.values().stream().filter(each -> isOfServer(each, all, before))
                .collect(Collectors.toMap(ProcessEntry::id, each -> each));
        lost += before.values().stream()
                .filter(each -> !family.containsKey(each.id()) && !wasWaitedFor(each, before)).count();
    }

    private boolean isOfServer(ProcessEntry process, Map<Long, ProcessEntry> all, Map<Id, ProcessEntry> before) {
        var line = new ArrayList<Id>();
        for (var at = process; at != null && !line.contains(at.id()); at = all.get(at.parentPid())) {
            if (before.containsKey(at.id()) || watched.isPresent() && at.id().equals(watched.get().id())) {
                return true;
            }
            line.add(at.id());
        }
        return false;
    }

    /** Whether the nearest of its forebears who still lives has more of its children's pages than before. */
    private boolean wasWaitedFor(ProcessEntry gone, Map<Id, ProcessEntry> before) {
        for (var parent = parent(gone, before); parent.isPresent(); parent = parent(parent.get(), before)) {
            var now = family.get(parent.get().id());
            if (now != null) {
                return now.childFaults() != parent.get().childFaults();
            }
        }
        return false;
    }

    private static Optional<ProcessEntry> parent(ProcessEntry child, Map<Id, ProcessEntry> family) {
        return family.values().stream().filter(each -> each.id().pid() == child.parentPid()).findFirst();
    }
}
