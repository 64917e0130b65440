package dev.shakedown.experiment;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Json;
import dev.shakedown.results.RunResult.Tool;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.RunSetup.Host;
import dev.shakedown.results.RunSetup;
import dev.shakedown.results.RunSums;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The highest rate that a server holds, and how it was found.
 *
 * @param startedAt  when the first run began, ISO 8601
 * @param plan       of every run, except its rate and its length
 * @param capacity   the answer
 * @param steps      all runs, in order
 * @param negotiated what both sides negotiated in the last run
 */
public record CapacityResult(@Nullable Tool tool, String startedAt, RunSetup.Plan plan,
        RunSetup.Target target,
        @Nullable Host host, RunSetup.Client client, Capacity capacity, List<Step> steps,
        List<RunRows.NegotiatedRow> negotiated) {
    public CapacityResult {
        negotiated = negotiated == null ? List.of() : List.copyOf(negotiated);
    }

    /**
     * The answer of a search.
     *
     * @param ratePerSecond the highest rate that held in a confirming run, handshakes per second; 0 if none did. Where
     *                      the search ended before that, the highest that a short run held
     * @param objective     what had to hold
     * @param precision     within which share above this rate the objective no longer held
     * @param limitedBy     {@code server}; {@code generator}, where the server may well hold more; {@code maxRate}; or
     *                      {@code interrupted}, where the rate is the highest that held in a short run until then
     * @param because       how the objective was missed above this rate, or what delayed the generator
     * @param mix           of full and resumed handshakes; {@code null} where it is unknown
     * @param machineMoved  how far the server's CPU time per handshake drifted; {@code null} where it stayed within the
     *                      precision or was not watched
     */
    public record Capacity(double ratePerSecond, String objective, double precision, String limitedBy, String because,
            RunSetup.@Nullable Mix mix, @Nullable MachineDrift machineMoved) {
        public static final String GENERATOR = "generator";
        public static final String INTERRUPTED = "interrupted";

        /** Returns this answer with the given mix. */
        public Capacity with(RunSetup.Mix mix) {
            return new Capacity(ratePerSecond, objective, precision, limitedBy, because, mix, machineMoved);
        }
    }

    /**
     * One run of a search.
     *
     * @param purpose           {@code bracket}, {@code narrow} or {@code confirm}
     * @param ratePerSecond     offered
     * @param seconds           length of the measured window
     * @param held              whether it held the objective
     * @param missed            how it missed the objective; {@code null} if it held
     * @param achievedPerSecond completed within the measured window
     * @param failures          share of arrivals due that did not complete, 0 to 1
     * @param latencyMicros     of both kinds together, from the planned start
     * @param serverCpuCores    cores that the server used; {@code null} if it was not watched, or too little was
     *                          measured
     * @param serverCpuMicros   the server's CPU time per completed handshake; likewise
     * @param serverCpuWithheldBecause why these two are missing although the server was watched; {@code null} otherwise
     * @param unfitBecause      why the generator may have distorted these figures; {@code null} if it did not
     */
    public record Step(String purpose, double ratePerSecond, double seconds, boolean held, @Nullable String missed,
            double achievedPerSecond, double failures, Distribution latencyMicros,
            RunSums.Outcomes outcomes, @Nullable Double serverCpuCores, @Nullable Double serverCpuMicros,
            @Nullable String serverCpuWithheldBecause,
            @Nullable String unfitBecause) {
        /** Whether the run says something about the server: an unfit one does if it held, since it only looks worse. */
        public boolean tellsOfServer() {
            return held || unfitBecause == null;
        }
    }

    /**
     * Returns the JSON text of {@code capacity.json}, with a line break at its end: the names of the first result, and
     * where there are several mixes, all results under {@code mixes}.
     */
    public static String toJson(List<CapacityResult> results) {
        return results.size() == 1 ? json(results.getFirst()) : json(new Mixes(results.getFirst(), results));
    }

    private record Mixes(@JsonUnwrapped CapacityResult first, List<CapacityResult> mixes) {}

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IOException with a message for people, naming the file
     */
    public static List<CapacityResult> read(Path file) throws IOException {
        return read(file, "mixes", CapacityResult.class);
    }

    /** @param several the name under which a file has all results, if it has more than one */
    static <T> List<T> read(Path file, String several, Class<T> type) throws IOException {
        try {
            var root = Json.readResult(file);
            var results = new ArrayList<T>();
            for (var node : root.has(several) ? root.get(several) : List.of(root)) {
                results.add(Json.RESULTS.treeToValue(node, type));
            }
            return results;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(file + " is not the result that its name says: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static String json(Object value) {
        return Json.result(Json.RESULTS, value);
    }
}
