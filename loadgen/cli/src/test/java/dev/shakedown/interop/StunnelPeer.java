package dev.shakedown.interop;

import com.sun.net.httpserver.HttpServer;
import dev.shakedown.interop.PeerOptions.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * stunnel before a plain HTTP server of ours. It logs each handshake once that is done.
 *
 * <p>
 * It keeps 1,000 sessions, and unlike nginx and Apache it leaves OpenSSL to forget one whose connection ended without a
 * close_notify from the client. Where tickets are on it keeps sessions as well, whether {@link Feature#CACHE} is asked
 * or not: it has one setting for both.
 */
final class StunnelPeer extends Peer {
    private final HttpServer behind;

    StunnelPeer(PeerOptions options) {
        super(options);
        try {
            behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var answer = "ok\n".getBytes(StandardCharsets.US_ASCII);
        behind.createContext("/", exchange -> {
            try (exchange; var body = exchange.getResponseBody()) {
                exchange.sendResponseHeaders(200, answer.length);
                body.write(answer);
            }
        });
        behind.start();
    }

    @Override
    void ended() {
        behind.stop(0);
    }

    @Override
    List<String> command(int port) {
        write("stunnel.conf", """
                foreground = yes
                pid =
                syslog = no
                debug = debug
                [tls]
                accept = 127.0.0.1:%d
                connect = 127.0.0.1:%d
                cert = chain.pem
                key = key.pem
                sslVersionMin = %s
                sslVersionMax = %s
                %s
                %s
                %s
                """.formatted(port, behind.getAddress().getPort(), options.tls12() ? "TLSv1.2" : "TLSv1.3",
                options.tls13() ? "TLSv1.3" : "TLSv1.2",
                options.tickets() || options.cache() ? "sessionCacheSize = 1000" : "sessionResume = no",
                options.tickets() ? "" : "options = NO_TICKET",
                options.has(Feature.CLIENT_CERTIFICATE) ? "verifyChain = yes\nCAfile = clients.pem" : ""));
        return List.of(OtherProgram.STUNNEL.path(), "stunnel.conf");
    }

    /** Waits, bounded, until it is done with every connection it has begun to serve, sessions and all. */
    void awaitIdle() {
        assertLogs("as many services finished as started",
                lines -> services(lines, "started").count() == services(lines, "finished").count());
    }

    private static Stream<String> services(List<String> lines, String done) {
        return lines.stream().filter(line -> line.contains("]: Service [tls] " + done));
    }

    @Override
    Counts count(List<String> lines) {
        return new Counts(lines.stream().filter(line -> line.endsWith("TLS accepted: new session negotiated")).count(),
                lines.stream().filter(line -> line.endsWith("TLS accepted: previous session reused")).count());
    }
}
