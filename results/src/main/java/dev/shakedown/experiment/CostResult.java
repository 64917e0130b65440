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
 * What full and resumed handshakes cost, measured in blocks of one kind each, in turn.
 *
 * @param startedAt  when the first block began, ISO 8601
 * @param plan       of the blocks but for their mix; its version is the one measured
 * @param blocks     how many there were of each kind
 * @param full       full handshakes
 * @param resumed    resumed ones
 * @param ratio      full by resumed: how many times as much a full one costs. Where {@code confidence} has an interval
 *                   it is the mean of neighbouring blocks' ratios, else the quotient of both sides. All {@code null}
 *                   where there were too few handshakes of a kind
 * @param confidence of the ratios, by their names, from how the ratios of neighbouring blocks differ; of
 *                   {@link #confidenceLevel}
 * @param resumption what became of the wish to resume in the blocks of resumed handshakes
 * @param saving     what resumption saves the server
 * @param unlike     in what, beyond their kind, handshakes differed: then the ratios say more than what resumption
 *                   does; empty if they were alike
 * @param unfit      why the generator may have made some of the figures; empty if it did not
 * @param mixed      full handshakes in the blocks of resumed ones; {@code null} where those were too few to matter
 */
public record CostResult(@Nullable Tool tool, String startedAt, RunSetup.Plan plan, RunSetup.Target target,
        @Nullable Host host, RunSetup.Client client, int blocks, Side full, Side resumed, Ratio ratio,
        Map<String, Confidence> confidence, RunSums.Resumption resumption, Saving saving, List<String> unlike,
        List<String> unfit, @Nullable Mixed mixed) {
    /** The share of resumed handshakes with which savings are reckoned unless somebody says another. */
    private static final double USUAL_SHARE = 0.8;

    public CostResult {
        saving = saving == null ? new Saving(USUAL_SHARE, null, null, null) : saving;
        unlike = unlike == null ? List.of() : List.copyOf(unlike);
    }

    /** Of every interval in the result, 0 to 1. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double confidenceLevel() {
        return Estimates.CONFIDENCE_LEVEL;
    }

    /** Handshakes that began each second of a block. */
    public double ratePerSecond() {
        return Objects.requireNonNull(plan.shape().ratePerSecond());
    }

    /** How long each block was. */
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

    /** What both sides agreed on, handshakes of either kind. */
    public List<RunRows.NegotiatedRow> negotiated() {
        return Stream.of(full, resumed).flatMap(side -> side.negotiated().stream()).toList();
    }

    /**
     * One kind of handshake.
     *
     * @param latencyMicros   from the planned start
     * @param phases          as in a run's result
     * @param clientCpuMicros CPU time of the generator per handshake; {@code null} if unknown, or if full handshakes
     *                        hide what resumed ones took
     * @param serverCpuMicros of the server; {@code null} if it was not watched, or too little of it was seen, likewise
     * @param bytesSent       by the client, per handshake
     * @param bytesReceived   likewise
     * @param flights         how often one side speaks until both have said Finished; {@code null} if unknown
     * @param negotiated      what its blocks agreed on, the most frequent first
     * @param certificate     what the server showed; {@code null} if it showed none
     */
    public record Side(long completed, Distribution latencyMicros, Map<String, Distribution> phases,
            @Nullable Double clientCpuMicros, @Nullable Double serverCpuMicros, @Nullable Double bytesSent,
            @Nullable Double bytesReceived, @Nullable Integer flights,
            List<RunRows.NegotiatedRow> negotiated, @Nullable String certificate) {
        public Side {
            negotiated = negotiated == null ? List.of() : List.copyOf(negotiated);
        }
    }

    /** Quotients of the fields of {@link Side}. */
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
     * declined it. Of the resumed side's CPU time their part is taken off, at what a full one took in a block of its
     * own, unless they were the most.
     *
     * @param full            how many of them completed
     * @param resumedShare    share of handshakes that were really resumed, 0 to 1
     * @param clientCpuMicros CPU time of the generator per handshake of either kind; {@code null} if unknown
     * @param serverCpuMicros likewise of the server
     */
    public record Mixed(long full, double resumedShare, @Nullable Double clientCpuMicros,
            @Nullable Double serverCpuMicros) {}

    /**
     * What resumption saves the server.
     *
     * @param share          of handshakes resumed, 0 to 1, that is reckoned with
     * @param fullPerCore    handshakes a second that one core of the server carries if all are full; {@code null} where
     *                       that is not known of both kinds
     * @param sharedPerCore  the same if that share is resumed
     * @param withheldBecause why it is not told of a server that was watched, as a sentence without its full stop;
     *                       {@code null} if it is told, or nobody watched
     */
    public record Saving(double share, @Nullable Double fullPerCore, @Nullable Double sharedPerCore,
            @Nullable String withheldBecause) {}

    /** Quotients of quantiles. */
    public record Quantiles(@Nullable Double p50, @Nullable Double p90, @Nullable Double p95, @Nullable Double p99) {}

    /** Within which the ratio lies; both {@code null} where there were too few blocks to tell. */
    public record Confidence(@Nullable Double low, @Nullable Double high) {}

    /** Handshakes a second that one core of the server carries if this share of them, 0 to 1, is resumed. */
    public @Nullable Double perCore(double share) {
        return perCore(full, resumed, share);
    }

    static @Nullable Double perCore(Side full, Side resumed, double share) {
        return !compares(full, resumed) || full.serverCpuMicros == null || resumed.serverCpuMicros == null
                ? null
                : 1e6 / ((1 - share) * full.serverCpuMicros + share * resumed.serverCpuMicros);
    }

    /**
     * The JSON text of {@code cost.json}, with a line break at its end: the first result's names, and where there are
     * several each of them under {@code versions}.
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
