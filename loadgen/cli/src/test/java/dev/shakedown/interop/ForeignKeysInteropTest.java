package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers whose keys and groups this client does not know are told for what they are. */
@Tag("interop")
@Timeout(120)
class ForeignKeysInteropTest {
    @TempDir
    private Path directory;

    private OwnServer server(String newKey) throws IOException, InterruptedException {
        Program.OPENSSL.require();
        var command = new ArrayList<>(List.of(Program.OPENSSL.path(), "req", "-x509", "-nodes", "-days", "9", "-subj",
                "/CN=x", "-keyout", "k.pem", "-out", "c.pem", "-newkey"));
        command.addAll(List.of(newKey.split(" ")));
        assertEquals(0, new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile()).start().waitFor());
        return OwnServer.openssl(Files.readString(directory.resolve("c.pem")),
                Files.readString(directory.resolve("k.pem")), "-quiet");
    }

    @ParameterizedTest
    @CsvSource({"ec -pkeyopt ec_paramgen_curve:P-521, EC P-521, ecdsa_secp521r1_sha512", "ed448, Ed448, ed448",
        "rsa-pss -pkeyopt rsa_keygen_bits:2048, RSA 2048, rsa_pss_pss_sha256"})
    void aKeyThatSignsInAnotherWay(String newKey, String key, String scheme) throws Exception {
        try (var server = server(newKey)) {
            var verdict = verdict(server, "--tls", "1.3");
            assertEquals(
                    "no common signature algorithm: the server's certificate has a key of " + key + ", and signs by "
                            + scheme + ", which this client does not support",
                    verdict.get("cause").asText());
            assertTrue(!verdict.get("advice").asText().contains("--sni"), verdict::toString);
            assertTrue(verdict(server, "--tls", "1.2").get("cause").asText().contains(key), verdict::toString);
            var run = CommandRun.of("scan", "127.0.0.1:" + server.port(), "--quiet", "--format", "json");
            assertEquals(0, run.exitCode(), run::toString);
            var found = new JsonMapper().readTree(run.out()).at("/servers/0");
            assertEquals(List.of("TLSv1.3", "TLSv1.2"), found.get("versions").findValuesAsText("version"));
            assertTrue(found.at("/versions/0/signatureAlgorithms").toString().contains(scheme), found::toString);
            assertTrue(found.at("/resumption/psk").isNull(), found::toString);
            assertTrue(found.get("unknown").toString().contains("\"resumption.TLSv1.3\""), found::toString);
        }
    }

    @Test
    void aGroupThatThisClientDoesNotKnow() throws Exception {
        try (var server = OwnServer.openssl(ServerCertificate.RSA_2048, "-quiet -tls1_3 -groups P-521")) {
            assertEquals(
                    "no common group: the server takes secp521r1, which this client does not support, and none that was"
                            + " offered",
                    verdict(server).get("cause").asText());
        }
    }

    private static JsonNode verdict(OwnServer server, String... options) throws IOException {
        var command = new ArrayList<>(List.of("trace", "127.0.0.1:" + server.port(), "--format", "json"));
        command.addAll(List.of(options));
        var run = CommandRun.of(command.toArray(String[]::new));
        assertEquals(1, run.exitCode(), run::toString);
        return new JsonMapper().readTree(run.out()).at("/connections/0/verdict");
    }
}
