package dev.shakedown.trace;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.Renegotiation;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.trace.Cause.Certainty;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by further handshakes why a server ends one without saying so: first repeats the same handshake, and then
 * tries others that differ in one thing. The one difference with which the server continues is the cause.
 */
public final class Diagnosis {
    /** The most handshakes in one diagnosis. */
    public static final int MOST = 48;
    /** The most handshakes if each one without an answer takes a whole timeout. */
    private static final int FEW = 5;
    /**
     * The payload that every path carries in one segment, bytes: the minimum MTU of IPv6 without headers (RFC 8200, 5).
     */
    private static final int LEAST_SEGMENT = 1220;
    /** The most accepted cipher suites to name. */
    private static final int EXAMPLES = 5;

    /** Runs further handshakes. */
    public interface Probe {
        /**
         * Runs one handshake.
         *
         * @param session the session to offer; {@code null} for none
         * @param lingers whether to wait for what the server sends after the handshake
         * @param hello   how the ClientHello is divided
         */
        Exchange run(ClientSettings settings, @Nullable Session session, boolean lingers, Framing hello);
    }

    private final Exchange failed;
    /** Whether the server rejected the ClientHello; otherwise the handshake failed after the server's choice. */
    private final boolean atHello;
    private final ClientSettings settings;
    private final Probe probe;
    private final HelloLength lengths;
    private int most = MOST;
    private int probes;
    /** The last offer with which the server continued; {@code null} until there is one. */
    private @Nullable ClientSettings lastPassed;
    private @Nullable Exchange lastPassing;

    private Diagnosis(Exchange failed, ClientSettings settings, Probe probe) {
        this.failed = failed;
        this.atHello = Dimension.isAtHello(failed);
        this.settings = settings;
        this.probe = probe;
        this.lengths = new HelloLength(this::passing, this::passes, this::isSpent);
    }

    /**
     * Returns the verdict on {@code failed}, after as many further handshakes as necessary.
     *
     * @param settings the settings with which it failed
     * @param session  the session that it offered; {@code null} for none
     */
    public static Verdict of(Exchange failed, ClientSettings settings, @Nullable Session session, Probe probe) {
        var verdict = Verdict.of(failed, settings);
        if (failed.completed()) {
            return verdict;
        }
        var likely = Cause.of(failed, settings);
        // Whatever a server says, the session may be the cause.
        var mayBeSession = session != null && !failed.whyNot().sent() && failed.whyNot().stage() != Stage.CONNECT;
        var diagnosis = new Diagnosis(failed, settings, probe);
        if (likely.certainty() == Certainty.KNOWN && !mayBeSession) {
            return diagnosis.mayBeLost()
                    ? verdict.with(diagnosis.lost().orElse(likely), diagnosis.probes)
                    : verdict;
        }
        return verdict.with(diagnosis.cause(likely, session), diagnosis.probes);
    }

    private Cause cause(Cause likely, @Nullable Session session) {
        if (repeated(null)) {
            return session == null || repeated(session)
                    ? failed.earlyData() == EarlyData.NOT_OFFERED ? intermittent() : earlyData()
                    : length().orElseGet(() -> Cause.known(
                            "the server rejects the session that was offered: without it the same handshake continues",
                            "check how the server keeps sessions or ticket keys; or no resumption"));
        }
        if (likely.certainty() != Certainty.OPEN) {
            return likely;
        }
        var found = other();
        if (found == null && atHello) {
            found = new Bisection(settings, this::passing).cause();
            found = found == null ? null : length().orElse(found);
        }
        if (found == null) {
            return new Cause(Certainty.KNOWN, likely.sentence().then(Advice.words(isSpent()
                    ? " (and no other cause was found in as many handshakes as a diagnosis may take)"
                    : " (nor does the server continue with anything else that this client can offer)")),
                    likely.advice());
        }
        // An intermittent failure would be blamed on whatever was tried when it did not occur.
        return repeated(null) ? intermittent() : found;
    }

    /** Whether the ClientHello may have been lost on the way because it needs more than one segment. */
    private boolean mayBeLost() {
        return atHello && failed.whyNot().cause().equals("timeout") && !Prober.spoke(failed)
                && HelloLength.length(failed) > LEAST_SEGMENT;
    }

    /** Looks for that cause with only a few handshakes, since each one without an answer takes a whole timeout. */
    private Optional<Cause> lost() {
        most = FEW;
        var groups = settings.groups().stream().filter(group -> group != NamedGroup.X25519MLKEM768).toList();
        var shorter = settings.withAlpn(List.of())
                .withGroups(groups.isEmpty() ? List.of(NamedGroup.X25519) : groups);
        return passing(shorter) == null ? Optional.empty() : length();
    }

    private static Cause earlyData() {
        return Cause.known(
                "the server rejects early data: with the same session but without it, the handshake continues",
                Advice.of("check how the server handles early data; or no %s", Setting.EARLY_DATA));
    }

    private static Cause intermittent() {
        return Cause.known("the failure is intermittent: the same handshake continued when it was repeated",
                "shakedown run, which counts how often it fails");
    }

