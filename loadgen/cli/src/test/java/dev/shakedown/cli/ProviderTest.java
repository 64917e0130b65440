package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.tls.crypto.CryptoProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Security;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that computes with another provider comes to the same handshakes, full and resumed. */
@Tag("interop")
@Timeout(60)
class ProviderTest {
    @TempDir
    private Path directory;

    /** It is the whole process that changes its provider. */
    @AfterEach
    void backToTheJdk() {
        CryptoProvider.JDK.install();
    }

    @ParameterizedTest
    @CsvSource({"1.3, TLS_AES_128_GCM_SHA256, x25519", "1.3, TLS_AES_256_GCM_SHA384, secp256r1",
        "1.3, TLS_CHACHA20_POLY1305_SHA256, secp384r1", "1.3, TLS_AES_128_GCM_SHA256, X25519MLKEM768",
        "1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, secp256r1",
        "1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, x25519", "1.2, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, secp384r1",
        "1.2, TLS_RSA_WITH_AES_128_GCM_SHA256, x25519"})
    void everyHandshakeCompletes(String tls, String cipher, String group) throws IOException {
        var unavailability = CryptoProvider.ACCP.unavailability();
        Assumptions.assumeTrue(unavailability == null || System.getenv("CI") != null, () -> "no ACCP: "
                + unavailability);
        var run = CommandRun.of("run", "--provider", "accp", "--client", "realistic", "--tls", tls, "--cipher", cipher,
                "--group", group, "--count", "20", "--warmup", "0s", "--concurrency", "2", "--mix",
                "full=1,resumed=1", "--quiet", "--format", "json", "--out", directory.resolve("result").toString());
        assertEquals(0, run.exitCode(), run::err);
        assertEquals("AmazonCorrettoCryptoProvider", Security.getProviders()[0].getName());
        var result = new JsonMapper().readTree(run.out());
        assertEquals(20, result.at("/outcomes/completed").asInt(), run::out);
        assertTrue(result.at("/resumption/accepted").asInt() > 0, run::out);
        assertEquals("accp", result.at("/client/provider").asText());
        assertEquals(cipher, result.at("/negotiated/0/cipherSuite").asText());
    }

    @Test
    void theReportNamesIt() {
        var out = directory.resolve("result").toString();
        var run = CommandRun.of("run", "--provider", "accp", "--count", "2", "--warmup", "0s", "--quiet", "--details",
                "--out", out);
        assertTrue(run.out().contains("provider accp"), run::out);
        run = CommandRun.of("run", "--count", "2", "--warmup", "0s", "--quiet", "--details", "--out", out + "2");
        assertTrue(!run.out().contains("provider"), run::out);
        assertEquals("SUN", Security.getProviders()[0].getName());
    }
}
