package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.interop.PeerOptions.Suite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A scan finds what the server was told to do. */
@Timeout(120)
class ScanInteropTest {

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "NGINX", "HAPROXY", "GNUTLS"})
    void bothVersions(ServerKind kind) throws IOException {
        for (var certificate : List.of(ServerCertificate.RSA_2048, ServerCertificate.ECDSA_P256)) {
            var options = PeerOptions.bothVersions(certificate).group(Group.SECP256R1).encryptThenMac(
                    kind != ServerKind.HAPROXY);
            try (var server = kind.start(options)) {
                var found = scan(server.port());
                assertEquals(List.of("TLSv1.3", "TLSv1.2"), texts(found.at("/versions"), "version"), found::toString);
                for (var version : found.at("/versions")) {
                    var tls13 = version.get("version").asText().equals("TLSv1.3");
                    assertEquals(options.suites().stream().filter(suite -> suite.tls13() == tls13).map(Enum::name)
                            .collect(Collectors.toCollection(TreeSet::new)),
                            new TreeSet<>(texts(version.get("suites"))));
                    assertEquals(List.of("secp256r1"), texts(version.get("groups")), version::toString);
                    for (var scheme : texts(version.get("signatureAlgorithms"))) {
                        assertEquals(certificate == ServerCertificate.RSA_2048, scheme.startsWith("rsa_"), scheme);
                    }
                    assertTrue(texts(version.get("signatureAlgorithms"))
                            .contains(certificate == ServerCertificate.RSA_2048
                                    ? "rsa_pss_rsae_sha256"
                                    : "ecdsa_secp256r1_sha256"),
                            version::toString);
                }
                assertEquals("{\"sessionId\":true,\"ticket\":true,\"psk\":true,\"earlyData\":false}",
                        found.get("resumption").toString());
                assertTrue(found.get("secureRenegotiation").asBoolean());
                assertTrue(found.get("extendedMasterSecret").asBoolean());
                assertEquals(options.encryptThenMac(), found.get("encryptThenMac").asBoolean());
                assertEquals("none", found.get("clientCertificate").asText());
                assertEquals(List.of(), texts(found.get("compression")));
                assertTrue(found.get("handshakes").asInt() <= 200, found::toString);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "NGINX", "HAPROXY", "GNUTLS"})
    void oneVersionAndLittleResumption(ServerKind kind) throws IOException {
        try (var server = kind.start(PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)
                .resumption(false, true))) {
            var found = scan(server.port());
            assertEquals(List.of("TLSv1.2"), texts(found.at("/versions"), "version"));
            assertEquals(List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), texts(found.at("/versions/0/suites")));
            assertTrue(found.at("/versions/0/order").isNull());
            assertEquals(List.of("x25519"), texts(found.at("/versions/0/groups")));
            assertEquals("{\"sessionId\":true,\"ticket\":false,\"psk\":null,\"earlyData\":null}",
                    found.get("resumption").toString());
        }
        try (var server = kind.start(PeerOptions.tls13(ServerCertificate.RSA_2048))) {
            var found = scan(server.port());
            assertEquals(List.of("TLSv1.3"), texts(found.at("/versions"), "version"));
            assertTrue(found.get("secureRenegotiation").isNull());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "HAPROXY", "GNUTLS"})
    void earlyDataAndClientCertificates(ServerKind kind) throws IOException {
        var options = PeerOptions.tls13(ServerCertificate.ECDSA_P256).group(Group.SECP256R1);
        try (var server = kind.start(options.with(Feature.EARLY_DATA))) {
            assertTrue(scan(server.port()).at("/resumption/earlyData").asBoolean());
        }
        try (var server = kind.start(options.with(Feature.CLIENT_CERTIFICATE));
                var right = ClientCertificate.ECDSA_P256.file()) {
            assertEquals("required", scan(server.port()).get("clientCertificate").asText());
            var found = scan(server.port(), "--client-cert", right.path().toString());
            assertEquals("required", found.get("clientCertificate").asText());
            assertTrue(found.at("/resumption/psk").asBoolean(), found::toString);
        }
    }

    /** Two servers share a ticket key, a third has its own; each has its own session cache. */
    @Test
    void aFleetAndTheAgeOfItsSessions() throws IOException {
        var options = PeerOptions.bothVersions(ServerCertificate.ECDSA_P256).with(Feature.SHORT_SESSIONS);
        try (var one = ServerKind.NGINX.start(options.with(Feature.SHARED_TICKET_KEY));
                var two = ServerKind.NGINX.start(options.with(Feature.SHARED_TICKET_KEY));
                var three = ServerKind.NGINX.start(options)) {
            var run = CommandRun.of("scan", "127.0.0.1:" + one.port(), "127.0.0.1:" + two.port(),
                    "127.0.0.1:" + three.port(), "--ticket-age", "5s,1s", "--format", "json");
            assertEquals(0, run.exitCode(), run::err);
            var report = new JsonMapper().readTree(run.out());
            assertEquals(3, report.get("servers").size());
            for (var matrix : report.at("/fleet/matrices")) {
                assertEquals(matrix.get("kind").asText().equals("sessionId")
                        ? "[[true,false,false],[false,true,false],[false,false,true]]"
                        : "[[true,true,false],[true,true,false],[false,false,true]]",
                        matrix.get("accepted").toString(), matrix::toString);
            }
            var ages = report.at("/fleet/ages");
            assertEquals(3 * 3 * 2, ages.size());
            for (var age : ages) {
                assertEquals(age.get("age").asText().equals("1s"), age.get("accepted").asBoolean(), age::toString);
            }
            assertEquals(0, CommandRun.of("scan", "127.0.0.1:" + one.port()).exitCode());
        }
    }

    @Test
    void theTextTellsTheSame() {
        try (var server = ServerKind.NGINX.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256))) {
            var run = CommandRun.of("scan", "127.0.0.1:" + server.port());
            assertEquals(0, run.exitCode(), run::err);
            for (var line : List.of("versions                TLSv1.3, TLSv1.2",
                    "client certificate      not asked for",
                    "resumption              session ID yes, ticket yes, PSK yes, early data no")) {
                assertTrue(run.out().contains(line), run::out);
            }
        }
    }

    private static JsonNode scan(int port, String... options) throws IOException {
        var command = new ArrayList<>(List.of("scan", "127.0.0.1:" + port, "--format", "json"));
        command.addAll(List.of(options));
        var run = CommandRun.of(command.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run::toString);
        return new JsonMapper().readTree(run.out()).at("/servers/0");
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }

    private static List<String> texts(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false).map(each -> each.get(field).asText()).toList();
    }
}
