package dev.shakedown.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx with a server for each of three names, which logs who was asked for, and whether a session was taken up. */
final class NamedNginx implements AutoCloseable {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final Path log;
    private final int port;
    private final Process process;

    NamedNginx(Path directory) throws IOException {
        Program.NGINX.require();
        Files.writeString(directory.resolve("chain.pem"), ServerCertificate.ECDSA_P256.chainPem());
        Files.writeString(directory.resolve("key.pem"), ServerCertificate.ECDSA_P256.keyPem());
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        log = directory.resolve("access.log");
        var servers = new StringBuilder();
        for (var name : List.of("a", "b", "c")) {
            servers.append("""
                      server {
                        listen 127.0.0.1:%d ssl;
                        server_name %s.example;
                        ssl_session_cache shared:%s:1m;
                        ssl_certificate %s/chain.pem;
                        ssl_certificate_key %s/key.pem;
                        location / { return 200 "ok"; }
                      }
                    """.formatted(port, name, name, directory, directory));
        }
        var file = Files.writeString(directory.resolve("nginx.conf"), """
                daemon off;
                pid %1$s/pid;
                worker_processes 1;
                events { }
                http {
                  log_format names '$ssl_server_name $ssl_session_reused';
                  access_log %2$s names;
                  ssl_protocols TLSv1.2 TLSv1.3;
                %3$s}
                """.formatted(directory, log, servers));
        process = new ProcessBuilder(Program.NGINX.path(), "-e", "stderr", "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.log").toFile()).start();
        for (var start = System.nanoTime(); System.nanoTime() - start < PATIENCE_NANOS && process.isAlive();) {
            try {
                new Socket("127.0.0.1", port).close();
                return;
            } catch (IOException _) {
                Peer.pause();
            }
        }
        throw new IOException(Files.readString(directory.resolve("nginx.log")));
    }

    int port() {
        return port;
    }

    /** Waits, for a bounded time, until the log has this many lines, and returns them. */
    List<String> awaitLines(int count) throws IOException {
        var lines = Files.readAllLines(log);
        for (var start = System.nanoTime(); lines.size() < count && System.nanoTime() - start < PATIENCE_NANOS;) {
            Peer.pause();
            lines = Files.readAllLines(log);
        }
        return lines;
    }

    @Override
    public void close() {
        Executable.end(process);
    }
}
