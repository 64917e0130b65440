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
    /** All that a realistic client does anew for each handshake. */
    enum Preset {
        REALISTIC
    }

    /** What {@code --tls} says until somebody says otherwise: the server chooses. */
    static final String USUAL_VERSIONS = "1.2-1.3";

    /** What {@code --tls} says where all are offered. */
    static final String ALL_VERSIONS = "1.0-1.3";

    /** More names take turns all the same, but have no rows of their own. */
    private static final int MOST_NAME_ROWS = 50;

    @Option(names = "--tls", paramLabel = "VERSION", //
            description = "Versions to offer: ssl3, 1.0, 1.1, 1.2, 1.3, from one to another as in 1.2-1.3, or several"
                    + " as in 1.2,1.3 (default:"
                    + " " + USUAL_VERSIONS + "; to trace, " + ALL_VERSIONS + "; of these, those that the other options"
                    + " leave).")
    @Nullable
    Versions tls;

    /** What is offered where {@link #tls} says nothing. */
    Versions usual = Versions.parse(USUAL_VERSIONS);

    @Option(names = "--min-tls", paramLabel = "VERSION", //
            description = "The lowest version that the server may answer with (default: the lowest of --tls).")
    @Nullable
    ProtocolVersion minTls;

    @Option(names = "--cipher", paramLabel = "SUITE", split = "[,:]", splitSynopsisLabel = ",", //
            description = "Cipher suites to offer, by IANA or OpenSSL name, most wanted first (default: all that the"
                    + " versions have, but for DHE and weak ones: 3DES, RC4, NULL).")
    List<CipherSuite> ciphers = List.of();

    @Option(names = "--group", paramLabel = "GROUP", split = "[,:]", splitSynopsisLabel = ",", //
            description = "Groups to offer, most wanted first: x25519, secp256r1 (P-256), secp384r1 (P-384), and for"
                    + " TLS 1.3"
                    + " X25519MLKEM768; its key share is in the first (default: all but the last).")
    List<NamedGroup> groups = List.of();

    @Option(names = "--sni", paramLabel = "NAME", //
            description = "Server name to ask for; several with commas between them, or a file with one in each line,"
                    + " take turns; '' for none"
                    + " (default: HOST, unless it is an address).")
    @Nullable
    String sni;

    @Option(names = "--alpn", paramLabel = "PROTOCOL", split = ",", //
            description = "Application protocols to offer, such as h2,http/1.1 (default: none).")
    List<String> alpn = List.of();

    @Option(names = "--starttls", paramLabel = "PROTOCOL", //
            description = "Ask for TLS in a protocol that begins without it: smtp, imap, pop3, ftp, ldap, xmpp,"
                    + " postgres,"
                    + " mysql. Its time is in the phase connected.")
    @Nullable
    Starttls starttls;

    @Option(names = "--proxy-protocol", paramLabel = "VERSION", //
            description = "Send the header of the PROXY protocol first, v1 or v2, with the connection's own addresses.")
    @Nullable
    ProxyHeader proxyProtocol;

    @Option(names = "--compression", paramLabel = "METHOD", split = ",", //
            description = "Compression methods to offer, most wanted first: null, deflate; up to TLS 1.2, which says"
                    + " nothing"
                    + " of more (default: null).")
    List<Compression> compression = List.of(Compression.NULL);

    @Option(names = "--tickets", negatable = true, defaultValue = "true", fallbackValue = "true", //
            description = "Ask for session tickets and resume with them, or resume by session ID only (default:"
                    + " --tickets).")
    boolean tickets;

    @Option(names = "--psk-mode", paramLabel = "MODE", //
            description = "How to resume in TLS 1.3: dhe-ke (the session's key and a new key exchange) or ke (its key"
                    + " alone) (default: dhe-ke).")
    @Nullable
    PskMode pskMode;

    @Option(names = "--client-cert", paramLabel = "FILE", //
            description = "PEM certificate chain to show to a server that asks for one: RSA, ECDSA or Ed25519. The run"
                    + " then waits until the server has shown that it takes it (--complete-on ticket).")
    @Nullable
    Path clientCertificate;

    @Option(names = "--client-key", paramLabel = "FILE", //
            description = "Its PEM private key (default: in the same file).")
    @Nullable
    Path clientKey;

    @Option(names = "--client", paramLabel = "PRESET", //
            description = "realistic: compute all that a browser computes; short for --key-share fresh"
                    + " --premaster fresh --verify always.")
    @Nullable
    Preset preset;

    @Option(names = "--key-share", paramLabel = "MODE", //
            description = "The client's (EC)DHE key pair: base-point (private key 1, costs nothing), reused (one a"
                    + " worker), fresh (one a handshake) (default: base-point).")
    @Nullable
    KeyShareMode keyShare;

    @Option(names = "--premaster", paramLabel = "MODE", //
            description = "RSA key exchange: encrypt the premaster secret once per server key (reused) or for every"
                    + " handshake (fresh) (default: reused).")
    @Nullable
    PremasterMode premaster;

    @Option(names = "--verify", paramLabel = "MODE", //
            description = "Verify certificate chain and signature: none, once (per distinct certificate), always"
                    + " (default: none). The server's Finished is always verified.")
    @Nullable
    VerifyMode verify;

    @Option(names = "--provider", paramLabel = "NAME", //
            description = "Whose implementation of the primitives computes: jdk, or accp (Amazon Corretto Crypto"
                    + " Provider), which is native and makes NIST curves and verifying several times cheaper. Of use"
                    + " with"
                    + " --client realistic; what costs nothing becomes no cheaper (default: jdk).")
    @Nullable
    CryptoProvider provider;

    @Option(names = "--ca", paramLabel = "FILE", //
            description = "PEM certificates to trust when verifying (default: those of Java).")
    @Nullable
    Path ca;

    /**
     * The settings that these options ask for.
     *
     * @param host         the target's host as given
     * @param targetTrusts the embedded target's own certificates; empty for any other target
     * @throws IllegalArgumentException with a sentence for the user
     */
    ClientSettings settings(String host, Collection<? extends Certificate> targetTrusts) {
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
                verifyMode, verifyMode == VerifyMode.NONE ? null : Trust.of(ca, targetTrusts), identity(),
                new Details(Details.USUAL.signatureSchemes(), Details.USUAL.renegotiation(), compression(versions)));
    }

    private List<Compression> compression(List<ProtocolVersion> versions) {
        var chosen = compression.stream().distinct().toList();
        if (!chosen.contains(Compression.NULL)) {
            throw new IllegalArgumentException("--compression lacks null, which every client must offer; add it, as in"
                    + " --compression deflate,null");
        }
        if (chosen.contains(Compression.DEFLATE) && versions.contains(ProtocolVersion.TLS_1_3)) {
            throw new IllegalArgumentException("--compression deflate cannot go with TLS 1.3, which forbids it; write a"
                    + " --tls that ends with 1.2");
        }
        return chosen;
    }

    /**
     * What comes before the handshake.
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

    /** The versions offered, the highest first. */
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

    /** What {@code --tls} says, or else the usual versions without those that the other options rule out. */
    Versions tls() {
        if (tls != null) {
            return tls;
        }
        var left = usual.all().stream().filter(this::isLeft).toList();
        return left.isEmpty() ? usual : new Versions(left);
    }

    private boolean isLeft(ProtocolVersion version) {
        return (ciphers.isEmpty() || ciphers.stream().anyMatch(suite -> suite.isOf(version)))
                && (version == ProtocolVersion.TLS_1_3
                        ? tickets && !compression.contains(Compression.DEFLATE)
                        : pskMode == null && (groups.isEmpty() || groups.stream()
                                .anyMatch(group -> group != NamedGroup.X25519MLKEM768)));
    }

    private List<CipherSuite> suites(List<ProtocolVersion> versions) {
        // Those offered first, so that what a complaint names can be used.
        var all = Arrays.stream(CipherSuite.values())
                .sorted(Comparator.comparing(suite -> !isOf(suite, versions))).toList();
        var chosen = ciphers.isEmpty()
                ? all.stream().filter(CipherSuite::isUsual).toList()
                : ciphers.stream().distinct().toList();
        var usable = chosen.stream().filter(suite -> isOf(suite, versions)).toList();
        if (!ciphers.isEmpty() && usable.size() < chosen.size()) {
            var stray = chosen.stream().filter(suite -> !usable.contains(suite)).findFirst().orElseThrow();
            throw new IllegalArgumentException("--cipher " + stray + " is of " + versionOf(stray).label()
                    + ", which --tls " + tls() + " does not offer");
        }
        for (var version : versions) {
            if (usable.stream().noneMatch(suite -> suite.isOf(version))) {
                throw new IllegalArgumentException("--cipher names no suite of " + version.label() + ", which --tls "
                        + tls() + " offers; add one such as " + all.stream().filter(suite -> suite.isOf(version))
                                .findFirst().orElseThrow());
            }
        }
        return usable;
    }

    private static boolean isOf(CipherSuite suite, List<ProtocolVersion> versions) {
        return versions.stream().anyMatch(suite::isOf);
    }

    /** The newest that has it. */
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
            throw new IllegalArgumentException("--group names no group that TLS 1.2 has; add one such as x25519");
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

    /** The names that {@code --sni} asks for, in turn; none where it is left out, or says none. */
    List<String> serverNames() {
        return sni == null || sni.isEmpty() ? List.of() : ServerNames.of(sni);
    }

    /**
     * The run whose client is as these options say.
     *
     * @param sourceAddresses as they were given
     * @param leftOut         addresses that are not loaded
     */
    RunPlan plan(LoadPlan load, WatchedServer server, List<String> sourceAddresses, List<LeftOut> leftOut) {
        var names = serverNames().size();
        return new RunPlan(load, server, provider(), new Words(tls().toString(),
                names < 2 ? Optional.empty() : Optional.of(names + " names of " + sni), sourceAddresses,
                leftOut, OptionNames::of, Optional.empty()), Optional.empty());
    }

    /** Where handshakes with a server go: once under each of several names. */
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
                        + "' is no --alpn; write protocol names in ASCII, such as h2,http/1.1");
            }
        }
        return alpn;
    }
}
