package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes and figures over the whole run.
 *
 * @param outcomes        how the planned arrivals ended
 * @param kinds           full and resumed handshakes
 * @param resumption      outcomes of resumption
 * @param sessions        what was found out about the server's sessions; {@code null} if nothing was
 * @param offers          what became of the client certificate, ALPN and the requested name; {@code null} if none of
 *                        them was offered
 * @param earlyData       outcomes of early data; {@code null} if none was to be sent
 * @param tickets         connections kept open for a ticket of TLS 1.3; {@code null} if there are none
 * @param helloRetryRequests arrivals whose server sent a HelloRetryRequest
 * @param higherVersion   completed handshakes whose server said that it supports a higher version than was offered
 */
public record RunSums(Outcomes outcomes, Kinds kinds, Resumption resumption, @Nullable Sessions sessions,
        @Nullable Offers offers,
        @Nullable EarlyData earlyData, @Nullable Tickets tickets, long helloRetryRequests,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long higherVersion) {

    /** {@code planned} is the sum of the others, exactly, once a run has ended. */
    public record Outcomes(long planned, long completed, long failed, long timedOut, long cancelled, long unsent) {
        /** Returns the share of arrivals that did not complete, 0 to 1; cancelled ones do not count. */
        public double failureShare() {
            var due = planned - cancelled;
            return due <= 0 ? 0 : 1 - (double) completed / due;
        }
    }

    /** @param resumedToFull {@code null} where there is too little data */
    public record Kinds(KindResult full, KindResult resumed, @Nullable Share resumedToFull) {
        /** How many handshakes of each kind must have completed for the kinds to be compared. */
        public static final int LEAST = 100;

        public Kinds {
            full = RunResult.required(full, "kinds.full");
            resumed = RunResult.required(resumed, "kinds.resumed");
        }
    }

    /**
     * The share of a full handshake's latency that a resumed one took, to four digits.
     *
     * @param p50  the quotient of the medians
     * @param low  lower end of its interval, from how the medians move when a slice of the run's time is left out; at
     *             {@link RunResult#confidenceLevel}
     * @param high upper end likewise
     */
    public record Share(double p50, double low, double high) {}

    /**
     * Completed handshakes of one kind.
     *
     * @param completed     how many
     * @param ratePerSecond those that finished inside the measured window, per second of it; {@code null} if the window
     *                      had no length
     * @param latencyMicros from the planned start
     * @param serviceMicros from the actual start
     * @param phases        by the label of the mark that ends the phase, in wire order; only those that occurred
     * @param bytesSent     <b>mean</b> TLS bytes written per completed handshake; {@code null} if none completed
     * @param bytesReceived <b>mean</b> TLS bytes read per completed handshake; {@code null} if none completed
     * @param timeToFirstByteMicros from the planned start to the first byte of application data, of handshakes that had
     *                      one and whose early data was not accepted; {@code null} if there are none
     */
    public record KindResult(long completed, @Nullable Double ratePerSecond, Distribution latencyMicros,
            Distribution serviceMicros, Map<String, Distribution> phases, @Nullable Double bytesSent,
            @Nullable Double bytesReceived,
            @Nullable Distribution timeToFirstByteMicros) {
        public KindResult {
            latencyMicros = latencyMicros == null ? Distribution.EMPTY : latencyMicros;
            serviceMicros = serviceMicros == null ? Distribution.EMPTY : serviceMicros;
            phases = phases == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(phases));
        }
    }

    /**
     * Outcomes of resumption.
     *
     * @param asked    arrivals for which the mix asked for resumption
     * @param offered  arrivals that offered a session
     * @param accepted of those, the server resumed it, whether or not the handshake then completed
     * @param declined of those, the server did a full handshake instead, whether or not it then completed
     * @param priming  arrivals that were asked to resume, began, and had no session to offer
     */
    public record Resumption(long asked, long offered, long accepted, long declined, long priming) {
        /** A larger share of priming among those asked to resume changes the mix. */
        private static final double SOME_PRIMING = 0.05;

        /** Whether there was so much priming that the run did not have the planned mix. */
        @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        public boolean tooMuchPriming() {
            return priming > SOME_PRIMING * asked;
        }
    }

    /**
     * What was found out about the server's sessions.
     *
     * @param perFull        sessions issued per full handshake; {@code null} if unknown or no limit to resumption
     * @param perResumed     sessions issued per resumed handshake; likewise
     * @param uses           how often each session was offered at most; likewise
     * @param mostShare      the largest share of handshakes, 0 to 1, that these sessions can resume; likewise
     * @param closure        {@code reset_forgets}: the server forgets a session that it keeps under an ID when its
     *                       connection is reset; {@code declined_anyway}: it declines them even if the connection ended
     *                       with close_notify; {@code null} if neither was found
     * @param ticketsBeforeFinished handshakes whose first ticket came before the client's Finished was sent
     * @param unusableTickets tickets that could not be offered later, by reason
     */
    public record Sessions(@Nullable Integer perFull, @Nullable Integer perResumed, @Nullable Integer uses,
            @Nullable Double mostShare, @Nullable String closure,
            long ticketsBeforeFinished, List<UnusableRow> unusableTickets) {
        public Sessions {
            unusableTickets = RunResult.copy(unusableTickets);
        }

        /** Returns how many sessions the server issues; {@code null} if unknown or no limit. */
        @JsonIgnore
        public @Nullable SessionYield yield() {
            return perFull == null || perResumed == null || uses == null
                    ? null
                    : new SessionYield(perFull, perResumed, uses);
        }
    }

    /** Tickets that could not be offered later, for {@code reason}: {@code no_lifetime} or {@code too_large}. */
    public record UnusableRow(String reason, long count) {}

    /**
     * What became of the client's other offers, in completed handshakes.
     *
     * @param clientCertificate {@code null} if the client had none
     * @param alpn              {@code null} if none was offered
     * @param serverName        {@code null} if no name was requested, or no certificate was presented
     */
    public record Offers(@Nullable CertificateOffer clientCertificate, @Nullable AlpnOffer alpn,
            @Nullable NameOffer serverName) {}

    /**
     * The client's certificate, in full handshakes.
     *
     * @param shown    the server asked for it, and the client presented it
     * @param notAsked the server did not ask
     * @param noneFits the server asked only for signatures that the certificate's key cannot make
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
            chosen = RunResult.copy(chosen);
        }
    }

    /** Handshakes in which the server chose {@code protocol}. */
    public record ProtocolRow(String protocol, long count) {}

    /** Full handshakes whose certificate contains the requested name, and those whose does not (RFC 9525, 6.3). */
    public record NameOffer(long borne, long notBorne) {}

    /**
     * Outcomes of early data (RFC 8446, 2.3).
     *
     * @param offered  arrivals that sent it
     * @param accepted of those, the server accepted it
     * @param rejected of those, the server rejected it
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
     * Connections kept open for a ticket after their handshake.
     *
     * @param awaited      how many
     * @param came         of those, the ticket came by itself
     * @param afterRequest of those, the ticket came only once a request was sent
     * @param missing      of those, no ticket came
     */
    public record Tickets(long awaited, long came, long afterRequest, long missing) {}
}
