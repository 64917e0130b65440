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
 * @param startedAt when the first run began, ISO 8601
 * @param plan      of every run, but for its rate and its length
 * @param capacity  what was found
 * @param steps     each run, in the order in which they were made
 * @param negotiated what both sides agreed on in the last
 */
public record CapacityResult(@Nullable Tool tool, String startedAt, RunSetup.Plan plan,
        RunSetup.Target target,
        @Nullable Host host, RunSetup.Client client, Capacity capacity, List<Step> steps,
        List<RunRows.NegotiatedRow> negotiated) {
    public CapacityResult {
        negotiated = negotiated == null ? List.of() : List.copyOf(negotiated);
    }

    /**
     * What was found.
     *
     * @param ratePerSecond handshakes a second that held in a run of confirmation; 0 if none did. Where the search
     *                      ended before that, the highest that a short run held
     * @param objective     what was to be held
     * @param precision     share of the rate above it at which it no longer held
     * @param limitedBy     {@code server}; {@code generator}, where the server may well hold more; {@code maxRate}; or
     *                      {@code interrupted}, where the rate is the highest that held in a short run until then
     * @param because       what was missed above it, or what held the generator up
     * @param mix           full against resumed; {@code null} where nothing was said of it
     * @param machineMoved  how far the server's CPU time for a handshake moved; {@code null} where it stayed within the
     *                      precision or was not watched
     */
    public record Capacity(double ratePerSecond, String objective, double precision, String limitedBy, String because,
            RunSetup.@Nullable Mix mix, @Nullable MachineDrift machineMoved) {
        public static final String GENERATOR = "generator";
        public static final String INTERRUPTED = "interrupted";

        /** The same, of that mix. */
        public Capacity with(RunSetup.Mix mix) {
            return new Capacity(ratePerSecond, objective, precision, limitedBy, because, mix, machineMoved);
        }
    }

    /**
     * One run.
     *
     * @param purpose           {@code bracket}, {@code narrow} or {@code confirm}
     * @param ratePerSecond     offered
     * @param seconds           length of its measured part
     * @param held              whether it held the objective
     * @param missed            what it did not hold; {@code null} if it held
     * @param achievedPerSecond completed within it
     * @param failures          share of what was due that did not complete, 0 to 1
     * @param latencyMicros     of both kinds together, from the planned start
     * @param serverCpuCores    cores that the server used; {@code null} if it was not watched, or too little was seen
     * @param serverCpuMicros   the server's CPU time for each handshake that completed; likewise
     * @param serverCpuWithheldBecause why they are not told of a server that was watched; {@code null} otherwise
     * @param unfitBecause      why the generator may have made these figures; {@code null} if it did not
     */
    public record Step(String purpose, double ratePerSecond, double seconds, boolean held, @Nullable String missed,
            double achievedPerSecond, double failures, Distribution latencyMicros,
            RunSums.Outcomes outcomes, @Nullable Double serverCpuCores, @Nullable Double serverCpuMicros,
            @Nullable String serverCpuWithheldBecause,
            @Nullable String unfitBecause) {
        /** Whether it does: an unfit generator makes a run look worse, so that one which held did hold. */
        public boolean tellsOfServer() {
            return held || unfitBecause == null;
        }
    }

    /**
     * The JSON text of {@code capacity.json}, with a line break at its end: the first result's names, and where there
     * are several mixes each of them under {@code mixes}.
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

    /** @param several the name under which a file has all of them, if it has more than one */
    static <T> List<T> read(Path file, String several, Class<T> type) throws IOException {
        try {
            var root = Json.readResult(file);
            var results = new ArrayList<T>();
            for (var node : root.has(several) ? root.get(several) : List.of(root)) {
                results.add(Json.RESULTS.treeToValue(node, type));
            }
            return results;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(file + " is not what it is named for: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static String json(Object value) {
        return Json.result(Json.RESULTS, value);
    }
}
