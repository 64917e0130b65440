package dev.shakedown.cli;

import dev.shakedown.load.Destination;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.net.Target;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.prelude.ProxyHeader;
import dev.shakedown.net.prelude.Starttls;
import dev.shakedown.results.HostPort;
import dev.shakedown.run.TargetAddresses.LeftOut;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.RunPlan.Words;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.DefaultClient;
import dev.shakedown.run.WatchedServer;
import dev.shakedown.run.value.Versions;
import dev.shakedown.server.PemFile;
import dev.shakedown.tls.client.ClientSettings.Details;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.crypto.ClientIdentity;
import dev.shakedown.tls.crypto.CryptoProvider;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the client offers in its handshakes, and what it computes in them. */
final class ClientOptions {
    /** Everything that a realistic client computes for each handshake. */
    enum Preset {
        REALISTIC
    }

    /** The default of {@code --tls}: the server chooses. */
    static final String USUAL_VERSIONS = "1.2-1.3";

    /** The value of {@code --tls} that offers all versions of TLS. */
    static final String ALL_VERSIONS = "1.0-1.3";

    /** More names than this still take turns, but have no rows of their own in the report. */
    private static final int MOST_NAME_ROWS = 50;

    @Option(names = "--tls", paramLabel = "VERSION", //
            description = "Offer these versions: ssl3, 1.0, 1.1, 1.2 or 1.3, a range such as 1.2-1.3, or a list such"
                    + " as 1.2,1.3 (default: " + USUAL_VERSIONS
                    + "; trace offers 1.0-1.3, and cost measures the version that the server chooses; other options"
                    + " may rule some out).")
    @Nullable
    Versions tls;

    /** What is offered if {@code --tls} is not given. */
    Versions usual = Versions.parse(USUAL_VERSIONS);

    @Option(names = "--min-tls", paramLabel = "VERSION", //
            description = "Accept this version or a later one from the server (default: the lowest of --tls).")
    @Nullable
    ProtocolVersion minTls;

    @Option(names = "--cipher", paramLabel = "SUITE", split = "[,:]", splitSynopsisLabel = ",", //
            description = "Offer these cipher suites, by IANA or OpenSSL name, in order of preference (default: all"
                    + " suites of the versions offered, without DHE and weak ones: 3DES, RC4, NULL).")
    List<CipherSuite> ciphers = List.of();

    @Option(names = "--group", paramLabel = "GROUP", split = "[,:]", splitSynopsisLabel = ",", //
            description = "Offer these groups in order of preference, the first one with a key share: x25519,"
                    + " secp256r1 (P-256), secp384r1 (P-384) or, for TLS 1.3, X25519MLKEM768 (default: all but"
                    + " X25519MLKEM768).")
    List<NamedGroup> groups = List.of();

    @Option(names = "--sni", paramLabel = "NAME", //
            description = "Ask for this server name, or for several in turn: a list with commas, or a file with one"
                    + " name per line; '' sends none (default: HOST, unless it is an address).")
    @Nullable
    String sni;

    @Option(names = "--alpn", paramLabel = "PROTOCOL", split = ",", //
            description = "Offer these application protocols, such as h2,http/1.1 (default: none).")
    List<String> alpn = List.of();

    @Option(names = "--starttls", paramLabel = "PROTOCOL", //
            description = "Begin in this plain-text protocol and upgrade it to TLS: smtp, imap, pop3, ftp, ldap,"
                    + " xmpp, postgres or mysql; the phase connected includes the upgrade.")
    @Nullable
    Starttls starttls;

    @Option(names = "--proxy-protocol", paramLabel = "VERSION", //
            description = "Send a PROXY protocol header first, v1 or v2, with the connection's own addresses.")
    @Nullable
    ProxyHeader proxyProtocol;

    @Option(names = "--compression", paramLabel = "METHOD", split = ",", //
            description = "Offer these compression methods, null or deflate, in order of preference; TLS 1.3 allows"
                    + " only null (default: null).")
    List<Compression> compression = List.of(Compression.NULL);

    @Option(names = "--tickets", negatable = true, defaultValue = "true", fallbackValue = "true", //
            description = "Use session tickets to resume; with --no-tickets, session IDs only (default: --tickets).")
    boolean tickets;

    @Option(names = "--psk-mode", paramLabel = "MODE", //
            description = "Resume in TLS 1.3 with the PSK and a new key exchange (dhe-ke), or with the PSK alone (ke)"
                    + " (default: dhe-ke).")
    @Nullable
    PskMode pskMode;

    @Option(names = "--client-cert", paramLabel = "FILE", //
            description = "Present this PEM certificate chain (RSA, ECDSA or Ed25519) to a server that asks for one;"
                    + " a load then waits for proof that the server accepted it.")
    @Nullable
    Path clientCertificate;

    @Option(names = "--client-key", paramLabel = "FILE", //
            description = "PEM file with the private key of --client-cert (default: the same file).")
    @Nullable
    Path clientKey;

