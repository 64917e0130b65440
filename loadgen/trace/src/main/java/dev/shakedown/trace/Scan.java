package dev.shakedown.trace;

import dev.shakedown.net.Target;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.results.Advice;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.Details;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.trace.Prober.Gone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds out what a server supports, by handshakes with different offers. */
public final class Scan {
    /** Application protocols commonly used over TLS. */
    private static final List<String> PROTOCOLS = List.of("h2", "http/1.1", "http/1.0", "acme-tls/1", "dot", "imap",
            "pop3", "managesieve", "ftp", "xmpp-client", "xmpp-server", "postgresql", "mqtt", "coap", "irc");
    private static final long LINGER_NANOS = 250_000_000;

    /** Attempts, with pauses between them, since a server may be slow to notice a reset. */
    private static final int RESET_TRIES = 3;
    private static final long NOTICED_MILLIS = 50;

    private final ClientSettings settings;
    private final byte[] request;
    private final Consumer<String> progress;
    private final Prober prober;

    /**
     * @param settings     what to offer, except for what is being tested
     * @param timeoutNanos the timeout of each handshake
     * @param prelude      what comes before each handshake
     * @param request      application data for servers that send a ticket only after some
     * @param progress     receives the name of what is being tested
     */
    public Scan(Target server, ClientSettings settings, long timeoutNanos, Prelude prelude,
            byte[] request, Consumer<String> progress) {
        this.settings = settings;
        this.request = request;
        this.progress = progress;
        this.prober = new Prober(server, timeoutNanos, prelude);
    }

    /** Returns the number of handshakes so far. */
    public int handshakes() {
        return prober.handshakes();
    }

    /** Returns why the server cannot be scanned at all, and what to try; empty if it can. */
    public Optional<Advice> obstacle() {
        try {
            var exchange = prober.run(settings);
            if (exchange.completed() || Prober.spoke(exchange) && !refusesName(exchange)) {
                return Optional.empty();
            }
            var cause = Cause.of(exchange, settings);
            return Optional.of(cause.advice()
                    .map(advice -> cause.sentence().then(Advice.words("; try ")).then(advice))
                    .orElse(cause.sentence()));
        } catch (Gone gone) {
            return Optional.of(Advice.words(gone.getMessage()));
        }
    }

    /** Whether the server rejects the name: it would then answer any offer that way. */
    private static boolean refusesName(Exchange exchange) {
        return !exchange.whyNot().sent() && exchange.whyNot().cause().equals("unrecognized_name");
    }

    /** What is known so far. */
    private static final class Draft {
        private final Undetermined unknown = new Undetermined();
        private final List<VersionScan> versions = new ArrayList<>();
        private final List<String> contradictions = new ArrayList<>();
        private final List<String> alpn = new ArrayList<>();
        private final List<String> compression = new ArrayList<>();
        private Answer byId = Answer.UNKNOWN;
        private Answer byTicket = Answer.UNKNOWN;
        private Answer byPsk = Answer.UNKNOWN;
        private Answer earlyData = Answer.UNKNOWN;
        private @Nullable Boolean afterReset;
        private Answer secureRenegotiation = Answer.UNKNOWN;
        private Answer extendedMasterSecret = Answer.UNKNOWN;
        private Answer encryptThenMac = Answer.UNKNOWN;
        private Answer inSegments = Answer.UNKNOWN;
        private Answer inRecords = Answer.UNKNOWN;
        private @Nullable String clientCertificate;
        private @Nullable String ended;

        ScanResult findings(String target, Prober prober) {
            return new ScanResult(target, versions.stream().map(VersionScan::found).toList(),
                    new ScanResult.Resumption(byId.value(), byTicket.value(), byPsk.value(), earlyData.value(),
                            afterReset),
                    secureRenegotiation.value(), extendedMasterSecret.value(), encryptThenMac.value(),
                    new ScanResult.SplitHello(inSegments.value(), inRecords.value()), clientCertificate,
                    List.copyOf(compression), List.copyOf(alpn), prober.handshakes(), prober.repeated(),
                    prober.unanswered(), unknown.names(), List.copyOf(contradictions), ended);
        }

        private Answer settle(String name, Answer answer) {
            unknown.settle(name, answer);
            return answer;
        }
    }

