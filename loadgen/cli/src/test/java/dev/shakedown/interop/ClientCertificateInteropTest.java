package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.interop.PeerOptions.Group;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Client certificates with servers that want one: a handshake only counts once the server has taken it. */
@Tag("interop")
class ClientCertificateInteropTest {

    private static final List<String> VERSIONS = List.of("1.2", "1.3");
    private static final String FEW = " --count 4 --concurrency 1 --timeout 5s --group secp256r1 ";

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
                run(peer, ServerKind.NGINX, version, "--mix full=1 --client-cert " + file.path())
                        .assertCompleted(4, 0);
                peer.assertCounts(4, 0);
                assertTrue(peer.completeLines().stream().allMatch(line -> line.endsWith(" SUCCESS")), peer::log);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "HAPROXY", "GNUTLS"})
    void noCertificateNeverCompletes(ServerKind kind) {
        for (var version : VERSIONS) {
            try (var server = kind.start(options(version))) {
                // GnuTLS takes an empty chain of TLS 1.2 for one that cannot be read.
                var alert = version.equals("1.3")
                        ? "certificate_required"
                        : kind == ServerKind.GNUTLS ? "decode_error" : "handshake_failure";
                for (var end : List.of("ticket", "response")) {
                    run(server, kind, version, "--mix full=1 --complete-on " + end)
                            .assertAllFailed(stage(version), "received", alert);
                }
                server.assertCounts(0, 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "HAPROXY", "GNUTLS"})
    void aCertificateOfSomebodyElseNeverCompletes(ServerKind kind) throws IOException {
        for (var version : VERSIONS) {
            try (var server = kind.start(options(version)); var file = stranger()) {
                run(server, kind, version, "--mix full=1 --client-cert " + file.path()).assertAllFailed(stage(version),
                        "received", kind == ServerKind.GNUTLS ? "access_denied" : "unknown_ca");
                server.assertCounts(0, 0);
            }
        }
    }

    /**
     * nginx lets its TLS library complete the handshake with anybody, tickets included, and closes the connection
     * afterwards: with such a server only an answer proves that it took the certificate.
     */
    @Test
    void nginxClosesOnlyAfterItsHandshake() throws IOException {
        for (var version : VERSIONS) {
            try (var peer = Program.NGINX.start(options(version)); var file = stranger()) {
                for (var certificate : List.of("", " --client-cert " + file.path())) {
                    run(peer, ServerKind.NGINX, version, "--mix full=1 --complete-on response" + certificate)
                            .assertAllFailed("post_finished", "received", "close_notify");
                    run(peer, ServerKind.NGINX, version, "--mix full=1 --complete-on ticket" + certificate)
                            .assertCompleted(4, 0);
                }
                peer.assertCounts(0, 0);
            }
        }
    }

    @Test
    void theJdk() throws Exception {
        for (var version : VERSIONS) {
            try (var server = JdkServer.start(tls -> tls.setNeedClientAuth(true));
                    var ours = ClientCertificate.ECDSA_P256.file();
                    var file = stranger()) {
                run(server.port(), version, "--mix full=1 --client-cert " + ours.path()).assertCompleted(4, 0);
                assertEquals(4, server.seen().size());
                run(server.port(), version, "--mix full=1 --complete-on ticket").assertAllFailed(stage(version),
                        "received", version.equals("1.3") ? "certificate_required" : "handshake_failure");
                run(server.port(), version, "--mix full=1 --client-cert " + file.path())
                        .assertAllFailed(stage(version), "received", "certificate_unknown");
                assertEquals(4, server.seen().size());
            }
        }
    }

    /** Where the client stands when the server has judged: in TLS 1.3 it is done by then. */
    private static String stage(String version) {
        return version.equals("1.3") ? "post_finished" : "change_cipher_spec";
    }

    /** In TLS 1.2, OpenSSL takes a client's EC key only if it lies on one of its own groups. */
    private static PeerOptions options(String version) {
        var certificate = ServerCertificate.ECDSA_P256;
        return (version.equals("1.3") ? PeerOptions.tls13(certificate) : PeerOptions.of(certificate))
                .group(Group.SECP256R1).with(Feature.CLIENT_CERTIFICATE);
    }

    /** A certificate that goes with its key, but not with the root that servers trust. */
    private static PemFile stranger() throws IOException {
        return new PemFile(ServerCertificate.ECDSA_P256.chainPem() + ServerCertificate.ECDSA_P256.keyPem());
    }

    private static LoadRun run(Server server, ServerKind kind, String version, String options) {
        return run(server.port(), version, "--close " + kind.close() + " " + options);
    }

    private static LoadRun run(int port, String version, String options) {
        return LoadRun.against(port, FEW + "--tls " + version + " " + options);
    }
}
