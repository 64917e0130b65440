package dev.shakedown.interop;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a TLS peer is told to do.
 *
 * @param certificate
 *            what the server identifies itself with; its key type must be the one the suites of TLS 1.2 sign or decrypt
 *            with
 * @param suites
 *            the cipher suites it takes, at least one; the TLS versions it speaks are theirs
 * @param group
 *            the only group for ECDHE; without meaning for RSA key exchange
 * @param features
 *            what else it does
 * @param oldVersion
 *            1.0 or 1.1, the only version it speaks; {@code null} for those of its suites: OpenSSL and GnuTLS only
 */
record PeerOptions(ServerCertificate certificate, List<Suite> suites, Group group, Set<Feature> features,
        String oldVersion) {

    /** What a peer does or does not. */
    enum Feature {
        /** Session tickets (RFC 5077; RFC 8446, 4.6.1) are issued and taken. */
        TICKETS,
        /** Sessions are cached for resumption by session ID, and by TLS 1.3 tickets that only refer to a cached one. */
        CACHE,
        /**
         * The server agrees to encrypt_then_mac (RFC 7366) for a CBC suite. OpenSSL (and with it nginx and haproxy) and
         * GnuTLS do so unless told not to; the JDK's engine and BoringSSL do not know the extension.
         */
        ENCRYPT_THEN_MAC,
        /** Early data is taken (RFC 8446, 2.3). */
        EARLY_DATA,
        /** A session's key is taken without a key exchange (psk_ke; RFC 8446, 4.2.9): OpenSSL and GnuTLS only. */
        PSK_ALONE,
        /** Every other connection meets a server that does not know the tickets of the one before: nginx only. */
        CHANGING_TICKET_KEYS,
        /** Tickets are made under a key that all servers with this feature have: nginx only. */
        SHARED_TICKET_KEY,
        /** Sessions are taken up for three seconds only: nginx only. */
        SHORT_SESSIONS,
        /** A client certificate under {@link ClientCertificate#caPem} is asked for and must come. */
        CLIENT_CERTIFICATE
    }

    static final Set<Feature> USUAL = Set.of(Feature.TICKETS, Feature.CACHE, Feature.ENCRYPT_THEN_MAC);

    PeerOptions {
        suites = List.copyOf(suites);
        for (var suite : suites) {
            if (!suite.goesWith(certificate)) {
                throw new IllegalArgumentException(suite + " does not go with a certificate of " + certificate);
            }
        }
    }

    /** One suite, the usual certificate for it, x25519, and every way to resume. */
    static PeerOptions of(Suite suite) {
        var certificate = suite.ecdsa() ? ServerCertificate.ECDSA_P256 : ServerCertificate.RSA_2048;
        return new PeerOptions(certificate, List.of(suite), Group.X25519, USUAL);
    }

    /** Every suite of TLS 1.2 that goes with the certificate, x25519, and every way to resume. */
    static PeerOptions of(ServerCertificate certificate) {
        var suites = Arrays.stream(Suite.values())
                .filter(suite -> !suite.tls13() && suite.usual() && suite.goesWith(certificate))
                .toList();
        return new PeerOptions(certificate, suites, Group.X25519, USUAL);
    }

    /** Every suite of TLS 1.3, x25519, and every way to resume. */
    static PeerOptions tls13(ServerCertificate certificate) {
        var suites = Arrays.stream(Suite.values()).filter(Suite::tls13).toList();
        return new PeerOptions(certificate, suites, Group.X25519, USUAL);
    }

    /** Every suite of both versions that goes with the certificate, x25519, and every way to resume. */
    static PeerOptions bothVersions(ServerCertificate certificate) {
        var suites = Arrays.stream(Suite.values()).filter(suite -> suite.usual() && suite.goesWith(certificate))
                .toList();
        return new PeerOptions(certificate, suites, Group.X25519, USUAL);
    }

    PeerOptions(ServerCertificate certificate, List<Suite> suites, Group group, Set<Feature> features) {
        this(certificate, suites, group, features, null);
    }

    /** These suites in TLS 1.0 or 1.1, or with {@code null} in 1.2. */
    static PeerOptions old(ServerCertificate certificate, String version, List<Suite> suites) {
        return new PeerOptions(certificate, suites, Group.X25519, USUAL, version);
    }

    PeerOptions certificate(ServerCertificate certificate) {
        return new PeerOptions(certificate, suites, group, features, oldVersion);
    }

    PeerOptions group(Group group) {
        return new PeerOptions(certificate, suites, group, features, oldVersion);
    }

    PeerOptions resumption(boolean tickets, boolean cache) {
        return set(Feature.TICKETS, tickets).set(Feature.CACHE, cache);
    }

    PeerOptions encryptThenMac(boolean encryptThenMac) {
        return set(Feature.ENCRYPT_THEN_MAC, encryptThenMac);
    }

    PeerOptions with(Feature feature) {
        return set(feature, true);
    }

    private PeerOptions set(Feature feature, boolean on) {
        var changed = new HashSet<>(features);
        if (on) {
            changed.add(feature);
        } else {
            changed.remove(feature);
        }
        return new PeerOptions(certificate, suites, group, Set.copyOf(changed), oldVersion);
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    boolean tickets() {
        return has(Feature.TICKETS);
    }

    boolean cache() {
        return has(Feature.CACHE);
    }

    boolean encryptThenMac() {
        return has(Feature.ENCRYPT_THEN_MAC);
    }

    boolean tls12() {
        return suites.stream().anyMatch(suite -> !suite.tls13());
    }

    boolean tls13() {
        return suites.stream().anyMatch(Suite::tls13);
    }

    /** The suites of TLS 1.2 as an OpenSSL cipher list; some that is never used if there are none. */
    String opensslCiphers() {
        return (tls12() ? openssl(suite -> !suite.tls13()) : "HIGH")
                + (suites.stream().allMatch(Suite::usual) && oldVersion == null ? "" : ":@SECLEVEL=0");
    }

    /** The suites of TLS 1.3 as OpenSSL has them; some that are never used if there are none. */
    String opensslCiphersuites() {
        return tls13() ? openssl(Suite::tls13) : Suite.TLS_AES_128_GCM_SHA256.openssl();
    }

    private String openssl(Predicate<Suite> some) {
        return suites.stream().filter(some).map(Suite::openssl).collect(Collectors.joining(":"));
    }

    /**
     * The suites and the group as a GnuTLS priority string. It names key exchanges, ciphers and MACs apart, so a server
     * given several suites takes every combination of their parts.
     */
    String gnutlsPriority() {
        var parts = suites.stream().flatMap(suite -> Stream.of(suite.gnutls().split(":"))).distinct()
                .collect(Collectors.joining(":"));
        return "NONE:" + (tls12() ? "+VERS-TLS" + (oldVersion == null ? "1.2" : oldVersion) + ":" : "")
                + (tls13() ? "+VERS-TLS1.3:" : "")
                + "+COMP-NULL:+CTYPE-X509:+SIGN-ALL:" + group.gnutls() + ":+GROUP-FFDHE2048:" + parts
                + (has(Feature.PSK_ALONE) ? ":+PSK" : "") + (encryptThenMac() ? "" : ":%NO_ETM");
    }

    /** A group by its TLS name, and what OpenSSL and a GnuTLS priority string call it. */
    enum Group {
        X25519("X25519", "X25519"), SECP256R1("P-256", "SECP256R1"), SECP384R1("P-384", "SECP384R1");

        private final String openssl;
        private final String gnutls;

        Group(String openssl, String gnutls) {
            this.openssl = openssl;
            this.gnutls = gnutls;
        }

        /** As the client names it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        String openssl() {
            return openssl;
        }

        String gnutls() {
            return "+GROUP-" + gnutls;
        }
    }

    /** The suites by their IANA names, and what OpenSSL and a GnuTLS priority string call them. */
    enum Suite {
        TLS_AES_128_GCM_SHA256("TLS_AES_128_GCM_SHA256", "+AES-128-GCM:+AEAD"),
        TLS_AES_256_GCM_SHA384("TLS_AES_256_GCM_SHA384", "+AES-256-GCM:+AEAD"),
        TLS_CHACHA20_POLY1305_SHA256("TLS_CHACHA20_POLY1305_SHA256", "+CHACHA20-POLY1305:+AEAD"),
        TLS_RSA_WITH_AES_128_CBC_SHA("AES128-SHA", "+RSA:+AES-128-CBC:+SHA1"),
        TLS_RSA_WITH_AES_256_CBC_SHA("AES256-SHA", "+RSA:+AES-256-CBC:+SHA1"),
        TLS_RSA_WITH_AES_128_CBC_SHA256("AES128-SHA256", "+RSA:+AES-128-CBC:+SHA256"),
        TLS_RSA_WITH_AES_256_CBC_SHA256("AES256-SHA256", "+RSA:+AES-256-CBC:+SHA256"),
        TLS_RSA_WITH_AES_128_GCM_SHA256("AES128-GCM-SHA256", "+RSA:+AES-128-GCM:+AEAD"),
        TLS_RSA_WITH_AES_256_GCM_SHA384("AES256-GCM-SHA384", "+RSA:+AES-256-GCM:+AEAD"),
        TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA("ECDHE-RSA-AES128-SHA", "+ECDHE-RSA:+AES-128-CBC:+SHA1"),
        TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA("ECDHE-RSA-AES256-SHA", "+ECDHE-RSA:+AES-256-CBC:+SHA1"),
        TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256("ECDHE-RSA-AES128-SHA256", "+ECDHE-RSA:+AES-128-CBC:+SHA256"),
        TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384("ECDHE-RSA-AES256-SHA384", "+ECDHE-RSA:+AES-256-CBC:+SHA384"),
        TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256("ECDHE-RSA-AES128-GCM-SHA256", "+ECDHE-RSA:+AES-128-GCM:+AEAD"),
        TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384("ECDHE-RSA-AES256-GCM-SHA384", "+ECDHE-RSA:+AES-256-GCM:+AEAD"),
        TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256("ECDHE-RSA-CHACHA20-POLY1305",
                "+ECDHE-RSA:+CHACHA20-POLY1305:+AEAD"),
        TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA("ECDHE-ECDSA-AES128-SHA", "+ECDHE-ECDSA:+AES-128-CBC:+SHA1"),
        TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA("ECDHE-ECDSA-AES256-SHA", "+ECDHE-ECDSA:+AES-256-CBC:+SHA1"),
        TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256("ECDHE-ECDSA-AES128-SHA256", "+ECDHE-ECDSA:+AES-128-CBC:+SHA256"),
        TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384("ECDHE-ECDSA-AES256-SHA384", "+ECDHE-ECDSA:+AES-256-CBC:+SHA384"),
        TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256("ECDHE-ECDSA-AES128-GCM-SHA256", "+ECDHE-ECDSA:+AES-128-GCM:+AEAD"),
        TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384("ECDHE-ECDSA-AES256-GCM-SHA384", "+ECDHE-ECDSA:+AES-256-GCM:+AEAD"),
        TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256("ECDHE-ECDSA-CHACHA20-POLY1305",
                "+ECDHE-ECDSA:+CHACHA20-POLY1305:+AEAD"),
        // What nobody should use any longer, and DHE.
        TLS_DHE_RSA_WITH_AES_128_GCM_SHA256("DHE-RSA-AES128-GCM-SHA256", "+DHE-RSA:+AES-128-GCM:+AEAD"),
        TLS_DHE_RSA_WITH_AES_256_GCM_SHA384("DHE-RSA-AES256-GCM-SHA384", "+DHE-RSA:+AES-256-GCM:+AEAD"),
        TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256("DHE-RSA-CHACHA20-POLY1305", "+DHE-RSA:+CHACHA20-POLY1305:+AEAD"),
        TLS_DHE_RSA_WITH_AES_128_CBC_SHA256("DHE-RSA-AES128-SHA256", "+DHE-RSA:+AES-128-CBC:+SHA256"),
        TLS_DHE_RSA_WITH_AES_256_CBC_SHA256("DHE-RSA-AES256-SHA256", "+DHE-RSA:+AES-256-CBC:+SHA256"),
        TLS_DHE_RSA_WITH_AES_128_CBC_SHA("DHE-RSA-AES128-SHA", "+DHE-RSA:+AES-128-CBC:+SHA1"),
        TLS_DHE_RSA_WITH_AES_256_CBC_SHA("DHE-RSA-AES256-SHA", "+DHE-RSA:+AES-256-CBC:+SHA1"),
        TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA("ECDHE-ECDSA-DES-CBC3-SHA", "+ECDHE-ECDSA:+3DES-CBC:+SHA1"),
        TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA("ECDHE-RSA-DES-CBC3-SHA", "+ECDHE-RSA:+3DES-CBC:+SHA1"),
        TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA("DHE-RSA-DES-CBC3-SHA", "+DHE-RSA:+3DES-CBC:+SHA1"),
        TLS_RSA_WITH_3DES_EDE_CBC_SHA("DES-CBC3-SHA", "+RSA:+3DES-CBC:+SHA1"),
        TLS_ECDHE_ECDSA_WITH_RC4_128_SHA("ECDHE-ECDSA-RC4-SHA", "+ECDHE-ECDSA:+ARCFOUR-128:+SHA1"),
        TLS_ECDHE_RSA_WITH_RC4_128_SHA("ECDHE-RSA-RC4-SHA", "+ECDHE-RSA:+ARCFOUR-128:+SHA1"),
        TLS_RSA_WITH_RC4_128_SHA("RC4-SHA", "+RSA:+ARCFOUR-128:+SHA1"),
        TLS_RSA_WITH_RC4_128_MD5("RC4-MD5", "+RSA:+ARCFOUR-128:+MD5"),
        TLS_ECDHE_ECDSA_WITH_NULL_SHA("ECDHE-ECDSA-NULL-SHA", "+ECDHE-ECDSA:+NULL:+SHA1"),
        TLS_ECDHE_RSA_WITH_NULL_SHA("ECDHE-RSA-NULL-SHA", "+ECDHE-RSA:+NULL:+SHA1"),
        TLS_RSA_WITH_NULL_SHA256("NULL-SHA256", "+RSA:+NULL:+SHA256"),
        TLS_RSA_WITH_NULL_SHA("NULL-SHA", "+RSA:+NULL:+SHA1"),
        TLS_RSA_WITH_NULL_MD5("NULL-MD5", "+RSA:+NULL:+MD5");

        private final String openssl;
        private final String gnutls;

        Suite(String openssl, String gnutls) {
            this.openssl = openssl;
            this.gnutls = gnutls;
        }

        String openssl() {
            return openssl;
        }

        String gnutls() {
            return gnutls;
        }

        /** In TLS 1.3 suites say nothing of key exchange and certificate. */
        boolean tls13() {
            return !name().contains("_WITH_");
        }

        boolean goesWith(ServerCertificate certificate) {
            return tls13() || ecdsa() == (certificate != ServerCertificate.RSA_2048);
        }

        /** Whether clients offer it unasked. */
        boolean usual() {
            return !name().matches(".*(_DHE_|3DES|RC4|NULL).*");
        }

        boolean ecdsa() {
            return name().startsWith("TLS_ECDHE_ECDSA");
        }

        boolean ecdhe() {
            return name().startsWith("TLS_ECDHE");
        }

        boolean cbc() {
            return name().contains("_CBC_");
        }
    }
}
