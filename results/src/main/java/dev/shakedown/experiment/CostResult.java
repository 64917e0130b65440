package dev.shakedown.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Estimates;
import dev.shakedown.results.RunResult.Tool;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.RunSetup.Host;
import dev.shakedown.results.RunSetup;
import dev.shakedown.results.RunSums.Kinds;
import dev.shakedown.results.RunSums;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What full and resumed handshakes cost, measured in alternating blocks of one kind each.
 *
 * @param startedAt  when the first block began, ISO 8601
 * @param plan       of the blocks, except their mix; its version is the one measured
 * @param blocks     of each kind
 * @param full       full handshakes
 * @param resumed    resumed handshakes
 * @param ratio      full divided by resumed: how many times as much a full handshake costs. Where {@code confidence}
 *                   has an interval it is the mean ratio of neighbouring blocks, else the quotient of both sides. All
 *                   {@code null} where there were too few handshakes of a kind
 * @param confidence intervals of the ratios, by their names, from how the ratios of neighbouring blocks differ; at
 *                   {@link #confidenceLevel}
 * @param resumption outcomes of resumption in the blocks of resumed handshakes
 * @param saving     what resumption saves the server
 * @param unlike     in what, beyond their kind, handshakes differed, so that the ratios are not the effect of
 *                   resumption alone; empty if they were alike
 * @param unfit      why the generator may have distorted some of the figures; empty if it did not
 * @param mixed      full handshakes in the blocks of resumed ones; {@code null} where they were too few to matter
 */
public record CostResult(@Nullable Tool tool, String startedAt, RunSetup.Plan plan, RunSetup.Target target,
        @Nullable Host host, RunSetup.Client client, int blocks, Side full, Side resumed, Ratio ratio,
        Map<String, Confidence> confidence, RunSums.Resumption resumption, Saving saving, List<String> unlike,
        List<String> unfit, @Nullable Mixed mixed) {
    /** The default share of resumed handshakes for which savings are computed. */
    private static final double USUAL_SHARE = 0.8;

    public CostResult {
        saving = saving == null ? new Saving(USUAL_SHARE, null, null, null) : saving;
        unlike = unlike == null ? List.of() : List.copyOf(unlike);
    }

    /** Returns the confidence level of every interval in the result, 0 to 1. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double confidenceLevel() {
        return Estimates.CONFIDENCE_LEVEL;
    }

    /** Returns the rate within a block, handshakes per second. */
    public double ratePerSecond() {
        return Objects.requireNonNull(plan.shape().ratePerSecond());
    }

    /** Returns the length of each block. */
    public double blockSeconds() {
        return Objects.requireNonNull(plan.shape().durationSeconds());
    }

    /** Whether there were enough handshakes of both kinds. */
    public boolean compares() {
        return compares(full, resumed);
    }

    static boolean compares(Side full, Side resumed) {
        return Math.min(full.completed, resumed.completed) >= Kinds.LEAST;
    }

    /** Returns what handshakes of both kinds negotiated. */
    public List<RunRows.NegotiatedRow> negotiated() {
        return Stream.of(full, resumed).flatMap(side -> side.negotiated().stream()).toList();
    }

    /**
     * One kind of handshake.
     *
     * @param latencyMicros   from the planned start
     * @param phases          as in a run's result
     * @param clientCpuMicros CPU time of the generator per handshake; {@code null} if unknown, or if it cannot be told
     *                        from that of full handshakes done instead of resumed ones
     * @param serverCpuMicros CPU time of the server; {@code null} likewise, or if it was not watched or too little was
     *                        measured
     * @param bytesSent       by the client, per handshake
     * @param bytesReceived   by the client, per handshake
     * @param flights         number of flights until both sides have sent Finished; {@code null} if unknown
     * @param negotiated      what the blocks of this kind negotiated, the most frequent first
     * @param certificate     that the server presented; {@code null} if it presented none
     */
    public record Side(long completed, Distribution latencyMicros, Map<String, Distribution> phases,
            @Nullable Double clientCpuMicros, @Nullable Double serverCpuMicros, @Nullable Double bytesSent,
            @Nullable Double bytesReceived, @Nullable Integer flights,
            List<RunRows.NegotiatedRow> negotiated, @Nullable String certificate) {
        public Side {
            negotiated = negotiated == null ? List.of() : List.copyOf(negotiated);
        }
    }

    /** Full divided by resumed, for the fields of {@link Side}. */
    public record Ratio(Quantiles latencyMicros, Map<String, Quantiles> phases, @Nullable Double clientCpuMicros,
            @Nullable Double serverCpuMicros, @Nullable Double bytesSent, @Nullable Double bytesReceived,
            @Nullable Double flights) {
        static final Ratio UNKNOWN = new Ratio(new Quantiles(null, null, null, null), Map.of(), null, null, null, null,
                null);

        public Ratio {
            phases = phases == null ? Map.of() : phases;
        }
    }

    /**
     * Full handshakes that were done instead of resumed ones, because there was no session to offer or the server
     * declined it. Their part is subtracted from the resumed side's CPU time, as measured in the blocks of full
     * handshakes, unless they were the majority.
     *
     * @param full            how many of them completed
     * @param resumedShare    share of handshakes that were really resumed, 0 to 1
     * @param clientCpuMicros CPU time of the generator per handshake of either kind; {@code null} if unknown
     * @param serverCpuMicros CPU time of the server, likewise
     */
    public record Mixed(long full, double resumedShare, @Nullable Double clientCpuMicros,
            @Nullable Double serverCpuMicros) {}

    /**
     * What resumption saves the server.
     *
     * @param share           of handshakes resumed, 0 to 1, for which it is computed
     * @param fullPerCore     handshakes per second that one core of the server carries if all are full; {@code null}
     *                        where the CPU time is not known of both kinds
     * @param sharedPerCore   handshakes per second that one core carries if that share is resumed; likewise
     * @param withheldBecause why the figures are missing although the server was watched, as a sentence without its
     *                        full stop; {@code null} otherwise
     */
    public record Saving(double share, @Nullable Double fullPerCore, @Nullable Double sharedPerCore,
            @Nullable String withheldBecause) {}

    /** Quotients of quantiles. */
    public record Quantiles(@Nullable Double p50, @Nullable Double p90, @Nullable Double p95, @Nullable Double p99) {}

    /** The interval of a ratio; both ends {@code null} where there were too few blocks. */
    public record Confidence(@Nullable Double low, @Nullable Double high) {}

    /** Returns how many handshakes per second one core of the server carries if this share, 0 to 1, is resumed. */
    public @Nullable Double perCore(double share) {
        return perCore(full, resumed, share);
    }

    static @Nullable Double perCore(Side full, Side resumed, double share) {
        return !compares(full, resumed) || full.serverCpuMicros == null || resumed.serverCpuMicros == null
                ? null
                : 1e6 / ((1 - share) * full.serverCpuMicros + share * resumed.serverCpuMicros);
    }

    /**
     * Returns the JSON text of {@code cost.json}, with a line break at its end: the names of the first result, and
     * where there are several versions, all results under {@code versions}.
     */
    public static String toJson(List<CostResult> results) {
        return results.size() == 1
                ? CapacityResult.json(results.getFirst())
                : CapacityResult.json(new Versions(results.getFirst(), results));
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IOException with a message for people, naming the file
     */
    public static List<CostResult> read(Path file) throws IOException {
        return CapacityResult.read(file, "versions", CostResult.class);
    }

    private record Versions(@JsonUnwrapped CostResult first,
            List<CostResult> versions) {}
}
