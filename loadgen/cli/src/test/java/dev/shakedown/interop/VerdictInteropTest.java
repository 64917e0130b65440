package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.interop.PeerOptions.Suite;
import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that do not go with the client: the verdict must name the true cause, whatever alert they send. */
@Tag("interop")
@Timeout(60)
class VerdictInteropTest {
    private static final List<ServerKind> KINDS = List.of(ServerKind.OPENSSL, ServerKind.NGINX, ServerKind.HAPROXY,
            ServerKind.GNUTLS);

    /** A server, what is asked of it, and what the verdict's cause must hold. */
    private record Mismatch(String name, PeerOptions server, String client, String cause) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Mismatch> MISMATCHES = List.of(
            new Mismatch("only TLS 1.2", PeerOptions.of(ServerCertificate.ECDSA_P256), "--tls 1.3",
                    "no common protocol version: the server speaks TLSv1.2,"),
            new Mismatch("only TLS 1.3", PeerOptions.tls13(ServerCertificate.ECDSA_P256), "--tls 1.2",
                    "no common protocol version: the server speaks TLSv1.3,"),
            new Mismatch("one suite of TLS 1.2", PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
                    "--tls 1.2 --cipher TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "no common cipher suite: the server takes TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, and none"),
            new Mismatch("a certificate that no suite goes with", PeerOptions.of(ServerCertificate.ECDSA_P256),
                    "--tls 1.2 --cipher TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_128_GCM_SHA256",
                    "no common cipher suite: the server takes TLS_ECDHE_ECDSA_WITH_"),
            new Mismatch("one suite of TLS 1.3", new PeerOptions(ServerCertificate.ECDSA_P256,
                    List.of(Suite.TLS_AES_256_GCM_SHA384), Group.X25519, PeerOptions.USUAL),
                    "--tls 1.3 --cipher TLS_AES_128_GCM_SHA256",
                    "no common cipher suite: the server takes TLS_AES_256_GCM_SHA384, and none"),
            new Mismatch("another group in TLS 1.3",
                    PeerOptions.tls13(ServerCertificate.RSA_2048).group(Group.SECP384R1),
                    "--tls 1.3 --group x25519,secp256r1", "no common group: the server takes secp384r1, and none"),
            new Mismatch("another group in TLS 1.2",
                    PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256).group(Group.SECP256R1),
                    "--tls 1.2 --group x25519", "no common group: the server takes secp256r1, and none"));

    /** What is wrong with a client's certificate, which its authority's name does not tell. */
    private enum Unfit {
        WITHOUT_CLIENT_AUTH("its extendedKeyUsage has no clientAuth", builder -> builder.ecp256()
                .addExtendedKeyUsageServerAuth()),
        WITHOUT_SIGNATURE("its keyUsage has no digitalSignature", builder -> builder.ecp256()
                .setKeyUsage(true, CertificateBuilder.KeyUsage.keyAgreement)),
        WEAK("its RSA key has only 512 bits", builder -> builder.keyPair(weak()));

        private final String cause;
        private final UnaryOperator<CertificateBuilder> shape;

        Unfit(String cause, UnaryOperator<CertificateBuilder> shape) {
            this.cause = cause;
            this.shape = shape;
        }

