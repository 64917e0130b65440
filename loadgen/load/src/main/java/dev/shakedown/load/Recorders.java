package dev.shakedown.load;

import dev.shakedown.results.Interval;
import dev.shakedown.results.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One worker's recorders: of the warm-up, and of each phase of the measured part and each server in it. */
final class Recorders {
    /**
     * What was recorded in about a second.
     *
     * @param phases  of each phase
     * @param servers of each server, which is the same once more; empty where there is one only
     */
    record Taken(List<Interval> phases, List<Interval> servers, Interval warmup) {}

    private final LoadPlan plan;
    private final long measuredFromNanos;
    /** Recording in the warm-up, too, makes the JVM compile what records before the measured part begins, not in it. */
    private final Recorder warmup = new Recorder();
    /** For each phase, one for each server. */
    private final List<List<Recorder>> phases = new ArrayList<>();
    private final int servers;

    Recorders(LoadPlan plan, long startNanos, int servers) {
        this.plan = plan;
        this.servers = servers;
        this.measuredFromNanos = startNanos + plan.warmupNanos();
        for (var i = 0; i < plan.phases(); i++) {
            phases.add(Stream.generate(Recorder::new).limit(servers).toList());
            plan.end().nanos().ifPresent(
                    lasts -> phases.getLast().forEach(each -> each.windowEnds(measuredFromNanos + lasts)));
        }
    }

    boolean isMeasured(long nanos) {
        return nanos >= measuredFromNanos;
    }

    /** Where what was due at this time at this server is recorded. */
    Recorder at(long nanos, int server) {
        return isMeasured(nanos) ? phases.get(plan.phaseAt(nanos - measuredFromNanos)).get(server) : warmup;
    }

    /** Hands over all that was recorded since the last call. */
    Taken take(long startEpochMillis, long endEpochMillis) {
        var all = phases.stream()
                .map(phase -> phase.stream().map(each -> each.take(startEpochMillis, endEpochMillis)).toList())
                .toList();
        return new Taken(
                all.stream().map(phase -> servers == 1 ? phase.getFirst() : Interval.merged(phase)).toList(),
                servers == 1
                        ? List.of()
                        : IntStream.range(0, servers)
                                .mapToObj(server -> Interval
                                        .merged(all.stream().map(phase -> phase.get(server)).toList()))
                                .toList(),
                warmup.take(startEpochMillis, endEpochMillis));
    }
}
