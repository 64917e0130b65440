package dev.shakedown.run;

import dev.shakedown.results.HostPort;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Kind;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Serves what a run has found so far to Prometheus. The figures are updated each second, when the event loops hand
 * them over.
 */
public final class MetricsEndpoint implements AutoCloseable {
    /** Upper bounds of histogram buckets in seconds, from 100 µs to 10 s. */
    private static final double[] BOUNDS = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
        0.5,
        1, 2.5, 5, 10, Double.POSITIVE_INFINITY};
    private static final double NANOS = 1e9;

    private final HTTPServer server;
    private final String address;
    private @Nullable Interval all;
    private @Nullable Interval last;
    private int inFlight;

    /**
     * Starts to listen.
     *
     * @param socket the address to listen at; port 0 picks any free port
     * @throws IOException if nothing can listen there
     */
    public MetricsEndpoint(InetSocketAddress socket) throws IOException {
        var registry = new PrometheusRegistry();
        registry.register(this::snapshots);
        server = HTTPServer.builder().inetAddress(socket.getAddress()).port(socket.getPort()).registry(registry)
                .buildAndStart();
        address = HostPort.of(new InetSocketAddress(socket.getAddress(), server.getPort()));
    }

    /** Returns the {@code HOST:PORT} at which this endpoint listens. */
    public String address() {
        return address;
    }

    /** Adds what a second brought. */
    public synchronized void second(Interval interval, int nowInFlight) {
        all = all == null ? interval : Interval.merged(List.of(all, interval));
        last = interval;
        inFlight = nowInFlight;
    }

    private synchronized MetricSnapshots snapshots() {
        var metrics = MetricSnapshots.builder();
        metrics.metricSnapshot(GaugeSnapshot.builder().name("shakedown_in_flight").help("Handshakes under way.")
                .dataPoint(GaugeDataPointSnapshot.builder().value(inFlight).build()).build());
        if (all == null || last == null) {
            return metrics.build();
        }
        metrics.metricSnapshot(rate("shakedown_offered_per_second", "Handshakes that were due in the last second.",
                last, last.tally().planned()));
        metrics.metricSnapshot(rate("shakedown_achieved_per_second", "Handshakes that completed in the last second.",
                last, last.tally().completed()));
        var tally = all.tally();
        metrics.metricSnapshot(counter("shakedown_arrivals", "Handshakes that were due.")
                .dataPoint(point(tally.planned())).build());
        var completed = counter("shakedown_handshakes_completed", "Handshakes that completed.");
        for (var kind : Kind.values()) {
            completed.dataPoint(point(tally.completed(kind), "kind", kind.label()));
        }
        metrics.metricSnapshot(completed.build());
        var failed = counter("shakedown_handshakes_failed", "Handshakes that failed, by where and why.");
        // One cause may have several meanings.
        tally.failures().entrySet().stream().collect(Collectors.groupingBy(
                entry -> List.of(entry.getKey().stage(), entry.getKey().direction(), entry.getKey().cause()),
                Collectors.summingLong(Map.Entry::getValue)))
                .forEach((why, count) -> failed.dataPoint(
                        point(count, "stage", why.get(0), "direction", why.get(1), "cause", why.get(2))));
        metrics.metricSnapshot(failed.build());
        var timedOut = counter("shakedown_handshakes_timed_out",
                "Handshakes that timed out, by what they were waiting for.");
        tally.timeouts().forEach((stage, count) -> timedOut.dataPoint(point(count, "stage", stage)));
        metrics.metricSnapshot(timedOut.build());
        var unsent = counter("shakedown_handshakes_unsent",
                "Handshakes that the generator could not start, by what it lacked.");
        tally.unsentReasons().forEach((reason, count) -> unsent.dataPoint(point(count, "reason", reason.label())));
        metrics.metricSnapshot(unsent.build());
        metrics.metricSnapshot(
                counter("shakedown_handshakes_cancelled", "Handshakes that the end of the run cut short.")
                        .dataPoint(point(tally.cancelled())).build());
        var latency = HistogramSnapshot.builder().name("shakedown_handshake_latency_seconds")
                .help("Time from when a handshake was due to its end.");
        for (var kind : Kind.values()) {
            latency.dataPoint(point(all.histograms().latency(kind), "kind", kind.label()));
        }
        metrics.metricSnapshot(latency.build());
        metrics.metricSnapshot(HistogramSnapshot.builder().name("shakedown_event_loop_lag_seconds")
                .help("How late the generator's event loops ran.").dataPoint(point(all.histograms().loopLag()))
                .build());
        return metrics.build();
    }

    private static GaugeSnapshot rate(String name, String help, Interval second, long count) {
        var millis = second.endEpochMillis() - second.startEpochMillis();
        return GaugeSnapshot.builder().name(name).help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(millis == 0 ? 0 : count * 1e3 / millis).build())
                .build();
    }

    private static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder().name(name).help(help);
    }

    private static CounterDataPointSnapshot point(long value, String... labels) {
        return CounterDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build();
    }

    private static HistogramDataPointSnapshot point(Histogram nanos, String... labels) {
        var counts = new ArrayList<Number>();
        var before = 0L;
        for (var bound : BOUNDS) {
            var upTo = bound == Double.POSITIVE_INFINITY || bound * NANOS > nanos.getMaxValue()
                    ? nanos.getTotalCount()
                    : nanos.getCountBetweenValues(0, (long) (bound * NANOS));
            counts.add(upTo - before);
            before = upTo;
        }
        return HistogramDataPointSnapshot.builder().classicHistogramBuckets(ClassicHistogramBuckets.of(
                Arrays.stream(BOUNDS).boxed().toList(), counts))
                .sum(nanos.getTotalCount() == 0 ? 0 : nanos.getMean() * nanos.getTotalCount() / NANOS)
                .labels(Labels.of(labels)).build();
    }

    @Override
    public void close() {
        server.close();
    }
}