        private static KeyPair weak() {
            try {
                var generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(512);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        PemFile file() throws Exception {
            var bundle = shape.apply(new CertificateBuilder().subject("CN=client " + this))
                    .buildIssuedBy(ClientCertificate.root());
            return new PemFile(bundle.getCertificatePathPEM() + bundle.getPrivateKeyPEM());
        }
    }

    static Stream<Arguments> unfit() {
        return Stream.of(ServerKind.OPENSSL, ServerKind.HAPROXY, ServerKind.GNUTLS)
                .flatMap(kind -> Arrays.stream(Unfit.values()).flatMap(unfit -> Stream.of("1.2", "1.3")
                        .map(version -> Arguments.of(kind, unfit, version))));
    }

    /** Each server has alerts of its own for it, and some even that of an unknown authority. */
    @ParameterizedTest
    @MethodSource("unfit")
    void aClientsCertificateThatIsNotFitIsToldAsThat(ServerKind kind, Unfit unfit, String version) throws Exception {
        var certificate = ServerCertificate.ECDSA_P256;
        var options = (version.equals("1.3") ? PeerOptions.tls13(certificate) : PeerOptions.of(certificate))
                .group(Group.SECP256R1).with(Feature.CLIENT_CERTIFICATE);
        try (var server = kind.start(options); var file = unfit.file()) {
            var asked = "--tls " + version + " --group secp256r1 --client-cert " + file.path();
            var taken = switch (unfit) {
                case WITHOUT_SIGNATURE -> kind != ServerKind.GNUTLS;
                case WITHOUT_CLIENT_AUTH -> kind == ServerKind.GNUTLS;
                case WEAK -> kind == ServerKind.GNUTLS && version.equals("1.2");
            };
            if (taken) {
                assertEquals(0, trace(server.port(), asked).exitCode());
                return;
            }
            var verdict = verdict(server.port(), 1, asked);
            var cause = verdict.get("cause").asText();
            if (unfit == Unfit.WEAK && version.equals("1.3")) {
                // It cannot sign there, so that it is not even shown.
                assertTrue(cause.contains("another kind than the one in --client-cert (" + unfit.cause + ")"), cause);
            } else {
                assertTrue(cause.startsWith("the server does not accept the client's certificate ("), cause);
                assertTrue(cause.endsWith("): " + unfit.cause), cause);
                assertEquals("another --client-cert, for that reason", verdict.get("advice").asText());
            }
        }
    }

    static Stream<Arguments> mismatches() {
        return KINDS.stream().flatMap(kind -> MISMATCHES.stream().map(mismatch -> Arguments.of(kind, mismatch)));
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void theTrueCauseIsNamed(ServerKind kind, Mismatch mismatch) throws IOException {
        try (var server = kind.start(mismatch.server)) {
            var verdict = verdict(server.port(), 1, mismatch.client);
            assertTrue(verdict.get("sentence").asText().startsWith("failed at server_hello: "), verdict::toString);
            assertTrue(verdict.get("cause").asText().startsWith(mismatch.cause), verdict::toString);
            assertTrue(verdict.get("probes").asInt() <= 40, verdict::toString);
            // What is advised works.
            var advice = verdict.get("advice").asText();
            assertEquals(0, trace(server.port(), advised(mismatch.client, advice)).exitCode(), advice);
        }
    }

    /** The client's options with the advised one instead of its own. */
    private static String advised(String options, String advice) {
        var words = new ArrayList<>(List.of(options.split(" ")));
        var given = advice.split(" ");
        var at = words.indexOf(given[0]);
        if (at >= 0) {
            words.set(at + 1, given[1]);
        } else {
            words.addAll(List.of(given[0], given[1]));
        }
        return String.join(" ", words);
    }

    static Stream<Arguments> certificates() {
        return Stream.of(ServerKind.OPENSSL, ServerKind.HAPROXY, ServerKind.GNUTLS)
                .flatMap(kind -> Stream.of("1.2", "1.3").map(version -> Arguments.of(kind, version)));
    }

    @ParameterizedTest
    @MethodSource("certificates")
    void aClientCertificateIsWanted(ServerKind kind, String version) throws IOException {
        var options = (version.equals("1.2")
                ? PeerOptions.of(ServerCertificate.ECDSA_P256)
                : PeerOptions.tls13(ServerCertificate.ECDSA_P256)).with(Feature.CLIENT_CERTIFICATE)
                .group(Group.SECP256R1);
        try (var server = kind.start(options);
                var stranger = new PemFile(ServerCertificate.ECDSA_P256.chainPem()
                        + ServerCertificate.ECDSA_P256.keyPem());
                var right = ClientCertificate.ECDSA_P256.file()) {
            var verdict = verdict(server.port(), 1, "--tls " + version);
            assertTrue(verdict.get("cause").asText().contains("asks for a client certificate"), verdict::toString);
            verdict = verdict(server.port(), 1, "--tls " + version + " --client-cert " + stranger.path());
            assertTrue(verdict.get("cause").asText().contains("does not accept the client's certificate"),
                    verdict::toString);
            verdict(server.port(), 0, "--tls " + version + " --client-cert " + right.path());
        }
    }

    /** nginx says nothing during the handshake, and closes afterwards. */
    @Test
    void nginxClosesOnlyAfterwards() throws IOException {
        try (var server = ServerKind.NGINX.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256)
                .with(Feature.CLIENT_CERTIFICATE))) {
            for (var version : List.of("1.2", "1.3")) {
                var verdict = verdict(server.port(), 0, "--tls " + version);
                assertTrue(verdict.get("sentence").asText().contains("closed the connection at once"),
                        verdict::toString);
            }
        }
    }