    /** Whether the same handshake continues this time. */
    private boolean repeated(@Nullable Session session) {
        if (probes >= most) {
            return false;
        }
        var exchange = run(settings, session);
        var passed = passed(exchange, settings);
        if (passed && session == null) {
            lastPassed = settings;
            lastPassing = exchange;
        }
        return passed;
    }

    /**
     * Returns the length of the ClientHello as the cause, if that is how the failed one differs from the last that
     * passed: padded to the length of the longer (RFC 7685), the shorter has the same result.
     */
    private Optional<Cause> length() {
        return atHello && lastPassed != null && lastPassing != null
                ? lengths.cause(settings, failed, lastPassed, lastPassing)
                : Optional.empty();
    }

    /** Whether no more handshakes may follow, except the last one, which checks whether the failure is intermittent. */
    private boolean isSpent() {
        return probes >= most - 1;
    }

    private @Nullable Cause other() {
        for (var dimension : Dimension.values()) {
            for (var offer : dimension.others(settings, failed)) {
                var passing = passing(offer);
                if (passing != null) {
                    return length().orElseGet(() -> found(dimension, settings, offer, passing));
                }
            }
        }
        // Several things have to change; the version only if necessary, since another one brings its own suites.
        for (var dimensions : List.of(EnumSet.complementOf(EnumSet.of(Dimension.VERSION)),
                EnumSet.allOf(Dimension.class))) {
            var changed = Dimension.changed(dimensions, settings, failed);
            var passing = passing(changed);
            var length = passing == null ? Optional.<Cause>empty() : length();
            if (length.isPresent()) {
                return length.get();
            }
            if (passing != null) {
                var causes = dimensions.stream().map(dimension -> {
                    var without = EnumSet.copyOf(dimensions);
                    without.remove(dimension);
                    var restored = Dimension.changed(without, settings, failed);
                    return isSpent() || passing(restored) != null
                            ? null
                            : found(dimension, restored, changed, passing);
                }).filter(Objects::nonNull).toList();
                return causes.isEmpty()
                        ? wider()
                        : Cause.known(Advice.join(causes.stream().map(Cause::sentence).toList(), "; and "),
                                Advice.join(causes.stream().flatMap(cause -> cause.advice().stream()).toList(),
                                        " and "));
            }
        }
        return null;
    }

    private static Cause wider() {
        return Cause.known(Advice.words("the server continues only with a wider offer than this one"));
    }

    /**
     * Returns the cause in a dimension.
     *
     * @param refused an offer with which the server does not continue
     * @param offer   an offer with which it does, as {@code passing} showed
     */
    private Cause found(Dimension dimension, ClientSettings refused, ClientSettings offer, Exchange passing) {
        return switch (dimension) {
            case GROUP -> atHello ? missingGroup(refused) : failedGroup(passing, offer);
            case SUITE -> atHello
                    ? missingSuite(refused)
                    : failed("with " + failed.suite(), "with " + passing.suite(),
                            suite(passing));
            case ALPN -> Cause.known("no common application protocol", Cause.OTHER_ALPN);
            case SCHEME -> UnsupportedByClient.scheme(passing);
            case FOREIGN_GROUP -> UnsupportedByClient.group(passing);
            case SNI -> Cause.known(
                    refused.sni() == null || isSpent() || passing(refused.withSni(another(refused.sni()))) != null
                            ? "the server does not serve the name " + refused.sni()
                            : "the server does not serve the name " + refused.sni()
                                    + ", nor another of that length, but continues if none is requested",
                    Cause.OTHER_NAME);
            case RENEGOTIATION ->
                Cause.known(Advice.words(offer.details().renegotiation() == Renegotiation.SIGNALLING_SUITE
                        ? "the server does not accept the extension renegotiation_info, but accepts the signalling"
                                + " suite with the same meaning"
                        : "the server accepts no client that announces secure renegotiation, whether by the"
                                + " extension renegotiation_info or by the signalling suite"));
            case TICKETS -> Cause.known("the server does not accept the extension session_ticket",
                    Advice.of("%s", Setting.NO_TICKETS));
            case CERTIFICATE -> Cause.known(
                    "the server does not accept the client's certificate: without one the handshake continues",
                    Advice.of("another %s, or none", Setting.CLIENT_CERTIFICATE));
            case VERSION -> atHello
                    ? missingVersion(refused)
                    : failedVersion(passing);
        };
    }

    /** Returns another name of the same length. */
    private static String another(String name) {
        return name.replaceAll("[^.]", name.startsWith("x") ? "y" : "x");
    }

    private static Cause failed(String with, String instead, Advice advice) {
        return Cause.known("the server fails " + with + "; " + instead + " it continues", advice);
    }

    private Cause failedGroup(Exchange passing, ClientSettings offer) {
        if (failed.version() == null) {
            var first = offer.groups().getFirst().label();
            return Cause.known(
                    "the server fails after its HelloRetryRequest, and needs none with a share of " + first,
                    group(first));
        }
        var group = passing.group();
        return failed(with(failed.group()), with(group), group == null ? suite(passing) : group(group.label()));
    }

