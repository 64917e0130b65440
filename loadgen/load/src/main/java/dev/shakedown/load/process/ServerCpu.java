package dev.shakedown.load.process;

import dev.shakedown.load.process.CpuReading.ProcessCpu;
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
 * The CPU time of a server's process and its descendants. A process once seen as a descendant remains one, even if its
 * parent ends first.
 */
public final class ServerCpu implements CpuSource {
    /** Most attempts at a reading during which no process ends. */
    private static final int ROUNDS = 5;
    private static final int ROUND_NANOS = 999_999;
    /** The longest tick of Linux's scheduler, which runs at 100 to 1,000 ticks per second. */
    private static final long LONGEST_TICK_NANOS = 10_000_000;
    private static final int POLL_NANOS = 200_000;

    private final Optional<ProcessEntry> watched;
    /** The server's processes when last seen. */
    private Map<Id, ProcessEntry> family = Map.of();
    private long lost;
    private long costNanos;

    /** @param pid the server's process; see {@link #canWatch} */
    public ServerCpu(long pid) {
        this.watched = ProcessEntry.of(pid);
    }

    /** Whether the process {@code pid} can be watched here. */
    public static boolean canWatch(long pid) {
        return ProcessEntry.of(pid).isPresent();
    }

    /**
     * {@inheritDoc} Takes up to 10 ms more while processes are running: see {@link #settle}.
     *
     * @throws IOException if {@code /proc} cannot be listed
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
                entries = readAgain(before.keySet());
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
     * Waits until the time of running processes is up to date. The scheduler updates a thread's time when it leaves the
     * processor, and at each tick until then. So the time of a process that seems to run is exact when it has just
     * grown; if it does not grow within a tick, the process was not on a processor. For threads other than the main
     * one, up to one tick is missing.
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

    /**
     * Reads processes again, children first: the time of a child that has ended by then is added to a parent that is
     * yet to be read.
     */
    private static Map<Id, ProcessEntry> readAgain(Set<Id> ids) {
        var entries = new HashMap<Id, ProcessEntry>();
        ids.stream().sorted(Comparator.comparingLong(Id::started).thenComparingLong(Id::pid).reversed())
                .forEach(id -> ProcessEntry.of(id.pid()).filter(entry -> entry.id().equals(id))
                        .ifPresent(entry -> entries.put(id, entry)));
        return entries;
    }

    /** @param now {@code null} if the process has ended */
    private static boolean isQuiet(ProcessEntry before, @Nullable ProcessEntry now) {
        return now != null && now.childFaults() == before.childFaults();
    }

    private CpuReading reading(Map<Id, ProcessEntry> entries, Map<Id, Long> nanos) {
        var processes = new HashMap<Id, ProcessCpu>();
        var parents = entries.keySet().stream().collect(Collectors.toMap(Id::pid, id -> id));
        entries.forEach((id, entry) -> processes.put(id, new ProcessCpu(parents.get(entry.parentPid()),
                nanos.getOrDefault(id, entry.ticks() * ProcessEntry.NANOS_PER_TICK),
                !nanos.containsKey(id), entry.childTicks(), entry.childFaults(),
                entry.minorFaults(), entry.threads() == 1 && entry.ignoresChildren())));
        return new CpuReading(watched.map(one -> processes.containsKey(one.id())).orElse(false), processes,
                ProcessEntry.begun(), lost);
    }

    /** Finds new processes, and how others ended. */
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

    /** Whether the nearest ancestor that still runs has more page faults of its children than before. */
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