    @Option(names = "--client", paramLabel = "PRESET", //
            description = "realistic: compute everything that a browser does; short for --key-share fresh --premaster"
                    + " fresh --verify always.")
    @Nullable
    Preset preset;

    @Option(names = "--key-share", paramLabel = "MODE", //
            description = "The client's (EC)DHE key pair: private key 1, which costs nothing (base-point), one per"
                    + " event loop (reused), or one per handshake (fresh) (default: base-point).")
    @Nullable
    KeyShareMode keyShare;

    @Option(names = "--premaster", paramLabel = "MODE", //
            description = "RSA key exchange: encrypt the premaster secret once per server key (reused) or for every"
                    + " handshake (fresh) (default: reused).")
    @Nullable
    PremasterMode premaster;

    @Option(names = "--verify", paramLabel = "MODE", //
            description = "Verify the server's certificate chain and signature: none, once (per distinct certificate)"
                    + " or always; its Finished is always verified (default: none).")
    @Nullable
    VerifyMode verify;

    @Option(names = "--provider", paramLabel = "NAME", //
            description = "Compute with the JDK's cryptography (jdk) or with the Amazon Corretto Crypto Provider"
                    + " (accp), which makes NIST curves and verification several times cheaper with --client realistic"
                    + " (default: jdk).")
    @Nullable
    CryptoProvider provider;

    @Option(names = "--ca", paramLabel = "FILE", //
            description = "PEM file of certificates to trust when verifying (default: those that Java trusts).")
    @Nullable
    Path ca;

    /**
     * Returns the settings that these options ask for.
     *
     * @param host        the server's host as given
     * @param authorities certificates to trust beside those of Java or {@code --ca}, such as the embedded server's; may
     *                    be empty
     * @throws IllegalArgumentException with a sentence for the user
     */
    ClientSettings settings(String host, Collection<? extends Certificate> authorities) {
        installProvider();
        var versions = versions();
        var realistic = preset == Preset.REALISTIC;
        var verifyMode = given(verify, realistic ? VerifyMode.ALWAYS : VerifyMode.NONE);
        if (ca != null && verifyMode == VerifyMode.NONE) {
            throw new IllegalArgumentException("--ca has no effect with --verify none; add --verify once or always");
        }
        if (pskMode != null && !versions.contains(ProtocolVersion.TLS_1_3)) {
            throw new IllegalArgumentException("--psk-mode is for TLS 1.3; add --tls 1.3");
        }
        if (clientKey != null && clientCertificate == null) {
            throw new IllegalArgumentException("--client-key needs a --client-cert");
        }
        return new ClientSettings(versions, suites(versions), groups(versions), serverName(host), checkedAlpn(),
                tickets, given(pskMode, PskMode.DHE_KE),
                given(keyShare, realistic ? KeyShareMode.FRESH : KeyShareMode.BASE_POINT),
                given(premaster, realistic ? PremasterMode.FRESH : PremasterMode.REUSED),
                verifyMode, verifyMode == VerifyMode.NONE ? null : Trust.of(ca, authorities), identity(),
                new Details(Details.USUAL.signatureSchemes(), Details.USUAL.renegotiation(), compression(versions)));
    }

    private List<Compression> compression(List<ProtocolVersion> versions) {
        var chosen = compression.stream().distinct().toList();
        if (!chosen.contains(Compression.NULL)) {
            throw new IllegalArgumentException("--compression lacks null, which every client must offer; add it, as in"
                    + " --compression deflate,null");
        }
        if (chosen.contains(Compression.DEFLATE) && versions.contains(ProtocolVersion.TLS_1_3)) {
            throw new IllegalArgumentException("--compression deflate cannot be used with TLS 1.3, which forbids it;"
                    + " choose --tls 1.2 or lower");
        }
        return chosen;
    }

    /**
     * Returns what is exchanged before the handshake.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    Prelude prelude(String host) {
        return new Prelude(proxyProtocol, starttls, host);
    }

    CryptoProvider provider() {
        return given(provider, CryptoProvider.JDK);
    }

    private void installProvider() {
        var unavailability = provider().unavailability();
        if (unavailability != null) {
            throw new IllegalArgumentException(
                    "--provider " + RunPlan.label(provider()) + " cannot be used here: its native library does"
                            + " not load (" + unavailability.getMessage() + "); --provider jdk works everywhere");
        }
        provider().install();
    }

    /** Returns the versions offered, the highest first. */
    private List<ProtocolVersion> versions() {
        if (minTls == null) {
            return tls().all();
        }
        var highest = tls().all().getFirst();
        if (minTls.compareTo(highest) > 0) {
            throw new IllegalArgumentException("--min-tls " + minTls.option() + " is above what --tls " + tls()
                    + " offers; write a lower one");
        }
        return EnumSet.range(minTls, highest).stream().sorted(Comparator.reverseOrder()).toList();
    }

    /** Returns the versions of {@code --tls}, or else the usual ones without those that other options rule out. */
    Versions tls() {
        if (tls != null) {
            return tls;
        }
        var left = usual.all().stream().filter(this::isPossible).toList();
        return left.isEmpty() ? usual : new Versions(left);
    }

