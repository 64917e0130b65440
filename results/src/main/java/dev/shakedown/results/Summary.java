package dev.shakedown.results;

import dev.shakedown.results.HandshakeTraits.ClientCertificate;
import dev.shakedown.results.HandshakeTraits.ServerName;
import dev.shakedown.results.Sample.EarlyData;
import dev.shakedown.results.Sample.Tickets;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The merged intervals of all workers of a run. Single-threaded, on the thread that writes the results. */
public final class Summary {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MICROS_PER_SECOND = 1e6;

    private final Tally tally = new Tally();
    private final Histograms histograms = new Histograms();
    private final TimeSlices full = new TimeSlices();
    private final TimeSlices resumed = new TimeSlices();

    /**
     * The figures of the last tick for a progress line.
     *
     * @param completedPerSecond handshakes completed in the tick, per second; 0 for a tick without length
     * @param failed             failures since the start of the run, without timeouts
     * @param timedOut           timeouts since the start of the run
     * @param p50Micros          median latency over both kinds, microseconds; {@code null} if none completed in the
     *                           tick
     * @param p99Micros          99th percentile likewise
     * @param ended              arrivals that ended since the start of the run, in any way
     * @param fullP99Micros      99th percentile of the full ones in the tick; {@code null} if none completed
     * @param resumedP99Micros   99th percentile of the resumed ones likewise
     */
    public record Live(double completedPerSecond, long failed, long timedOut, @Nullable Double p50Micros,
            @Nullable Double p99Micros,
            long ended, @Nullable Double fullP99Micros, @Nullable Double resumedP99Micros) {}

    /** Adds an interval later than those added before; the interval does not change. */
    public void add(Interval interval) {
        tally.add(interval.tally());
        histograms.add(interval.histograms());
        var ofFull = interval.histograms().latency(Kind.FULL);
        var ofResumed = interval.histograms().latency(Kind.RESUMED);
        if (ofFull.getTotalCount() + ofResumed.getTotalCount() > 0) {
            full.add(ofFull);
            resumed.add(ofResumed);
        }
    }

    /** Returns a percentile of how late completed handshakes began, nanoseconds; 0 if there are none. */
    public long startDelayNanos(double percentile) {
        var delay = Histograms.empty();
        for (var kind : Kind.values()) {
            delay.add(histograms.phase(kind, Mark.BEGUN));
        }
        return delay.getValueAtPercentile(percentile);
    }

    /** Returns a percentile of how late the event loops ran, nanoseconds; 0 if that was never checked. */
    public long loopLagNanos(double percentile) {
        return histograms.loopLag().getValueAtPercentile(percentile);
    }

    /** Returns how often the lag of event loops was recorded. */
    public long loopLagCount() {
        return histograms.loopLag().getTotalCount();
    }

