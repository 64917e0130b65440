package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.net.socket.Transport;
import dev.shakedown.server.Engine;
import dev.shakedown.server.TlsServerCertificate;
import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code --verify} and {@code --ca} let pass, with real chains from every server. */
@Tag("interop")
class VerifyInteropTest {

    private static final List<String> VERSIONS = List.of("1.2", "1.3");

    /** In TLS 1.3 the key decides how the server signs: RSA-PSS, ECDSA with the curve's hash, or Ed25519. */
    @ParameterizedTest
    @EnumSource
    void aTrustedChainPasses(ServerKind kind) throws IOException {
        for (var certificate : kind.certificates()) {
            try (var ca = new PemFile(certificate.caPem());
                    var server = kind.start(PeerOptions.bothVersions(certificate))) {
                for (var version : VERSIONS) {
                    for (var verify : List.of("once", "always")) {
                        var run = run(server, kind, version, "--verify " + verify + " --ca " + ca.path())
                                .assertCompleted(4, 0);
                        assertEquals(verify, run.result().client().verify());
                    }
                    run(server, kind, version, "--verify none").assertCompleted(4, 0);
                }
                server.assertCounts(24, 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUntrustedChainFailsWhereItIsShown(ServerKind kind) throws IOException {
        try (var other = new PemFile(ServerCertificate.ECDSA_P384.caPem());
                var server = kind.start(PeerOptions.bothVersions(ServerCertificate.RSA_2048))) {
            for (var version : VERSIONS) {
                for (var verify : List.of("once", "always")) {
                    var run = run(server, kind, version, "--verify " + verify + " --ca " + other.path());
                    run.assertAllFailed("certificate", "sent", "unknown_ca");
                    assertEquals(4, run.result().outcomes().failed());
                    assertTrue(run.meaning().contains("not trusted"), run.meaning());
                }
            }
            server.assertCounts(0, 0);
        }
    }

    @Test
    void anExpiredChainFailsAsExpired() throws Exception {
        var now = Instant.now();
        var expired = new CertificateBuilder().ecp256().subject("CN=localhost").setIsCertificateAuthority(true)
                .notBefore(now.minus(3, ChronoUnit.DAYS)).notAfter(now.minus(1, ChronoUnit.DAYS)).buildSelfSigned();
        var certificate = new TlsServerCertificate(expired.getKeyPair().getPrivate(),
                List.of(expired.getCertificate()));
        var issued = new CertificateBuilder().ecp256().subject("CN=localhost")
                .notBefore(now.minus(3, ChronoUnit.DAYS)).notAfter(now.minus(1, ChronoUnit.DAYS))
                .buildIssuedBy(new CertificateBuilder().ecp256().subject("CN=root").setIsCertificateAuthority(true)
                        .buildSelfSigned());
        var underRoot = new TlsServerCertificate(issued.getKeyPair().getPrivate(),
                List.of(issued.getCertificatePath()));
        for (var each : List.of(certificate, underRoot)) {
            try (var ca = new PemFile(each == certificate ? certificate.caPem() : issued.getRootCertificatePEM());
                    var server = new EmbeddedServer(Engine.JDK, Transport.NIO, true, true, List.of(each))) {
                var run = LoadRun.against(server.port(), "--count 4 --mix full=1 --verify always --ca " + ca.path());
                if (each == underRoot) {
                    run.assertAllFailed("certificate", "sent", "certificate_expired");
                } else {
                    // What is trusted itself is not asked for its dates, by the JDK's rules.
                    run.assertCompleted(4, 0);
                }
            }
        }
    }

    private static LoadRun run(Server server, ServerKind kind, String version, String options) {
        return LoadRun.against(server.port(), "--count 4 --mix full=1 --concurrency 1 --tls " + version + " --close "
                + kind.close() + " " + options);
    }
}
