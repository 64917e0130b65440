package dev.shakedown.interop;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server with a command line of a test's own, in a directory of its own, on a port of 127.0.0.1. */
final class OwnServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Writes what the server reads at start, and returns the command; paths are relative to the directory. */
    interface Command {
        List<String> of(Path directory, int port) throws IOException;
    }

    private final Path directory = Files.createTempDirectory("shakedown-own-");
    private final int port;
    private final Process process;

    private OwnServer(String chain, String key, Command command) throws IOException {
        Files.writeString(directory.resolve("chain.pem"), chain);
        Files.writeString(directory.resolve("key.pem"), key);
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        process = new ProcessBuilder(command.of(directory, port)).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(directory.resolve("output.log").toFile()).start();
        awaitStart();
    }

    static OwnServer openssl(ServerCertificate certificate, String options) throws IOException {
        return openssl(certificate.chainPem(), certificate.keyPem(), options);
    }

    static OwnServer openssl(String chain, String key, String options) throws IOException {
        Program.OPENSSL.require();
        return new OwnServer(chain, key, (_, port) -> List.of((Program.OPENSSL.path() + " s_server -accept 127.0.0.1:"
                + port + " -cert chain.pem -key key.pem " + options).split(" ")));
    }

    static OwnServer gnutls(ServerCertificate certificate, String priority, String options) throws IOException {
        Program.GNUTLS.require();
        return new OwnServer(certificate.chainPem(), certificate.keyPem(), (_, port) -> List.of(
                (Program.GNUTLS.path() + " --http --port " + port + " --x509certfile chain.pem --x509keyfile key.pem"
                        + " --disable-client-cert --priority " + priority + " " + options).trim().split(" ")));
    }

    /** @param server lines of nginx's server block; without {@code server_name} it is the one for every name */
    static OwnServer nginx(String chain, String key, String... servers) throws IOException {
        Program.NGINX.require();
        return new OwnServer(chain, key, (directory, port) -> {
            var blocks = new StringBuilder();
            for (var server : servers) {
                blocks.append("server { listen 127.0.0.1:%d ssl; %s }\n".formatted(port, server));
            }
            Files.writeString(directory.resolve("nginx.conf"), """
                    daemon off;
                    pid nginx.pid;
                    worker_processes 1;
                    error_log error.log;
                    events { }
                    http {
                      access_log off;
                      client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
                      uwsgi_temp_path temp; scgi_temp_path temp;
                      ssl_certificate %1$s/chain.pem;
                      ssl_certificate_key %1$s/key.pem;
                      ssl_protocols TLSv1.2 TLSv1.3;
                      %2$s
                    }
                    """.formatted(directory, blocks));
            return List.of(Program.NGINX.path(), "-p", ".", "-c", "nginx.conf", "-e", "error.log");
        });
    }

    static OwnServer haproxy(ServerCertificate certificate, String bind) throws IOException {
        Program.HAPROXY.require();
        return new OwnServer(certificate.chainPem(), certificate.keyPem(), (directory, port) -> {
            Files.writeString(directory.resolve("all.pem"), certificate.chainPem() + "\n" + certificate.keyPem());
            Files.writeString(directory.resolve("haproxy.cfg"), """
                    defaults
                      mode http
                      timeout client 60s
                    frontend tls
                      bind 127.0.0.1:%d ssl crt all.pem %s
                      http-request return status 200 content-type text/plain string ok
                    """.formatted(port, bind));
            return List.of(Program.HAPROXY.path(), "-db", "-f", "haproxy.cfg");
        });
    }

    int port() {
        return port;
    }

    private void awaitStart() throws IOException {
        for (var start = System.nanoTime(); System.nanoTime() - start < PATIENCE_NANOS && process.isAlive();) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException _) {
                Peer.pause();
            }
        }
        var log = Files.readString(directory.resolve("output.log"));
        close();
        throw new IOException("the server does not accept\n" + log);
    }

    @Override
    public void close() throws IOException {
        Executable.end(process);
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
