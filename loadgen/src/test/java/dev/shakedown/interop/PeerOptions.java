package dev.shakedown.interop;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a TLS 1.2 peer is told to do.
 *
 * @param certificate
 *            what the server identifies itself with; its key type must be the one the suites sign or decrypt with
 * @param suites
 *            the cipher suites it takes, at least one
 * @param group
 *            the only group for ECDHE; without meaning for RSA key exchange
 * @param tickets
 *            whether session tickets (RFC 5077) are issued and taken
 * @param cache
 *            whether sessions are kept for resumption by session ID
 * @param encryptThenMac
 *            whether the server agrees to encrypt_then_mac (RFC 7366) for a CBC suite. OpenSSL (and with it nginx and
 *            haproxy) and GnuTLS do so unless told not to; the JDK's engine and BoringSSL do not know the extension.
 */
record PeerOptions(ServerCertificate certificate, List<Suite> suites, Group group, boolean tickets, boolean cache,
        boolean encryptThenMac) {

    PeerOptions {
        suites = List.copyOf(suites);
        for (var suite : suites) {
            if (suite.ecdsa() == (certificate == ServerCertificate.RSA_2048)) {
                throw new IllegalArgumentException(suite + " does not go with a certificate of " + certificate);
            }
        }
    }

    /** One suite, the usual certificate for it, x25519, and every way to resume. */
    static PeerOptions of(Suite suite) {
        var certificate = suite.ecdsa() ? ServerCertificate.ECDSA_P256 : ServerCertificate.RSA_2048;
        return new PeerOptions(certificate, List.of(suite), Group.X25519, true, true, true);
    }

    /** Every suite that goes with the certificate, x25519, and every way to resume. */
    static PeerOptions of(ServerCertificate certificate) {
        var suites = Arrays.stream(Suite.values())
                .filter(suite -> suite.ecdsa() == (certificate != ServerCertificate.RSA_2048)).toList();
        return new PeerOptions(certificate, suites, Group.X25519, true, true, true);
    }

    PeerOptions certificate(ServerCertificate certificate) {
        return new PeerOptions(certificate, suites, group, tickets, cache, encryptThenMac);
    }

    PeerOptions group(Group group) {
        return new PeerOptions(certificate, suites, group, tickets, cache, encryptThenMac);
    }

    PeerOptions resumption(boolean tickets, boolean cache) {
        return new PeerOptions(certificate, suites, group, tickets, cache, encryptThenMac);
    }

    PeerOptions encryptThenMac(boolean encryptThenMac) {
        return new PeerOptions(certificate, suites, group, tickets, cache, encryptThenMac);
    }

    /** The suites as an OpenSSL cipher list. */
    String opensslCiphers() {
        return suites.stream().map(Suite::openssl).collect(Collectors.joining(":"));
    }

    /**
     * The suites and the group as a GnuTLS priority string. It names key exchanges, ciphers and MACs apart, so a server
     * given several suites takes every combination of their parts.
     */
    String gnutlsPriority() {
        var parts = suites.stream().flatMap(suite -> Stream.of(suite.gnutls().split(":"))).distinct()
                .collect(Collectors.joining(":"));
        return "NONE:+VERS-TLS1.2:+COMP-NULL:+CTYPE-X509:+SIGN-ALL:" + group.gnutls() + ":" + parts
                + (encryptThenMac ? "" : ":%NO_ETM");
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

        String openssl() {
            return openssl;
        }

        String gnutls() {
            return "+GROUP-" + gnutls;
        }
    }

    /** The TLS 1.2 suites by their IANA names, and what OpenSSL and a GnuTLS priority string call them. */
    enum Suite {
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
        TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256("ECDHE-RSA-CHACHA20-POLY1305", "+ECDHE-RSA:+CHACHA20-POLY1305:+AEAD"),
        TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA("ECDHE-ECDSA-AES128-SHA", "+ECDHE-ECDSA:+AES-128-CBC:+SHA1"),
        TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA("ECDHE-ECDSA-AES256-SHA", "+ECDHE-ECDSA:+AES-256-CBC:+SHA1"),
        TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256("ECDHE-ECDSA-AES128-SHA256", "+ECDHE-ECDSA:+AES-128-CBC:+SHA256"),
        TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384("ECDHE-ECDSA-AES256-SHA384", "+ECDHE-ECDSA:+AES-256-CBC:+SHA384"),
        TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256("ECDHE-ECDSA-AES128-GCM-SHA256", "+ECDHE-ECDSA:+AES-128-GCM:+AEAD"),
        TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384("ECDHE-ECDSA-AES256-GCM-SHA384", "+ECDHE-ECDSA:+AES-256-GCM:+AEAD"),
        TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256("ECDHE-ECDSA-CHACHA20-POLY1305", "+ECDHE-ECDSA:+CHACHA20-POLY1305:+AEAD");

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