    /** Returns the latencies and service times of each kind that completed, with their tags. */
    public List<Histogram> latencies() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> Stream.of(histograms.latency(kind), histograms.service(kind)))
                .filter(histogram -> histogram.getTotalCount() > 0).toList();
    }

    /** Returns the latency of both kinds together. */
    public Distribution latencyMicros() {
        return distribution(latency(histograms));
    }

    /** Returns the time from the actual start, of both kinds together. */
    public Distribution serviceMicros() {
        var service = Histograms.empty();
        for (var kind : Kind.values()) {
            service.add(histograms.service(kind));
        }
        return distribution(service);
    }

    /** Returns a percentile of the latency of both kinds together, nanoseconds. */
    public long latencyNanos(double percentile) {
        return latency(histograms).getValueAtPercentile(percentile);
    }

    /** Returns the counts so far. */
    public Tally tally() {
        return tally;
    }

    /** Returns what to show of {@code tick}, the last second of all workers, which has already been added. */
    public Live live(Interval tick) {
        var micros = distribution(latency(tick.histograms()));
        var seconds = (tick.endEpochMillis() - tick.startEpochMillis()) / 1e3;
        var perSecond = seconds > 0 ? tick.tally().completed() / seconds : 0;
        return new Live(perSecond, tally.failed(), tally.timedOut(), micros.p50(), micros.p99(), tally.ended(),
                distribution(tick.histograms().latency(Kind.FULL)).p99(),
                distribution(tick.histograms().latency(Kind.RESUMED)).p99());
    }

    /** Returns the result of the run so far. */
    public RunResult result(RunFacts facts) {
        var window = facts.window();
        var course = new RunResult.Course(facts.tool(), window.startedAt().toString(), window.measuredSeconds(),
                window.interrupted(), facts.findings().endedBecause().orElse(null), false);
        var kinds = new RunSums.Kinds(kind(Kind.FULL, window.measuredSeconds()),
                kind(Kind.RESUMED, window.measuredSeconds()), resumedToFull());
        var sums = new RunSums(outcomes(), kinds, resumption(), sessions(facts), offers(facts),
                earlyData(facts), tickets(), tally.helloRetryRequests(),
                observed(seen -> seen.hasHigherVersion() ? 1 : 0));
        var rows = new RunRows(rows(tally.failures(), RunRows.FailureRow::new),
                rows(tally.timeouts(), RunRows.TimeoutRow::new),
                rows(tally.unsentReasons(), (reason, count) -> new RunRows.UnsentRow(reason.label(), count)),
                negotiated(), certificates(), orNull(facts.rows().names()), orNull(facts.rows().versions()),
                List.of());
        return new RunResult(course, facts.setup(), sums, rows, generator(facts), server(facts),
                orNull(facts.rows().loadPhases()), orNull(facts.rows().targets()));
    }

    /** Returns {@code null} for an empty list, which leaves it out of the file. */
    private static <T> @Nullable List<T> orNull(List<T> list) {
        return list.isEmpty() ? null : list;
    }

    /** Returns the result of one phase of a load, for which {@code interval} was recorded. */
    public static RunResult.LoadPhase phase(String name, double startSeconds, double seconds, double fromPerSecond,
            double toPerSecond, Interval interval) {
        var whole = new Summary();
        whole.add(interval);
        return new RunResult.LoadPhase(name, startSeconds, seconds, fromPerSecond, toPerSecond, whole.outcomes(),
                per(seconds, whole.tally.completed()), whole.latencyMicros(),
                distribution(interval.histograms().latency(Kind.FULL)),
                distribution(interval.histograms().latency(Kind.RESUMED)));
    }

    /** Returns the result of one of several servers, for which {@code interval} was recorded. */
    public static RunResult.TargetRow target(RunSetup.Target target, double seconds, Interval interval) {
        var whole = new Summary();
        whole.add(interval);
        return new RunResult.TargetRow(target, whole.outcomes(), per(seconds, whole.tally.completed()),
                whole.latencyMicros(), whole.kind(Kind.FULL, seconds), whole.kind(Kind.RESUMED, seconds),
                whole.resumption());
    }

    /** Returns the result of one of several names, {@code null} for none, for which {@code interval} was recorded. */
    public static RunRows.NameRow name(@Nullable String name, double seconds, Interval interval) {
        var whole = new Summary();
        whole.add(interval);
        return new RunRows.NameRow(name, whole.outcomes(), per(seconds, whole.tally.completed()),
                whole.latencyMicros(), distribution(interval.histograms().latency(Kind.FULL)),
                distribution(interval.histograms().latency(Kind.RESUMED)), whole.resumption(), whole.certificates());
    }

    /** Returns the result of one of several versions, for which {@code interval} was recorded. */
    public static RunRows.VersionRow version(String version, double seconds, Interval interval) {
        var whole = new Summary();
        whole.add(interval);
        return new RunRows.VersionRow(version, whole.tally.completed(), per(seconds, whole.tally.completed()),
                whole.latencyMicros(), distribution(interval.histograms().latency(Kind.FULL)),
                distribution(interval.histograms().latency(Kind.RESUMED)));
    }

    /** Merges the latencies of both kinds, nanoseconds. */
    private static Histogram latency(Histograms histograms) {
        var latency = Histograms.empty();
        for (var kind : Kind.values()) {
            latency.add(histograms.latency(kind));
        }
        return latency;
    }

    private RunSums.Outcomes outcomes() {
        return new RunSums.Outcomes(tally.planned(), tally.completed(), tally.failed(), tally.timedOut(),
                tally.cancelled(), tally.unsent());
    }

    /** Returns what completed handshakes negotiated, the most frequent first. */
    public List<RunRows.NegotiatedRow> negotiated() {
        return rows(tally.negotiated(), (agreed, count) -> new RunRows.NegotiatedRow(agreed.version(),
                agreed.cipherSuite(), agreed.group(), agreed.compression(), count));
    }

    private record Presented(HandshakeTraits.ServerCertificate certificate, @Nullable Boolean bearsName) {}

    /** Returns the servers' own certificates, the most frequent first. */
    private List<RunRows.CertificateRow> certificates() {
        var presented = new LinkedHashMap<Presented, Long>();
        tally.observed().forEach((seen, count) -> seen.certificate().ifPresent(certificate -> presented.merge(
                new Presented(certificate, switch (seen.serverName()) {
                    case NOT_CHECKED -> null;
                    case BORNE -> true;
                    case NOT_BORNE -> false;
                }), count, Long::sum)));
        return rows(presented, (each, count) -> new RunRows.CertificateRow(each.certificate.key(),
                each.certificate.name(), each.certificate.notAfter(), each.bearsName, count));
    }

    /** Returns the outcomes of resumption. */
    public RunSums.Resumption resumption() {
        return new RunSums.Resumption(tally.asked(Kind.RESUMED), tally.offered(), tally.accepted(), tally.declined(),
                tally.priming());
    }

    /**
     * Returns the figures of one kind.
     *
     * @param measuredSeconds length of the measured window, for the rate
     */
    public RunSums.KindResult kind(Kind kind, double measuredSeconds) {
        var completed = tally.completed(kind);
        var phases = new LinkedHashMap<String, Distribution>();
        for (var mark : Mark.values()) {
            if (mark != Mark.PLANNED && histograms.phase(kind, mark).getTotalCount() > 0) {
                phases.put(mark.label(), distribution(histograms.phase(kind, mark)));
            }
        }
        return new RunSums.KindResult(completed, per(measuredSeconds, tally.completedInWindow(kind)),
                distribution(histograms.latency(kind)), distribution(histograms.service(kind)), phases,
                per(completed, tally.bytesSent(kind)), per(completed, tally.bytesReceived(kind)),
                distributionOrNull(histograms.timeToFirstByte(kind)));
    }

    private RunSums.@Nullable Sessions sessions(RunFacts facts) {
        var unusable = Stream.of(
                new RunSums.UnusableRow("no_lifetime", observed(HandshakeTraits::ticketsWithoutLifetime)),
                new RunSums.UnusableRow("too_large", observed(HandshakeTraits::ticketsTooLarge)))
                .filter(row -> row.count() > 0).toList();
        var early = observed(seen -> seen.earlyTicket() ? 1 : 0);
        var found = facts.findings();
        return found.sessions().isEmpty() && found.closure().isEmpty() && early == 0 && unusable.isEmpty()
                ? null
                : new RunSums.Sessions(found.sessions().map(SessionYield::perFull).orElse(null),
                        found.sessions().map(SessionYield::perResumed).orElse(null),
                        found.sessions().map(SessionYield::uses).orElse(null),
                        found.sessions().map(SessionYield::mostShare).map(Summary::rounded).orElse(null),
                        found.closure().orElse(null), early, unusable);
    }

    private RunSums.@Nullable Offers offers(RunFacts facts) {
        var shown = observed(seen -> seen.clientCertificate() == ClientCertificate.SHOWN ? 1 : 0);
        var notAsked = observed(seen -> seen.clientCertificate() == ClientCertificate.NOT_ASKED ? 1 : 0);
        var noneFits = observed(seen -> seen.clientCertificate() == ClientCertificate.NONE_FITS ? 1 : 0);
        var certificate = shown + notAsked + noneFits == 0
                ? null
                : new RunSums.CertificateOffer(shown, notAsked, noneFits);
        var borne = observed(seen -> seen.serverName() == ServerName.BORNE ? 1 : 0);
        var notBorne = observed(seen -> seen.serverName() == ServerName.NOT_BORNE ? 1 : 0);
        var name = borne + notBorne == 0 ? null : new RunSums.NameOffer(borne, notBorne);
        var alpn = facts.setup().plan().offer().alpn().isEmpty() || tally.completed() == 0 ? null : alpn();
        return certificate == null && name == null && alpn == null
                ? null
                : new RunSums.Offers(certificate, alpn, name);
    }

    private RunSums.AlpnOffer alpn() {
        var chosen = new LinkedHashMap<String, Long>();
        tally.observed().forEach((seen, count) -> seen.protocol()
                .ifPresent(protocol -> chosen.merge(protocol, count, Long::sum)));
        return new RunSums.AlpnOffer(rows(chosen, RunSums.ProtocolRow::new),
                tally.completed() - chosen.values().stream().mapToLong(count -> count).sum());
    }

    /** Sums up a trait over all completed handshakes. */
    private long observed(ToLongFunction<HandshakeTraits> times) {
        return tally.observed().entrySet().stream()
                .mapToLong(entry -> times.applyAsLong(entry.getKey()) * entry.getValue()).sum();
    }

    /** Returns the share of a full handshake's latency; {@code null} where there is too little data. */
    private RunSums.@Nullable Share resumedToFull() {
        if (Math.min(full.values(), resumed.values()) < RunSums.Kinds.LEAST) {
            return null;
        }
        var ratio = full.toOthersOfThisRun(resumed, Quantile.P50);
        return ratio.low() == null || ratio.high() == null
                ? null
                : new RunSums.Share(digits(ratio.value()), digits(ratio.low()), digits(ratio.high()));
    }

    /** Rounds to significant digits instead of decimals, since a quotient may be far from 1 in either direction. */
    private static double digits(double value) {
        return new BigDecimal(value).round(new MathContext(4)).doubleValue();
    }

    private RunSums.@Nullable EarlyData earlyData(RunFacts facts) {
        if (facts.setup().plan().ending().earlyDataBytes() == 0) {
            return null;
        }
        var accepted = tally.earlyData(EarlyData.ACCEPTED);
        var retried = tally.earlyData(EarlyData.RETRIED);
        var rejected = tally.earlyData(EarlyData.REJECTED) + retried;
        return new RunSums.EarlyData(accepted + rejected + tally.earlyData(EarlyData.UNANSWERED), accepted, rejected,
                retried, distribution(histograms.earlyDataTimeToFirstByte()));
    }

    private RunSums.@Nullable Tickets tickets() {
        var came = tally.tickets(Tickets.CAME);
        var afterRequest = tally.tickets(Tickets.CAME_AFTER_REQUEST);
        var missing = tally.tickets(Tickets.MISSING);
        var awaited = came + afterRequest + missing;
        return awaited == 0 ? null : new RunSums.Tickets(awaited, came, afterRequest, missing);
    }

    private RunResult.Generator generator(RunFacts facts) {
        var generator = facts.generator();
        var seconds = generator.cpuSeconds();
        return new RunResult.Generator(seconds.isPresent() ? cpuMicrosPerHandshake(seconds.getAsDouble()) : null,
                seconds.isPresent() ? per(facts.window().measuredSeconds(), seconds.getAsDouble()) : null,
                generator.threads(), distribution(histograms.loopLag()), generator.health().orElse(null),
                generator.saturatedBecause().isPresent(), generator.saturatedBecause().orElse(null),
                facts.findings().saturatedCause().orElse(null));
    }

    private RunResult.@Nullable Server server(RunFacts facts) {
        if (facts.server().isEmpty()) {
            return null;
        }
        var server = facts.server().get();
        var withheld = server.withheldBecause(completedInWindow());
        return withheld == null
                ? new RunResult.Server(server.pid(), cpuMicrosPerHandshake(server.cpuSeconds()),
                        per(facts.window().measuredSeconds(), server.cpuSeconds()), null)
                : new RunResult.Server(server.pid(), null, null, withheld);
    }

    /** Returns CPU time per handshake, both within the measured window. */
    private @Nullable Double cpuMicrosPerHandshake(double cpuSeconds) {
        return per(completedInWindow(), cpuSeconds * MICROS_PER_SECOND);
    }

    private long completedInWindow() {
        return tally.completedInWindow(Kind.FULL) + tally.completedInWindow(Kind.RESUMED);
    }

    private static @Nullable Double per(double divisor, double dividend) {
        return divisor > 0 ? rounded(dividend / divisor) : null;
    }

    private static <K, R> List<R> rows(Map<K, Long> counts, BiFunction<K, Long, R> row) {
        var entries = new ArrayList<>(counts.entrySet());
        // Equal counts by name, so that the same run gives the same file.
        entries.sort(Map.Entry.<K, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(entry -> String.valueOf(entry.getKey())));
        return entries.stream().map(entry -> row.apply(entry.getKey(), entry.getValue())).toList();
    }

    static Distribution distribution(Histogram nanos) {
        var count = nanos.getTotalCount();
        if (count == 0) {
            return Distribution.EMPTY;
        }
        return new Distribution(count, micros(nanos.getMean()), micros(nanos.getMinValue()),
                percentile(nanos, 50), percentile(nanos, 90), percentile(nanos, 95), percentile(nanos, 99),
                percentile(nanos, 99.9),
                micros(nanos.getMaxValue()));
    }

    static @Nullable Distribution distributionOrNull(Histogram nanos) {
        return nanos.getTotalCount() == 0 ? null : distribution(nanos);
    }

    private static double percentile(Histogram nanos, double percentile) {
        return micros(nanos.getValueAtPercentile(percentile));
    }

    private static double micros(double nanos) {
        return rounded(nanos / NANOS_PER_MICRO);
    }

    static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
