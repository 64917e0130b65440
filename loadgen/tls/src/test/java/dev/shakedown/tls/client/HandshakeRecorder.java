package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.Recording.Connection;
import dev.shakedown.tls.client.Recording.Replay;
import dev.shakedown.tls.wire.CipherSuite;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the recordings that {@link ReplayTest} replays, from servers on loopback: OpenSSL's s_server, gnutls-serv and
 * nginx, each with a certificate made for it; and those of {@link ReplayedHandshake}. Run {@link #main} with the test
 * class path and the directories {@code src/test/resources/dev/shakedown/tls/client} and
 * {@code src/main/resources/dev/shakedown/tls/client}; it rewrites every file. Run it only when the client's bytes
 * change on purpose.
 */
final class HandshakeRecorder {
    private static final int ATTEMPTS = 200;

    /** * A recording to make.
     *
     * @param ends how the connections must end; before a declined one, the server is restarted
     */
    private record Plan(String file, CipherSuite suite, boolean tickets, List<String> ends, List<String> command) {}

    private static final List<Plan> PLANS = List.of(
            new Plan("rsa-by-id", CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, false, List.of("full", "resumed"),
                    openssl("rsa", "AES128-GCM-SHA256")),
            new Plan("ecdhe-rsa-by-ticket", CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, true,
                    List.of("full", "resumed", "resumed"), openssl("rsa", "ECDHE-RSA-AES256-GCM-SHA384")),
            new Plan("ecdhe-ecdsa", CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, false, List.of("full"),
                    openssl("ec", "ECDHE-ECDSA-AES128-GCM-SHA256")),
            new Plan("chacha20", CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, false,
                    List.of("full", "resumed"), openssl("ec", "ECDHE-ECDSA-CHACHA20-POLY1305")),
            new Plan("ticket-declined", CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true,
                    List.of("full", "declined"), openssl("ec", "ECDHE-ECDSA-AES256-GCM-SHA384")),
            new Plan("cbc-encrypt-then-mac", CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA256, false,
                    List.of("full", "resumed"), gnutls("+RSA:+AES-128-CBC:+SHA256")),
            new Plan("cbc-mac-then-encrypt", CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, true,
                    List.of("full", "resumed"), gnutls("+ECDHE-RSA:+AES-256-CBC:+SHA1:%NO_ETM")),
            new Plan("nginx-by-ticket", CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, true,
                    List.of("full", "resumed"), List.of("nginx", "-p", ".", "-c", "nginx.conf", "-e", "error.log")));
    private static final List<Plan> REHEARSALS = List.of(
            new Plan("rehearsal-tls12", CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true, List.of("full"),
                    openssl("rsa", "ECDHE-RSA-AES128-GCM-SHA256")),
            new Plan("rehearsal-tls13", CipherSuite.TLS_AES_128_GCM_SHA256, true, List.of("full"),
                    List.of("openssl", "s_server", "-accept", "127.0.0.1:PORT", "-cert", "rsa.pem", "-key", "rsa.key",
                            "-tls1_3", "-groups", "X25519", "-quiet")));

    private HandshakeRecorder() {}

    public static void main(String[] arguments) throws Exception {
        record(PLANS, Path.of(arguments[0]));
        record(REHEARSALS, Path.of(arguments[1]));
    }

    private static void record(List<Plan> plans, Path directory) throws Exception {
        Files.createDirectories(directory);
        for (var plan : plans) {
            record(plan).write(directory.resolve(plan.file + ".txt"));
            System.out.println(plan.file);
        }
    }

    private static Recording record(Plan plan) throws Exception {
        var connections = new ArrayList<Connection>();
        var recording = new Recording(String.join(" ", plan.command), plan.suite, plan.tickets, connections);
        var memory = recording.client();
        Session offered = null;
        var server = new Server(plan.command);
        try {
            for (var end : plan.ends) {
                if (end.equals("declined")) {
                    server.end();
                    server = new Server(plan.command);
                }
                var replay = new Replay(memory, offered);
                var received = handshake(replay, server.port);
                var client = replay.client;
                if (!(client.state() instanceof Done done) || done.resumed() != end.equals("resumed")) {
                    throw new IllegalStateException(plan.file + " ended in " + client.state());
                }
                connections.add(new Connection(end, replay.sentBytes(), received));
                offered = replay.gained != null ? replay.gained : offered;
            }
        } finally {
            server.end();
        }
        return recording;
    }

    /** Performs a handshake and closes with close_notify, so that the server keeps the session. */
    private static byte[] handshake(Replay replay, int port) throws IOException {
        var received = new ByteArrayOutputStream();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            var written = 0;
            var buffer = new byte[65_536];
            while (true) {
                var sent = replay.sentBytes();
                socket.getOutputStream().write(sent, written, sent.length - written);
                written = sent.length;
                if (replay.client.state() instanceof Done || replay.client.state() instanceof Failed) {
                    break;
                }
                var count = socket.getInputStream().read(buffer);
                if (count < 0) {
                    throw new IOException("the server closed the connection at " + replay.client.state().stage());
                }
                received.write(buffer, 0, count);
                replay.client.receive(Unpooled.wrappedBuffer(buffer, 0, count), 0);
            }
            replay.sent.markWriterIndex();
            replay.client.closeNotify();
            var sent = replay.sentBytes();
            socket.getOutputStream().write(sent, written, sent.length - written);
            replay.sent.resetWriterIndex();
            socket.shutdownOutput();
            while (socket.getInputStream().read(buffer) >= 0) {
                // until the server has closed the connection
            }
        }
        return received.toByteArray();
    }

    private static List<String> openssl(String key, String cipher) {
        return List.of("openssl", "s_server", "-accept", "127.0.0.1:PORT", "-cert", key + ".pem", "-key", key + ".key",
                "-tls1_2", "-groups", "X25519", "-quiet", "-cipher", cipher);
    }

    private static List<String> gnutls(String priority) {
        return List.of("gnutls-serv", "--http", "--disable-client-cert", "--port", "PORT", "--x509certfile", "rsa.pem",
                "--x509keyfile", "rsa.key", "--priority",
                "NONE:+VERS-TLS1.2:+COMP-NULL:+CTYPE-X509:+SIGN-ALL:+GROUP-SECP256R1:" + priority);
    }

    /** A server process in a directory of its own. */
    private static final class Server {
        private final Path directory = Files.createTempDirectory("shakedown-recorder-");
        private final Process process;
        private final int port;

        Server(List<String> command) throws Exception {
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            write("rsa", TestIdentity.RSA_2048);
            write("ec", TestIdentity.ECDSA);
            Files.writeString(directory.resolve("nginx.conf"), """
                    user root; daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
                    events {}
                    http {
                        access_log off; client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t;
                        uwsgi_temp_path t; scgi_temp_path t;
                        server {
                            listen 127.0.0.1:%d ssl; ssl_certificate rsa.pem; ssl_certificate_key rsa.key;
                            ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-CHACHA20-POLY1305; ssl_ecdh_curve X25519;
                        }
                    }
                    """.formatted(port));
            var words = command.stream().map(word -> word.replace("PORT", Integer.toString(port))).toList();
            process = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.log").toFile()).start();
            awaitOpen();
        }

        private void awaitOpen() throws Exception {
            for (var attempt = 0; attempt < ATTEMPTS && process.isAlive(); attempt++) {
                try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    return;
                } catch (IOException _) {
                    Thread.sleep(20);
                }
            }
            throw new IOException(Files.readString(directory.resolve("output.log")));
        }

        private void write(String name, TestIdentity identity) throws IOException {
            Files.writeString(directory.resolve(name + ".pem"), pem("CERTIFICATE", identity.chain().getFirst()));
            Files.writeString(directory.resolve(name + ".key"), pem("PRIVATE KEY", identity.key().getEncoded()));
        }

        private static String pem(String label, byte[] der) {
            return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der)
                    + "\n-----END " + label + "-----\n";
        }

        void end() throws Exception {
            var children = process.descendants().toList();
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            children.forEach(ProcessHandle::destroyForcibly);
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }
}
