package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The setup of a run.
 *
 * @param plan         what was asked for
 * @param target       what was loaded; the first of several servers
 * @param host         the machine on which the generator ran
 * @param client       how the client did its part of the handshake
 * @param leftOut      addresses of the target's name that were not loaded, since they accepted no connections
 * @param traceCommand the command line that traces one such handshake message by message; {@code null} if unknown
 */
public record RunSetup(Plan plan, Target target, @Nullable Host host, Client client,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LeftOut> leftOut, @Nullable String traceCommand) {
    public RunSetup {
        leftOut = RunResult.copy(leftOut);
    }

    /** Makes a setup in which all addresses of the target's name were loaded. */
    public RunSetup(Plan plan, Target target, @Nullable Host host, Client client) {
        this(plan, target, host, client, List.of(), null);
    }

    /**
     * An address that was not loaded.
     *
     * @param cause why it accepted no connection, such as {@code connection_refused}
     */
    public record LeftOut(Target target, String cause) {}

    /**
     * What was asked for.
     *
     * @param shape             when handshakes begin, and of which kind
     * @param connection        how long connections may take, and how they end
     * @param offer             what the client offers
     * @param bounds            limits of the generator
     * @param ending            what ends a handshake
     * @param pskMode           {@code dhe-ke} or {@code ke}: how sessions of TLS 1.3 were resumed
     * @param clientCertificate kind of the key in the client's certificate; {@code null} for none
     * @param prelude           what came before the handshake, such as {@code PROXY v2, STARTTLS smtp}; {@code null}
     *                          for nothing
     */
    public record Plan(@JsonUnwrapped Shape shape, @JsonUnwrapped Connection connection, @JsonUnwrapped Offer offer,
            @JsonUnwrapped Bounds bounds, @JsonUnwrapped Ending ending, String pskMode,
            @Nullable String clientCertificate,
            @Nullable String prelude) {}

    /**
     * When handshakes begin, and of which kind.
     *
     * @param concurrency     closed loop: handshakes at a time; {@code null} in an open loop
     * @param ratePerSecond   open loop: arrivals per second; {@code null} in a closed loop
     * @param arrivals        {@code constant} or {@code poisson}; {@code null} in a closed loop
     * @param durationSeconds length of the measured part; {@code null} if {@code count} says it
     * @param count           arrivals in the measured part; {@code null} if {@code durationSeconds} says it
     * @param warmupSeconds   length of the part before, which is not in the result
     * @param mix             weights of the kinds asked for
     */
    public record Shape(@Nullable Integer concurrency, @Nullable Double ratePerSecond, @Nullable String arrivals,
            @Nullable Double durationSeconds, @Nullable Long count,
            double warmupSeconds, Mix mix) {
        public Shape {
            mix = RunResult.required(mix, "plan.mix");
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
     * @param tickets      whether session tickets were requested
     * @param resumeUses   how often a session was offered at most; {@code null} for the version's default: no limit in
     *                     TLS 1.2, once in TLS 1.3
     */
    public record Offer(String tls, List<String> cipherSuites, List<String> groups, @Nullable String sni,
            List<String> alpn,
            boolean tickets, @Nullable Integer resumeUses) {
        public Offer {
            cipherSuites = RunResult.copy(cipherSuites);
            groups = RunResult.copy(groups);
            alpn = RunResult.copy(alpn);
        }
    }

    /**
     * Limits of the generator.
     *
     * @param sourceAddresses local addresses used; empty where the system chose
     * @param maxInFlight     most handshakes at a time in an open loop; {@code null} for no limit
     * @param maxLateSeconds  how late an arrival of an open loop might begin; {@code null} in a closed loop
     */
    public record Bounds(List<String> sourceAddresses, @Nullable Integer maxInFlight, @Nullable Double maxLateSeconds) {
        public Bounds {
            sourceAddresses = RunResult.copy(sourceAddresses);
        }
    }

    /**
     * What ends a handshake, and what is sent after it.
     *
     * @param completeOn           what ended a handshake: {@code finished}, {@code ticket} or {@code response}
     * @param requestBytes         length of the request, where one was sent
     * @param earlyDataBytes       length of the early data; 0 for none
     * @param ticketTimeoutSeconds how long the client waited for a ticket before it sent a request
     */
    public record Ending(@Nullable String completeOn, int requestBytes, int earlyDataBytes,
            double ticketTimeoutSeconds) {}

    /** Weights of the kinds; 0 for a kind that was not asked for. */
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
    public record Target(String host, int port, @Nullable String address, boolean embedded, @Nullable String engine,
            @Nullable String authorizedBy) {
        /** Returns host and port, such as {@code [::1]:443}. */
        public String hostAndPort() {
            return HostPort.of(host, port);
        }
    }

    public record Host(String os, String arch, @Nullable String cpuModel, int cpus, long memoryBytes, String java) {}

    /** How the client did its part: the options {@code --key-share}, {@code --premaster}, {@code --verify}, and I/O. */
    public record Client(String keyShare, String premaster, String verify, @Nullable String provider,
            String transport) {}
}
