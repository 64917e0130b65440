package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Suite;
import dev.shakedown.tls.client.ScriptedService;
import dev.shakedown.tls.client.ScriptedService.Course;
import dev.shakedown.tls.client.ScriptedTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run keeps of handshakes that failed. */
@Tag("interop")
@Timeout(60)
class FailureTraceTest {
    @TempDir
    private Path directory;

    @Test
    void aRefusedHello() throws IOException {
        try (var server = ServerKind.NGINX.start(PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256))) {
            var traces = run(server.port(), "--count 4 --cipher TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
            assertEquals(1, traces.size());
            var trace = traces.getFirst();
            assertTrue(trace.startsWith("4 failed at server_hello, handshake_failure received: "), trace);
            assertTrue(
                    Pattern.compile("1 1 .* C>S  V3.1\\(\\d+\\)  Handshake\\R +ClientHello\\R").matcher(trace).find(),
                    trace);
            assertTrue(Pattern.compile("1 2 .* S>C  V3.3\\(2\\)  Alert\\R +level: fatal\\R +description:"
                    + " handshake_failure\\R").matcher(trace).find(), trace);
            var failure = result().at("/failures/0");
            assertEquals("server_hello received handshake_failure", failure.at("/stage").textValue() + " "
                    + failure.at("/direction").textValue() + " " + failure.at("/cause").textValue());
            assertEquals("handshake_failure", failure.at("/alert").textValue());
            assertFalse(failure.has("transport"), failure::toString);
        }
    }

    /** Encrypted ones, too: in TLS 1.3 the client says so under its keys. */
    @Test
    void aCertificateThatIsNotTrusted() throws IOException {
        try (var server = ServerKind.OPENSSL.start(PeerOptions.tls13(ServerCertificate.ECDSA_P256));
                var other = new PemFile(ServerCertificate.RSA_2048.caPem())) {
            var traces = run(server.port(), "--tls 1.3 --mix full=1 --count 2 --concurrency 1 --verify always --ca "
                    + other.path());
            assertEquals(1, traces.size());
            var trace = traces.getFirst();
            assertTrue(trace.contains("subject: CN=localhost"), trace);
            assertTrue(trace.contains("Alert, decrypted"), trace);
            assertFalse(trace.contains("undecipherable"), trace);
        }
    }

    /** The second kind of failure comes once only, and late. */
    @Test
    void aRareFailureAndNoneThatWasTracedAlready() throws IOException {
        var met = new AtomicInteger();
        try (var server = new ScriptedServer(socket -> {
            var in = socket.getInputStream();
            var header = in.readNBytes(5);
            in.readNBytes((header[3] & 0xFF) << 8 | header[4] & 0xFF);
            if (met.incrementAndGet() == 160) {
                socket.getOutputStream().write(new byte[]{21, 3, 3, 0, 2, 2, 80});
            }
        })) {
            var traces = run(server.port(), "--count 200 --concurrency 4 --mix full=1");
            assertEquals(2, traces.size());
            var closed = traces.stream().filter(trace -> trace.contains("connection_closed received")).findFirst()
                    .orElseThrow();
            assertTrue(closed.contains("ClientHello") && !closed.contains("Alert"), closed);
            var alerted = traces.stream().filter(trace -> trace.contains("internal_error received")).findFirst()
                    .orElseThrow();
            assertTrue(alerted.contains("ClientHello") && alerted.contains("description: internal_error"), alerted);
            assertTrue(traces.getFirst().startsWith("199 failed at server_hello, connection_closed"), closed);
            assertTrue(closed.contains("connection_closed ended it after "), closed);
            var failures = result().at("/failures");
            assertEquals("connection_closed", failures.at("/0/transport").textValue());
            assertFalse(failures.at("/0").has("alert"), failures::toString);
            assertEquals("internal_error", failures.at("/1/alert").textValue());
            assertFalse(failures.at("/1").has("transport"), failures::toString);
        }
    }

    /** Timeouts follow the failures, each stage with what was exchanged until then. */
    @Test
    void deadlinesThatCame() throws IOException {
        var met = new AtomicInteger();
        var service = new ScriptedService(ScriptedTls.TLS12_ECDHE);
        try (var server = new ScriptedServer(socket -> {
            switch (met.incrementAndGet() % 3) {
                case 0 -> socket.getInputStream().read();
                case 1 -> ScriptedService.drain(socket);
                default ->
                    service.serve(socket, () -> Course.upTo(100, (stalled, _) -> ScriptedService.drain(stalled)));
            }
        })) {
            var traces = run(server.port(), "--count 12 --concurrency 12 --mix full=1 --timeout 500ms --alpn h2");
            assertEquals(3, traces.size());
            assertTrue(traces.get(0).startsWith("4 failed at server_hello, "), traces.get(0));
            var early = traces.stream().filter(trace -> trace.startsWith("4 timed out at server_hello\n")).findFirst()
                    .orElseThrow();
            assertTrue(early.contains("ClientHello") && !early.contains("S>C"), early);
            var late = traces.stream().filter(trace -> trace.startsWith("4 timed out at certificate\n")).findFirst()
                    .orElseThrow();
            assertTrue(late.contains("S>C") && late.contains("ServerHello"), late);
            for (var trace : List.of(early, late)) {
                assertTrue(Pattern.compile("\\RThe deadline ended it after \\d+\\.\\d{4} s, at stage \\w+\\.\\R$")
                        .matcher(trace)
                        .find(), trace);
            }
        }
    }

    @Test
    void noConnectionAtAll() throws IOException {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        var traces = run(port, "--count 2");
        assertEquals(1, traces.size());
        assertTrue(traces.getFirst().contains("Nothing was sent or received."), traces.getFirst());
    }

    @Test
    void aRunWithoutFailuresHasNone() throws IOException {
        try (var server = ServerKind.TARGET_JDK.start(PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256))) {
            assertEquals(List.of(), run(server.port(), "--count 4"));
        }
    }

    private JsonNode result() throws IOException {
        return new JsonMapper().readTree(Files.readString(directory.resolve("out").resolve("run.json")));
    }

    private List<String> run(int port, String options) throws IOException {
        var out = directory.resolve("out");
        var command = new ArrayList<>(List.of("run", "127.0.0.1:" + port, "--warmup", "0s", "--quiet", "--out",
                out.toString()));
        command.addAll(Arrays.asList(options.split(" ")));
        CommandRun.of(command.toArray(String[]::new));
        var failures = out.resolve("failures");
        var traces = new ArrayList<String>();
        for (var number = 1; Files.exists(failures.resolve("%02d.txt".formatted(number))); number++) {
            traces.add(Files.readString(failures.resolve("%02d.txt".formatted(number))));
        }
        return traces;
    }
}
