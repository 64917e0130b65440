package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.interop.PeerOptions.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS 1.0 and 1.1, and of TLS 1.2 what is offered only when asked for, with every suite that both sides have. */
@Tag("interop")
@Timeout(120)
class OldVersionsInteropTest {
    private static final List<String> VERSIONS = List.of("1.0", "1.1", "1.2");

    @TempDir
    private Path directory;

    static Stream<Arguments> servers() {
        return Stream.of(ServerKind.OPENSSL, ServerKind.GNUTLS).flatMap(kind -> VERSIONS.stream()
                .flatMap(version -> Stream.of(ServerCertificate.RSA_2048, ServerCertificate.ECDSA_P256)
                        .map(certificate -> Arguments.of(kind, version, certificate))));
    }

    /** OpenSSL is mostly built without RC4 and triple DES. */
    private static List<Suite> suites(ServerKind kind, String version, ServerCertificate certificate) {
        return Arrays.stream(Suite.values()).filter(suite -> !suite.tls13() && suite.goesWith(certificate))
                .filter(suite -> version.equals("1.2")
                        ? !suite.usual()
                        : suite.name().endsWith("_SHA") || suite.name().endsWith("_MD5"))
                .filter(suite -> !version.equals("ssl3") || !suite.ecdhe())
                .filter(suite -> kind != ServerKind.OPENSSL || !suite.name().matches(".*(RC4|3DES).*")).toList();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void everySuiteFullAndResumed(ServerKind kind, String version, ServerCertificate certificate) throws IOException {
        var suites = suites(kind, version, certificate);
        var options = PeerOptions.old(certificate, version.equals("1.2") ? null : version, suites);
        try (var server = kind.start(options); var ca = new PemFile(certificate.caPem())) {
            for (var suite : suites) {
                var name = "--cipher " + suite + " --tls " + version;
                var run = run(server, kind, "--count 4 --mix full=1,resumed=1 " + name).assertCompleted(2, 2);
                assertEquals(label(version), run.result().negotiated().getFirst().version());
                run(server, kind, "--count 2 --mix full=1,resumed=1 --no-tickets --client realistic --ca " + ca.path()
                        + " " + name).assertCompleted(1, 1);
                run(server, kind, "--count 2 --mix full=1 --key-share reused --premaster fresh " + name)
                        .assertCompleted(2, 0);
            }
            server.assertCounts(5L * suites.size(), 3L * suites.size());
        }
    }

    private static String label(String version) {
        return version.equals("ssl3") ? "SSLv3" : "TLSv" + version;
    }

    /** A server's lower answer is taken, as far down as is allowed. */
    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void aLowerAnswer(String version) {
        var suites = suites(ServerKind.GNUTLS, version, ServerCertificate.RSA_2048);
        for (var kind : List.of(ServerKind.OPENSSL, ServerKind.GNUTLS)) {
            try (var server = kind.start(PeerOptions.old(ServerCertificate.RSA_2048, version, suites))) {
                for (var range : List.of("--tls 1.0-1.3", "--tls 1.0-1.2", "--tls 1.2 --min-tls " + version)) {
                    var run = run(server, kind, "--count 2 --mix full=1 " + range).assertCompleted(2, 0);
                    assertEquals(label(version), run.result().negotiated().getFirst().version());
                }
                var refused = run(server, kind, "--count 2 --mix full=1 --tls 1.2");
                assertEquals(2, refused.result().failures().getFirst().count(), refused::toString);
                assertEquals("server_hello protocol_version", refused.result().failures().getFirst().stage() + " "
                        + refused.result().failures().getFirst().cause());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void encryptThenMacAndSmallGroups(String version) {
        var cbc = List.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, Suite.TLS_RSA_WITH_3DES_EDE_CBC_SHA);
        for (var both : List.of(true, false)) {
            try (var server = ServerKind.GNUTLS.start(PeerOptions.old(ServerCertificate.RSA_2048, version, cbc)
                    .encryptThenMac(both).group(Group.SECP384R1))) {
                for (var suite : cbc) {
                    run(server, ServerKind.GNUTLS, "--count 2 --mix full=1,resumed=1 --cipher " + suite + " --tls "
                            + version).assertCompleted(1, 1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void clientCertificates(String version) throws IOException {
        for (var kind : List.of(ServerKind.OPENSSL, ServerKind.GNUTLS)) {
            var options = PeerOptions.old(ServerCertificate.RSA_2048, version,
                    List.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA)).group(Group.SECP256R1)
                    .with(Feature.CLIENT_CERTIFICATE);
            try (var server = kind.start(options)) {
                for (var certificate : List.of(ClientCertificate.RSA_2048, ClientCertificate.ECDSA_P256)) {
                    try (var file = certificate.file()) {
                        run(server, kind, "--count 4 --mix full=1,resumed=1 --tls " + version + " --client-cert "
                                + file.path()).assertCompleted(2, 2);
                    }
                }
            }
        }
    }

    /** The JDK has them all, when nothing is disabled. */
    @ParameterizedTest
    @ValueSource(strings = {"ssl3", "1.0", "1.1", "1.2"})
    void theJdk(String version) throws IOException {
        try (var server = new OldJdkServer(version.equals("1.0") ? "TLSv1" : label(version))) {
            var handshakes = 0;
            for (var certificate : List.of(ServerCertificate.RSA_2048, ServerCertificate.ECDSA_P256)) {
                for (var suite : suites(ServerKind.GNUTLS, version, certificate)) {
                    var run = LoadRun.against(server.port(), "--count 4 --mix full=1,resumed=1 --concurrency 1 --tls "
                            + version + " --cipher " + suite + " --client realistic --sni localhost --ca "
                            + server.authorities());
                    run.assertCompleted(2, 2);
                    handshakes += 2;
                    assertEquals(suite.name(), run.result().negotiated().getFirst().cipherSuite());
                }
            }
            server.assertCounts(handshakes, handshakes);
        }
    }

    static Stream<Arguments> nss() {
        return Stream.of("ssl3", "1.0", "1.1", "1.2").flatMap(version -> Stream.of(ServerCertificate.RSA_2048,
                ServerCertificate.ECDSA_P256).filter(
                        certificate -> certificate == ServerCertificate.RSA_2048
                                || !version.equals("ssl3"))
                .map(certificate -> Arguments.of(version, certificate)));
    }

    /** NSS has them all; it keeps sessions by ID. */
    @ParameterizedTest
    @MethodSource("nss")
    void nss(String version, ServerCertificate certificate) throws IOException {
        var suites = suites(ServerKind.GNUTLS, version, certificate);
        try (var server = new NssServer(nssVersion(version), certificate, suites, false);
                var ca = new PemFile(certificate.caPem())) {
            for (var suite : suites) {
                var run = server.load(REQUEST + "--count 4 --mix full=1,resumed=1 --tls " + version
                        + " --cipher " + suite + " --client realistic --sni localhost --ca " + ca.path())
                        .assertCompleted(2, 2);
                assertEquals(suite.name(), run.result().negotiated().getFirst().cipherSuite());
                assertEquals(label(version), run.result().negotiated().getFirst().version());
            }
            server.assertCounts(2L * suites.size(), 2L * suites.size());
        }
    }

    /** NSS gives tickets when it is told to, and counts what it resumes by them apart. */
    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1", "1.2"})
    void nssByTicket(String version) throws IOException {
        var suites = suites(ServerKind.GNUTLS, version, ServerCertificate.RSA_2048);
        try (var server = new NssServer(nssVersion(version), ServerCertificate.RSA_2048, suites, false, "-u")) {
            for (var suite : suites) {
                server.load(REQUEST + "--count 4 --mix full=1,resumed=1 --tls " + version + " --cipher " + suite)
                        .assertCompleted(2, 2);
            }
            server.load(REQUEST + "--count 4 --mix full=1,resumed=1 --no-tickets --tls " + version + " --cipher "
                    + suites.getFirst()).assertCompleted(2, 2);
            server.assertCounts(2L * suites.size() + 2, 2L * suites.size() + 2);
            assertEquals(2L * suites.size(), server.resumedByTicket(), server::log);
        }
    }

    private static final String REQUEST = "--concurrency 1 --request QUIT\\r\\n\\r\\n --complete-on response ";

    private static String nssVersion(String version) {
        return version.equals("ssl3") ? version : "tls" + version;
    }

    /** In SSL 3.0 who has no certificate says so in an alert, and what is signed holds the master secret. */
    @Test
    void clientCertificatesInSsl3() throws IOException {
        var suites = suites(ServerKind.GNUTLS, "ssl3", ServerCertificate.RSA_2048);
        try (var server = new NssServer("ssl3", ServerCertificate.RSA_2048, suites, true);
                var file = ClientCertificate.RSA_2048.file()) {
            for (var suite : suites) {
                server.load(REQUEST + "--count 4 --mix full=1,resumed=1 --tls ssl3 --cipher "
                        + suite + " --client-cert " + file.path()).assertCompleted(2, 2);
            }
            server.assertCounts(2L * suites.size(), 2L * suites.size());
            var trace = server.run("trace", "--tls", "ssl3");
            assertEquals(1, trace.exitCode(), trace::toString);
            assertTrue(trace.out().contains("no_certificate"), trace::out);
        }
    }

    /**
     * The second of three well-known cases, the other way about, and a server's answer of SSL 3.0 taken as far as
     * allowed.
     */
    @Test
    void ssl3AloneAndInRanges() throws IOException {
        try (var server = new NssServer("ssl3", ServerCertificate.RSA_2048,
                suites(ServerKind.GNUTLS, "ssl3", ServerCertificate.RSA_2048), false)) {
            for (var range : List.of("ssl3-1.3", "ssl3-1.2", "ssl3-1.0", "1.3 --min-tls ssl3")) {
                var run = server.load(REQUEST + "--count 2 --mix full=1,resumed=1 --tls " + range)
                        .assertCompleted(1, 1);
                assertEquals("SSLv3", run.result().negotiated().getFirst().version());
            }
            var trace = server.run("trace");
            assertEquals(1, trace.exitCode(), trace::toString);
            assertTrue(trace.out().contains("no common protocol version: the server speaks SSLv3"), trace::out);
            assertTrue(trace.out().contains("--tls ssl3"), trace::out);
            var scan = server.run("scan");
            assertTrue(scan.out().contains("versions                SSLv3\n"), scan::out);
            assertTrue(scan.out().contains("TLS_RSA_WITH_NULL_MD5"), scan::out);
        }
    }

    /** The second of three well-known cases: a client of SSL 3.0 alone, and servers that begin with TLS 1.0. */
    @Test
    void ssl3AgainstTls() throws IOException {
        var suites = List.of(Suite.TLS_RSA_WITH_AES_128_CBC_SHA);
        try (var gnutls = ServerKind.GNUTLS.start(PeerOptions.old(ServerCertificate.RSA_2048, "1.0", suites));
                var openssl = ServerKind.OPENSSL.start(PeerOptions.old(ServerCertificate.RSA_2048, "1.0", suites));
                var nss = new NssServer("tls1.0", ServerCertificate.RSA_2048, suites, false);
                var jdk = new OldJdkServer("TLSv1")) {
            for (var trace : List.of(trace(gnutls.port()), trace(openssl.port()), trace(jdk.port()),
                    nss.run("trace", "--tls", "ssl3"))) {
                assertEquals(1, trace.exitCode(), trace::toString);
                assertTrue(trace.out().contains("C>S  V3.0("), trace::out);
                assertTrue(trace.out().contains("description: handshake_failure")
                        || trace.out().contains("description: protocol_version"), trace::out);
                assertTrue(trace.out().contains("no common protocol version: the server speaks TLSv1.0"), trace::out);
            }
        }
    }

    private static CommandRun trace(int port) {
        return CommandRun.of("trace", "127.0.0.1:" + port, "--tls", "ssl3");
    }

    /** What a scan of such a server says, and a trace of the first of three well-known cases. */
    @Test
    void scanAndTrace() {
        var suites = List.of(Suite.TLS_RSA_WITH_RC4_128_SHA);
        try (var server = ServerKind.GNUTLS.start(PeerOptions.old(ServerCertificate.RSA_2048, "1.0", suites))) {
            var run = CommandRun.of("run", "127.0.0.1:" + server.port(), "--tls", "1.0", "--cipher", "RC4-SHA", "--mix",
                    "full=1", "--count", "2", "--warmup", "0s", "--concurrency", "1", "--close", "notify", "--quiet",
                    "--details",
                    "--out", directory.resolve("out").toString());
            assertTrue(run.out().contains("WEAK: TLSv1.0, TLS_RSA_WITH_RC4_128_SHA: "), run::toString);
            var scan = CommandRun.of("scan", "127.0.0.1:" + server.port());
            assertTrue(scan.out().contains("versions                TLSv1.0\n"), scan::out);
            assertTrue(scan.out().contains("TLS_RSA_WITH_RC4_128_SHA"), scan::out);
            var trace = CommandRun.of("trace", "127.0.0.1:" + server.port(), "--tls", "1.2", "--min-tls", "1.0",
                    "--cipher", "RC4-SHA");
            assertEquals(0, trace.exitCode(), trace::toString);
            assertTrue(trace.out().contains("completed: full TLSv1.0 handshake, TLS_RSA_WITH_RC4_128_SHA"),
                    trace::out);
            var refused = CommandRun.of("trace", "127.0.0.1:" + server.port(), "--tls", "1.2", "--cipher", "RC4-SHA");
            assertEquals(1, refused.exitCode(), refused::toString);
            assertTrue(refused.out().contains("no common protocol version"), refused::out);
        }
    }

    private static LoadRun run(Server server, ServerKind kind, String options) {
        return LoadRun.against(server.port(), options + " --concurrency 1 --close " + kind.close());
    }
}