    @Test
    void namesAndProtocols() throws Exception {
        try (var server = JdkServer
                .start(tls -> tls.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("right.*"))))) {
            var verdict = verdict(server.port(), 1, "--sni wrong.example");
            assertTrue(verdict.get("cause").asText().contains("does not serve the name"), verdict::toString);
            verdict(server.port(), 0, "--sni right.example");
        }
        try (var server = JdkServer.start(tls -> tls.setApplicationProtocols(new String[]{"http/1.1"}))) {
            var verdict = verdict(server.port(), 1, "--alpn h2");
            assertTrue(verdict.get("cause").asText().contains("none of the application protocols"),
                    verdict::toString);
        }
    }

    @Test
    void aCertificateThatIsNotTrusted() throws IOException {
        try (var server = ServerKind.NGINX.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256));
                var authority = new PemFile(ServerCertificate.ECDSA_P256.caPem());
                var other = new PemFile(ServerCertificate.RSA_2048.caPem())) {
            var verdict = verdict(server.port(), 1, "--verify once --ca " + other.path());
            assertTrue(verdict.get("sentence").asText().contains("certificate: the client ended it"),
                    verdict::toString);
            assertTrue(verdict.get("cause").asText().startsWith("the client does not trust the server's certificate"),
                    verdict::toString);
            verdict(server.port(), 0, "--verify once --ca " + authority.path());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void aCertificateThatHasExpired(String version) throws Exception {
        var root = new CertificateBuilder().ecp256().subject("CN=root").setIsCertificateAuthority(true)
                .buildSelfSigned();
        var expired = new CertificateBuilder().ecp256().subject("CN=localhost")
                .notBefore(Instant.parse("2020-01-01T00:00:00Z")).notAfter(Instant.parse("2021-01-01T00:00:00Z"))
                .buildIssuedBy(root);
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(expired.toKeyStore(new char[0]), new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        var listener = context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        try (var server = new ScriptedServer(listener, socket -> socket.getInputStream().read());
                var ca = new PemFile(root.getCertificatePEM())) {
            var unverified = trace(server.port(), "--tls " + version);
            assertEquals(0, unverified.exitCode(), unverified::toString);
            assertTrue(unverified.out().contains("has expired: it was valid until 2021-01-01T00:00:00Z"),
                    unverified::out);
            var cause = verdict(server.port(), 1, "--verify once --ca " + ca.path() + " --tls " + version)
                    .at("/cause").textValue();
            assertTrue(cause.startsWith("the server's certificate is not valid now"), cause);
        }
    }

    // Names

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void nginxRejectsWhoAsksForNoNameOfIts(String version) throws IOException {
        var certificate = ServerCertificate.ECDSA_P256;
        try (var server = OwnServer.nginx(certificate.chainPem(), certificate.keyPem(),
                "ssl_reject_handshake on;", "server_name right.example; return 200 ok;")) {
            assertNames(server, version);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void haproxyIsStrictAboutNames(String version) throws IOException {
        try (var server = OwnServer.haproxy(ServerCertificate.ECDSA_P256, "strict-sni")) {
            assertNames(server, version, "localhost");
        }
    }

    private static void assertNames(OwnServer server, String version) throws IOException {
        assertNames(server, version, "right.example");
    }

    private static void assertNames(OwnServer server, String version, String right) throws IOException {
        var verdict = verdict(server.port(), 1, "--sni wrong.example --tls " + version);
        assertTrue(verdict.get("cause").asText().contains("does not serve the name"), verdict::toString);
        verdict = verdict(server.port(), 1, "--tls " + version);
        assertTrue(verdict.get("advice").asText().contains("--sni"), verdict::toString);
        verdict(server.port(), 0, "--sni " + right + " --tls " + version);
    }

    // Certificates

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void nginxOpensslAndACertificateThatHasExpired(String version) throws Exception {
        var root = new CertificateBuilder().ecp256().subject("CN=root").setIsCertificateAuthority(true)
                .buildSelfSigned();
        var expired = new CertificateBuilder().ecp256().subject("CN=localhost")
                .notBefore(Instant.parse("2020-01-01T00:00:00Z")).notAfter(Instant.parse("2021-01-01T00:00:00Z"))
                .buildIssuedBy(root);
        var chain = expired.getCertificatePathPEM();
        var key = expired.getPrivateKeyPEM();
        try (var nginx = OwnServer.nginx(chain, key, "return 200 ok;");
                var openssl = OwnServer.openssl(chain, key, "-quiet");
                var ca = new PemFile(root.getCertificatePEM())) {
            for (var server : List.of(nginx, openssl)) {
                var unverified = verdict(server.port(), 0, "--tls " + version);
                assertTrue(
                        unverified.get("sentence").asText().contains("has expired: it was valid until 2021-01-01"),
                        unverified::toString);
                var verified = verdict(server.port(), 1, "--verify once --ca " + ca.path() + " --tls " + version);
                assertTrue(verified.get("cause").asText().startsWith("the server's certificate is not valid now"),
                        verified::toString);
            }
        }
    }

    /** nginx says nothing of it during the handshake, and closes afterwards. */
    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void nginxAndAStrangersCertificate(String version) throws IOException {
        try (var server = ServerKind.NGINX.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256)
                .with(Feature.CLIENT_CERTIFICATE).group(Group.SECP256R1));
                var stranger = new PemFile(ServerCertificate.ECDSA_P256.chainPem()
                        + ServerCertificate.ECDSA_P256.keyPem());
                var right = ClientCertificate.ECDSA_P256.file()) {
            var sentence = verdict(server.port(), 0, "--tls " + version + " --client-cert " + stranger.path())
                    .get("sentence").asText();
            assertTrue(sentence.endsWith("it may not accept the client's certificate"), sentence);
            sentence = verdict(server.port(), 0, "--tls " + version + " --client-cert " + right.path())
                    .get("sentence").asText();
            assertTrue(sentence.endsWith("asks for a client certificate"), sentence);
        }
    }

    /** All that a ServerHello settles is told. */
    @Test
    void whatWasNegotiated() throws IOException {
        try (var server = OwnServer.openssl(ServerCertificate.RSA_2048,
                "-quiet -tls1_2 -alpn http/1.1 -cipher AES128-SHA")) {
            var sentence = verdict(server.port(), 0, "--alpn h2,http/1.1 --tls 1.2").get("sentence").asText();
            assertEquals("completed: full TLSv1.2 handshake, TLS_RSA_WITH_AES_128_CBC_SHA, extended master secret,"
                    + " encrypt-then-MAC, secure renegotiation, ALPN http/1.1", sentence);
        }
        try (var server = OwnServer.gnutls(ServerCertificate.RSA_2048,
                "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH:%DISABLE_SAFE_RENEGOTIATION:%NO_ETM", "")) {
            var sentence = verdict(server.port(), 0, "--tls 1.2 --cipher AES128-SHA").get("sentence").asText();
            assertEquals("completed: full TLSv1.2 handshake, TLS_RSA_WITH_AES_128_CBC_SHA, no secure renegotiation",
                    sentence);
        }
    }

    // Resumption

    @Test
    void noSessionIsGivenAndJsonAllTheSame() throws IOException {
        try (var server = ServerKind.OPENSSL.start(PeerOptions.of(ServerCertificate.ECDSA_P256)
                .resumption(false, false))) {
            var run = trace(server.port(), "--resume --tls 1.2");
            assertEquals(1, run.exitCode(), run::toString);
            var connections = new JsonMapper().readTree(run.out()).get("connections");
            assertEquals(1, connections.size());
            assertTrue(connections.get(0).get("completed").asBoolean());
            assertTrue(run.err().contains("the server issued no session"), run::err);
        }
    }

    @Test
    void aSessionThatIsDeclined() throws IOException {
        try (var server = ServerKind.NGINX.start(PeerOptions.of(ServerCertificate.ECDSA_P256)
                .with(Feature.CHANGING_TICKET_KEYS))) {
            var run = trace(server.port(), "--resume --tls 1.2");
            assertEquals(0, run.exitCode(), run::toString);
            var connections = new JsonMapper().readTree(run.out()).get("connections");
            assertTrue(!connections.at("/0/verdict/sentence").asText().contains("declined"), run::out);
            assertTrue(connections.at("/1/verdict/sentence").asText()
                    .contains("; the server declined the session that was offered"), run::out);
        }
    }

    private static JsonNode verdict(int port, int exitCode, String options) throws IOException {
        var run = trace(port, options);
        assertEquals(exitCode, run.exitCode(), run::toString);
        return new JsonMapper().readTree(run.out()).at("/connections/0/verdict");
    }

    private static CommandRun trace(int port, String options) {
        return CommandRun.of(Stream.concat(Stream.of("trace", "127.0.0.1:" + port, "--format", "json"),
                Arrays.stream(options.split(" "))).toArray(String[]::new));
    }
}
