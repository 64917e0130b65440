package dev.shakedown.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The files of a run that did not finish: its process was killed, the machine lost power, or it is still going on. Its
 * interval log has the times of completed handshakes, but not what became of the other arrivals.
 */
public final class UnfinishedRun {
    private UnfinishedRun() {}

    /** Whether a directory contains an unfinished run. */
    public static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(ResultFile.BEGUN))
                && !Files.exists(directory.resolve(ResultFile.RUN_JSON));
    }

    /**
     * Reads an unfinished run.
     *
     * @return what is known, marked as {@linkplain RunResult#unfinished unfinished}
     * @throws IOException with a message for people, naming the file, if one is missing, unreadable or damaged
     */
    public static RunResult read(Path directory) throws IOException {
        var begun = RunResult.read(directory.resolve(ResultFile.BEGUN));
        var log = IntervalLog.whole(directory.resolve(ResultFile.INTERVALS), Histograms.allTags());
        var seconds = seconds(begun, log);
        var full = kind(Kind.FULL, log, seconds);
        var resumed = kind(Kind.RESUMED, log, seconds);
        var completed = full.completed() + resumed.completed();
        var sums = new RunSums(new RunSums.Outcomes(completed, completed, 0, 0, 0, 0),
                new RunSums.Kinds(full, resumed, null),
                new RunSums.Resumption(resumed.completed(), resumed.completed(), resumed.completed(), 0, 0), null,
                null, null, null, 0, 0);
        return new RunResult(new RunResult.Course(begun.tool(), begun.startedAt(), seconds, false, null, true),
                begun.setup(), sums, RunRows.NONE,
                new RunResult.Generator(null, null, begun.generator().threads(),
                        Summary.distribution(log.whole("loopLag")), null, false, null, null),
                null, null, null);
    }

    /** Returns how much of the measured time the log covers, seconds. */
    private static double seconds(RunResult begun, IntervalLog log) {
        var covered = (log.startEpochMillis() - Instant.parse(begun.startedAt()).toEpochMilli()) / 1e3
                + log.endSeconds();
        var planned = begun.plan().shape().durationSeconds();
        return Summary.rounded(Math.max(0, planned == null ? covered : Math.min(planned, covered)));
    }

    private static RunSums.KindResult kind(Kind kind, IntervalLog log, double seconds) {
        var phases = new LinkedHashMap<String, Distribution>();
        for (var mark : Mark.values()) {
            var nanos = log.whole(kind.label() + "." + mark.label());
            if (nanos.getTotalCount() > 0) {
                phases.put(mark.label(), Summary.distribution(nanos));
            }
        }
        var latency = log.whole(kind.label() + ".latency");
        return new RunSums.KindResult(latency.getTotalCount(),
                seconds > 0 ? Summary.rounded(latency.getTotalCount() / seconds) : null, Summary.distribution(latency),
                Summary.distribution(log.whole(kind.label() + ".service")), phases, null, null,
                Summary.distributionOrNull(log.whole(kind.label() + ".timeToFirstByte")));
    }
}
