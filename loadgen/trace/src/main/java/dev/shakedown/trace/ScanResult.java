package dev.shakedown.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scan found out about one server. Lists are in the server's order of preference if it was found, and otherwise
 * in the client's.
 *
 * @param versions            the versions that it supports, the highest first
 * @param resumption          how it resumes sessions
 * @param secureRenegotiation whether it supports it (RFC 5746), in TLS 1.2 and before
 * @param splitHello          whether it accepts a divided ClientHello
 * @param clientCertificate   {@code none}, {@code optional} or {@code required}
 * @param compression         compression methods that it chooses although it need not
 * @param alpn                protocols that it chooses if offered alone
 * @param handshakes          number of handshakes in the scan
 * @param repeated            how many of them were repeated because they ended in a timeout or a reset
 * @param unanswered          how many of those never had an answer: what they tested is among {@code unknown}
 * @param unknown             what remained unknown, by the names of this object: {@code resumption.ticket} if that is
 *                            {@code null} for this reason, {@code versions.TLSv1.1} or {@code TLSv1.2.groups.x448} for
 *                            what may be missing from a list, {@code TLSv1.2.suites} if there may be any number more
 * @param contradictions      sentences about what the server accepted and then rejected
 * @param ended               why the scan ended early; {@code null} if it did not
 */
public record ScanResult(String target, List<Version> versions, Resumption resumption,
        @Nullable Boolean secureRenegotiation,
        @Nullable Boolean extendedMasterSecret, @Nullable Boolean encryptThenMac, SplitHello splitHello,
        @Nullable String clientCertificate,
        List<String> compression,
        List<String> alpn, int handshakes, int repeated, int unanswered, List<String> unknown,
        List<String> contradictions, @Nullable String ended) {
    /** Whether the value of this name, or of what it is part of, is unknown. */
    boolean isUnknown(String name) {
        return unknown.stream().anyMatch(each -> each.equals(name) || name.startsWith(each + "."));
    }

    /** Returns what may be missing from the list of this name. */
    List<String> missing(String name) {
        return unknown.stream().filter(each -> each.startsWith(name + "."))
                .map(each -> each.substring(name.length() + 1)).toList();
    }

    /**
     * What the server supports in one version.
     *
     * @param suites              in the order in which it chooses them
     * @param order               whose order of preference counts: {@code server}, {@code client}, or {@code mixed} if
     *                            neither could be shown; {@code null} if there is a single suite
     * @param signatureAlgorithms those with which it signs
     */
    public record Version(String version, List<String> suites, @Nullable String order, List<String> groups,
            List<String> signatureAlgorithms) {}

    /**
     * Whether the server accepts a ClientHello in two TCP segments, and in two records; {@code null} if unknown. One
     * that is longer than a segment, such as with an ML-KEM key share, is always divided.
     */
    public record SplitHello(@Nullable Boolean segments, @Nullable Boolean records) {}

    /**
     * How the server resumes sessions; values are {@code null} if it does not support the version, or if they are
     * unknown.
     *
     * @param sessionIdAfterReset {@code false} if it resumes sessions by ID, but forgets those whose connection is
     *                            reset; else {@code null}
     */
    public record Resumption(@Nullable Boolean sessionId, @Nullable Boolean ticket, @Nullable Boolean psk,
            @Nullable Boolean earlyData,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean sessionIdAfterReset) {
        /** Creates the value for a server that does not forget sessions after a reset. */
        public Resumption(@Nullable Boolean sessionId, @Nullable Boolean ticket, @Nullable Boolean psk,
                @Nullable Boolean earlyData) {
            this(sessionId, ticket, psk, earlyData, null);
        }
    }
}
