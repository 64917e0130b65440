package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What full and resumed handshakes cost a real server, in short. */
@Tag("truth")
@Timeout(120)
class CostInteropTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"NGINX", "HAPROXY"})
    void fullHandshakesCostMoreAndVersionsAreKeptApart(ServerKind kind) throws IOException {
        try (var server = kind.start(PeerOptions.bothVersions(ServerCertificate.RSA_2048))) {
            var run = CommandRun.of("cost", "127.0.0.1:" + server.port(), "--tls", "1.2,1.3", "--groups", "1",
                    "--block", "300ms", "--warmup", "150ms", "--rate", "200", "--format", "json", "--out",
                    directory.resolve("out").toString());
            assertEquals(0, run.exitCode(), run::toString);
            var json = JsonMapper.builder().build().readTree(run.out());
            assertEquals(2, json.at("/versions").size(), run::out);
            for (var version = 0; version < 2; version++) {
                var at = "/versions/" + version;
                assertEquals(version == 0 ? "1.2" : "1.3", json.at(at + "/plan/tls").textValue());
                assertEquals(120, json.at(at + "/full/completed").intValue(), run::out);
                // Where the bank of tickets was empty for a moment, a full handshake fetched one instead.
                var resumption = json.at(at + "/resumption");
                assertEquals(120, resumption.at("/asked").intValue(), run::out);
                assertEquals(120, resumption.at("/accepted").intValue() + resumption.at("/priming").intValue()
                        + resumption.at("/declined").intValue(), run::out);
                assertTrue(resumption.at("/accepted").intValue() >= 108, run::out);
                assertEquals(resumption.at("/accepted").intValue(), json.at(at + "/resumed/completed").intValue(),
                        run::out);
                assertEquals(version == 0 ? "TLSv1.2" : "TLSv1.3",
                        json.at(at + "/full/negotiated/0/version").textValue());
                assertEquals(json.at(at + "/full/negotiated/0/cipherSuite"),
                        json.at(at + "/resumed/negotiated/0/cipherSuite"));
                assertEquals(0, json.at(at + "/unlike").size(), run::out);
                assertTrue(json.at(at + "/full/certificate").textValue().startsWith("RSA "), run::out);
                assertEquals(version == 0 ? 4 : 3, json.at(at + "/full/flights").intValue());
                assertEquals(3, json.at(at + "/resumed/flights").intValue());
                assertTrue(json.at(at + "/ratio/bytesReceived").doubleValue() > 1.5, run::out);
                assertTrue(json.at(at + "/full/latencyMicros/p50").doubleValue() > 0, run::out);
            }
            assertEquals(json.at("/full"), json.at("/versions/0/full"));
        }
    }

    /**
     * Watched, the server's cost is known, and what resumption saves: in the report, in the file, and in reports of
     * that.
     */
    @Test
    void theSavingOfAWatchedServerIsSaid() throws IOException {
        try (var server = (Peer) ServerKind.NGINX.start(PeerOptions.bothVersions(ServerCertificate.RSA_2048))) {
            var out = directory.resolve("out").toString();
            var run = CommandRun.of("cost", "127.0.0.1:" + server.port(), "--server-pid", Long.toString(server.pid()),
                    "--groups", "2", "--block", "500ms", "--warmup", "150ms", "--rate", "300", "--share", "0.75",
                    "--out",
                    out);
            assertEquals(0, run.exitCode(), run::toString);
            var saving = JsonMapper.builder().build().readTree(Path.of(out, "cost.json").toFile()).at("/saving");
            assertEquals(0.75, saving.at("/share").doubleValue());
            assertTrue(saving.at("/fullPerCore").doubleValue() > 10, run::toString);
            assertTrue(saving.at("/sharedPerCore").doubleValue() > saving.at("/fullPerCore").doubleValue(),
                    run::toString);
            var sentence = String.format(Locale.ROOT,
                    "At 75 %% resumed, one core carries %,.0f handshakes/s instead of %,.0f.",
                    saving.at("/sharedPerCore").doubleValue(), saving.at("/fullPerCore").doubleValue());
            assertTrue(run.out().contains(sentence), () -> sentence + run);
            assertTrue(CommandRun.of("report", out).out().contains(sentence), sentence);
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        for (var wrong : new String[]{"--groups 0|--groups must be from 1", "--block 0s|--block must be longer",
            "--share 2|did you mean 2%?", "--tls 1.2,9|not a known version",
            "--source-address 192.0.2.1|--source-address 192.0.2.1 is not an address of this machine",
            "--concurrency 5|there is no option --concurrency of cost"}) {
            var parts = wrong.split("\\|");
            var run = CommandRun.of(("cost 127.0.0.1:1 " + parts[0]).split(" "));
            assertEquals(2, run.exitCode(), run::toString);
            assertTrue(run.err().contains(parts[1]), run::err);
        }
    }
}
