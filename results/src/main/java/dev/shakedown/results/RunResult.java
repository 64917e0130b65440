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

/**
 * What {@code run.json} holds: the same names, in the same order; immutable. Times are in microseconds. What is
 * {@code null} is left out of the file, and what the file has beyond this is ignored.
 *
 * @param course      how it went
 * @param setup       what was to be done
 * @param sums        what became of it, over all
 * @param rows        what became of it, by what
 * @param generator   how well the generator itself did
 * @param server      the server's cost, {@code null} if it was not watched
 * @param loadPhases  an open loop's phases in their order, each with its arrivals; {@code null} where there was one
 * @param targets     several servers in the order in which they were named, each with its arrivals; {@code null} where
 *                    there was one
 */
public record RunResult(@JsonUnwrapped Course course, @JsonUnwrapped Setup setup, @JsonUnwrapped Sums sums,
        @JsonUnwrapped Rows rows, Generator generator, Server server, List<LoadPhase> loadPhases,
        List<TargetRow> targets) {

    /** The share of planned arrivals that an open loop must carry through to count as having held its rate. */
    private static final double HELD_SHARE = 0.99;
    /** What the end of a run takes beyond its last handshake. */
    private static final double END_SECONDS = 0.05;

    /** Looks at the parts of its parts, too, so that a file that lacks several is told of the first. */
    public RunResult {
        required(course.tool, "tool");
        required(course.startedAt, "startedAt");
        required(setup.plan, "plan");
        required(setup.target, "target");
        required(setup.client, "client");
        required(sums.outcomes, "outcomes");
        required(sums.kinds, "kinds");
        required(sums.resumption, "resumption");
        required(generator, "generator");
    }

    /**
     * How a run went.
     *
     * @param tool            what made it
     * @param startedAt       when the measured part began, ISO 8601 in UTC
     * @param measuredSeconds length of the measured window
     * @param interrupted     whether the run was ended before its plan was, by who watched it
     * @param endedBecause    why the run ended itself before its plan was over, as a sentence; {@code null} if it did
     *                        not
     * @param unfinished      whether the run did not come to its end, so that this holds only the completed handshakes
     *                        that it had written down; what became of its other arrivals is not known, and no outcome
     *                        counts them
     */
    public record Course(Tool tool, String startedAt, double measuredSeconds, boolean interrupted, String endedBecause,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean unfinished) {}

    /**
     * What was to be done.
     *
     * @param plan   what was asked for
     * @param target what was loaded; of several servers the first
     * @param host   where the generator ran
     * @param client how the client did its part
     */
    public record Setup(Plan plan, Target target, Host host, Client client) {}

    /**
     * What became of a run, over all.
     *
     * @param outcomes        what became of the planned arrivals
     * @param kinds           full and resumed handshakes
     * @param resumption      what became of the wish to resume
     * @param sessions        what was found out about the server's sessions; {@code null} if nothing was
     * @param offers          what became of a client certificate, of ALPN and of the name asked for; {@code null} if
     *                        none of them was offered
     * @param earlyData       what became of early data; {@code null} if none was to be sent
     * @param tickets         connections that stayed for a ticket of TLS 1.3; {@code null} if none did
     * @param helloRetryRequests arrivals whose server asked for another ClientHello
     */
    public record Sums(Outcomes outcomes, Kinds kinds, Resumption resumption, Sessions sessions, Offers offers,
            EarlyData earlyData, Tickets tickets, long helloRetryRequests) {}

    /**
     * What became of a run, the most frequent first.
     *
     * @param failures      by where and why; the counts sum to {@code outcomes.failed}
     * @param timeouts      by what was awaited; the counts sum to {@code outcomes.timedOut}
     * @param unsentReasons by what the generator ran out of; the counts sum to {@code outcomes.unsent}
     * @param negotiated    by what was agreed on; the counts sum to {@code outcomes.completed}
     */
    public record Rows(List<FailureRow> failures, List<TimeoutRow> timeouts, List<UnsentRow> unsentReasons,
            List<NegotiatedRow> negotiated) {
        public Rows {
            failures = copy(failures);
            timeouts = copy(timeouts);
            unsentReasons = copy(unsentReasons);
            negotiated = copy(negotiated);
        }
    }

    public record Tool(String name, String version) {}

    /**
     * What was asked for.
     *
     * @param shape             when, and of which kind
     * @param connection        how long connections may take, and how they end
     * @param offer             what the client offers
     * @param bounds            of what the generator uses
     * @param ending            what ends a handshake
     * @param pskMode           {@code dhe-ke} or {@code ke}: how sessions of TLS 1.3 were resumed
     * @param clientCertificate kind of the key in the client's certificate; {@code null} for none
     * @param prelude           what came before the handshake, such as {@code PROXY v2, STARTTLS smtp}; {@code null}
     *                          for nothing
     */
    public record Plan(@JsonUnwrapped Shape shape, @JsonUnwrapped Connection connection, @JsonUnwrapped Offer offer,
            @JsonUnwrapped Bounds bounds, @JsonUnwrapped Ending ending, String pskMode, String clientCertificate,
            String prelude) {}

    /**
     * When handshakes begin, and of which kind they are to be.
     *
     * @param concurrency     closed loop: handshakes at a time; {@code null} in an open loop
     * @param ratePerSecond   open loop: arrivals per second; {@code null} in a closed loop
     * @param arrivals        {@code constant} or {@code poisson}; {@code null} in a closed loop
     * @param durationSeconds length of the measured part; {@code null} if {@code count} says it
     * @param count           arrivals in the measured part; {@code null} if {@code durationSeconds} says it
     * @param warmupSeconds   what ran before and is not in the result
     * @param mix             weights of the kinds asked for
     */
    public record Shape(Integer concurrency, Double ratePerSecond, String arrivals, Double durationSeconds, Long count,
            double warmupSeconds, Mix mix) {
        public Shape {
            mix = required(mix, "plan.mix");
        }
    }

    /**
     * How long connections may take, and how they end.
     *
     * @param timeoutSeconds        deadline of a handshake, from its beginning
     * @param connectTimeoutSeconds deadline of its TCP connection
     * @param close                 {@code rst} or {@code notify}
     */
    public record Connection(double timeoutSeconds, double connectTimeoutSeconds, String close) {}

    /**
     * What the client offers.
     *
     * @param tls          versions offered, such as {@code 1.2} or {@code 1.2-1.3}
     * @param cipherSuites suites offered, in order
     * @param groups       groups offered, in order
     * @param sni          server name sent, {@code null} for none
     * @param alpn         protocols offered, in order
     * @param tickets      whether session tickets were asked for
     * @param resumeUses   how often a session was offered at most; {@code null} for what the version asks: no limit
     *                     in TLS 1.2, once in TLS 1.3
     */
    public record Offer(String tls, List<String> cipherSuites, List<String> groups, String sni, List<String> alpn,
            boolean tickets, Integer resumeUses) {
        public Offer {
            cipherSuites = copy(cipherSuites);
            groups = copy(groups);
            alpn = copy(alpn);
        }
    }

    /**
     * What the generator uses at most.
     *
     * @param sourceAddresses local addresses used; empty where the system chose
     * @param maxInFlight     most handshakes at a time in an open loop; {@code null} for no limit
     * @param maxLateSeconds  how late an arrival of an open loop might begin; {@code null} in a closed loop
     */
    public record Bounds(List<String> sourceAddresses, Integer maxInFlight, Double maxLateSeconds) {
        public Bounds {
            sourceAddresses = copy(sourceAddresses);
        }
    }

    /**
     * What ends a handshake, and what is sent beyond it.
     *
     * @param completeOn           what ended a handshake: {@code finished}, {@code ticket} or {@code response}
     * @param requestBytes         length of the request that was sent where one was
     * @param earlyDataBytes       length of the early data; 0 for none
     * @param ticketTimeoutSeconds how long a ticket was waited for before a request was sent
     */
    public record Ending(String completeOn, int requestBytes, int earlyDataBytes, double ticketTimeoutSeconds) {}

    /** Weights of the kinds asked for; 0 for a kind not asked for. */
    public record Mix(int full, int resumed) {}

    /**
     * What was loaded.
     *
     * @param host         as given
     * @param port         TCP port
     * @param address      what the host resolved to
     * @param embedded     whether it was the generator's own target, in the same process
     * @param engine       the embedded target's TLS engine; {@code null} for any other target
     * @param authorizedBy the {@code --authorized-target} entry that allowed it; {@code null} for loopback
     */
    public record Target(String host, int port, String address, boolean embedded, String engine, String authorizedBy) {
        /** Such as {@code [::1]:443}. */
        public String hostAndPort() {
            return HostPort.of(host, port);
        }
    }

    public record Host(String os, String arch, String cpuModel, int cpus, long memoryBytes, String java) {}

    /** How the client did its part: the options {@code --key-share}, {@code --premaster}, {@code --verify}, and I/O. */
    public record Client(String keyShare, String premaster, String verify, String provider, String transport) {}

    /** {@code planned} is the sum of the others, exactly, once a run has ended. */
    public record Outcomes(long planned, long completed, long failed, long timedOut, long cancelled, long unsent) {}

    /** @param resumedToFull {@code null} where that cannot be told */
    public record Kinds(KindResult full, KindResult resumed, Share resumedToFull) {
        /** So many handshakes of each kind must have completed for them to be compared. */
        public static final int LEAST = 100;

        public Kinds {
            full = required(full, "kinds.full");
            resumed = required(resumed, "kinds.resumed");
        }
    }

    /**
     * The share of a full handshake's latency that a resumed one took, to four digits.
     *
     * @param p50  median by median
     * @param low  with {@code high} within which it lies, by how the medians move when a stretch of the run's time is
     *             left out; of {@link #confidenceLevel}
     */
    public record Share(double p50, double low, double high) {}

    /**
     * What completed handshakes of one kind took.
     *
     * @param completed     how many
     * @param ratePerSecond those that finished inside the measured window, per second of it; {@code null} if the window
     *                      had no length
     * @param latencyMicros from the planned start
     * @param serviceMicros from the actual start
     * @param phases        by the label of the mark that ends the phase, in wire order; only those that occurred
     * @param bytesSent     <b>mean</b> TLS bytes written per completed handshake; {@code null} if none completed
     * @param bytesReceived <b>mean</b> TLS bytes read per completed handshake; {@code null} if none completed
     * @param timeToFirstByteMicros from the planned start to the first byte of application data, of those that had one
     *                      and whose early data was not taken; {@code null} if there are none
     */
    public record KindResult(long completed, Double ratePerSecond, Distribution latencyMicros,
            Distribution serviceMicros, Map<String, Distribution> phases, Double bytesSent, Double bytesReceived,
            Distribution timeToFirstByteMicros) {
        public KindResult {
            latencyMicros = latencyMicros == null ? Distribution.EMPTY : latencyMicros;
            serviceMicros = serviceMicros == null ? Distribution.EMPTY : serviceMicros;
            phases = phases == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(phases));
        }
    }

    /** A histogram's figures, to three digits; all but {@code count} are {@code null} where it is empty. */
    public record Distribution(long count, Double mean, Double min, Double p50, Double p90, Double p99, Double p999,
            Double max) {
        public static final Distribution EMPTY = new Distribution(0, null, null, null, null, null, null, null);

        /** Any shorter time is in the histograms' first bucket: it cannot be told from any other such time. */
        public static final double LEAST_MICROS = 0.1;

        /** The names of those quantiles beyond which too few samples lie to be more than a few handshakes' doing. */
        @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        public List<String> fewBeyond() {
            return Quantile.fewBeyond(count).stream().map(Quantile::jsonName).toList();
        }
    }

    /**
     * What became of the wish to resume.
     *
     * @param asked    arrivals for which the mix asked for resumption
     * @param offered  arrivals that offered a session
     * @param accepted of those, the server took it up, whether or not the handshake then completed
     * @param declined of those, the server did a full handshake instead, whether or not it then completed
     * @param priming  arrivals that were asked to resume, began, and had no session to offer
     */
    public record Resumption(long asked, long offered, long accepted, long declined, long priming) {
        /** More priming than that share of what was asked for changes the mix. */
        private static final double SOME_PRIMING = 0.05;

        /** Whether so many handshakes were priming that the run was not of the mix that was asked for. */
        @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        public boolean tooMuchPriming() {
            return priming > SOME_PRIMING * asked;
        }
    }

    /**
     * What was found out about the server's sessions.
     *
     * @param perFull        sessions that a full handshake brings; {@code null} if unknown or no limit to resumption
     * @param perResumed     sessions that a resumed handshake brings, likewise
     * @param uses           how often each was offered at most, likewise
     * @param mostShare      the largest share of handshakes, 0 to 1, that can be resumed with so many, likewise
     * @param closure        {@code reset_forgets}: the server forgets a session that it keeps under an ID when its
     *                       connection is reset; {@code declined_anyway}: it declines them even if the connection ended
     *                       with close_notify; {@code null} if neither was found
     * @param ticketsBeforeFinished handshakes whose first ticket came before the client's Finished had left
     * @param unusableTickets tickets that could not be offered later, by reason
     */
    public record Sessions(Integer perFull, Integer perResumed, Integer uses, Double mostShare, String closure,
            long ticketsBeforeFinished, List<UnusableRow> unusableTickets) {
        public Sessions {
            unusableTickets = copy(unusableTickets);
        }

        /** How many sessions handshakes bring; {@code null} if unknown or no limit. */
        @JsonIgnore
        public SessionYield yield() {
            return perFull == null || perResumed == null || uses == null
                    ? null
                    : new SessionYield(perFull, perResumed, uses);
        }
    }

    /** Tickets that could not be offered later, for {@code reason}: {@code no_lifetime} or {@code too_large}. */
    public record UnusableRow(String reason, long count) {}

    /**
     * What became of what the client offered besides, in completed handshakes.
     *
     * @param clientCertificate {@code null} if the client had none
     * @param alpn              {@code null} if none was offered
     * @param serverName        {@code null} if no name was asked for, or no certificate was shown
     */
    public record Offers(CertificateOffer clientCertificate, AlpnOffer alpn, NameOffer serverName) {}

    /**
     * The client's certificate, in full handshakes.
     *
     * @param shown    the server asked, and got it
     * @param notAsked the server did not ask
     * @param noneFits the server asked for kinds of signatures that the certificate's key cannot make
     */
    public record CertificateOffer(long shown, long notAsked, long noneFits) {}

    /**
     * Application protocols (RFC 7301).
     *
     * @param chosen    by protocol, the most frequent first
     * @param notChosen handshakes in which the server chose none
     */
    public record AlpnOffer(List<ProtocolRow> chosen, long notChosen) {
        public AlpnOffer {
            chosen = copy(chosen);
        }
    }

    /** Handshakes in which the server chose {@code protocol}. */
    public record ProtocolRow(String protocol, long count) {}

    /** Full handshakes whose certificate bears the name asked for, and whose does not (RFC 9525, 6.3). */
    public record NameOffer(long borne, long notBorne) {}

    /**
     * What became of early data (RFC 8446, 2.3).
     *
     * @param offered  arrivals that sent it
     * @param accepted of those, the server took it
     * @param rejected of those, the server did not
     * @param retried  of the rejected, the request was sent again after the handshake
     * @param timeToFirstByteMicros from the planned start to the first byte of the answer to early data
     */
    public record EarlyData(long offered, long accepted, long rejected, long retried,
            Distribution timeToFirstByteMicros) {
        public EarlyData {
            timeToFirstByteMicros = timeToFirstByteMicros == null ? Distribution.EMPTY : timeToFirstByteMicros;
        }
    }

    /**
     * Connections that stayed for a ticket beyond their handshake.
     *
     * @param awaited      how many
     * @param came         of those, it came by itself
     * @param afterRequest of those, it came only once a request was sent
     * @param missing      of those, it did not come
     */
    public record Tickets(long awaited, long came, long afterRequest, long missing) {}

    /**
     * Fields as in {@link Outcome.Failure}; {@code cause} stands a second time where it says what it is.
     *
     * @param alert     the alert's name; {@code null} where none ended it
     * @param transport the transport's cause; {@code null} where an alert came
     */
    public record FailureRow(String stage, String direction, String cause, String alert, String transport, String rule,
            long count, String meaning) {
        FailureRow(Outcome.Failure failure, long count) {
            this(failure.stage(), failure.direction(), failure.cause(), failure.byAlert() ? failure.cause() : null,
                    failure.byAlert() ? null : failure.cause(), failure.rule(), count, failure.meaning());
        }
    }

    /** Handshakes whose deadline came while they awaited {@code stage}. */
    public record TimeoutRow(String stage, long count) {}

    /** Arrivals that the generator could not start, for want of {@code reason}. */
    public record UnsentRow(String reason, long count) {}

    /** Fields as in {@link Outcome.Negotiated}. */
    public record NegotiatedRow(String version, String cipherSuite, String group, String compression, long count) {}

    /**
     * How well the generator itself did.
     *
     * @param cpuMicrosPerHandshake CPU time in the measured window per handshake completed in it; {@code null} if
     *                              unknown or none completed
     * @param cpuCores              cores busy on average; {@code null} if unknown
     * @param threads               event loops
     * @param loopLagMicros         how late the event loops ran
     * @param health                what kept its machine from its work; {@code null} if nobody looked
     * @param saturated             whether it was the bottleneck, so that the run says nothing of the server's limits
     * @param saturatedBecause      why; {@code null} if it was not
     * @param saturatedCause        the same as a name, such as {@code event_loop} or {@code other_work}
     */
    public record Generator(Double cpuMicrosPerHandshake, Double cpuCores, int threads, Distribution loopLagMicros,
            Health health, boolean saturated, String saturatedBecause, String saturatedCause) {
        public Generator {
            loopLagMicros = loopLagMicros == null ? Distribution.EMPTY : loopLagMicros;
        }
    }

    /**
     * What may have kept the generator from its work in the measured window.
     *
     * @param workerCores share of a core that each event loop used
     * @param gcSeconds   time of the garbage collector's pauses
     * @param gcPauses    how many those were
     * @param gcCpuSeconds CPU time of the garbage collector's threads; {@code null} if unknown
     * @param stolenShare share of processor time that a hypervisor kept back, 0 to 1; {@code null} if unknown
     * @param retransmits TCP segments that this machine sent again, whoever's they were; {@code null} if unknown
     * @param waitedSeconds for how long each event loop was ready to run and got no processor; {@code null} if unknown
     * @param othersSeconds CPU time of all other processes on this machine; {@code null} if unknown
     * @param quota       how a limit on CPU time held the generator up; {@code null} where there is none
     * @param suspensions when the process stood still as a whole
     */
    public record Health(List<Double> workerCores, double gcSeconds, long gcPauses, Double gcCpuSeconds,
            Double stolenShare, Long retransmits, List<Double> waitedSeconds, Double othersSeconds, Quota quota,
            List<Suspension> suspensions) {
        public Health {
            suspensions = copy(suspensions);
        }
    }

    /**
     * Periods of a limit on CPU time that passed, and those in which the generator had used up its share and stood
     * still.
     */
    public record Quota(long periods, long throttledPeriods) {}

    /** When the process stood still, seconds from the beginning of the measured part, and for how long. */
    public record Suspension(double atSeconds, double seconds) {}

    /**
     * The server's process and its children; CPU figures as in {@link Generator}.
     *
     * @param withheldBecause why there are no figures, as a sentence without its full stop; {@code null} if there are
     */
    public record Server(long pid, Double cpuMicrosPerHandshake, Double cpuCores, String withheldBecause) {}

    /**
     * One of several servers.
     *
     * @param outcomes      what became of its arrivals
     * @param ratePerSecond how many of them completed, per second of the measured window
     * @param latencyMicros of both kinds together
     */
    public record TargetRow(Target target, Outcomes outcomes, Double ratePerSecond, Distribution latencyMicros,
            KindResult full, KindResult resumed, Resumption resumption) {}

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
            Outcomes outcomes, Double ratePerSecond, Distribution latencyMicros, Distribution fullLatencyMicros,
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

    public String endedBecause() {
        return course.endedBecause;
    }

    public boolean unfinished() {
        return course.unfinished;
    }

    public Plan plan() {
        return setup.plan;
    }

    public Target target() {
        return setup.target;
    }

    public Host host() {
        return setup.host;
    }

    public Client client() {
        return setup.client;
    }

    public Outcomes outcomes() {
        return sums.outcomes;
    }

    public Kinds kinds() {
        return sums.kinds;
    }

    public Resumption resumption() {
        return sums.resumption;
    }

    public Sessions sessions() {
        return sums.sessions;
    }

    public Offers offers() {
        return sums.offers;
    }

    public EarlyData earlyData() {
        return sums.earlyData;
    }

    public Tickets tickets() {
        return sums.tickets;
    }

    public long helloRetryRequests() {
        return sums.helloRetryRequests;
    }

    public List<FailureRow> failures() {
        return rows.failures;
    }

    public List<TimeoutRow> timeouts() {
        return rows.timeouts;
    }

    public List<UnsentRow> unsentReasons() {
        return rows.unsentReasons;
    }

    public List<NegotiatedRow> negotiated() {
        return rows.negotiated;
    }

    /** Of every interval in the result, 0 to 1. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double confidenceLevel() {
        return Estimates.CONFIDENCE_LEVEL;
    }

    /** {@code null} in a closed loop, and where there was no measured window, or it did not come to its end. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public Rate rate() {
        if (plan().shape().ratePerSecond() == null || measuredSeconds() <= 0 || unfinished()) {
            return null;
        }
        // A burst may come at the very end.
        var achieved = plan().shape().arrivals() != null && plan().shape().arrivals().startsWith("in bursts")
                ? outcomes().completed()
                : Math.round((perSecond(kinds().full) + perSecond(kinds().resumed)) * measuredSeconds());
        var latencySeconds = Math.min(least(kinds().full.latencyMicros), least(kinds().resumed.latencyMicros)) / 1e6;
        var atTheEnd = loadPhases == null ? plan().shape().ratePerSecond() : loadPhases.getLast().toPerSecond();
        var explained = Math.min(outcomes().completed() - achieved, Math.ceil(atTheEnd * latencySeconds));
        var missed = achieved + explained < HELD_SHARE * offered() || tookLonger(latencySeconds);
        return new Rate(
                plan().shape().durationSeconds() == null
                        ? plan().shape().ratePerSecond()
                        : offered() / measuredSeconds(),
                achieved / measuredSeconds(), achieved, missed);
    }

    /**
     * Whether one rate until a count was reached took longer than that rate does, for no other reason than handshakes.
     */
    private boolean tookLonger(double latencySeconds) {
        return plan().shape().durationSeconds() == null && loadPhases == null && !interrupted()
                && endedBecause() == null
                && outcomes().timedOut() == 0
                && tickets() == null && HELD_SHARE * (measuredSeconds() - latencySeconds
                        - END_SECONDS) > offered() / plan().shape().ratePerSecond();
    }

    private static double perSecond(KindResult kind) {
        return kind.ratePerSecond == null ? 0 : kind.ratePerSecond;
    }

    private static double least(Distribution micros) {
        return micros.min == null ? Double.POSITIVE_INFINITY : micros.min;
    }

    /** Arrivals that ended by themselves: completed, failed or timed out. */
    public long carriedThrough() {
        return outcomes().completed() + outcomes().failed() + outcomes().timedOut();
    }

    /**
     * Arrivals that an open loop should have carried through. A constant rate for a given time says how many those are,
     * even if the generator fell short of planning them; a random one is taken as it came. What an interrupt cancelled
     * does not count.
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

    /** Whether an open loop did not achieve its rate; see {@link Rate}. Never so in a closed loop. */
    public boolean missedRate() {
        var rate = rate();
        return rate != null && rate.missed;
    }

    /** The text of {@code run.json}, ending with a line feed. */
    public String toJson() {
        return Json.text(Json.RESULTS, this);
    }

    /**
     * Reads the result of a run that has come to its end.
     *
     * @param path a result directory, or the {@code run.json} in one
     * @throws IOException with a message for people, naming the file, if it is missing, unreadable or not a result
     */
    public static RunResult read(Path path) throws IOException {
        var file = Files.isDirectory(path) ? path.resolve(ResultFile.RUN_JSON) : path;
        try {
            return required(Json.RESULTS.readValue(Files.readAllBytes(file), RunResult.class), "the result");
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist: "
                    + (UnfinishedRun.isIn(file.toAbsolutePath().getParent())
                            ? "the run was ended from outside before it could write its result, or goes on still;"
                                    + " 'shakedown report " + file.toAbsolutePath().getParent()
                                    + "' tells what it has left"
                            : "no run ended there"),
                    e);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(file + " is not the result of a run: " + firstLine(e), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + ResultFile.reason(e), e);
        }
    }

    private static String firstLine(Exception e) {
        return switch (e) {
            // Jackson wraps what a record's constructor throws.
            case JsonProcessingException json when json.getCause() instanceof IllegalArgumentException missing ->
                missing.getMessage();
            case JsonProcessingException json -> json.getOriginalMessage().lines().findFirst().orElse("");
            default -> e.getMessage();
        };
    }

    private static <T> T required(T part, String name) {
        if (part == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return part;
    }

    private static <T> List<T> copy(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
