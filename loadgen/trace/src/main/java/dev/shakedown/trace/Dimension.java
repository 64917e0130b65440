package dev.shakedown.trace;

import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.Renegotiation;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parts of an offer that a diagnosis changes; the first that explains a failure is taken for its cause. */
enum Dimension {
    GROUP, SUITE, FOREIGN_GROUP, SCHEME, ALPN, SNI, RENEGOTIATION, TICKETS, CERTIFICATE, VERSION;

    /** Whether the server rejected the ClientHello; otherwise the handshake failed after the server's choice. */
    static boolean isAtHello(Exchange failed) {
        return failed.whyNot().stage() == Stage.SERVER_HELLO;
    }

    /** Returns an offer that differs in all of {@code dimensions} at once, by the first alternative in each. */
    static ClientSettings changed(Set<Dimension> dimensions, ClientSettings offer, Exchange failed) {
        var changed = offer;
        for (var dimension : dimensions) {
            changed = dimension.others(changed, failed).stream().findFirst().orElse(changed);
        }
        return changed;
    }

    /**
     * Returns other offers in this dimension: wider ones if the server rejected the ClientHello; otherwise everything
     * but its choice.
     */
    List<ClientSettings> others(ClientSettings offer, Exchange failed) {
        var atHello = isAtHello(failed);
        return switch (this) {
            case GROUP -> groups(offer, failed);
            case SUITE -> atHello
                    ? List.of(offer.withSuites(Offers.union(offer.suites(), Offers.suites(offer.versions()))))
                    : without(Offers.suites(offer.versions()), failed.suite()).map(offer::withSuites).toList();
            // Offering what this client does not support only shows that the server would continue with it.
            case SCHEME -> Stream.of(Offers.withForeignSchemes(offer),
                    Offers.withForeignGroups(Offers.withForeignSchemes(offer)))
                    .filter(_ -> offer.legacyVersion() == ProtocolVersion.TLS_1_2).limit(atHello ? 2 : 1).toList();
            case FOREIGN_GROUP -> atHello ? List.of(Offers.withForeignGroups(offer)) : List.of();
            case ALPN -> List.of(offer.withAlpn(List.of()));
            case SNI -> List.of(offer.withSni(null));
            case RENEGOTIATION -> Stream.of(Renegotiation.SIGNALLING_SUITE, Renegotiation.NONE)
                    .map(other -> offer.withDetails(offer.details().withRenegotiation(other)))
                    .toList();
            case TICKETS -> List.of(offer.withTickets(false));
            case CERTIFICATE -> atHello ? List.of() : List.of(offer.withIdentity(null));
            case VERSION -> atHello
                    ? List.of(in(offer, Offers.VERSIONS))
                    : without(Offers.VERSIONS, failed.version()).map(versions -> in(offer, versions)).toList();
        };
    }

    private static List<ClientSettings> groups(ClientSettings offer, Exchange failed) {
        if (isAtHello(failed)) {
            return List.of(offer.withGroups(Offers.union(offer.groups(), Offers.groups(offer.versions()))));
        }
        return failed.version() == null
                // A server that requested a share of another group need not do so if that group comes first.
                ? offer.groups().stream().skip(1)
                        .map(group -> offer.withGroups(Offers.union(List.of(group), offer.groups()))).toList()
                : without(Offers.groups(offer.versions()), failed.group()).map(offer::withGroups).toList();
    }

    /** Returns everything except {@code chosen}; empty if nothing was chosen or nothing else is left. */
    private static <T> Stream<List<T>> without(List<T> all, @Nullable T chosen) {
        var others = all.stream().filter(each -> each != chosen).toList();
        return chosen == null || others.isEmpty() ? Stream.of() : Stream.of(others);
    }

    /** Returns the offer in these versions, extended by the suites of versions that were not offered before. */
    private static ClientSettings in(ClientSettings offer, List<ProtocolVersion> versions) {
        return offer.withVersions(versions).withSuites(Offers.union(offer.suites(),
                Offers.suites(versions.stream().filter(version -> !offer.offers(version)).toList())));
    }
}
