package dev.shakedown.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code shakedown server}, by its old name, as a process of its own, with {@code openssl s_client} as its client. */
@Tag("interop")
class TlsServerProcessTest {

    @TempDir
    private Path directory;

    static List<String> engines() {
        return TlsServers.engines().stream().map(Engine::label).toList();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void servesCountsAndStops(String engine) throws Exception {
        assumeTrue(onPath("openssl"), "not tested with openssl, which is not here");
        var ca = directory.resolve("ca.pem");
        var errors = directory.resolve("errors.txt");
        var process = target(errors, "--engine", engine, "--write-ca", ca.toString());
        try (var out = process.inputReader(StandardCharsets.UTF_8); var in = process.outputWriter()) {
            var port = introduction(out, engine).replaceFirst(".*?127\\.0\\.0\\.1:(\\d+),.*", "$1");
            for (var suite : List.of("AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
                    "ECDHE-ECDSA-AES128-GCM-SHA256")) {
                var session = directory.resolve("session.pem").toString();
                var first = connect(port, "-cipher", suite, "-sess_out", session, "-CAfile", ca.toString(),
                        "-verify_return_error", "-verify_ip", "127.0.0.1");
                assertTrue(first.contains("New, TLSv1.2, Cipher is " + suite), first);
                assertTrue(first.contains("Verify return code: 0 (ok)"), first);
                for (var tickets : List.of("-no_ticket", "-legacy_server_connect")) {
                    // The first keeps a session ID, the second a ticket.
                    connect(port, "-cipher", suite, tickets, "-sess_out", session);
                    var second = connect(port, "-cipher", suite, tickets, "-sess_in", session);
                    assertTrue(second.contains("Reused, TLSv1.2, Cipher is " + suite), second);
                }
            }
            assertTrue(connect(port, "-cipher", "DHE-RSA-AES128-SHA").contains("Cipher is (NONE)"));
            ask(in, "nonsense");
            assertEquals("only 'stats' is understood here", out.readLine());
            var counts = "accepted 16, full 9, resumed 6, failed 1; of them in TLSv1.3: full 0, resumed 0";
            String answer;
            do { // until it has seen the end of the last connection
                ask(in, "stats");
                answer = out.readLine();
            } while (answer.contains("failed 0"));
            assertEquals(counts, answer);
            // Unlike the process's own destroy(), this leaves its output to be read.
            process.toHandle().destroy();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "does not stop");
            assertEquals(counts, out.readLine());
            assertEquals(0, process.exitValue());
            assertEquals("", Files.readString(errors));
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void resumptionCanBeTurnedOff(String engine) throws Exception {
        var process = target(directory.resolve("errors.txt"), "--engine", engine, "--no-session-cache",
                "--no-tickets");
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            out.readLine();
            assertTrue(Stream.of(out.readLine(), out.readLine()).allMatch(line -> line.startsWith("certificate: ")));
            assertEquals("session cache off, tickets off", out.readLine());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whereBoringSslDoesNotLoadItSaysSoAndTheJdkServes() throws Exception {
        var errors = directory.resolve("errors.txt");
        var noBoringSsl = "-Dio.netty.handler.ssl.noOpenSsl=true";
        var asked = start(errors, List.of(noBoringSsl), "--engine", "boringssl");
        try {
            assertTrue(asked.waitFor(20, TimeUnit.SECONDS), "does not end");
            assertEquals(2, asked.exitValue());
            var line = Files.readString(errors);
            assertTrue(line.startsWith("shakedown: engine boringssl cannot be used here: "), line);
            assertTrue(line.contains("noOpenSsl=true") && line.contains("--engine jdk"), line);
            assertEquals(1, line.lines().count(), line);
        } finally {
            asked.destroyForcibly();
        }
        var unasked = start(errors, List.of(noBoringSsl));
        try (var out = unasked.inputReader(StandardCharsets.UTF_8)) {
            introduction(out, "jdk");
        } finally {
            unasked.destroyForcibly();
        }
    }

    private static String introduction(BufferedReader out, String engine) throws IOException {
        var first = out.readLine();
        assertTrue(first.startsWith("listening on 127.0.0.1:") && first.contains("engine " + engine), first);
        assertTrue(out.readLine().startsWith("certificate: ECDSA CN=localhost, SHA-256 "));
        assertTrue(out.readLine().startsWith("certificate: RSA CN=localhost, SHA-256 "));
        assertEquals("session cache on" + (engine.equals("jdk") ? "" : " (not for TLSv1.3)") + ", tickets on",
                out.readLine());
        assertEquals("stop with Ctrl-C; type 'stats' for the counts so far", out.readLine());
        return first;
    }

    private static void ask(BufferedWriter in, String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    private static Process target(Path errors, String... options) throws IOException {
        return start(errors, List.of(), options);
    }

    private static Process start(Path errors, List<String> jvmOptions, String... options) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.shakedown.cli.Main", "target",
                "--listen", "127.0.0.1:0", "--threads", "1"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).redirectError(errors.toFile()).start();
    }

    /** What s_client printed; it closes as soon as the handshake is done, which the target has counted by then. */
    private String connect(String port, String... options) throws Exception {
        var command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-tls1_2"));
        command.addAll(List.of(options));
        var output = directory.resolve("client.txt");
        var process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectInput(new File("/dev/null")).redirectOutput(output.toFile()).start();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("s_client did not end: " + Files.readString(output));
        }
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }
}
