package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.net.prelude.Starttls;
import dev.shakedown.net.socket.Transport;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes before a handshake, with servers that want it. */
@Tag("interop")
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class PreludeInteropTest {
    @TempDir
    private Path directory;

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MYSQL")
    void starttlsWithItsOwnServers(Starttls protocol) throws IOException {
        try (var server = new PlainServer(protocol)) {
            // A server of its own for each connection takes a while to start, and some speak only one version.
            var options = " --starttls " + protocol.label() + " --count 24 --mix full=1 --concurrency 2 --timeout 30s"
                    + " --tls 1.2-1.3 --close notify";
            for (var transport : transports().toList()) {
                var run = LoadRun.against(server.port(), options + " --transport " + transport.label());
                assertEquals(24, run.result().outcomes().completed(), () -> run + server.log());
            }
            var trace = CommandRun.of("trace", "127.0.0.1:" + server.port(), "--starttls", protocol.label());
            assertTrue(trace.out().contains("completed: full TLSv1."), () -> trace + server.log());
            var wrong = LoadRun.against(server.port(), "--count 2 --mix full=1 --concurrency 1 --timeout 5s --starttls "
                    + (protocol == Starttls.POP3 ? "imap" : "pop3"));
            assertEquals(0, wrong.result().outcomes().completed(), wrong::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aRefusalIsAFailureOfItsOwn(Transport transport) throws IOException {
        try (var server = new ScriptedServer(socket -> {
            socket.getOutputStream().write("220 hi\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readNBytes("EHLO shakedown.invalid\r\n".length());
            socket.getOutputStream().write("250 hi\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readNBytes("STARTTLS\r\n".length());
            socket.getOutputStream().write("454 TLS not available\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().read();
        })) {
            var run = LoadRun.against(server.port(),
                    "--count 4 --mix full=1 --concurrency 2 --starttls smtp --transport "
                            + transport.label());
            run.assertAllFailed("connect", "received", "starttls_refused");
            assertTrue(run.meaning().contains("'454 TLS not available'"), run.meaning());
        }
        try (var server = new ScriptedServer(_ -> {})) {
            LoadRun.against(server.port(), "--count 4 --mix full=1 --concurrency 2 --starttls pop3 --close notify"
                    + " --transport " + transport.label()).assertAllFailed("connect", "received", "connection_closed");
        }
        try (var server = new ScriptedServer(socket -> socket.getInputStream().read())) {
            var run = LoadRun.against(server.port(),
                    "--count 2 --mix full=1 --concurrency 2 --starttls imap --timeout 300ms"
                            + " --transport " + transport.label());
            assertEquals("connect", run.result().timeouts().getFirst().stage(), run::toString);
        }
    }

    /** haproxy and nginx log whom the header names, and take no handshake without it. */
    @ParameterizedTest
    @CsvSource({"haproxy, v1", "haproxy, v2", "nginx, v1", "nginx, v2"})
    void theProxyHeaderIsUnderstood(String program, String version) throws Exception {
        try (var server = program.equals("nginx") ? nginx() : haproxy()) {
            for (var transport : transports().toList()) {
                LoadRun.against(server.port,
                        "--count 10 --mix full=1 --concurrency 2 --source-address 127.0.7.7 --close"
                                + " notify --complete-on response --proxy-protocol " + version + " --transport "
                                + transport.label())
                        .assertCompleted(10, 0);
            }
            server.awaitLogged("from 127.0.7.7:", 10 * (int) transports().count());
            var without = LoadRun.against(server.port, "--count 2 --mix full=1 --concurrency 1");
            assertEquals(2, without.result().outcomes().failed(), without::toString);
            var trace = CommandRun.of("trace", "127.0.0.1:" + server.port, "--proxy-protocol", version);
            assertTrue(trace.out().contains("completed: full"), trace::toString);
        }
    }

    /** A server with a configuration of the test's own. */
    private static final class Configured implements AutoCloseable {
        private final int port;
        private final Path log;
        private final Process process;

        Configured(int port, Path log, String... command) throws IOException {
            this.port = port;
            this.log = log;
            this.process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            for (var start = System.nanoTime(); System.nanoTime() - start < 20e9 && process.isAlive();) {
                try {
                    new Socket("127.0.0.1", port).close();
                    return;
                } catch (IOException _) {
                    Peer.pause();
                }
            }
            throw new IOException(Files.readString(log));
        }

        private void awaitLogged(String text, int times) throws IOException {
            for (var start = System.nanoTime(); System.nanoTime() - start < 20e9;) {
                if (Files.readString(log).split(Pattern.quote(text), -1).length > times) {
                    return;
                }
                Peer.pause();
            }
            throw new AssertionError("not logged " + times + " times: " + text + "\n" + Files.readString(log));
        }

        @Override
        public void close() {
            Executable.end(process);
        }
    }

    private void certificates() throws IOException {
        Files.writeString(directory.resolve("chain.pem"), ServerCertificate.RSA_2048.chainPem());
        Files.writeString(directory.resolve("key.pem"), ServerCertificate.RSA_2048.keyPem());
        Files.writeString(directory.resolve("both.pem"),
                ServerCertificate.RSA_2048.chainPem() + ServerCertificate.RSA_2048.keyPem());
    }

    private Configured nginx() throws IOException {
        Program.NGINX.require();
        certificates();
        var port = Peer.freePort();
        var file = Files.writeString(directory.resolve("nginx.conf"), String.format(Locale.ROOT, """
                daemon off;
                pid %1$s/pid;
                worker_processes 1;
                events { }
                http {
                  log_format who 'from $proxy_protocol_addr:$proxy_protocol_port';
                  access_log /dev/stdout who;
                  server {
                    listen 127.0.0.1:%2$d ssl proxy_protocol;
                    ssl_certificate %1$s/chain.pem;
                    ssl_certificate_key %1$s/key.pem;
                    location / { return 200 "ok"; }
                  }
                }
                """, directory, port));
        return new Configured(port, directory.resolve("nginx.log"), Program.NGINX.path(), "-e", "stderr", "-c",
                file.toString());
    }

    private Configured haproxy() throws IOException {
        Program.HAPROXY.require();
        certificates();
        var port = Peer.freePort();
        var file = Files.writeString(directory.resolve("haproxy.cfg"), String.format(Locale.ROOT, """
                global
                  log stdout format raw local0
                defaults
                  mode http
                  log global
                  timeout client 20s
                  timeout connect 5s
                  timeout server 5s
                frontend tls
                  bind 127.0.0.1:%2$d ssl crt %1$s/both.pem accept-proxy
                  log-format "from %%ci:%%cp"
                  http-request return status 200
                """, directory, port));
        return new Configured(port, directory.resolve("haproxy.log"), Program.HAPROXY.path(), "-f", file.toString());
    }
}
