package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.HostPort;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command that a run prints to look into its failures. */
@Timeout(60)
class TraceLineTest {
    @TempDir
    private Path directory;

    private static String line(String options) {
        var parsed = Main.commandLine().parseArgs(("run " + options).split(" "));
        return TraceLine.of("a.example:443", "1.2", parsed.subcommand());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--rate 5 --duration 1s --mix full=1 --quiet --strict | ''",
        "--tls 1.3 --request x --early-data 10 --complete-on ticket | ''",
        "--cipher RC4-SHA,AES128-SHA --group x25519 | --cipher RC4-SHA,AES128-SHA --group x25519",
        "--no-tickets --alpn h2 | --no-tickets --alpn h2", "--sni= | --sni ''", "--sni it's | --sni 'it'\\''s'",
        "--authorized-target a.example --timeout 3s | --timeout 3s --authorized-target a.example"})
    void itTakesWhatTraceHasOfARunsOptions(String options, String taken) {
        var expected = "shakedown trace a.example:443 --tls 1.2" + (taken.equals("''") ? "" : " " + taken);
        assertEquals(List.of(expected.split(" ")).stream().sorted().toList(),
                List.of(line(options).split(" ")).stream().sorted().toList());
    }

    /** A server of another version, one that is not there, and one that ends every connection. */
    @Tag("interop")
    @Test
    void itShowsTheFailureThatTheRunFound() throws IOException {
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            assertShown(HostPort.of(target.address()), 1, "--cipher", "AES128-SHA", "--tls", "1.1");
        }
        int nobody;
        try (var socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        assertShown("127.0.0.1:" + nobody, 3);
    }

    private void assertShown(String server, int exitCode, String... options) {
        var arguments = new ArrayList<>(List.of("run", server, "--count", "3", "--mix", "full=1", "--warmup",
                "0s", "--quiet", "--out", directory.resolve(server.replace(':', '-')).toString()));
        arguments.addAll(List.of(options));
        var run = CommandRun.of(arguments.toArray(String[]::new));
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(run.out().contains("\nFAILED  page "), run::out);
        var lines = run.out().lines().toList();
        var first = lines.stream().filter(line -> line.strip().startsWith("shakedown trace " + server)).findFirst()
                .orElseThrow(() -> new AssertionError(run.out()));
        assertFalse(first.endsWith("\\"), "short enough for one line");
        var words = first.strip().split(" ");
        var trace = CommandRun.of(List.of(words).subList(1, words.length).toArray(String[]::new));
        assertEquals(exitCode, trace.exitCode(), trace::toString);
    }
}
