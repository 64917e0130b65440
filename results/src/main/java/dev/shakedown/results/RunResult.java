package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code run.json}: the same names, in the same order; immutable. Times are in microseconds. What is
 * {@code null} is left out of the file, and unknown names in the file are ignored.
 *
 * @param course      how the run went
 * @param setup       the plan, the target and the client
 * @param sums        outcomes and figures over the whole run
 * @param rows        outcomes by cause, certificate, name and so on
 * @param generator   how well the generator itself did
 * @param server      the server's cost; {@code null} if it was not watched
 * @param loadPhases  an open loop's phases in order, each with its arrivals; {@code null} where there was one
 * @param targets     several servers in the order in which they were given, each with its arrivals; {@code null} where
 *                    there was one
 */
public record RunResult(@JsonUnwrapped Course course, @JsonUnwrapped RunSetup setup, @JsonUnwrapped RunSums sums,
        @JsonUnwrapped RunRows rows, Generator generator, @Nullable Server server, @Nullable List<LoadPhase> loadPhases,
        @Nullable List<TargetRow> targets) {

    /** The share of planned arrivals that an open loop must carry through to count as having held its rate. */
    private static final double HELD_SHARE = 0.99;
    /** The time between the last handshake of a run and its end. */
    private static final double END_SECONDS = 0.05;

    /** Checks the parts of its parts as well, so that the message for a file that lacks several names the first. */
    public RunResult {
        required(course.tool, "tool");
        required(course.startedAt, "startedAt");
        required(setup.plan(), "plan");
        required(setup.target(), "target");
        required(setup.client(), "client");
        required(sums.outcomes(), "outcomes");
        required(sums.kinds(), "kinds");
        required(sums.resumption(), "resumption");
        required(generator, "generator");
    }

    /**
     * How a run went.
     *
     * @param tool            what made it
     * @param startedAt       when the measured part began, ISO 8601 in UTC
     * @param measuredSeconds length of the measured window
     * @param interrupted     whether the user ended the run before its plan
     * @param endedBecause    why the run ended itself before its plan, as a sentence; {@code null} if it did not
     * @param unfinished      whether the run did not finish, so that this contains only the completed handshakes that
     *                        it had recorded; its other arrivals are unknown, and no outcome counts them
     */
    public record Course(Tool tool, String startedAt, double measuredSeconds, boolean interrupted,
            @Nullable String endedBecause,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean unfinished) {}

    /**
     * The tool that made the result, and what it could use on that machine.
     *
     * @param commit     the commit it was built from, with a {@code +} if the sources had changed since; {@code null}
     *                   where unknown, as in results of earlier versions of the tool
     * @param built      the time of that commit, ISO 8601 in UTC; {@code null} likewise
     * @param java       the JVM
     * @param netty      version of Netty; {@code null} where unknown
     * @param transports that work on the machine, the preferred one first
     * @param providers  of crypto that work on the machine, the preferred one first
     */
    public record Tool(String name, String version, @Nullable String commit, @Nullable String built,
            @Nullable String java, @Nullable String netty, @Nullable List<String> transports,
            @Nullable List<String> providers) {}

    /**
     * How well the generator itself did.
     *
     * @param cpuMicrosPerHandshake CPU time in the measured window per handshake completed in it; {@code null} if
     *                              unknown or none completed
     * @param cpuCores              cores busy on average; {@code null} if unknown
     * @param threads               event loops
     * @param loopLagMicros         how late the event loops ran
     * @param health                what may have delayed it; {@code null} if that was not watched
     * @param saturated             whether it was the bottleneck, so the run says nothing about the server's limits
     * @param saturatedBecause      why; {@code null} if it was not
     * @param saturatedCause        the reason as a name, such as {@code event_loop} or {@code other_work}
     */
    public record Generator(@Nullable Double cpuMicrosPerHandshake, @Nullable Double cpuCores, int threads,
            Distribution loopLagMicros,
            @Nullable Health health, boolean saturated, @Nullable String saturatedBecause,
            @Nullable String saturatedCause) {
        public Generator {
            loopLagMicros = loopLagMicros == null ? Distribution.EMPTY : loopLagMicros;
        }
    }

    /**
     * What may have delayed the generator in the measured window.
     *
     * @param workerCores   share of a core that each event loop used
     * @param gcSeconds     time of the garbage collector's pauses
     * @param gcPauses      number of these pauses
     * @param gcCpuSeconds  CPU time of the garbage collector's threads; {@code null} if unknown
     * @param stolenShare   share of processor time that a hypervisor withheld, 0 to 1; {@code null} if unknown
     * @param retransmits   TCP segments that this machine retransmitted, of any process; {@code null} if unknown
     * @param waitedSeconds how long each event loop was ready to run but had no processor; {@code null} if unknown
     * @param othersSeconds CPU time of all other processes on this machine; {@code null} if unknown
     * @param quota         how a limit on CPU time delayed the generator; {@code null} where there is none
     * @param suspensions   when the whole process stood still
     */
    public record Health(List<Double> workerCores, double gcSeconds, long gcPauses, @Nullable Double gcCpuSeconds,
            @Nullable Double stolenShare, @Nullable Long retransmits, @Nullable List<Double> waitedSeconds,
            @Nullable Double othersSeconds, @Nullable Quota quota,
            List<Suspension> suspensions) {
        public Health {
            workerCores = copy(workerCores);
            suspensions = copy(suspensions);
        }
    }

    /**
     * The periods of a limit on CPU time, and how many of them stopped the generator because it had used up its share.
     */
    public record Quota(long periods, long throttledPeriods) {}

    /** When the process stood still, seconds from the beginning of the measured part, and for how long. */
    public record Suspension(double atSeconds, double seconds) {}

    /**
     * The server's process and its children; CPU figures as in {@link Generator}.
     *
     * @param withheldBecause why there are no figures, as a sentence without its full stop; {@code null} if there are
     */
    public record Server(long pid, @Nullable Double cpuMicrosPerHandshake, @Nullable Double cpuCores,
            @Nullable String withheldBecause) {}

    /**
     * One of several servers.
     *
     * @param outcomes      what became of its arrivals
     * @param ratePerSecond how many of them completed, per second of the measured window
     * @param latencyMicros of both kinds together
     */
    public record TargetRow(RunSetup.Target target, RunSums.Outcomes outcomes, @Nullable Double ratePerSecond,
            Distribution latencyMicros,
            RunSums.KindResult full, RunSums.KindResult resumed, RunSums.Resumption resumption) {}

    /**
     * One phase of an open loop.
     *
     * @param startSeconds  when it began, from the beginning of the measured part
     * @param fromPerSecond the rate offered at its beginning
     * @param toPerSecond   the rate offered at its end
     * @param outcomes      what became of the arrivals that were due in it
     * @param ratePerSecond how many of them completed, whenever they did, per second of the phase
     * @param latencyMicros of both kinds together
     */
    public record LoadPhase(String name, double startSeconds, double seconds, double fromPerSecond, double toPerSecond,
            RunSums.Outcomes outcomes, @Nullable Double ratePerSecond, Distribution latencyMicros,
            Distribution fullLatencyMicros,
            Distribution resumedLatencyMicros) {}

    /**
     * What an open loop offered, and what it got.
     *
     * @param offeredPerSecond  arrivals that were due
     * @param achievedPerSecond handshakes that completed in the measured window
     * @param achieved          those, as a number
     * @param missed            whether that is less than 99 %, and more is missing than latency alone explains: even
     *                          the quickest handshake that is due at the very end completes after it
     */
    public record Rate(double offeredPerSecond, double achievedPerSecond, long achieved, boolean missed) {}

    // What its parts hold, under the names that the file has

    public Tool tool() {
        return course.tool;
    }

    public String startedAt() {
        return course.startedAt;
    }

    public double measuredSeconds() {
        return course.measuredSeconds;
    }

    public boolean interrupted() {
        return course.interrupted;
    }

    public @Nullable String endedBecause() {
        return course.endedBecause;
    }

    public boolean unfinished() {
        return course.unfinished;
    }

    public RunSetup.Plan plan() {
        return setup.plan();
    }

    public RunSetup.Target target() {
        return setup.target();
    }

    public RunSetup.@Nullable Host host() {
        return setup.host();
    }

    public RunSetup.Client client() {
        return setup.client();
    }

    public RunSums.Outcomes outcomes() {
        return sums.outcomes();
    }

    public RunSums.Kinds kinds() {
        return sums.kinds();
    }

    public RunSums.Resumption resumption() {
        return sums.resumption();
    }

    public RunSums.@Nullable Sessions sessions() {
        return sums.sessions();
    }

    public RunSums.@Nullable Offers offers() {
        return sums.offers();
    }

    public RunSums.@Nullable EarlyData earlyData() {
        return sums.earlyData();
    }

    public RunSums.@Nullable Tickets tickets() {
        return sums.tickets();
    }

    public long helloRetryRequests() {
        return sums.helloRetryRequests();
    }

    public List<RunRows.FailureRow> failures() {
        return rows.failures();
    }

    public List<RunRows.TimeoutRow> timeouts() {
        return rows.timeouts();
    }

    public List<RunRows.UnsentRow> unsentReasons() {
        return rows.unsentReasons();
    }

    public List<RunRows.NegotiatedRow> negotiated() {
        return rows.negotiated();
    }

    public long higherVersion() {
        return sums.higherVersion();
    }

    public List<RunRows.CertificateRow> certificates() {
        return rows.certificates();
    }

    public @Nullable List<RunRows.NameRow> names() {
        return rows.names();
    }

    public @Nullable List<RunRows.VersionRow> versions() {
        return rows.versions();
    }

    /** Returns this result with the terms of an objective, judged. */
    public RunResult judged(List<RunRows.ObjectiveTerm> terms) {
        return new RunResult(course, setup, sums, rows.judged(terms), generator, server, loadPhases, targets);
    }

    /** Returns the confidence level of every interval in the result, 0 to 1. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double confidenceLevel() {
        return Estimates.CONFIDENCE_LEVEL;
    }

    /** Returns the rate; {@code null} in a closed loop, without a measured window, and where the run did not finish. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public @Nullable Rate rate() {
        if (plan().shape().ratePerSecond() == null || measuredSeconds() <= 0 || unfinished()) {
            return null;
        }
        // A burst may come at the very end.
        var achieved = plan().shape().arrivals() != null && plan().shape().arrivals().startsWith("in bursts")
                ? outcomes().completed()
                : Math.round((perSecond(kinds().full()) + perSecond(kinds().resumed())) * measuredSeconds());
        var latencySeconds = Math.min(least(kinds().full().latencyMicros()), least(kinds().resumed().latencyMicros()))
                / 1e6;
        var atTheEnd = loadPhases == null ? plan().shape().ratePerSecond() : loadPhases.getLast().toPerSecond();
        var explained = Math.min(outcomes().completed() - achieved, Math.ceil(atTheEnd * latencySeconds));
        var missed = achieved + explained < HELD_SHARE * offered()
                || tookLonger(plan().shape().ratePerSecond(), latencySeconds);
        return new Rate(
                plan().shape().durationSeconds() == null
                        ? plan().shape().ratePerSecond()
                        : offered() / measuredSeconds(),
                achieved / measuredSeconds(), achieved, missed);
    }

    /**
     * Whether a run of one rate until a count was reached took longer than its rate explains, and only handshakes can
     * be the reason.
     */
    private boolean tookLonger(double perSecond, double latencySeconds) {
        return plan().shape().durationSeconds() == null && loadPhases == null && !interrupted()
                && endedBecause() == null
                && outcomes().timedOut() == 0
                && tickets() == null && HELD_SHARE * (measuredSeconds() - latencySeconds
                        - END_SECONDS) > offered() / perSecond;
    }

    private static double perSecond(RunSums.KindResult kind) {
        return kind.ratePerSecond() == null ? 0 : kind.ratePerSecond();
    }

    private static double least(Distribution micros) {
        return micros.min() == null ? Double.POSITIVE_INFINITY : micros.min();
    }

    /** Returns the arrivals that ended by themselves: completed, failed or timed out. */
    public long carriedThrough() {
        return outcomes().completed() + outcomes().failed() + outcomes().timedOut();
    }

    /**
     * Returns the arrivals that an open loop should have carried through. With a constant rate for a given time these
     * follow from the plan, even if the generator planned fewer; with a random one they are those planned. Arrivals
     * that an interrupt cancelled do not count.
     */
    public long offered() {
        if (interrupted() || endedBecause() != null) {
            return outcomes().planned() - outcomes().cancelled();
        }
        var due = plan().shape().ratePerSecond() != null && plan().shape().durationSeconds() != null
                && "constant".equals(plan().shape().arrivals())
                        ? (long) (plan().shape().ratePerSecond() * plan().shape().durationSeconds())
                        : 0;
        return Math.max(due, outcomes().planned());
    }

    /** Whether an open loop did not achieve its rate; see {@link Rate}. Always false in a closed loop. */
    public boolean missedRate() {
        var rate = rate();
        return rate != null && rate.missed;
    }

    /** Returns the text of {@code run.json}, ending with a line feed. */
    public String toJson() {
        return Json.result(Json.RESULTS, this);
    }

    /**
     * Reads the result of a finished run.
     *
     * @param path a result directory, or the {@code run.json} in one
     * @throws IOException with a message for people, naming the file, if it is missing, unreadable or not a result
     */
    public static RunResult read(Path path) throws IOException {
        var file = Files.isDirectory(path) ? path.resolve(ResultFile.RUN_JSON) : path;
        try {
            return required(Json.RESULTS.treeToValue(Json.readResult(file), RunResult.class), "the result");
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist: "
                    + (UnfinishedRun.isIn(file.toAbsolutePath().resolveSibling(""))
                            ? "the run was ended from outside before it could write its result, or is still going on;"
                                    + " 'shakedown report " + file.toAbsolutePath().resolveSibling("")
                                    + "' shows what it has left"
                            : "no run ended there"),
                    e);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(file + " is not the result of a run: " + firstLine(e), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + ResultFile.reason(e), e);
        }
    }

    private static @Nullable String firstLine(Exception e) {
        return switch (e) {
            // Jackson wraps what a record's constructor throws.
            case JsonProcessingException json when json.getCause() instanceof IllegalArgumentException missing ->
                missing.getMessage();
            case JsonProcessingException json -> json.getOriginalMessage().lines().findFirst().orElse("");
            default -> e.getMessage();
        };
    }

    static <T> T required(@Nullable T part, String name) {
        if (part == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return part;
    }

    static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
