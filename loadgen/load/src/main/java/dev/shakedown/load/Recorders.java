package dev.shakedown.load;

import dev.shakedown.results.Interval;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One worker's recorders: one for the warm-up, and one for each phase and server of the measured part; besides, one for
 * each server name and each version offered, if there are several.
 */
final class Recorders {
    /** What was recorded in about one second. */
    record Taken(Breakdown measured, Interval warmup) {}

    /** Records the arrivals that were due in one phase, at one server, under one name. */
    final class Place {
        private final Recorder recorder;
        /** The recorder of the server name; empty if there is only one, or if the arrivals are not measured. */
        private final List<Recorder> alsoOfName;
        private final boolean measured;

        private Place(Recorder recorder, List<Recorder> alsoOfName, boolean measured) {
            this.recorder = recorder;
            this.alsoOfName = alsoOfName;
            this.measured = measured;
        }

        void planned() {
            recorder.planned();
            for (var name : alsoOfName) {
                name.planned();
            }
        }

        void record(Sample sample) {
            recorder.record(sample);
            for (var name : alsoOfName) {
                name.record(sample);
            }
            if (measured && versions.size() > 1 && sample.outcome() instanceof Outcome.Completed completed) {
                versions.get(labels.indexOf(completed.negotiated().version())).record(sample);
            }
        }

        void loopLag(long nanos, long everyNanos) {
            recorder.loopLag(nanos, everyNanos);
        }
    }

    private final LoadPlan plan;
    private final long measuredFromNanos;
    /** Recording in the warm-up makes the JVM compile that code before the measured part begins. */
    private final Recorder warmup = new Recorder();
    private final Place warmingUp = new Place(warmup, List.of(), false);
    /** One recorder for each phase and server. */
    private final List<List<Recorder>> phases = new ArrayList<>();
    private final List<Recorder> names;
    private final List<String> labels;
    private final List<Recorder> versions;
    /** One place for each phase and destination. */
    private final List<List<Place>> places = new ArrayList<>();

    /** @param labels the versions offered, as results name them */
    Recorders(LoadPlan plan, long startNanos, List<String> labels) {
        this.plan = plan;
        this.measuredFromNanos = startNanos + plan.warmupNanos();
        this.names = several(Destination.names(plan.destinations()));
        this.labels = labels;
        this.versions = several(labels.size());
        for (var i = 0; i < plan.phases(); i++) {
            var servers = Stream.generate(Recorder::new).limit(Destination.rows(plan.destinations())).toList();
            phases.add(servers);
            places.add(plan.destinations().stream().map(destination -> new Place(servers.get(destination.row()),
                    names.isEmpty() ? List.of() : List.of(names.get(destination.name())), true)).toList());
        }
        plan.end().nanos().ifPresent(nanos -> Stream.of(phases.stream().flatMap(List::stream), names.stream(),
                versions.stream()).flatMap(each -> each).forEach(each -> each.windowEnds(measuredFromNanos + nanos)));
    }

    private static List<Recorder> several(int count) {
        return count < 2 ? List.of() : Stream.generate(Recorder::ofLatency).limit(count).toList();
    }

    boolean isMeasured(long nanos) {
        return nanos >= measuredFromNanos;
    }

    /** Returns the place for an arrival due at this time at this destination. */
    Place at(long nanos, int destination) {
        return isMeasured(nanos) ? places.get(plan.phaseAt(nanos - measuredFromNanos)).get(destination) : warmingUp;
    }

    /** Returns everything recorded since the last call. */
    Taken take(long startEpochMillis, long endEpochMillis) {
        var all = phases.stream().map(servers -> taken(servers, startEpochMillis, endEpochMillis)).toList();
        return new Taken(
                new Breakdown(all.stream().map(Interval::merged).toList(),
                        all.getFirst().size() == 1 ? List.of() : Breakdown.merged(all),
                        taken(names, startEpochMillis, endEpochMillis),
                        taken(versions, startEpochMillis, endEpochMillis)),
                warmup.take(startEpochMillis, endEpochMillis));
    }

    private static List<Interval> taken(List<Recorder> recorders, long startEpochMillis, long endEpochMillis) {
        return IntStream.range(0, recorders.size())
                .mapToObj(i -> recorders.get(i).take(startEpochMillis, endEpochMillis)).toList();
    }
}
