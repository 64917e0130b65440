package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.interop.PeerOptions.Suite;
import dev.shakedown.results.RunRows.NegotiatedRow;
import dev.shakedown.tls.wire.CipherSuite;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every cipher suite and group, and every way to compute the client's part, with every server that has it. */
@Tag("interop")
class SuiteInteropTest {

    @Test
    void everySuiteThatWeOfferIsTestedHere() {
        assertEquals(names(CipherSuite.values()), names(Suite.values()));
    }

    @ParameterizedTest
    @EnumSource
    void everySuiteFullAndResumed(ServerKind kind) {
        for (var certificate : List.of(ServerCertificate.RSA_2048, ServerCertificate.ECDSA_P256)) {
            var options = PeerOptions.of(certificate);
            try (var server = kind.start(options)) {
                var suites = options.suites().stream().filter(kind::has).toList();
                assertFalse(suites.isEmpty());
                for (var suite : suites) {
                    var run = run(server, kind, "--count 3 --mix full=1,resumed=2 --cipher " + suite);
                    run.assertCompleted(1, 2);
                    var group = suite.ecdhe() ? "x25519" : null;
                    assertEquals(negotiated(suite, group, 1, 2), Set.copyOf(run.result().negotiated()), suite::name);
                }
                server.assertCounts(suites.size(), 2L * suites.size());
            }
        }
    }

    /** OpenSSL and GnuTLS encrypt first unless told not to, which the test above has shown. */
    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "NGINX", "HAPROXY", "GNUTLS"})
    void cbcWithoutEncryptThenMac(ServerKind kind) {
        for (var certificate : List.of(ServerCertificate.RSA_2048, ServerCertificate.ECDSA_P256)) {
            var options = PeerOptions.of(certificate).encryptThenMac(false);
            try (var server = kind.start(options)) {
                var suites = options.suites().stream().filter(Suite::cbc).toList();
                for (var suite : suites) {
                    run(server, kind, "--count 2 --mix full=1,resumed=1 --cipher " + suite).assertCompleted(1, 1);
                }
                server.assertCounts(suites.size(), suites.size());
            }
        }
    }

    /** Where the client names the one group, the certificate must be RSA: an EC key's curve must be named too. */
    @ParameterizedTest
    @EnumSource
    void everyGroupWithEveryKeyShare(ServerKind kind) {
        var suite = kind.isEmbedded()
                ? Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                : Suite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
        for (var group : Group.values()) {
            var label = group.name().toLowerCase(Locale.ROOT);
            try (var server = kind.start(PeerOptions.of(suite).group(group))) {
                for (var keyShare : List.of("base-point", "reused", "fresh")) {
                    var run = run(server, kind, "--count 4 --mix full=1,resumed=1 --key-share " + keyShare
                            + (kind.isEmbedded() ? " --group " + label : "")).assertCompleted(2, 2);
                    assertEquals(negotiated(suite, label, 2, 2), Set.copyOf(run.result().negotiated()));
                    assertEquals(keyShare, run.result().client().keyShare());
                }
                server.assertCounts(6, 6);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rsaKeyExchangeWithEveryPremaster(ServerKind kind) {
        try (var server = kind.start(PeerOptions.of(Suite.TLS_RSA_WITH_AES_128_GCM_SHA256))) {
            for (var premaster : List.of("reused", "fresh")) {
                var run = run(server, kind, "--count 6 --mix full=1,resumed=1 --cipher"
                        + " TLS_RSA_WITH_AES_128_GCM_SHA256 --premaster " + premaster).assertCompleted(3, 3);
                assertEquals(premaster, run.result().client().premaster());
            }
            server.assertCounts(6, 6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRealisticClient(ServerKind kind) throws Exception {
        for (var certificate : kind.certificates()) {
            try (var ca = new PemFile(certificate.caPem());
                    var server = kind.start(PeerOptions.bothVersions(certificate))) {
                for (var version : List.of("1.2", "1.3")) {
                    run(server, kind, "--count 4 --mix full=1,resumed=1 --ticket-timeout 500ms --client realistic"
                            + " --tls " + version + " --ca " + ca.path()).assertCompleted(2, 2);
                }
                server.assertCounts(4, 4);
            }
        }
    }

    private static LoadRun run(Server server, ServerKind kind, String options) {
        return LoadRun.against(server.port(), options + " --concurrency 1 --close " + kind.close());
    }

    /** A resumed handshake has no key exchange, so no group. */
    private static Set<NegotiatedRow> negotiated(Suite suite, String group, long full, long resumed) {
        return group == null
                ? Set.of(new NegotiatedRow("TLSv1.2", suite.name(), null, null, full + resumed))
                : Set.of(new NegotiatedRow("TLSv1.2", suite.name(), group, null, full),
                        new NegotiatedRow("TLSv1.2", suite.name(), null, null, resumed));
    }

    private static Set<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).collect(Collectors.toSet());
    }
}