    /** Scans the server and returns the findings; if the server stops answering, those up to then. */
    public ScanResult findings(String target) {
        var draft = new Draft();
        try {
            examine(draft);
        } catch (Gone gone) {
            draft.ended = gone.getMessage();
        }
        return draft.findings(target, prober);
    }

    private void examine(Draft draft) throws Gone {
        List.of("versions", "resumption", "splitHello", "clientCertificate", "alpn").forEach(draft.unknown::add);
        var versions = new ArrayList<ProtocolVersion>();
        var offers = new ArrayList<ClientSettings>();
        for (var version : Offers.VERSIONS) {
            progress.accept("versions");
            var offer = answered(draft, version);
            if (offer.isPresent()) {
                offers.add(offer.get());
                draft.versions.add(new VersionScan(offer.get(), prober, progress, draft.unknown));
                if (offer.get().equals(in(version))) {
                    versions.add(version);
                } else {
                    // This client cannot complete such a handshake.
                    List.of("resumption." + version.label(), "clientCertificate").forEach(draft.unknown::add);
                }
            }
        }
        draft.unknown.settle("versions", Answer.YES);
        var old = versions.stream().filter(version -> version != ProtocolVersion.TLS_1_3).findFirst();
        if (old.isPresent()) {
            List.of("secureRenegotiation", "extendedMasterSecret", "encryptThenMac", "compression")
                    .forEach(draft.unknown::add);
        }
        for (var version : draft.versions) {
            version.examine().ifPresent(draft.contradictions::add);
        }
        resumption(draft, versions);
        progress.accept("extensions");
        if (old.isPresent()) {
            draft.secureRenegotiation = draft.settle("secureRenegotiation",
                    answers(in(old.get()), Extension.RENEGOTIATION_INFO));
            draft.extendedMasterSecret = draft.settle("extendedMasterSecret",
                    answers(in(old.get()), Extension.EXTENDED_MASTER_SECRET));
            draft.encryptThenMac = draft.settle("encryptThenMac", encryptsThenMacs(old.get()));
            compression(draft, old.get());
        }
        draft.unknown.settle("splitHello", draft.versions.isEmpty() ? Answer.NO : Answer.YES);
        if (!draft.versions.isEmpty()) {
            draft.inSegments = draft.settle("splitHello.segments", takes(offers.getFirst(), Framing.TWO_SEGMENTS));
            draft.inRecords = draft.settle("splitHello.records", takes(offers.getFirst(), Framing.TWO_RECORDS));
        }
        if (versions.isEmpty()) {
            draft.unknown.settle("alpn", draft.versions.isEmpty() ? Answer.NO : Answer.UNKNOWN);
            draft.unknown.settle("clientCertificate", draft.versions.isEmpty() ? Answer.NO : Answer.UNKNOWN);
        } else {
            clientCertificate(draft, wide(versions));
            alpn(draft, wide(versions));
        }
    }

    /** Returns an offer of this version that the server answers, even if this client cannot continue with it. */
    private Optional<ClientSettings> answered(Draft draft, ProtocolVersion version) throws Gone {
        var answer = Answer.NO;
        for (var offer : version == ProtocolVersion.TLS_1_3 || version == ProtocolVersion.TLS_1_2
                ? List.of(in(version), Offers.withForeignSchemes(in(version)),
                        Offers.withForeignGroups(Offers.withForeignSchemes(in(version))))
                : List.of(in(version))) {
            var exchange = prober.run(offer);
            if (Diagnosis.answered(exchange, offer)) {
                return Optional.of(offer);
            }
            // A ServerHello of another version is an answer, after which this client ends the handshake itself.
            if (Prober.isUnanswered(exchange) && exchange.message(false, ServerHello.class) == null) {
                answer = Answer.UNKNOWN;
                break;
            }
            if (!exchange.whyNot().sent() && exchange.whyNot().cause().equals("protocol_version")) {
                break;
            }
        }
        draft.unknown.settle("versions." + version.label(), answer);
        return Optional.empty();
    }

    // Resumption

