package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.interop.PeerOptions.Suite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A scan finds what the server was told to do. */
@Tag("interop")
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
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
                    // GnuTLS would do DHE as well, which has names of its own in TLS 1.3 only.
                    assertEquals(kind == ServerKind.GNUTLS && tls13
                            ? List.of("secp256r1", "ffdhe2048")
                            : List.of("secp256r1"), texts(version.get("groups")), version::toString);
                    for (var scheme : texts(version.get("signatureAlgorithms"))) {
                        assertEquals(certificate == ServerCertificate.RSA_2048, scheme.startsWith("rsa_"), scheme);
                    }
                    assertTrue(texts(version.get("signatureAlgorithms"))
                            .contains(certificate == ServerCertificate.RSA_2048
                                    ? "rsa_pss_rsae_sha256"
                                    : "ecdsa_secp256r1_sha256"),
                            version::toString);
                }
                assertEquals("{\"sessionId\":true,\"ticket\":true,\"psk\":true,\"earlyData\":false" + afterReset(kind),
                        found.get("resumption").toString());
                assertEquals("{\"segments\":true,\"records\":true}", found.get("splitHello").toString());
                assertTrue(found.get("secureRenegotiation").asBoolean());
                assertTrue(found.get("extendedMasterSecret").asBoolean());
                assertEquals(options.encryptThenMac(), found.get("encryptThenMac").asBoolean());
                assertEquals("none", found.get("clientCertificate").asText());
                assertEquals(List.of(), texts(found.get("compression")));
                assertTrue(found.get("handshakes").asInt() <= 200, found::toString);
            }
        }
    }

    /** OpenSSL forgets a session whose connection is reset, unless the server takes care, as nginx does. */
    private static String afterReset(ServerKind kind) {
        return kind == ServerKind.HAPROXY ? ",\"sessionIdAfterReset\":false}" : "}";
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
            assertEquals("{\"sessionId\":true,\"ticket\":false,\"psk\":null,\"earlyData\":null" + afterReset(kind),
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
            var ends = report.at("/fleet/ends");
            assertEquals(3 * 3, ends.size());
            for (var end : ends) {
                assertEquals("1s 5s", end.get("taken").asText() + " " + end.get("declined").asText(), end::toString);
            }
            var text = CommandRun.of("scan", "127.0.0.1:" + one.port(), "127.0.0.1:" + three.port(), "--ticket-age",
                    "1s,5s");
            assertTrue(text.out().contains("sessions by ticket: issued by (down), taken by (across)\n"
                    + "                               [1]  [2] \n  [1] 127.0.0.1:" + one.port()
                    + "          yes  no"), text::out);
            assertTrue(text.out().contains("  127.0.0.1:" + one.port()
                    + ": sessions by psk are taken up to an age between 1s and 5s"), text::out);
            assertTrue(text.err().contains("scanning 127.0.0.1:" + one.port() + ": "), text::err);
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

    /** Whose order counts, and which it is. */
    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "NGINX", "HAPROXY", "GNUTLS"})
    void orderOfPreference(ServerKind kind) throws IOException {
        var suites = List.of(Suite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, Suite.TLS_RSA_WITH_AES_128_GCM_SHA256,
                Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
        try (var server = kind.start(new PeerOptions(ServerCertificate.RSA_2048, suites, Group.X25519,
                PeerOptions.USUAL))) {
            var version = scan(server.port()).at("/versions/0");
            assertEquals(kind == ServerKind.HAPROXY ? "server" : "client", version.get("order").asText());
            var found = texts(version.get("suites"));
            if (kind == ServerKind.HAPROXY) {
                assertEquals(suites.stream().map(Enum::name).toList(), found);
            } else if (kind != ServerKind.GNUTLS) {
                assertEquals(List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
                        "TLS_RSA_WITH_AES_128_GCM_SHA256"), found);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void anOldVersionExactly(String version) throws IOException {
        var suites = Arrays.stream(Suite.values()).filter(suite -> !suite.tls13() && !suite.ecdsa()
                && suite.name().endsWith("_SHA") && !suite.name().matches(".*(RC4|3DES).*")).toList();
        for (var kind : List.of(ServerKind.OPENSSL, ServerKind.GNUTLS)) {
            try (var server = kind.start(PeerOptions.old(ServerCertificate.RSA_2048, version, suites))) {
                var found = scan(server.port());
                assertEquals(List.of("TLSv" + version), texts(found.at("/versions"), "version"));
                assertEquals(suites.stream().map(Enum::name).collect(Collectors.toCollection(TreeSet::new)),
                        new TreeSet<>(texts(found.at("/versions/0/suites"))));
                assertEquals(List.of("x25519"), texts(found.at("/versions/0/groups")));
                var text = CommandRun.of("scan", "127.0.0.1:" + server.port()).out();
                assertFalse(text.contains("signatures"), text);
            }
        }
    }

    /** Groups that the client itself does not know. */
    @Test
    void otherGroups() throws IOException {
        try (var server = OwnServer.openssl(ServerCertificate.RSA_2048,
                "-quiet -groups P-521:X448")) {
            var found = scan(server.port());
            for (var version : List.of("TLSv1.3", "TLSv1.2")) {
                var one = found.at("/versions/" + (version.equals("TLSv1.3") ? 0 : 1));
                assertEquals(version, one.get("version").asText());
                assertEquals(List.of("secp521r1", "x448"), texts(one.get("groups")), found::toString);
            }
            assertEquals(3, found.at("/versions/0/suites").size(), found::toString);
        }
    }

    @Test
    void aServerOfDheAlone() throws IOException {
        try (var server = OwnServer.openssl(ServerCertificate.RSA_2048,
                "-quiet -tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256")) {
            var version = scan(server.port()).at("/versions/0");
            assertEquals(List.of("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"), texts(version.get("suites")));
            assertEquals(List.of(), texts(version.get("groups")));
            assertTrue(texts(version.get("signatureAlgorithms")).contains("rsa_pss_rsae_sha256"), version::toString);
        }
    }

    @Test
    void protocolsAndClientCertificatesThatAreOptional() throws IOException {
        try (var server = OwnServer.openssl(ServerCertificate.ECDSA_P256, "-quiet -alpn h2,http/1.1 -verify 1")) {
            var found = scan(server.port());
            assertEquals(List.of("h2", "http/1.1"), texts(found.get("alpn")));
            assertEquals("optional", found.get("clientCertificate").asText());
        }
    }

    @Test
    void extensionsThatAreTurnedOff() throws IOException {
        try (var server = OwnServer.gnutls(ServerCertificate.RSA_2048,
                "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH:%DISABLE_SAFE_RENEGOTIATION:%NO_ETM", "")) {
            var found = scan(server.port());
            for (var name : List.of("secureRenegotiation", "extendedMasterSecret", "encryptThenMac")) {
                assertFalse(found.get(name).asBoolean(), found::toString);
            }
        }
    }

    /** A server may reject early data although its ticket allows it. */
    @Test
    void earlyDataIsSentForReal() throws IOException {
        var options = PeerOptions.tls13(ServerCertificate.ECDSA_P256).with(Feature.EARLY_DATA);
        try (var server = NginxHttpPeer.start(options, false)) {
            assertTrue(scan(server.port()).at("/resumption/earlyData").asBoolean());
            awaitEarlyRequests(server, 1);
        }
        try (var server = NginxHttpPeer.start(options, true)) {
            // every other connection meets a server that knows the ticket and takes no early data
            var found = scan(server.port());
            awaitEarlyRequests(server, found.at("/resumption/earlyData").asBoolean() ? 1 : 0);
        }
    }

    /** It logs them when they are done with. */
    private static void awaitEarlyRequests(NginxHttpPeer server, long count) {
        for (var tries = 0; tries < 1000 && server.earlyRequests() != count; tries++) {
            Peer.pause();
        }
        assertEquals(count, server.earlyRequests(), server::log);
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
