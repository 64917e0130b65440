package dev.shakedown.cli;

import dev.shakedown.load.Aim;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.prelude.ProxyHeader;
import dev.shakedown.net.prelude.Starttls;
import dev.shakedown.net.Target;
import dev.shakedown.results.HostPort;
import dev.shakedown.run.Addresses.LeftOut;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.RunPlan.Words;
import dev.shakedown.run.UsualClient;
import dev.shakedown.run.Watched;
import dev.shakedown.server.PemFile;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.Details;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
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
            description = "Versions to offer: ssl3, 1.0, 1.1, 1.2, 1.3, or from one to another as in 1.2-1.3 (default:"
                    + " " + USUAL_VERSIONS + "; to trace, " + ALL_VERSIONS + "; of these, those that the other options"
                    + " leave).")
    String tls;

    /** What is offered where {@link #tls} says nothing. */
    String usual = USUAL_VERSIONS;

    @Option(names = "--min-tls", paramLabel = "VERSION", //
            description = "The lowest version that the server may answer with (default: the lowest of --tls).")
    String minTls;

    @Option(names = "--cipher", paramLabel = "SUITE", split = ",", //
            description = "Cipher suites to offer, by IANA or OpenSSL name, most wanted first (default: all that the"
                    + " versions have, but for DHE and weak ones: 3DES, RC4, NULL).")
    List<String> ciphers = List.of();

    @Option(names = "--group", paramLabel = "GROUP", split = ",", //
            description = "Groups to offer, most wanted first: x25519, secp256r1 (P-256), secp384r1 (P-384), and for"
                    + " TLS 1.3"
                    + " X25519MLKEM768; its key share is in the first (default: all but the last).")
    List<String> groups = List.of();

    @Option(names = "--sni", paramLabel = "NAME", //
            description = "Server name to ask for; several with commas between them, or a file with one in each line,"
                    + " take turns; '' for none"
                    + " (default: HOST, unless it is an address).")
    String sni;

    @Option(names = "--alpn", paramLabel = "PROTOCOL", split = ",", //
            description = "Application protocols to offer, such as h2,http/1.1 (default: none).")
    List<String> alpn = List.of();

    @Option(names = "--starttls", paramLabel = "PROTOCOL", //
            description = "Ask for TLS in a protocol that begins without it: smtp, imap, pop3, ftp, ldap, xmpp,"
                    + " postgres,"
                    + " mysql. Its time is in the phase connected.")
    String starttls;

    @Option(names = "--proxy-protocol", paramLabel = "VERSION", //
            description = "Send the header of the PROXY protocol first, v1 or v2, with the connection's own addresses.")
    String proxyProtocol;

    @Option(names = "--compression", paramLabel = "METHOD", split = ",", //
            description = "Compression methods to offer, most wanted first: null, deflate; up to TLS 1.2, which says"
                    + " nothing"
                    + " of more (default: null).")
    List<String> compression = List.of("null");

    @Option(names = "--tickets", negatable = true, defaultValue = "true", fallbackValue = "true", //
            description = "Ask for session tickets and resume with them, or resume by session ID only (default:"
                    + " --tickets).")
    boolean tickets;

    @Option(names = "--psk-mode", paramLabel = "MODE", //
            description = "How to resume in TLS 1.3: dhe-ke (the session's key and a new key exchange) or ke (its key"
                    + " alone) (default: dhe-ke).")
    String pskMode;

    @Option(names = "--client-cert", paramLabel = "FILE", //
            description = "PEM certificate chain to show to a server that asks for one: RSA, ECDSA or Ed25519. The run"
                    + " then waits until the server has shown that it takes it (--complete-on ticket).")
    Path clientCertificate;

    @Option(names = "--client-key", paramLabel = "FILE", //
            description = "Its PEM private key (default: in the same file).")
    Path clientKey;

    @Option(names = "--client", paramLabel = "PRESET", //
            description = "realistic: compute all that a browser computes; short for --key-share fresh"
                    + " --premaster fresh --verify always.")
    Preset preset;

    @Option(names = "--key-share", paramLabel = "MODE", //
            description = "The client's (EC)DHE key pair: base-point (private key 1, costs nothing), reused (one a"
                    + " worker), fresh (one a handshake) (default: base-point).")
    String keyShare;

    @Option(names = "--premaster", paramLabel = "MODE", //
            description = "RSA key exchange: encrypt the premaster secret once per server key (reused) or for every"
                    + " handshake (fresh) (default: reused).")
    String premaster;

    @Option(names = "--verify", paramLabel = "MODE", //
            description = "Verify certificate chain and signature: none, once (per distinct certificate), always"
                    + " (default: none). The server's Finished is always verified.")
    String verify;

    @Option(names = "--provider", paramLabel = "NAME", //
            description = "Whose implementation of the primitives computes: jdk, or accp (Amazon Corretto Crypto"
                    + " Provider), which is native and makes NIST curves and verifying several times cheaper. Of use"
                    + " with"
                    + " --client realistic; what costs nothing becomes no cheaper (default: jdk).")
    String provider;

    @Option(names = "--ca", paramLabel = "FILE", //
            description = "PEM certificates to trust when verifying (default: those of Java).")
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
        var verifyMode = mode("--verify", verify, VerifyMode.class, realistic ? VerifyMode.ALWAYS : VerifyMode.NONE);
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
                tickets, mode("--psk-mode", pskMode, PskMode.class, PskMode.DHE_KE),
                mode("--key-share", keyShare, KeyShareMode.class,
                        realistic ? KeyShareMode.FRESH : KeyShareMode.BASE_POINT),
                mode("--premaster", premaster, PremasterMode.class,
                        realistic ? PremasterMode.FRESH : PremasterMode.REUSED),
                verifyMode, verifyMode == VerifyMode.NONE ? null : Trust.of(ca, targetTrusts), identity(),
                new Details(Details.USUAL.signatureSchemes(), Details.USUAL.renegotiation(), compression(versions)));
    }

    private List<Compression> compression(List<ProtocolVersion> versions) {
        var chosen = each("--compression", compression, List.of(Compression.values()),
                method -> Stream.of(method.label()));
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
        var protocol = starttls == null ? null : Starttls.of(starttls);
        if (starttls != null && protocol == null) {
            throw new IllegalArgumentException("'" + starttls + "' is no value of --starttls; choose from "
                    + Arrays.stream(Starttls.values()).map(Starttls::label).collect(Collectors.joining(", ")));
        }
        return new Prelude(mode("--proxy-protocol", proxyProtocol, ProxyHeader.class, null), protocol, host);
    }

    CryptoProvider provider() {
        return mode("--provider", provider, CryptoProvider.class, CryptoProvider.JDK);
    }

    private void installProvider() {
        var unavailability = provider().unavailability();
        if (unavailability != null) {
            throw new IllegalArgumentException(
                    "--provider " + provider + " cannot be used here: its native library does"
                            + " not load (" + unavailability.getMessage() + "); --provider jdk works everywhere");
        }
        provider().install();
    }

    /** The versions offered, the highest first. */
    private List<ProtocolVersion> versions() {
        var tls = tls();
        var ends = tls.split("-", -1);
        var highest = version("--tls", tls, ends[ends.length - 1]);
        var lowest = version("--tls", tls, ends[0]);
        if (ends.length > 2 || lowest.compareTo(highest) > 0) {
            throw notSupported("--tls", tls);
        }
        if (minTls != null) {
            lowest = version("--min-tls", minTls, minTls);
            if (lowest.compareTo(highest) > 0) {
                throw new IllegalArgumentException("--min-tls " + minTls + " is above what --tls " + tls
                        + " offers; write a lower one");
            }
        }
        return EnumSet.range(lowest, highest).stream().sorted(Comparator.reverseOrder()).toList();
    }

    /** What {@code --tls} says, or else the usual versions without those that the other options rule out. */
    String tls() {
        if (tls != null) {
            return tls;
        }
        var ends = usual.split("-", -1);
        var left = EnumSet.range(version("--tls", usual, ends[0]), version("--tls", usual, ends[1])).stream()
                .filter(this::isLeft).map(ProtocolVersion::option).toList();
        return left.isEmpty() ? usual : left.size() == 1 ? left.getFirst() : left.getFirst() + "-" + left.getLast();
    }

    private boolean isLeft(ProtocolVersion version) {
        var suites = each("--cipher", ciphers, List.of(CipherSuite.values()), ClientOptions::names);
        return suites.stream().anyMatch(suite -> suite.isOf(version))
                && (version == ProtocolVersion.TLS_1_3
                        ? tickets && compression.stream().noneMatch(Compression.DEFLATE.label()::equalsIgnoreCase)
                        : pskMode == null && (groups.isEmpty() || groups.stream()
                                .anyMatch(name -> !NamedGroup.X25519MLKEM768.label().equalsIgnoreCase(name))));
    }

    private static ProtocolVersion version(String option, String value, String name) {
        return Arrays.stream(ProtocolVersion.values()).filter(version -> version.option().equals(name)).findFirst()
                .orElseThrow(() -> notSupported(option, value));
    }

    private static IllegalArgumentException notSupported(String option, String value) {
        return new IllegalArgumentException(option + " " + value + " is not supported; write ssl3, 1.0, 1.1, 1.2 or 1.3"
                + (option.equals("--tls") ? ", or a range such as 1.2-1.3" : ""));
    }

    private List<CipherSuite> suites(List<ProtocolVersion> versions) {
        // Those offered first, so that what a complaint names can be used.
        var all = Arrays.stream(CipherSuite.values())
                .sorted(Comparator.comparing(suite -> !isOf(suite, versions))).toList();
        var chosen = ciphers.isEmpty()
                ? all.stream().filter(CipherSuite::isUsual).toList()
                : each("--cipher", ciphers, all, ClientOptions::names);
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
            return UsualClient.GROUPS;
        }
        var chosen = each("--group", groups, List.of(NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1,
                NamedGroup.X25519MLKEM768), ClientOptions::names);
        if (chosen.contains(NamedGroup.X25519MLKEM768) && !versions.contains(ProtocolVersion.TLS_1_3)) {
            throw new IllegalArgumentException("--group X25519MLKEM768 is for TLS 1.3; add --tls 1.3");
        }
        if (chosen.equals(List.of(NamedGroup.X25519MLKEM768)) && versions.getLast() != ProtocolVersion.TLS_1_3) {
            throw new IllegalArgumentException("--group names no group that TLS 1.2 has; add one such as x25519");
        }
        return chosen;
    }

    private ClientIdentity identity() {
        if (clientCertificate == null) {
            return null;
        }
        return ClientIdentity.of(PemFile.readChain(clientCertificate),
                PemFile.readKey(clientKey == null ? clientCertificate : clientKey));
    }

    private static <E extends Enum<E>> E mode(String option, String given, Class<E> type, E otherwise) {
        if (given == null) {
            return otherwise;
        }
        return Arrays.stream(type.getEnumConstants()).filter(constant -> RunPlan.label(constant).equals(given))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + given + "' is no value of " + option
                        + "; choose from " + Arrays.stream(type.getEnumConstants()).map(RunPlan::label)
                                .collect(Collectors.joining(", "))));
    }

    private static <E> List<E> each(String option, List<String> names, List<E> known,
            Function<E, Stream<String>> labels) {
        if (names.isEmpty()) {
            return known;
        }
        var chosen = new LinkedHashSet<E>();
        for (var name : names) {
            chosen.add(known.stream().filter(candidate -> labels.apply(candidate).anyMatch(name::equalsIgnoreCase))
                    .findFirst().orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no " + option
                            + " that is known here; write one such as " + known.stream().limit(3)
                                    .map(candidate -> labels.apply(candidate).collect(Collectors.joining(" or ")))
                                    .collect(Collectors.joining(", ")))));
        }
        return List.copyOf(chosen);
    }

    private static Stream<String> names(CipherSuite suite) {
        if (suite.isTls13()) {
            return Stream.of(suite.name());
        }
        var openSsl = suite.name().replaceFirst("^TLS_(RSA_WITH_)?", "").replace("3DES_EDE_CBC", "DES-CBC3")
                .replace("RC4_128", "RC4").replace("_WITH", "").replace("_CBC", "")
                .replace("AES_", "AES").replace("POLY1305_SHA256", "POLY1305").replace('_', '-');
        return Stream.of(suite.name(), openSsl);
    }

    private static Stream<String> names(NamedGroup group) {
        return switch (group) {
            case X25519, X25519MLKEM768 -> Stream.of(group.label());
            case SECP256R1 -> Stream.of(group.label(), "P-256");
            case SECP384R1 -> Stream.of(group.label(), "P-384");
        };
    }

    private String serverName(String host) {
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
    RunPlan plan(LoadPlan load, Watched server, List<String> sourceAddresses, List<LeftOut> leftOut) {
        var names = serverNames().size();
        return new RunPlan(load, server, provider(), new Words(tls(),
                names < 2 ? Optional.empty() : Optional.of(names + " names of " + sni), sourceAddresses,
                leftOut, OptionNames::of, Optional.empty()), Optional.empty());
    }

    /** Where handshakes with a server go: once under each of several names. */
    List<Aim> aims(Target address, ClientSettings settings, int row) {
        var names = serverNames();
        return names.size() < 2
                ? List.of(new Aim(address, settings, row))
                : IntStream.range(0, names.size()).mapToObj(i -> new Aim(address, settings.withSni(names.get(i)), row,
                        names.size() <= MOST_NAME_ROWS ? i : 0)).toList();
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
