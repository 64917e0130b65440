package dev.shakedown.load.process;

import dev.shakedown.load.process.ProcessEntry.Id;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reading of the CPU time that a server has used. Only the difference of two readings is meaningful.
 *
 * <p>When a process is waited for, its CPU time is added to its parent's, in ticks of 10 ms; if nobody waits for it,
 * its CPU time is lost.
 */
public final class CpuReading {
    /** Takes the place of a process that did not exist. */
    private static final ProcessCpu NONE = new ProcessCpu(null, 0, false, 0, 0, 0, false);

    /**
     * The CPU time of one process.
     *
     * @param parent     its parent, if that is among the processes seen; else {@code null}
     * @param nanos      its own CPU time
     * @param coarse     whether that was counted in ticks
     * @param childTicks see {@link ProcessEntry}, also for the next two
     * @param forgetful  whether it has a single thread and ignores the end of its children
     */
    record ProcessCpu(@Nullable Id parent, long nanos, boolean coarse, long childTicks, long childFaults,
            long minorFaults,
            boolean forgetful) {
        private long allNanos() {
            return nanos + childTicks * ProcessEntry.NANOS_PER_TICK;
        }
    }

    private final boolean there;
    private final Map<Id, ProcessCpu> processes;
    private final long begun;
    private final long lost;

    /**
     * @param there whether the watched process existed
     * @param begun number of processes and threads that the machine had started until then
     * @param lost  number of the server's processes that were seen to end without being waited for
     */
    CpuReading(boolean there, Map<Id, ProcessCpu> processes, long begun, long lost) {
        this.there = there;
        this.processes = Map.copyOf(processes);
        this.begun = begun;
        this.lost = lost;
    }

    /** Returns a reading of a source that counts nanoseconds itself. */
    public static CpuReading exact(long nanos) {
        return new CpuReading(true, Map.of(new Id(0, 0), new ProcessCpu(null, nanos, false, 0, 0, 0, false)), 0, 0);
    }

    /** Returns the CPU time used from {@code before} to this reading; never negative. */
    public CpuUse since(CpuReading before) {
        if (!there || !before.there) {
            return CpuUse.ENDED;
        }
        var nanos = 0L;
        var steps = 0;
        for (var process : processes.entrySet()) {
            var now = process.getValue();
            var then = before.processes.getOrDefault(process.getKey(), NONE);
            nanos += now.allNanos() - then.allNanos();
            steps += now.coarse || then.coarse ? 1 : 0;
            steps += now.childFaults != then.childFaults ? 1 : 0;
        }
        for (var process : before.processes.entrySet()) {
            if (!processes.containsKey(process.getKey()) && wasAddedToAncestor(process.getValue(), before)) {
                nanos -= process.getValue().allNanos();
            }
        }
        var more = begun - before.begun;
        return new CpuUse(Math.max(0, nanos) / 1e9, steps * ProcessEntry.NANOS_PER_TICK / 1e9,
                lost > before.lost || forgets(before, more) ? more : 0, false);
    }

    /** Whether the CPU time of a process that has ended was added to an ancestor's. */
    private boolean wasAddedToAncestor(ProcessCpu ended, CpuReading before) {
        for (var parent = ended.parent; parent != null;) {
            var then = before.processes.getOrDefault(parent, NONE);
            var now = processes.get(parent);
            if (now != null) {
                return now.childFaults != then.childFaults;
            }
            parent = then.parent;
        }
        return false;
    }

    /**
     * Whether a process is forking children whose CPU time is lost. After a fork parent and child share their pages, so
     * the parent takes a page fault when it next writes to one.
     */
    private boolean forgets(CpuReading before, long more) {
        return processes.entrySet().stream().anyMatch(process -> {
            var now = process.getValue();
            var then = before.processes.getOrDefault(process.getKey(), NONE);
            return now.forgetful && then.forgetful && now.childFaults == then.childFaults && more > 0
                    && now.minorFaults - then.minorFaults >= more / 2;
        });
    }
}
