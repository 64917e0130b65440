package dev.shakedown.trace;

import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.trace.Prober.Gone;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out what a server supports in one version. Findings so far remain even if the server stops answering. */
final class VersionScan {
    /** Time for a busy server to recover. */
    private static final long PATIENCE_MILLIS = 500;

    private final ProtocolVersion version;
    /** An offer of everything, which the server answers in that version. */
    private final ClientSettings all;
    private final Prober prober;
    private final Consumer<String> progress;
    private final Undetermined unknown;
    private final List<CipherSuite> suites = new ArrayList<>();
    private @Nullable String order;
    private final List<String> groups = new ArrayList<>();
    private final List<String> schemes = new ArrayList<>();

    VersionScan(ClientSettings all, Prober prober, Consumer<String> progress, Undetermined unknown) {
        this.version = all.versions().getFirst();
        this.all = all;
        this.prober = prober;
        this.progress = progress;
        this.unknown = unknown;
        List.of("suites", "groups", "signatureAlgorithms").forEach(field -> unknown.add(name(field)));
    }

    private String name(String field) {
        return version.label() + "." + field;
    }

    ScanResult.Version found() {
        return new ScanResult.Version(version.label(), suites.stream().map(Enum::name).toList(), order,
                List.copyOf(groups), List.copyOf(schemes));
    }

    /**
     * Runs the scan; returns a sentence if the server now rejects the version that it accepted before, and otherwise
     * nothing.
     */
    Optional<String> examine() throws Gone {
        progress.accept("suites of " + version.label());
        if (!suites()) {
            return Optional.of(version.label() + " was accepted at first, and then rejected with the same offer");
        }
        order();
        progress.accept("groups of " + version.label());
        groups();
        progress.accept("signature algorithms of " + version.label());
        schemes();
        return Optional.empty();
    }

    // Suites

    /** @return whether there are any */
    private boolean suites() throws Gone {
        var left = new ArrayList<>(all.suites());
        var patience = true;
        while (!left.isEmpty()) {
            var exchange = prober.run(all.withSuites(List.copyOf(left)));
            var chosen = chosenSuite(exchange);
            if (chosen == null && suites.isEmpty()) {
                if (patience) {
                    patience = false;
                    Prober.pause(PATIENCE_MILLIS);
                    continue;
                }
                return false;
            }
            if (chosen == null) {
                unknown.settle(name("suites"), Answer.of(false, exchange));
                return true;
            }
            if (!left.remove(chosen)) {
                break;
            }
            suites.add(chosen);
        }
        unknown.settle(name("suites"), Answer.YES);
        return true;
    }

    /**
     * Finds out whose order of preference counts: the client's if its first suite is always chosen, the server's if the
     * same suite always is. Some servers have their own order and depart from it for clients that put another kind of
     * cipher first.
     */
    private void order() throws Gone {
        if (suites.size() < 2) {
            return;
        }
        var firsts = new LinkedHashMap<Bulk, CipherSuite>();
        suites.stream().skip(1).forEach(suite -> firsts.put(suite.bulk(), suite));
        var clients = true;
        var servers = true;
        for (var first : Offers.union(List.copyOf(firsts.values()), List.of(suites.getLast()))) {
            var chosen = chosenSuite(prober.run(all.withSuites(Offers.union(List.of(first), suites))));
            if (chosen == null) {
                unknown.add(name("order"));
                return;
            }
            clients &= chosen == first;
            servers &= chosen == suites.getFirst();
        }
        order = servers ? "server" : clients ? "client" : "mixed";
    }

    /**
     * Returns the cipher suite of the ServerHello, even of one that the client then rejects: OpenSSL answers
     * encrypt_then_mac to NULL suites.
     */
    static @Nullable CipherSuite chosenSuite(Exchange exchange) {
        var hello = exchange.message(false, ServerHello.class);
        return hello == null ? null : CipherSuite.of(hello.cipherSuite());
    }

    // Groups

    private void groups() throws Gone {
        var onCurves = withKeyExchange(KeyExchange.ECDHE);
        for (var group : Offers.groups(List.of(version))) {
            settle("groups", group.label(), groups, takes(onCurves, group));
        }
        for (var group : Offers.FOREIGN_GROUPS) {
            settle("groups", IanaNames.group(group), groups, takes(onCurves, group));
        }
        unknown.settle(name("groups"), Answer.YES);
    }

    private void settle(String field, String label, List<String> found, Answer answer) {
        if (answer == Answer.YES) {
            found.add(label);
        } else if (answer == Answer.UNKNOWN) {
            unknown.add(name(field) + "." + label);
        }
    }

    /**
     * Tests whether the server chooses a group. In TLS 1.2, it may also require the curve of its certificate among the
     * groups.
     */
    private Answer takes(ClientSettings onCurves, NamedGroup group) throws Gone {
        if (onCurves.suites().isEmpty()) {
            return Answer.NO;
        }
        if (!all.details().groupNumbers().isEmpty()) {
            return takes(onCurves, group.id());
        }
        var alone = prober.run(onCurves.withGroups(List.of(group)));
        var answer = Answer.of(alone.group() == group, alone);
        if (answer == Answer.YES || !onCurves.offersUpToTls12()) {
            return answer;
        }
        var first = prober.run(onCurves.withGroups(Offers.union(List.of(group), onCurves.groups())));
        return first.group() == group ? Answer.YES : answer;
    }

