package dev.shakedown.trace;

import static dev.shakedown.trace.Diagnosed.assertCause;
import static dev.shakedown.trace.Diagnosed.run;
import static dev.shakedown.trace.Diagnosed.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.trace.ChoosyServer.Script;
import dev.shakedown.trace.ChoosyServer.Visit;
import io.netty.pkitesting.CertificateBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that refuse for one reason only, which further handshakes must find; and some that have none. */
@Tag("interop")
@Timeout(60)
class DiagnosisTest {
    private static final int HANDSHAKE_FAILURE = 40;

    @TempDir
    private Path directory;

    private static Script refusing(Predicate<Visit> whom) {
        return visit -> {
            if (whom.test(visit)) {
                visit.alert(HANDSHAKE_FAILURE);
            } else {
                visit.serve();
            }
        };
    }

    // What passes by itself

    @Test
    void onlyTheFirstConnectionIsRefused() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> visit.number() == 0))) {
            assertCause("the failure is intermittent", server, "--tls 1.2");
            assertEquals(2, server.visits());
        }
    }

    @Test
    void onlyTheFirstConnectionIsReset() throws Exception {
        try (var server = new ChoosyServer(visit -> {
            if (visit.number() == 0) {
                visit.reset();
            } else {
                visit.serve();
            }
        })) {
            assertCause("the failure is intermittent", server, "");
        }
    }

    /** Two refusals, and then whatever is tried works. */
    @Test
    void onlyTheFirstTwoAreRefused() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> visit.number() < 2))) {
            assertCause("the failure is intermittent", server, "");
        }
    }

    /** It asks for a certificate as well, and would do without. */
    @Test
    void onlyTheFirstIsResetBehindACertificateRequest() throws Exception {
        try (var server = new ChoosyServer(visit -> visit.serveUntil(
                (fromServer, _) -> !fromServer && visit.number() == 0, visit::reset),
                honest -> honest.setWantClientAuth(true))) {
            assertCause("the failure is intermittent", server, "--tls 1.2");
        }
    }

    // Sessions

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void onlyWhoOffersASessionIsRefused(String version) throws Exception {
        Predicate<Visit> offersSession = visit -> visit.has(Extension.PRE_SHARED_KEY)
                || visit.hello().extensions().stream().anyMatch(
                        extension -> extension.type() == Extension.SESSION_TICKET && extension.data().length > 0)
                || version.equals("1.2") && visit.hello().sessionId().length > 0;
        try (var server = new ChoosyServer(refusing(offersSession))) {
            var connections = trace(server, 1, "--resume --tls " + version);
            assertEquals(2, connections.size());
            var verdict = connections.get(1).get("verdict");
            assertTrue(verdict.get("cause").asText().startsWith("the server rejects the session that was offered"),
                    verdict::toString);
            // without it, with it, and without it in a hello of the same length
            assertEquals(3, verdict.get("probes").asInt());
        }
    }

    @Test
    void whoOffersASessionMeetsSilence() throws Exception {
        try (var server = new ChoosyServer(visit -> {
            if (visit.has(Extension.PRE_SHARED_KEY)) {
                visit.socket().getInputStream().read();
            } else {
                visit.serve();
            }
        })) {
            var verdict = trace(server, 1, "--resume --tls 1.3 --timeout 700ms").get(1).get("verdict");
            assertEquals("failed at server_hello: the server fell silent", verdict.get("sentence").asText());
            assertTrue(verdict.get("cause").asText().startsWith("the server rejects the session that was offered"),
                    verdict::toString);
        }
    }

    @Test
    void aRunRequiresAShareOfItsArrivals() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> visit.number() % 4 == 3))) {
            for (var share : List.of("0.75", "0.76")) {
                var run = CommandRun.of("run", "127.0.0.1:" + server.port(), "--concurrency", "1", "--count", "20",
                        "--quiet", "--mix", "full=1", "--out", directory.resolve(share).toString(),
                        "--require-completed", share);
                assertEquals(share.equals("0.75") ? 0 : 1, run.exitCode(), run::toString);
                assertEquals(share.equals("0.76"), run.err().contains("15 of 20 planned arrivals completed, a share of"
                        + " 0.7500, but 0.76 was required"), run::err);
            }
        }
    }

    // Offers that are too narrow

    private static boolean offers(Visit visit, NamedGroup... groups) {
        var extension = visit.hello().extensions().stream()
                .filter(each -> each.type() == Extension.SUPPORTED_GROUPS).findFirst();
        var offered = extension.map(each -> IntStream.range(1, each.data().length / 2)
                .map(i -> (each.data()[2 * i] & 0xff) << 8 | each.data()[2 * i + 1] & 0xff).boxed().toList())
                .orElse(List.of());
        return Arrays.stream(groups).allMatch(group -> offered.contains(group.id()));
    }

    @Test
    void aGroupMustBeOfferedBesidesTheOneChosen() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> !offers(visit, NamedGroup.X25519,
                NamedGroup.SECP384R1)))) {
            var verdict = assertCause("the server continues only if secp384r1 is among the groups as well", server,
                    "--tls 1.2 --group x25519");
            assertEquals("--group x25519,secp384r1", verdict.get("advice").asText());
            assertEquals(0, run(server, "--tls 1.2 " + verdict.get("advice").asText()).exitCode());
        }
    }

    @Test
    void nothingOfTheWiderOfferIsEnoughAlone() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> !offers(visit, NamedGroup.X25519, NamedGroup.SECP256R1,
                NamedGroup.SECP384R1)))) {
            var verdict = assertCause("the server continues only with a wider offer than this one", server,
                    "--tls 1.2 --group x25519");
            assertTrue(verdict.get("advice").isNull(), verdict::toString);
        }
        try (var server = new ChoosyServer(refusing(visit -> visit.hello().cipherSuites().length < 30
                || !visit.has(Extension.SUPPORTED_VERSIONS)))) {
            var verdict = assertCause("the server continues only with a wider offer than this one", server,
                    "--tls 1.3 --cipher TLS_AES_128_GCM_SHA256");
            assertFalse(verdict.toString().contains(", and none"), verdict::toString);
        }
    }

    @Test
    void aSessionTicketIsTooMuch() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> visit.has(Extension.SESSION_TICKET)))) {
            var verdict = assertCause("the server does not accept the extension session_ticket", server, "--tls 1.2");
            assertEquals(0, run(server, "--tls 1.2 " + verdict.get("advice").asText()).exitCode());
        }
    }

    @Test
    void secureRenegotiationIsTooMuch() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> visit.has(Extension.RENEGOTIATION_INFO)))) {
            assertCause("the server does not accept the extension renegotiation_info, but accepts the", server,
                    "--tls 1.2");
        }
        try (var server = new ChoosyServer(refusing(visit -> visit.has(Extension.RENEGOTIATION_INFO)
                || IntStream.of(visit.hello().cipherSuites()).anyMatch(suite -> suite == 0xff)))) {
            assertCause("the server accepts no client that announces secure renegotiation", server,
                    "--tls 1.2");
        }
    }

    // Offers that are too much, where halving finds the one thing

    private static boolean offers(Visit visit, CipherSuite suite) {
        return IntStream.of(visit.hello().cipherSuites()).anyMatch(id -> id == suite.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"})
    void oneSuiteIsTooMuch(String suite) throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> offers(visit, CipherSuite.valueOf(suite))))) {
            var verdict = assertCause("the server rejects every offer of the cipher suite " + suite, server,
                    "--tls 1.2");
            assertEquals(0, run(server, "--tls 1.2 " + verdict.get("advice").asText()).exitCode());
        }
    }

    @Test
    void someSuitesAreTooMany() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> visit.hello().cipherSuites().length > 14))) {
            var verdict = assertCause("the server does not tolerate the whole list of cipher suites, but answers to ",
                    server, "--tls 1.2");
            assertEquals(0, run(server, "--tls 1.2 " + verdict.get("advice").asText()).exitCode());
        }
    }

    @Test
    void oneVersionIsTooMuch() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> visit.has(Extension.SUPPORTED_VERSIONS)))) {
            var verdict = assertCause("the server rejects every offer of the protocol version TLSv1.3", server, "");
            assertEquals(0, run(server, verdict.get("advice").asText()).exitCode());
        }
    }

    @Test
    void nothingHelps() throws Exception {
        try (var server = new ChoosyServer(visit -> visit.reset())) {
            var verdict = assertCause("the server reset the connection", server, "--sni a.example --alpn h2");
            assertTrue(verdict.get("cause").asText().contains("nor does the server continue with anything else"),
                    verdict::toString);
        }
        // A name is advised only where an alert speaks of names.
        try (var server = new ChoosyServer(refusing(_ -> true))) {
            assertTrue(assertCause("the server found nothing it accepts", server, "").get("advice").isNull());
        }
    }

    @Test
    void aNameIsRefusedForItselfOrForBeingOne() throws Exception {
        try (var server = new ChoosyServer(refusing(visit -> new String(visit.record(), StandardCharsets.ISO_8859_1)
                .contains("a.example")))) {
            var verdict = assertCause("the server does not serve the name a.example", server, "--sni a.example");
            assertFalse(verdict.toString().contains("nor another"), verdict::toString);
        }
        try (var server = new ChoosyServer(refusing(visit -> visit.has(Extension.SERVER_NAME)))) {
            assertCause("the server does not serve the name a.example, nor another of that length", server,
                    "--sni a.example");
        }
    }

    // After the ServerHello

    /** The suite that a server's record chooses, if that is a ServerHello in the clear; else -1. */
    private static int chosen(boolean fromServer, byte[] record) {
        if (!fromServer || record[0] != 22 || record[5] != 2) {
            return -1;
        }
        var at = 5 + 4 + 2 + 32 + 1 + record[5 + 4 + 2 + 32];
        return (record[at] & 0xff) << 8 | record[at + 1] & 0xff;
    }

    @Test
    void oneSuiteFailsBehindTheServerHello() throws Exception {
        var bad = CipherSuite.TLS_AES_256_GCM_SHA384;
        try (var server = new ChoosyServer(visit -> {
            var broken = new boolean[1];
            visit.serveUntil((fromServer, record) -> {
                var ends = broken[0];
                broken[0] |= chosen(fromServer, record) == bad.id();
                return ends;
            }, visit::reset);
        })) {
            var verdict = assertCause("the server fails with TLS_AES_256_GCM_SHA384; with TLS_", server, "--tls 1.3");
            assertTrue(verdict.get("sentence").asText().startsWith("failed at encrypted_extensions: "),
                    verdict::toString);
            assertEquals(0, run(server, "--tls 1.3 " + verdict.get("advice").asText()).exitCode());
        }
    }

    @Test
    void oneVersionFailsBehindTheServerHello() throws Exception {
        try (var server = new ChoosyServer(visit -> {
            if (visit.has(Extension.SUPPORTED_VERSIONS)) {
                visit.serveUntil((fromServer, record) -> fromServer && record[0] == 20,
                        () -> visit.alert(HANDSHAKE_FAILURE));
            } else {
                visit.serve();
            }
        })) {
            var verdict = assertCause("the server fails in TLSv1.3; in TLSv1.2 it continues", server, "--tls 1.2-1.3");
            assertEquals("--tls 1.2", verdict.get("advice").asText());
        }
    }

    @Test
    void aServerFailsBehindItsHelloRetryRequest() throws Exception {
        Script script = visit -> {
            var retried = new boolean[1];
            visit.serveUntil((fromServer, record) -> {
                var ends = !fromServer && retried[0];
                // by its random (RFC 8446, 4.1.3)
                retried[0] |= chosen(fromServer, record) >= 0 && record[11] == (byte) 0xcf && record[12] == 0x21;
                return ends;
            }, () -> visit.alert(HANDSHAKE_FAILURE));
        };
        try (var server = new ChoosyServer(script, honest -> onlyGroup(honest, "secp384r1"))) {
            var verdict = assertCause("the server fails after its HelloRetryRequest, and needs none with a share of"
                    + " secp384r1", server, "--tls 1.3");
            assertTrue(verdict.get("sentence").asText().startsWith("failed at hello_retry: "), verdict::toString);
            assertEquals(0, run(server, "--tls 1.3 " + verdict.get("advice").asText()).exitCode());
        }
    }

    private static void onlyGroup(SSLServerSocket honest, String group) {
        var parameters = honest.getSSLParameters();
        parameters.setNamedGroups(new String[]{group});
        honest.setSSLParameters(parameters);
    }

    @Test
    void aClientCertificateIsMetWithABareEnd() throws Exception {
        var bundle = new CertificateBuilder().ecp256().subject("CN=client").setIsCertificateAuthority(true)
                .buildSelfSigned();
        var file = Files.writeString(directory.resolve("client.pem"),
                bundle.getCertificatePathPEM() + bundle.getPrivateKeyPEM());
        Script script = visit -> visit.serveUntil((fromServer, record) -> !fromServer && record[0] == 22
                && record[5] == 11 && record.length > 100, visit::reset);
        try (var server = new ChoosyServer(script, honest -> honest.setWantClientAuth(true))) {
            assertCause("the server does not accept the client's certificate: without one the handshake continues",
                    server, "--tls 1.2 --client-cert " + file);
        }
    }
}