    private void resumption(Draft draft, List<ProtocolVersion> versions) throws Gone {
        progress.accept("resumption");
        draft.unknown.settle("resumption", Answer.YES);
        var old = versions.stream().anyMatch(version -> version != ProtocolVersion.TLS_1_3);
        var is13 = versions.contains(ProtocolVersion.TLS_1_3);
        if (old) {
            List.of("resumption.sessionId", "resumption.ticket").forEach(draft.unknown::add);
        }
        if (is13) {
            List.of("resumption.psk", "resumption.earlyData").forEach(draft.unknown::add);
        }
        if (old) {
            draft.byId = draft.settle("resumption.sessionId", tryTaking(Kind.SESSION_ID));
            draft.afterReset = draft.byId == Answer.YES && forgetsOnReset() ? false : null;
            draft.byTicket = draft.settle("resumption.ticket", tryTaking(Kind.TICKET));
        }
        if (is13) {
            draft.byPsk = draft.settle("resumption.psk", tryTaking(Kind.PSK));
            draft.earlyData = draft.settle("resumption.earlyData", takesEarlyData());
        }
    }

    private Answer tryTaking(Kind kind) throws Gone {
        var issued = tryIssuing(kind);
        return issued.session().isPresent() ? tryResuming(kind, issued.session().get()) : issued.answer();
    }

    /**
     * Whether the server forgets a session after a reset: OpenSSL drops it if its connection ends without closure
     * alerts, unless the server takes care not to.
     */
    private boolean forgetsOnReset() throws Gone {
        var offer = wide(Kind.SESSION_ID.versions()).withTickets(false);
        var plan = prober.plan(offer, null, 0, new byte[0], false).endingByReset();
        for (var tries = 0; tries < RESET_TRIES; tries++) {
            var session = prober.run(plan).sessions().stream().filter(Kind.SESSION_ID::is).findFirst();
            Prober.pause(NOTICED_MILLIS);
            if (session.isPresent() && tryResuming(Kind.SESSION_ID, session.get()) == Answer.NO) {
                return true;
            }
        }
        return false;
    }

    /** The means by which a session is resumed. */
    public enum Kind {
        SESSION_ID, TICKET, PSK;

        private List<ProtocolVersion> versions() {
            return this == PSK
                    ? List.of(ProtocolVersion.TLS_1_3)
                    : Offers.VERSIONS.stream().filter(version -> version != ProtocolVersion.TLS_1_3).toList();
        }

        private boolean is(Session session) {
            return session instanceof Session.Tls13 == (this == PSK)
                    && (!(session instanceof Session.Tls12 tls12) || (tls12.ticket() != null) == (this == TICKET));
        }
    }

    /**
     * Whether a server has issued a session, and which.
     *
     * @param session the session; present if {@code answer} is {@code YES}
     */
    public record Issued(Answer answer, Optional<Session> session) {}

    /** Obtains a new session of this kind. */
    public Issued session(Kind kind) {
        try {
            return tryIssuing(kind);
        } catch (Gone _) {
            return new Issued(Answer.UNKNOWN, Optional.empty());
        }
    }

    private Issued tryIssuing(Kind kind) throws Gone {
        var exchange = prober.run(prober.plan(wide(kind.versions()).withTickets(kind != Kind.SESSION_ID), null,
                LINGER_NANOS, request, true));
        var session = exchange.sessions().stream().filter(kind::is).reduce((_, last) -> last);
        return new Issued(Answer.of(session.isPresent(), exchange), session);
    }

    /** Tests whether the server resumes {@code session}. */
    public Answer resumes(Kind kind, Session session) {
        try {
            return tryResuming(kind, session);
        } catch (Gone _) {
            return Answer.UNKNOWN;
        }
    }

    private Answer tryResuming(Kind kind, Session session) throws Gone {
        var exchange = prober.run(prober.plan(wide(kind.versions()).withTickets(kind != Kind.SESSION_ID), session, 0,
                new byte[0], true));
        return Answer.of(exchange.completed() && exchange.resumed(), exchange);
    }