    private boolean isPossible(ProtocolVersion version) {
        return (ciphers.isEmpty() || ciphers.stream().anyMatch(suite -> suite.isOf(version)))
                && (version == ProtocolVersion.TLS_1_3
                        ? tickets && !compression.contains(Compression.DEFLATE)
                        : pskMode == null && (groups.isEmpty() || groups.stream()
                                .anyMatch(group -> group != NamedGroup.X25519MLKEM768)));
    }

    private List<CipherSuite> suites(List<ProtocolVersion> versions) {
        // Suites of the versions offered come first, so that an error message names a usable one.
        var all = Arrays.stream(CipherSuite.values())
                .sorted(Comparator.comparing(suite -> !isOf(suite, versions))).toList();
        var chosen = ciphers.isEmpty()
                ? all.stream().filter(CipherSuite::isUsual).toList()
                : ciphers.stream().distinct().toList();
        var usable = chosen.stream().filter(suite -> isOf(suite, versions)).toList();
        if (!ciphers.isEmpty() && usable.size() < chosen.size()) {
            var stray = chosen.stream().filter(suite -> !usable.contains(suite)).findFirst().orElseThrow();
            throw new IllegalArgumentException("--cipher " + stray + " is for " + versionOf(stray).label()
                    + ", which --tls " + tls() + " does not offer");
        }
        for (var version : versions) {
            if (usable.stream().noneMatch(suite -> suite.isOf(version))) {
                throw new IllegalArgumentException("--cipher names no suite for " + version.label() + ", which --tls "
                        + tls() + " offers; add one such as " + all.stream().filter(suite -> suite.isOf(version))
                                .findFirst().orElseThrow());
            }
        }
        return usable;
    }

    private static boolean isOf(CipherSuite suite, List<ProtocolVersion> versions) {
        return versions.stream().anyMatch(suite::isOf);
    }

    /** Returns the newest version that has the suite. */
    private static ProtocolVersion versionOf(CipherSuite suite) {
        return suite.isTls13() ? ProtocolVersion.TLS_1_3 : ProtocolVersion.TLS_1_2;
    }

    private List<NamedGroup> groups(List<ProtocolVersion> versions) {
        if (groups.isEmpty()) {
            return DefaultClient.GROUPS;
        }
        var chosen = groups.stream().distinct().toList();
        if (chosen.contains(NamedGroup.X25519MLKEM768) && !versions.contains(ProtocolVersion.TLS_1_3)) {
            throw new IllegalArgumentException("--group X25519MLKEM768 is for TLS 1.3; add --tls 1.3");
        }
        if (chosen.equals(List.of(NamedGroup.X25519MLKEM768)) && versions.getLast() != ProtocolVersion.TLS_1_3) {
            throw new IllegalArgumentException("--group names no group for versions before TLS 1.3; add one, such"
                    + " as x25519");
        }
        return chosen;
    }

    private @Nullable ClientIdentity identity() {
        if (clientCertificate == null) {
            return null;
        }
        return ClientIdentity.of(PemFile.readChain(clientCertificate),
                PemFile.readKey(clientKey == null ? clientCertificate : clientKey));
    }

    private static <E> E given(@Nullable E given, E otherwise) {
        return given == null ? otherwise : given;
    }

    private @Nullable String serverName(String host) {
        if (sni == null) {
            return HostPort.isLiteral(host) ? null : ServerNames.withoutLastDot(host);
        }
        return sni.isEmpty() ? null : serverNames().getFirst();
    }

    /** Returns the names to ask for in turn; none if {@code --sni} is left out or empty. */
    List<String> serverNames() {
        return sni == null || sni.isEmpty() ? List.of() : ServerNames.of(sni);
    }

    /**
     * Returns a plan whose client these options describe.
     *
     * @param sourceAddresses local addresses, as given
     * @param leftOut         addresses that are not loaded
     */
    RunPlan plan(LoadPlan load, WatchedServer server, List<String> sourceAddresses, List<LeftOut> leftOut) {
        var names = serverNames().size();
        return new RunPlan(load, server, provider(), new Words(tls().toString(),
                names < 2 ? Optional.empty() : Optional.of(names + " names of " + sni), sourceAddresses,
                leftOut, OptionNames::of, Optional.empty()), Optional.empty());
    }

    /** Returns the destinations for a server: one for each name to ask for. */
    List<Destination> destinations(Target address, ClientSettings settings, int row) {
        var names = serverNames();
        return names.size() < 2
                ? List.of(new Destination(address, settings, row))
                : IntStream.range(0, names.size())
                        .mapToObj(i -> new Destination(address, settings.withSni(names.get(i)), row,
                                names.size() <= MOST_NAME_ROWS ? i : 0))
                        .toList();
    }

    private List<String> checkedAlpn() {
        for (var protocol : alpn) {
            if (!protocol.matches("\\p{Graph}{1,255}")) {
                throw new IllegalArgumentException("'" + protocol
                        + "' is not a value for --alpn; write protocol names in ASCII, such as h2,http/1.1");
            }
        }
        return alpn;
    }
}
