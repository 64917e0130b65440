package dev.shakedown.trace;

import dev.shakedown.load.prologue.Prelude;
import dev.shakedown.tls.client.ClientHandshake.EarlyData;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.Details;
import dev.shakedown.tls.client.ClientSettings.Renegotiation;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Signed;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds what a server takes, by handshakes that each offer something else. */
public final class Scan {
    /** What servers are known to speak behind TLS. */
    private static final List<String> PROTOCOLS = List.of("h2", "http/1.1", "http/1.0", "acme-tls/1", "dot", "imap",
            "pop3", "managesieve", "ftp", "xmpp-client", "xmpp-server", "postgresql", "mqtt", "coap", "irc");
    private static final long LINGER_NANOS = 250_000_000;
    /** By their numbers: secp521r1, x448, ffdhe2048 to ffdhe8192 (RFC 8446, 4.2.7). */
    private static final List<Integer> FOREIGN_GROUPS = List.of(25, 30, 256, 257, 258, 259, 260);
    /** From here on they are groups of numbers, which TLS 1.2 does not choose by name. */
    private static final int FIRST_OF_NUMBERS = 256;

    /** A server may be slow to notice a reset: several tries, with time between them. */
    private static final int RESET_TRIES = 3;
    private static final long NOTICED_MILLIS = 50;

    private final InetSocketAddress server;
    private final ClientSettings settings;
    private final long timeoutNanos;
    private final byte[] request;
    private final Consumer<String> progress;
    private final Prelude prelude;
    private int handshakes;
    private int repeated;
    private int unanswered;

    /**
     * @param settings     what is offered unless it is what is examined
     * @param timeoutNanos of each handshake
     * @param prelude      what comes before each handshake
     * @param request      makes servers send a ticket that would not otherwise
     * @param progress     is told what is examined
     */
    public Scan(InetSocketAddress server, ClientSettings settings, long timeoutNanos, Prelude prelude,
            byte[] request, Consumer<String> progress) {
        this.server = server;
        this.settings = settings;
        this.timeoutNanos = timeoutNanos;
        this.prelude = prelude;
        this.request = request;
        this.progress = progress;
    }

    /** How many handshakes there were so far. */
    public int handshakes() {
        return handshakes;
    }

    /** Why the server cannot be examined at all; {@code null} if it can. */
    public HandshakeFailure unreachable() {
        var exchange = exchange(settings);
        return exchange.records(false).findAny().isPresent() ? null : exchange.failure();
    }

    /** All there is to find. */
    public Findings findings(String target) {
        var versions = new ArrayList<ProtocolVersion>();
        var offers = new ArrayList<ClientSettings>();
        for (var version : Diagnosis.VERSIONS) {
            progress.accept("versions");
            var foreign = inForeignGroups(in(version), FOREIGN_GROUPS);
            if (Diagnosis.answered(exchange(in(version)), in(version))) {
                versions.add(version);
                offers.add(in(version));
            } else if (version == ProtocolVersion.TLS_1_3 && chosenGroup(exchange(foreign)) != 0) {
                // The server speaks it, but in groups only in which this client cannot go on to the end.
                offers.add(foreign);
            }
        }
        var found = offers.stream().map(this::version).toList();
        var resumption = resumption(versions);
        var old = versions.stream().filter(version -> version != ProtocolVersion.TLS_1_3).findFirst().orElse(null);
        var wide = wide(versions);
        progress.accept("extensions");
        return new Findings(target, found, resumption,
                old == null ? null : answers(in(old), Extension.RENEGOTIATION_INFO),
                old == null ? null : answers(in(old), Extension.EXTENDED_MASTER_SECRET),
                old == null ? null : encryptsThenMacs(old), versions.isEmpty() ? null : clientCertificate(wide),
                old == null ? List.of() : compression(old), alpn(versions), handshakes, repeated,
                unanswered);
    }

    // One version

