package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Suite;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.results.RunRows.TimeoutRow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of servers and ports with which no handshake comes about. */
@Tag("interop")
class FailureInteropTest {

    private static final String FEW = "--count 4 --concurrency 2 --mix full=1 ";

    static List<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable).toList();
    }

    @ParameterizedTest
    @EnumSource
    void noCommonSuite(ServerKind kind) {
        try (var server = kind.start(PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256))) {
            var run = LoadRun.against(server.port(), FEW + "--cipher TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
            run.assertAllFailed("server_hello", "received", "handshake_failure");
            assertTrue(run.meaning().contains("no common cipher suite"), run.meaning());
            assertTrue(run.err().contains("no handshake completed"), run.err());
            server.assertCounts(0, 0);
        }
    }

    @Test
    void noCommonVersion() throws Exception {
        try (var server = JdkServer.start(tls -> tls.setProtocols(new String[]{"TLSv1.3"}))) {
            var run = LoadRun.against(server.port(), FEW);
            run.assertAllFailed("server_hello", "received", "protocol_version");
            assertTrue(run.meaning().contains("does not speak the TLS version"), run.meaning());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void httpPort(Transport transport) throws IOException {
        try (var server = new ScriptedServer(socket -> {
            readHello(socket);
            // as nginx answers something that is not a request
            write(socket, "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n");
        })) {
            var run = run(server, transport, FEW);
            run.assertAllFailed("server_hello", "sent", "unexpected_message");
            assertTrue(run.meaning().contains("looks like HTTP"), run.meaning());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void acceptsAndCloses(Transport transport) throws IOException {
        try (var server = new ScriptedServer(FailureInteropTest::readHello)) {
            run(server, transport, FEW).assertAllFailed("server_hello", "received", "connection_closed");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void acceptsAndResets(Transport transport) throws IOException {
        try (var server = new ScriptedServer(socket -> {
            readHello(socket);
            socket.setSoLinger(true, 0);
        })) {
            run(server, transport, FEW).assertAllFailed("server_hello", "received", "connection_reset");
        }
    }

    /** The end comes in the same breath as the data: neither may be lost. */
    @ParameterizedTest
    @MethodSource("transports")
    void endsInTheMiddleOfAMessage(Transport transport) throws IOException {
        for (var reset : List.of(false, true)) {
            try (var server = new ScriptedServer(socket -> {
                readHello(socket);
                write(socket, "\u0016\u0003\u0003\u0000\u0050\u0002\u0000\u0000\u004C");
                if (reset) {
                    socket.setSoLinger(true, 0);
                }
            })) {
                var run = run(server, transport, "--count 200 --concurrency 8 --mix full=1 --timeout 20s");
                run.assertAllFailed("server_hello", "received", reset ? "connection_reset" : "connection_closed");
                assertTrue(run.meaning().contains("in the middle of a message"), run.meaning());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void saysNothing(Transport transport) throws IOException {
        var end = new CountDownLatch(1);
        try (var server = new ScriptedServer(_ -> end.await())) {
            var run = run(server, transport, FEW + "--timeout 200ms");
            assertEquals(List.of(new TimeoutRow("server_hello", 4)), run.result().timeouts(), run::toString);
            assertEquals(4, run.result().outcomes().timedOut());
            assertEquals(3, run.exitCode());
            end.countDown();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void nothingListens(Transport transport) throws IOException {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        var run = LoadRun.against(port, FEW + "--transport " + transport.label());
        run.assertAllFailed("connect", "received", "connection_refused");
        assertTrue(run.err().contains("nothing listens at the target's port"), run.err());
    }

    /** Proves too that the names sent are those asked for. */
    @Test
    void serverNameAndApplicationProtocol() throws Exception {
        try (var server = JdkServer.start(tls -> tls.setApplicationProtocols(new String[]{"http/1.1"}))) {
            LoadRun.against(server.port(), FEW + "--alpn h2,http/1.1 --sni www.example.org").assertCompleted(4, 0);
            assertEquals(List.of("http/1.1 www.example.org"), server.seen().stream().distinct().toList());
        }
        try (var server = JdkServer.start(tls -> tls.setApplicationProtocols(new String[]{"http/1.1"}))) {
            var run = LoadRun.against(server.port(), FEW + "--alpn h2");
            run.assertAllFailed("server_hello", "received", "no_application_protocol");
            assertTrue(run.meaning().contains("--alpn"), run.meaning());
        }
    }

    private static LoadRun run(ScriptedServer server, Transport transport, String options) {
        return LoadRun.against(server.port(), options + " --transport " + transport.label());
    }

    /** All of it, or closing would reset the connection. */
    private static void readHello(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var header = in.readNBytes(5);
        in.readNBytes((header[3] & 0xFF) << 8 | header[4] & 0xFF);
    }

    private static void write(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
}
