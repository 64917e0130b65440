package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.tls.client.ScriptedService;
import dev.shakedown.tls.client.ScriptedService.Course;
import dev.shakedown.tls.client.ScriptedTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compression as an option and in reports, against a server that chooses it, which hardly any other does today. */
@Tag("interop")
@Timeout(60)
class CompressionTest {
    @TempDir
    private Path directory;

    private CommandRun run(ScriptedTls tls, String cipher, String compression) throws IOException {
        var service = new ScriptedService(tls);
        try (var server = new ScriptedServer(socket -> service.serve(socket, () -> Course.BY_THE_BOOK))) {
            return CommandRun.of("run", "127.0.0.1:" + server.port(), "--tls", "1.2", "--cipher", cipher, "--alpn",
                    "h2",
                    "--compression", compression, "--mix", "full=1", "--count", "4", "--warmup", "0s", "--quiet",
                    "--details",
                    "--out", directory.resolve("out").toString());
        }
    }

    private String negotiated() throws IOException {
        return new JsonMapper().readTree(Files.readString(directory.resolve("out").resolve("run.json")))
                .at("/negotiated/0/compression").asText("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null,deflate", "deflate,null"})
    void whatTheServerChoseIsReported(String offered) throws IOException {
        var run = run(ScriptedTls.TLS12_DEFLATED, "TLS_RSA_WITH_AES_128_CBC_SHA256", offered);
        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(run.out().contains("compressed by deflate"), run::out);
        assertEquals("deflate", negotiated());
    }

    @Test
    void anOfferThatTheServerDoesNotTakeIsNoChoice() throws IOException {
        var run = run(ScriptedTls.TLS12_RSA, "TLS_RSA_WITH_AES_128_GCM_SHA256", "deflate,null");
        assertEquals(0, run.exitCode(), run::toString);
        assertFalse(run.out().contains("compressed"), run::out);
        assertEquals("none", negotiated());
    }

    @Test
    void aChoiceThatWasNotOfferedIsAFailure() throws IOException {
        var run = run(ScriptedTls.TLS12_DEFLATED, "TLS_RSA_WITH_AES_128_CBC_SHA256", "null");
        assertEquals(3, run.exitCode(), run::toString);
        var trace = Files.readString(directory.resolve("out").resolve("failures").resolve("01.txt"));
        assertTrue(trace.startsWith("4 failed at server_hello, illegal_parameter sent: "), trace);
    }
}