    /** @param all what the server answers in that version */
    private Findings.Version version(ClientSettings all) {
        var version = all.versions().getFirst();
        var suites = new ArrayList<CipherSuite>();
        var left = new ArrayList<>(all.suites());
        progress.accept("suites of " + version.label());
        while (!left.isEmpty()) {
            var chosen = chosenSuite(exchange(all.withSuites(List.copyOf(left))));
            if (chosen == null || !left.remove(chosen)) {
                break;
            }
            suites.add(chosen);
        }
        String order = null;
        if (suites.size() > 1) {
            var reversed = new ArrayList<>(suites);
            Collections.reverse(reversed);
            order = chosenSuite(exchange(all.withSuites(reversed))) == suites.getFirst() ? "server" : "client";
        }
        progress.accept("groups of " + version.label());
        var onCurves = withKeyExchange(all, KeyExchange.ECDHE);
        var groups = Stream.concat(Diagnosis.all(List.of(version)).stream().filter(group -> takes(onCurves, group))
                .map(NamedGroup::label),
                FOREIGN_GROUPS.stream().filter(group -> takes(onCurves, version, group)).map(Names::group)).toList();
        progress.accept("signature algorithms of " + version.label());
        var schemes = Stream.of(SignatureScheme.values())
                .filter(scheme -> switch (version) {
                    case TLS_1_3 -> scheme.isTls13();
                    case TLS_1_2 -> true;
                    // the client does not name any
                    default -> false;
                })
                .filter(scheme -> signs(withKeyExchange(all, KeyExchange.ECDHE, KeyExchange.DHE), scheme))
                .map(SignatureScheme::label).toList();
        return new Findings.Version(version.label(), suites.stream().map(Enum::name).toList(), order, groups, schemes);
    }

    /** A server of TLS 1.2 may also want the curve of its certificate among the groups, without choosing it. */
    private boolean takes(ClientSettings all, NamedGroup group) {
        if (all.suites().isEmpty()) {
            return false;
        }
        var first = Stream.concat(Stream.of(group), all.groups().stream().filter(other -> other != group)).toList();
        return exchange(all.withGroups(List.of(group))).group() == group
                || all.offersUpToTls12() && exchange(all.withGroups(first)).group() == group;
    }

    /** That of the ServerHello, be it one that the client then refuses: OpenSSL answers encrypt_then_mac to NULL suites. */
    private static CipherSuite chosenSuite(Exchange exchange) {
        var hello = exchange.message(false, ServerHello.class);
        return hello == null ? null : CipherSuite.of(hello.cipherSuite());
    }

    /** Whether the server chooses a group that this client cannot go on with. */
    private boolean takes(ClientSettings all, ProtocolVersion version, int group) {
        if (all.suites().isEmpty() || version != ProtocolVersion.TLS_1_3 && group >= FIRST_OF_NUMBERS) {
            return false;
        }
        var others = version == ProtocolVersion.TLS_1_3
                ? Stream.<Integer>empty()
                : all.groups().stream().map(NamedGroup::id);
        return Stream.of(Stream.of(group), Stream.concat(Stream.of(group), others)).map(Stream::toList).distinct()
                .anyMatch(numbers -> chosenGroup(exchange(inForeignGroups(all, numbers))) == group);
    }

    private static ClientSettings inForeignGroups(ClientSettings all, List<Integer> numbers) {
        return all.withDetails(new Details(Details.USUAL.signatureSchemes(), Renegotiation.EXTENSION,
                Details.USUAL.compression(), numbers));
    }

