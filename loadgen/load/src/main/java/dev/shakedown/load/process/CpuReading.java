package dev.shakedown.load.process;

import dev.shakedown.load.process.ProcessEntry.Id;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server had used when it was looked at. Only the difference of two says anything.
 *
 * <p>A process that is waited for goes over to its parent, in ticks of 10 ms; one that nobody waits for is gone with
 * all that it used.
 */
public final class CpuReading {
    /** Instead of a process that was not there. */
    private static final Part NONE = new Part(null, 0, false, 0, 0, 0, false);

    /**
     * One process.
     *
     * @param parent     another one that was seen; {@code null} where its parent is none of them
     * @param nanos      CPU time of its own
     * @param coarse     whether that is in ticks, too
     * @param childTicks see {@link ProcessEntry}, as the next two
     * @param forgetful  whether it has one thread and ignores the end of its children
     */
    record Part(@Nullable Id parent, long nanos, boolean coarse, long childTicks, long childFaults, long minorFaults,
            boolean forgetful) {
        private long allNanos() {
            return nanos + childTicks * ProcessEntry.NANOS_PER_TICK;
        }
    }

    private final boolean there;
    private final Map<Id, Part> parts;
    private final long begun;
    private final long lost;

    /**
     * @param there whether the watched process was there
     * @param begun processes and threads that the machine had begun until then
     * @param lost  of the server's processes, those of which was seen that they ended with nobody waiting for them
     */
    CpuReading(boolean there, Map<Id, Part> parts, long begun, long lost) {
        this.there = there;
        this.parts = Map.copyOf(parts);
        this.begun = begun;
        this.lost = lost;
    }

    /** Of something that counts its nanoseconds itself. */
    public static CpuReading exact(long nanos) {
        return new CpuReading(true, Map.of(new Id(0, 0), new Part(null, nanos, false, 0, 0, 0, false)), 0, 0);
    }

    /** What was used from {@code before} until this; never negative. */
    public CpuUse since(CpuReading before) {
        if (!there || !before.there) {
            return CpuUse.ENDED;
        }
        var nanos = 0L;
        var steps = 0;
        for (var part : parts.entrySet()) {
            var now = part.getValue();
            var then = before.parts.getOrDefault(part.getKey(), NONE);
            nanos += now.allNanos() - then.allNanos();
            steps += now.coarse || then.coarse ? 1 : 0;
            steps += now.childFaults != then.childFaults ? 1 : 0;
        }
        for (var part : before.parts.entrySet()) {
            if (!parts.containsKey(part.getKey()) && wentOver(part.getValue(), before)) {
                nanos -= part.getValue().allNanos();
            }
        }
        var more = begun - before.begun;
        return new CpuUse(Math.max(0, nanos) / 1e9, steps * ProcessEntry.NANOS_PER_TICK / 1e9,
                lost > before.lost || forgets(before, more) ? more : 0, false);
    }

    /** Whether what a process that has ended had used is counted where it was waited for. */
    private boolean wentOver(Part ended, CpuReading before) {
        for (var parent = ended.parent; parent != null;) {
            var then = before.parts.getOrDefault(parent, NONE);
            var now = parts.get(parent);
            if (now != null) {
                return now.childFaults != then.childFaults;
            }
            parent = then.parent;
        }
        return false;
    }

    /** A fork leaves its pages to both, so that each of them costs the parent one anew as soon as it writes to any. */
    private boolean forgets(CpuReading before, long more) {
        return parts.entrySet().stream().anyMatch(part -> {
            var now = part.getValue();
            var then = before.parts.getOrDefault(part.getKey(), NONE);
            return now.forgetful && then.forgetful && now.childFaults == then.childFaults && more > 0
                    && now.minorFaults - then.minorFaults >= more / 2;
        });
    }
}