    private Cause failedVersion(Exchange passing) {
        var version = Objects.requireNonNull(passing.version());
        return failed("in " + Objects.requireNonNull(failed.version()).label(), "in " + version.label(),
                version(version));
    }

    private static String with(@Nullable NamedGroup group) {
        return group == null ? "without a group" : "with " + group.label();
    }

    private Cause missingGroup(ClientSettings refused) {
        var missing = Offers.groups(refused.versions()).stream().filter(group -> !refused.groups().contains(group))
                .toList();
        var taken = labels(missing.stream().filter(group -> passing(refused.withGroups(List.of(group))) != null));
        if (!taken.isEmpty()) {
            return Cause.known("no common group: the server takes " + String.join(", ", taken)
                    + ", and none that was offered", group(String.join(",", taken)));
        }
        // RFC 8422, 5.1: the curve of the certificate must be among the groups as well.
        var besides = labels(missing.stream()
                .filter(group -> passing(refused.withGroups(Offers.union(refused.groups(), List.of(group)))) != null));
        return besides.isEmpty()
                ? wider()
                : Cause.known("the server continues only if " + String.join(" or ", besides)
                        + " is among the groups as well: its certificate may be on that curve",
                        group(String.join(",", labels(refused.groups().stream())) + "," + besides.getFirst()));
    }

    private static List<String> labels(Stream<NamedGroup> groups) {
        return groups.map(NamedGroup::label).toList();
    }

    private Cause missingSuite(ClientSettings refused) {
        var taken = suitesTaken(refused.withSuites(Offers.suites(refused.versions())));
        return taken.isEmpty()
                ? wider()
                : Cause.known("no common cipher suite: the server takes " + String.join(", ", taken)
                        + ", and none that was offered", Advice.of("%s", Setting.SUITES.to(taken.getFirst())));
    }

    private Cause missingVersion(ClientSettings refused) {
        var taken = Offers.VERSIONS.stream().filter(version -> !refused.offers(version))
                .filter(version -> passing(
                        refused.withVersions(List.of(version)).withSuites(Offers.suites(List.of(version)))) != null)
                .toList();
        return taken.isEmpty()
                ? wider()
                : Cause.known("no common protocol version: the server speaks "
                        + taken.stream().map(ProtocolVersion::label).collect(Collectors.joining(", "))
                        + ", and none that was offered",
                        Advice.join(taken.stream().map(Diagnosis::version).toList(), " or "));
    }

    /** Returns the advice to offer the cipher suite of a handshake that continued. */
    static Advice suite(Exchange passing) {
        return Advice.of("%s", Setting.SUITES.to(Objects.requireNonNull(passing.suite()).name()));
    }

    static Advice version(ProtocolVersion version) {
        return Advice.of("%s", Setting.VERSIONS.to(version.option()));
    }

    /** @param labels names of groups, separated by commas */
    static Advice group(String labels) {
        return Advice.of("%s", Setting.GROUPS.to(labels));
    }

    /** Returns the cipher suites that the server chooses, each from those that it has not chosen before. */
    private List<String> suitesTaken(ClientSettings wide) {
        var left = new ArrayList<>(wide.suites());
        var taken = new ArrayList<String>();
        while (taken.size() < EXAMPLES && !isSpent() && !left.isEmpty()) {
            var exchange = run(wide.withSuites(List.copyOf(left)), null);
            if (exchange.suite() == null || !left.remove(exchange.suite())) {
                break;
            }
            taken.add(exchange.suite().name());
        }
        return taken;
    }

    // Handshakes

    /** Returns a handshake with another offer; {@code null} if it does not continue. */
    private @Nullable Exchange passing(ClientSettings offer) {
        if (offer.equals(settings) || offer.suites().isEmpty() || isSpent()) {
            return null;
        }
        var exchange = run(offer, null);
        if (!passed(exchange, offer)) {
            return null;
        }
        lastPassed = offer;
        lastPassing = exchange;
        return exchange;
    }

    private Exchange run(ClientSettings offer, @Nullable Session session) {
        return run(offer, session, Framing.WHOLE);
    }

    private Exchange run(ClientSettings offer, @Nullable Session session, Framing hello) {
        probes++;
        return probe.run(offer, session, !atHello, hello);
    }

    /**
     * Whether the server continues with an offer divided that way; also {@code true} if no more handshakes may follow.
     */
    private boolean passes(ClientSettings offer, Framing hello) {
        return isSpent() || passed(run(offer, null, hello), offer);
    }

    private boolean passed(Exchange exchange, ClientSettings offer) {
        return atHello
                ? answered(exchange, offer)
                : exchange.completed() && !Verdict.closedInsteadOfAsking(exchange)
                        || Offers.FOREIGN_SCHEMES.contains(VersionScan.chosenScheme(exchange));
    }

    /** Whether the server has answered with a version that was offered. */
    static boolean answered(Exchange exchange, ClientSettings offer) {
        var hello = exchange.message(false, ServerHello.class);
        try {
            var version = hello == null ? null : ProtocolVersion.of(hello.selectedVersion());
            return version != null && offer.offers(version);
        } catch (Fault _) {
            return false;
        }
    }
}
