package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Feature;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Client certificates with servers that want one: a handshake only counts once the server has taken it. */
class ClientCertificateInteropTest {

    private static final List<String> VERSIONS = List.of("1.2", "1.3");
    private static final String FEW = " --count 4 --concurrency 1 --timeout 5s ";

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "NGINX", "HAPROXY", "GNUTLS"})
    void aCertificateIsTaken(ServerKind kind) throws IOException {
        for (var version : VERSIONS) {
            try (var server = kind.start(options(version))) {
                for (var certificate : ClientCertificate.values()) {
                    try (var file = certificate.file()) {
                        run(server, kind, version, "--mix full=1,resumed=1 --client-cert " + file.path())
                                .assertCompleted(2, 2);
                    }
                }
                server.assertCounts(6, 6);
            }
        }
    }

    @Test
    void nginxSaysSo() throws IOException {
        for (var version : VERSIONS) {
            try (var peer = Program.NGINX.start(options(version)); var file = ClientCertificate.ED25519.file()) {
                LoadRun.against(peer.port(), FEW + "--mix full=1 --tls " + version + " --client-cert " + file.path())
                        .assertCompleted(4, 0);
                peer.assertCounts(4, 0);
                assertTrue(peer.completeLines().stream().allMatch(line -> line.endsWith(" SUCCESS")), peer::log);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "HAPROXY", "GNUTLS"})
    void noCertificateNeverCompletes(ServerKind kind) throws IOException {
        for (var version : VERSIONS) {
            try (var server = kind.start(options(version))) {
                System.err.println(kind + version + run(server, kind, version, "--mix full=1 --complete-on ticket"));
                server.assertCounts(0, 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "HAPROXY", "GNUTLS"})
    void aCertificateOfSomebodyElseNeverCompletes(ServerKind kind) throws IOException {
        for (var version : VERSIONS) {
            try (var server = kind.start(options(version)); var file = stranger()) {
                System.err.println(
                        kind + version + run(server, kind, version, "--mix full=1 --client-cert " + file.path()));
                server.assertCounts(0, 0);
            }
        }
    }

    private static PeerOptions options(String version) {
        var certificate = ServerCertificate.ECDSA_P256;
        return (version.equals("1.3") ? PeerOptions.tls13(certificate) : PeerOptions.of(certificate))
                .with(Feature.CLIENT_CERTIFICATE);
    }

    /** A certificate that goes with its key, but not with the root that servers trust. */
    private static PemFile stranger() throws IOException {
        return new PemFile(ServerCertificate.ECDSA_P384.chainPem() + ServerCertificate.ECDSA_P384.keyPem());
    }

    private static LoadRun run(Server server, ServerKind kind, String version, String options) {
        return LoadRun.against(server.port(), FEW + "--tls " + version + " --close " + kind.close() + " " + options);
    }
}