    /** Tests whether the server accepts early data: a ticket that allows it is no promise. */
    private Answer takesEarlyData() throws Gone {
        var issued = tryIssuing(Kind.PSK);
        if (!(issued.session().orElse(null) instanceof Session.Tls13 tls13) || tls13.maxEarlyData() == 0) {
            return issued.answer() == Answer.UNKNOWN ? Answer.UNKNOWN : Answer.NO;
        }
        // A HelloRetryRequest would rule it out (RFC 8446, 4.2.10), so the key share is in the server's own group.
        var offer = wide(Kind.PSK.versions());
        var group = prober.run(offer).group();
        if (group != null) {
            offer = offer.withGroups(Offers.union(List.of(group), offer.groups()));
        }
        var exchange = prober.run(prober.plan(offer, tls13, 0, request, false).withEarlyData());
        return Answer.of(exchange.completed() && exchange.earlyData() == EarlyData.ACCEPTED, exchange);
    }

    // The rest

    /** Tests whether the ServerHello has this extension. */
    private Answer answers(ClientSettings offer, int extension) throws Gone {
        var exchange = prober.run(offer);
        var hello = exchange.message(false, ServerHello.class);
        return hello != null ? Answer.of(hello.extension(extension) != null) : Answer.of(false, exchange);
    }

    /**
     * Tests whether the server accepts a divided ClientHello. No answer counts as no if the same ClientHello in one
     * piece is answered, since most servers that do not tolerate division say nothing.
     */
    private Answer takes(ClientSettings offer, Framing framing) throws Gone {
        var plan = prober.plan(offer, null, 0, new byte[0], true);
        return Diagnosis.answered(prober.run(plan.with(framing)), offer)
                ? Answer.YES
                : Diagnosis.answered(prober.run(plan), offer) ? Answer.NO : Answer.UNKNOWN;
    }

    private Answer encryptsThenMacs(ProtocolVersion version) throws Gone {
        var all = in(version);
        return answers(all.withSuites(all.suites().stream().filter(suite -> suite.bulk().isCbc()).toList()),
                Extension.ENCRYPT_THEN_MAC);
    }

    private void clientCertificate(Draft draft, ClientSettings wide) throws Gone {
        progress.accept("client certificate");
        var exchange = prober.run(prober.plan(wide.withIdentity(null), null, LINGER_NANOS, new byte[0], true));
        if (Cause.asksForCertificate(exchange)) {
            draft.clientCertificate = exchange.completed() && !Verdict.closedInsteadOfAsking(exchange)
                    ? "optional"
                    : "required";
        } else if (exchange.completed()) {
            draft.clientCertificate = "none";
        }
        draft.unknown.settle("clientCertificate", draft.clientCertificate == null ? Answer.UNKNOWN : Answer.YES);
    }

    private void compression(Draft draft, ProtocolVersion version) throws Gone {
        progress.accept("compression");
        var exchange = prober.run(in(version).withDetails(
                Details.USUAL.withCompression(List.of(Compression.DEFLATE, Compression.NULL))));
        var hello = exchange.message(false, ServerHello.class);
        if (hello != null && hello.compressionMethod() != 0) {
            draft.compression.add(IanaNames.compression(hello.compressionMethod()));
        }
        draft.unknown.settle("compression", hello != null ? Answer.YES : Answer.of(false, exchange));
    }

    /** Tests which application protocols the server chooses. An answer that was not offered does not count. */
    private void alpn(Draft draft, ClientSettings wide) throws Gone {
        for (var protocol : PROTOCOLS) {
            progress.accept("ALPN");
            var exchange = prober.run(wide.withAlpn(List.of(protocol)));
            if (protocol.equals(Verdict.alpn(exchange))) {
                draft.alpn.add(protocol);
            } else if (exchange.version() == null) {
                draft.unknown.settle("alpn." + protocol, Answer.of(false, exchange));
            }
        }
        draft.unknown.settle("alpn", Answer.YES);
    }

    // Offers

    /** Returns an offer of everything in one version. */
    private ClientSettings in(ProtocolVersion version) {
        return wide(List.of(version));
    }

    private ClientSettings wide(List<ProtocolVersion> versions) {
        return settings.withVersions(versions).withSuites(Offers.suites(versions))
                .withGroups(Offers.groups(versions).stream().filter(group -> group != NamedGroup.X25519MLKEM768)
                        .sorted((one, other) -> Boolean.compare(one != NamedGroup.X25519, other != NamedGroup.X25519))
                        .toList());
    }
}