    /** What a HelloRetryRequest asks for, or a ServerKeyExchange brings; 0 for neither. */
    private static int chosenGroup(Exchange exchange) {
        var hello = exchange.message(false, ServerHello.class);
        var keyExchange = exchange.message(false, ServerKeyExchange.class);
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

    private boolean signs(ClientSettings all, SignatureScheme scheme) {
        if (all.suites().isEmpty()) {
            return false;
        }
        var details = new Details(List.of(scheme), Renegotiation.EXTENSION,
                Details.USUAL.compression());
        var exchange = exchange(all.withDetails(details));
        var verify = exchange.message(false, CertificateVerify.class);
        var keyExchange = exchange.message(false, Signed.class);
        return verify != null && verify.scheme() == scheme.id()
                || keyExchange != null && keyExchange.scheme() == scheme.id();
    }

    /** With suites of these key exchanges only. */
    private static ClientSettings withKeyExchange(ClientSettings all, KeyExchange... kinds) {
        return all.withSuites(all.suites().stream().filter(suite -> suite.isTls13()
                || List.of(kinds).contains(suite.keyExchange())).toList());
    }

    // Resumption

    private Findings.Resumption resumption(List<ProtocolVersion> versions) {
        progress.accept("resumption");
        Boolean byId = null;
        Boolean afterReset = null;
        Boolean byTicket = null;
        if (versions.stream().anyMatch(version -> version != ProtocolVersion.TLS_1_3)) {
            byId = resumes(Kind.SESSION_ID, session(Kind.SESSION_ID));
            afterReset = byId && forgetsOnReset() ? false : null;
            byTicket = resumes(Kind.TICKET, session(Kind.TICKET));
        }
        Boolean byPsk = null;
        Boolean earlyData = null;
        if (versions.contains(ProtocolVersion.TLS_1_3)) {
            byPsk = resumes(Kind.PSK, session(Kind.PSK));
            earlyData = takesEarlyData(session(Kind.PSK));
        }
        return new Findings.Resumption(byId, byTicket, byPsk, earlyData, afterReset);
    }

    /** OpenSSL drops a session whose connection ends without closure alerts, unless the server takes care not to. */
    private boolean forgetsOnReset() {
        var offer = wide(Kind.SESSION_ID.versions()).withTickets(false);
        var plan = new Exchange.Plan(server, new ClientMemory(offer, 1), null, timeoutNanos, 0, new byte[0], false,
                prelude).endingByReset();
        for (var tries = 0; tries < RESET_TRIES; tries++) {
            var session = run(plan).sessions().stream().filter(Kind.SESSION_ID::is).findFirst().orElse(null);
            pause(NOTICED_MILLIS);
            if (session != null && !resumes(Kind.SESSION_ID, session)) {
                return true;
            }
        }
        return false;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a session is resumed by. */
    public enum Kind {
        SESSION_ID, TICKET, PSK;

        private List<ProtocolVersion> versions() {
            return this == PSK
                    ? List.of(ProtocolVersion.TLS_1_3)
                    : Diagnosis.VERSIONS.stream().filter(version -> version != ProtocolVersion.TLS_1_3).toList();
        }

        private boolean is(Session session) {
            return session instanceof Session.Tls13 == (this == PSK)
                    && (!(session instanceof Session.Tls12 tls12) || (tls12.ticket() != null) == (this == TICKET));
        }
    }

    /** A new session of this kind; {@code null} if the server gives none. */
    public Session session(Kind kind) {
        return run(wide(kind.versions()).withTickets(kind != Kind.SESSION_ID), null, LINGER_NANOS, request).sessions()
                .stream().filter(kind::is).reduce((_, last) -> last).orElse(null);
    }

    /** Whether the server takes up {@code session}; that may be {@code null}. */
    public boolean resumes(Kind kind, Session session) {
        if (session == null) {
            return false;
        }
        var exchange = run(wide(kind.versions()).withTickets(kind != Kind.SESSION_ID), session, 0, new byte[0]);
        return exchange.completed() && exchange.resumed();
    }

    /** A ticket that allows it is no promise. */
    private boolean takesEarlyData(Session session) {
        if (!(session instanceof Session.Tls13 tls13) || tls13.maxEarlyData() == 0) {
            return false;
        }
        // A HelloRetryRequest would rule it out (RFC 8446, 4.2.10), so the key share is in the server's own group.
        var offer = wide(Kind.PSK.versions());
        var group = exchange(offer).group();
        if (group != null) {
            offer = offer.withGroups(Stream.concat(Stream.of(group), offer.groups().stream()).distinct().toList());
        }
        var exchange = run(new Exchange.Plan(server, new ClientMemory(offer, 1), session,
                timeoutNanos, 0, request, false, prelude).withEarlyData());
        return exchange.completed() && exchange.earlyData() == EarlyData.ACCEPTED;
    }

    // The rest

    private boolean answers(ClientSettings offer, int extension) {
        var hello = exchange(offer).message(false, ServerHello.class);
        return hello != null && hello.extension(extension) != null;
    }

    private boolean encryptsThenMacs(ProtocolVersion version) {
        var all = in(version);
        return answers(all.withSuites(all.suites().stream().filter(suite -> suite.bulk().isCbc()).toList()),
                Extension.ENCRYPT_THEN_MAC);
    }

    private String clientCertificate(ClientSettings wide) {
        progress.accept("client certificate");
        var exchange = run(wide.withIdentity(null), null, LINGER_NANOS, new byte[0]);
        if (!Cause.asksForCertificate(exchange)) {
            return "none";
        }
        return exchange.completed() && !Verdict.closedInsteadOfAsking(exchange) ? "optional" : "required";
    }

    private List<String> compression(ProtocolVersion version) {
        progress.accept("compression");
        var hello = exchange(in(version)
                .withDetails(new Details(Details.USUAL.signatureSchemes(), Renegotiation.EXTENSION,
                        List.of(Compression.DEFLATE, Compression.NULL))))
                .message(false, ServerHello.class);
        return hello == null || hello.compressionMethod() == 0
                ? List.of()
                : List.of(Names.compression(hello.compressionMethod()));
    }

    private List<String> alpn(List<ProtocolVersion> versions) {
        return PROTOCOLS.stream().filter(protocol -> {
            progress.accept("ALPN");
            return !versions.isEmpty() && chooses(wide(versions).withAlpn(List.of(protocol)));
        }).toList();
    }

    private boolean chooses(ClientSettings offer) {
        var exchange = exchange(offer);
        var hello = exchange.message(false, ServerHello.class);
        var encrypted = exchange.message(false, EncryptedExtensions.class);
        Predicate<Extension> isAlpn = extension -> extension.type() == Extension.ALPN;
        return hello != null && hello.extensions().stream().anyMatch(isAlpn)
                || encrypted != null && encrypted.extensions().stream().anyMatch(isAlpn);
    }

    // Handshakes

    /** All that there is in one version. */
    private ClientSettings in(ProtocolVersion version) {
        return wide(List.of(version));
    }

    private ClientSettings wide(List<ProtocolVersion> versions) {
        return settings.withVersions(versions).withSuites(Diagnosis.of(versions))
                .withGroups(Diagnosis.all(versions).stream().filter(group -> group != NamedGroup.X25519MLKEM768)
                        .sorted((one, other) -> Boolean.compare(one != NamedGroup.X25519, other != NamedGroup.X25519))
                        .toList());
    }

    private Exchange exchange(ClientSettings offer) {
        return run(offer, null, 0, new byte[0]);
    }

    private Exchange run(ClientSettings offer, Session session, long lingerNanos, byte[] forTicket) {
        return run(new Exchange.Plan(server, new ClientMemory(offer, 1), session, timeoutNanos, lingerNanos, forTicket,
                true, prelude));
    }

    /** Once more where it ended without an answer, which may be no more than bad luck. */
    private Exchange run(Exchange.Plan plan) {
        handshakes++;
        var exchange = Exchange.run(plan, _ -> {});
        if (!isUnanswered(exchange)) {
            return exchange;
        }
        handshakes++;
        repeated++;
        var again = Exchange.run(plan, _ -> {});
        unanswered += isUnanswered(again) ? 1 : 0;
        return again;
    }

    private static boolean isUnanswered(Exchange exchange) {
        return exchange.failure() != null && !exchange.failure().byAlert()
                && (exchange.failure().cause().equals("timeout")
                        || exchange.failure().cause().equals("connection_reset"));
    }
}
