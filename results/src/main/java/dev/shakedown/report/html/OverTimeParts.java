package dev.shakedown.report.html;

import dev.shakedown.report.Units;
import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Guide;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.IntervalLog;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a run went from second to second. Its charts share their time axis. */
final class OverTimeParts {
    static final String LOOP_LAG = "loopLag";
    /** The tags that these charts need of a timeline. */
    static final Set<String> TAGS = Stream.concat(Stream.of(LOOP_LAG), Stream.of(Kind.values())
            .map(OverTimeParts::latency)).collect(Collectors.toUnmodifiableSet());

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MILLIS_PER_SECOND = 1e3;
    /** Shorter intervals, as at the ends of a run, are too short for a rate. */
    private static final double SHORTEST_SECONDS = 0.2;
    private static final double LONGEST_SKIP_SECONDS = 0.5;
    /** A lag of the event loop at p99 beyond which it distorts the tail of latencies that are not much longer. */
    private static final long LATE_NANOS = 5_000_000;
    private static final double LATE_SHARE = 0.5;

    private final RunResult result;
    private final Timeline timeline;
    /** When the run began, seconds from the log's start. */
    private final double start;
    private final List<Kind> kinds;

    private final List<String> names = new ArrayList<>();
    private final List<Map<Double, Double>> latencies = new ArrayList<>();
    private final List<Map<Double, Double>> rates = new ArrayList<>();

    private OverTimeParts(RunResult result, IntervalLog log, Timeline timeline) {
        this.result = result;
        this.timeline = timeline;
        this.start = (Instant.parse(result.startedAt()).toEpochMilli() - log.startEpochMillis()) / MILLIS_PER_SECOND;
        this.kinds = Stream.of(Kind.values()).filter(kind -> log.whole(latency(kind)).getTotalCount() > 0).toList();
    }

    static String latency(Kind kind) {
        return kind.label() + ".latency";
    }

    static List<Part> of(RunResult result, IntervalLog log, Timeline timeline) {
        return timeline.parts().isEmpty() ? List.of() : new OverTimeParts(result, log, timeline).parts();
    }

    private List<Part> parts() {
        kinds.forEach(this::kind);
        var parts = new ArrayList<Part>();
        if (!kinds.isEmpty()) {
            var seconds = new Axis("seconds since the start", Scale.LINEAR, Unit.NUMBER);
            var late = late();
            var marked = late.isEmpty()
                    ? ""
                    : " Shaded: the generator itself was late, which may explain the latencies there.";
            parts.add(new Chart("latency-over-time", "Latency over time",
                    "Latency of the handshakes that ended in each "
                            + (timeline.widthSeconds() == 1 ? "second" : timeline.widthSeconds() + " seconds")
                            + "; a gap means that none did." + marked,
                    Form.LINE, seconds,
                    new Axis("latency", Scale.LOG, Unit.MICROS), names, Chart.rows(latencies)).guided(late));
            parts.add(new Chart("rate-over-time", "Rate over time", "Handshakes completed per second." + marked,
                    Form.LINE, seconds, new Axis("completed/s", Scale.LINEAR, Unit.NUMBER),
                    kinds.stream().map(Kind::label).toList(), Chart.rows(rates)).guided(late));
        }
        if (result.loadPhases() != null) {
            parts.add(loadPhases(result.loadPhases()));
        }
        return parts;
    }

    private void kind(Kind kind) {
        names.add(kind.label() + " p50");
        names.add(kind.label() + " p99");
        var middle = new TreeMap<Double, Double>();
        var tail = new TreeMap<Double, Double>();
        var rate = new TreeMap<Double, Double>();
        latencies.add(middle);
        latencies.add(tail);
        rates.add(rate);
        var end = 0.0;
        for (var part : timeline.parts()) {
            var latency = part.histogram(latency(kind));
            // The warm-up may have ended within a second.
            var from = Math.max(0, part.startSeconds() - start);
            var length = part.endSeconds() - start - from;
            var at = seconds(from);
            if (from - end > LONGEST_SKIP_SECONDS) {
                // The log leaves out an interval in which nothing was recorded: there the rate is zero, and no latency.
                for (var stalled : List.of(seconds(end), seconds(from - SHORTEST_SECONDS))) {
                    rate.put(stalled, 0.0);
                    tail.put(stalled, null);
                }
            }
            if (length > SHORTEST_SECONDS) {
                rate.put(at, latency.getTotalCount() / length);
            }
            if (latency.getTotalCount() > 0) {
                middle.put(at, latency.getValueAtPercentile(50) / NANOS_PER_MICRO);
                tail.put(at, latency.getValueAtPercentile(99) / NANOS_PER_MICRO);
            } else if (length > SHORTEST_SECONDS) {
                tail.put(at, null);
            }
            // Both charts have the same points in time.
            if (rate.containsKey(at) || tail.containsKey(at)) {
                rate.putIfAbsent(at, null);
                tail.putIfAbsent(at, null);
            }
            end = from + Math.max(0, length);
        }
    }

    /** Returns the spans in which the event loops were late, or the process was suspended; adjacent ones are merged. */
    private List<Guide> late() {
        var spans = new TreeMap<Double, Double>();
        for (var part : timeline.parts()) {
            var lag = part.histogram(LOOP_LAG).getValueAtPercentile(99);
            var tail = kinds.stream().mapToLong(kind -> part.histogram(latency(kind)).getValueAtPercentile(99)).max()
                    .orElse(0);
            if (lag > LATE_NANOS && lag > LATE_SHARE * tail) {
                spans.merge(seconds(Math.max(0, part.startSeconds() - start)), seconds(part.endSeconds() - start),
                        Math::max);
            }
        }
        var health = result.generator().health();
        if (health != null) {
            health.suspensions().forEach(each -> spans.merge(seconds(each.atSeconds()),
                    seconds(each.atSeconds() + each.seconds()), Math::max));
        }
        var late = new ArrayList<Guide>();
        spans.forEach((from, to) -> {
            var last = late.isEmpty() ? null : late.getLast();
            if (last != null && from - last.to() < SHORTEST_SECONDS) {
                late.set(late.size() - 1, Guide.span("generator late", last.from(), Math.max(last.to(), to)));
            } else {
                late.add(Guide.span("generator late", from, to));
            }
        });
        return late;
    }

    private static Table loadPhases(List<RunResult.LoadPhase> phases) {
        return new Table("Phases of the load: an arrival counts in the phase in which it was due.",
                List.of("load phase", "offered/s", "completed/s", "not completed", "p50", "p99", "max"),
                phases.stream().map(phase -> List.of(phase.name(),
                        Units.plain(phase.fromPerSecond()) + (phase.fromPerSecond() == phase.toPerSecond()
                                ? ""
                                : "-" + Units.plain(phase.toPerSecond())),
                        Units.rate(phase.ratePerSecond()),
                        Units.count(phase.outcomes().planned() - phase.outcomes().completed()),
                        Units.quantile(phase.latencyMicros(), Quantile.P50),
                        Units.quantile(phase.latencyMicros(), Quantile.P99),
                        Units.time(phase.latencyMicros().max()))).toList());
    }

    /** Rounds to the millisecond, so that equal times are equal however they were computed. */
    private static double seconds(double seconds) {
        return Math.round(seconds * MILLIS_PER_SECOND) / MILLIS_PER_SECOND;
    }
}
