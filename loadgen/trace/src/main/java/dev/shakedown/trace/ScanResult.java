package dev.shakedown.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scan found of one server. Lists are in the order that was found to matter, or in the client's.
 *
 * @param versions            that it speaks, the highest first
 * @param resumption          what it takes up sessions by
 * @param secureRenegotiation whether it knows it (RFC 5746), where it speaks TLS 1.2
 * @param splitHello          what it takes a ClientHello in
 * @param clientCertificate   {@code none}, {@code optional} or {@code required}
 * @param compression         methods that it chooses although it need not
 * @param alpn                protocols that it chooses when they are offered alone
 * @param handshakes          how many it took
 * @param repeated            how many of them were done once more because they ended in a timeout or a reset
 * @param unanswered          how many of those never had an answer: what they asked is among {@code unknown}
 * @param unknown             what no answer told, in the names of this object: {@code resumption.ticket} where that is
 *                            {@code null} for that reason, {@code versions.TLSv1.1}, {@code TLSv1.2.groups.x448} of
 *                            what may be missing from a list, {@code TLSv1.2.suites} where there may be any more
 * @param contradictions      sentences about what the server took and then refused
 * @param ended               why the scan ended before all was asked; {@code null} if it did not
 */
public record ScanResult(String target, List<Version> versions, Resumption resumption,
        @Nullable Boolean secureRenegotiation,
        @Nullable Boolean extendedMasterSecret, @Nullable Boolean encryptThenMac, SplitHello splitHello,
        @Nullable String clientCertificate,
        List<String> compression,
        List<String> alpn, int handshakes, int repeated, int unanswered, List<String> unknown,
        List<String> contradictions, @Nullable String ended) {
    /** Whether no answer told what is under this name, or what it is part of. */
    boolean isUnknown(String name) {
        return unknown.stream().anyMatch(each -> each.equals(name) || name.startsWith(each + "."));
    }

    /** What may be missing from the list under this name. */
    List<String> missing(String name) {
        return unknown.stream().filter(each -> each.startsWith(name + "."))
                .map(each -> each.substring(name.length() + 1)).toList();
    }

    /**
     * What it takes in one version.
     *
     * @param suites              in the order in which it chooses them
     * @param order               whose order that is: {@code server}, {@code client}, or {@code mixed} where neither
     *                            was shown; {@code null} of a single one
     * @param signatureAlgorithms that it signs with
     */
    public record Version(String version, List<String> suites, @Nullable String order, List<String> groups,
            List<String> signatureAlgorithms) {}

    /**
     * Whether it takes a ClientHello in two TCP segments, and in two records; {@code null} where that is unknown. What
     * is longer than a segment, such as a hello with a share of ML-KEM, cannot but come so.
     */
    public record SplitHello(@Nullable Boolean segments, @Nullable Boolean records) {}

    /**
     * {@code null} where it does not speak the version, and where it is unknown.
     *
     * @param sessionIdAfterReset {@code false} where it takes up sessions by their ID, but forgets those whose
     *                            connection is reset; else {@code null}
     */
    public record Resumption(@Nullable Boolean sessionId, @Nullable Boolean ticket, @Nullable Boolean psk,
            @Nullable Boolean earlyData,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean sessionIdAfterReset) {
        /** Of a server that does not forget because of a reset. */
        public Resumption(@Nullable Boolean sessionId, @Nullable Boolean ticket, @Nullable Boolean psk,
                @Nullable Boolean earlyData) {
            this(sessionId, ticket, psk, earlyData, null);
        }
    }
}