    /** Tests whether the server chooses a group that this client may not support. */
    private Answer takes(ClientSettings onCurves, int group) throws Gone {
        if (onCurves.suites().isEmpty() || version != ProtocolVersion.TLS_1_3 && group >= Offers.FIRST_OF_NUMBERS) {
            return Answer.NO;
        }
        var others = version == ProtocolVersion.TLS_1_3
                ? List.<Integer>of()
                : Stream.concat(onCurves.groups().stream().map(NamedGroup::id),
                        onCurves.details().groupNumbers().stream()).distinct().toList();
        var answer = Answer.NO;
        for (var numbers : Stream.of(List.of(group), Offers.union(List.of(group), others)).distinct().toList()) {
            var exchange = prober.run(Offers.withGroupNumbers(onCurves, numbers));
            var one = Answer.of(chosenGroup(exchange) == group, exchange);
            if (one == Answer.YES) {
                return one;
            }
            // The server may have chosen another group, or a suite without one, after which this client ends the
            // handshake itself.
            answer = one == Answer.UNKNOWN && !exchange.whyNot().sent() ? one : answer;
        }
        return answer;
    }

    /** Returns the group that a HelloRetryRequest requests or a ServerKeyExchange uses; 0 for neither. */
    static int chosenGroup(Exchange exchange) {
        var hello = exchange.message(false, ServerHello.class);
        var keyExchange = exchange.message(false, ServerKeyExchange.Ecdhe.class);
        try {
            return keyExchange != null
                    ? keyExchange.group()
                    : hello != null && hello.isRetryRequest() && hello.extension(Extension.KEY_SHARE) != null
                            ? hello.extension(Extension.KEY_SHARE).selectedGroup()
                            : 0;
        } catch (Fault _) {
            return 0;
        }
    }

    // Signatures

    private void schemes() throws Gone {
        var signing = withKeyExchange(KeyExchange.ECDHE, KeyExchange.DHE);
        // Before TLS 1.2, the client names no signature algorithms.
        if (!signing.suites().isEmpty()
                && (version == ProtocolVersion.TLS_1_3 || version == ProtocolVersion.TLS_1_2)) {
            var exchange = prober.run(signing);
            var own = CertificateChain.of(exchange).signatureSchemes();
            var known = Stream.of(SignatureScheme.values())
                    .filter(scheme -> version == ProtocolVersion.TLS_1_2 || scheme.isTls13()).map(SignatureScheme::id);
            for (var scheme : Stream.concat(known, Offers.FOREIGN_SCHEMES.stream()).toList()) {
                settle("signatureAlgorithms", IanaNames.scheme(scheme), schemes, signs(signing, scheme, own));
            }
        }
        unknown.settle(name("signatureAlgorithms"), Answer.YES);
    }

    /**
     * Tests whether the server signs with a scheme. Many servers present no chain whose own signatures the client does
     * not accept (RFC 5246, 7.4.2), so the chain's schemes are offered as well, after this one.
     *
     * @param own the schemes with which the chain is signed
     */
    private Answer signs(ClientSettings signing, int scheme, List<Integer> own) throws Gone {
        var offered = Offers.union(List.of(scheme), own);
        var exchange = prober.run(withSchemes(signing, offered, own));
        if (chosenScheme(exchange) != 0 && chosenScheme(exchange) != scheme && offered.size() > 1) {
            // With an order of its own, it may prefer the other scheme.
            exchange = prober.run(withSchemes(signing, List.of(scheme), own));
        }
        var chosen = chosenScheme(exchange);
        return chosen != 0 ? Answer.of(chosen == scheme) : Answer.of(false, exchange);
    }

    private ClientSettings withSchemes(ClientSettings signing, List<Integer> schemes, List<Integer> own) {
        var offer = Offers.withSchemeNumbers(signing, schemes);
        return version != ProtocolVersion.TLS_1_3 || own.isEmpty()
                ? offer
                : offer.withDetails(offer.details().with(Extension.signatureSchemeNumbers(
                        Extension.SIGNATURE_ALGORITHMS_CERT, Offers.union(own, schemes))));
    }

    /** Returns the scheme with which the server has signed; 0 if it has not. */
    static int chosenScheme(Exchange exchange) {
        var verify = exchange.message(false, CertificateVerify.class);
        var keyExchange = exchange.message(false, ServerKeyExchange.class);
        return verify != null
                ? verify.scheme()
                : keyExchange != null && keyExchange.scheme() != ServerKeyExchange.NO_SCHEME ? keyExchange.scheme() : 0;
    }

    /** Returns the offer with suites of these key exchanges only. */
    private ClientSettings withKeyExchange(KeyExchange... kinds) {
        return all.withSuites(all.suites().stream().filter(suite -> suite.isTls13()
                || List.of(kinds).contains(suite.keyExchange())).toList());
    }
}
