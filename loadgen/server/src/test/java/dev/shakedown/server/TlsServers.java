package dev.shakedown.server;

import dev.shakedown.net.socket.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** Starts TLS servers for tests. */
final class TlsServers {
    /** Cipher suites of every key exchange and every kind of certificate. */
    static final List<String> SUITES = List.of("TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");

    /** Shared, since generating keys takes a while. */
    private static final List<TlsServerCertificate> CERTIFICATES = TlsServerCertificate.make();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private TlsServers() {}

    static List<Engine> engines() {
        return Arrays.stream(Engine.values()).filter(engine -> engine.unavailability() == null).toList();
    }

    static TlsServer start(Engine engine, boolean cache, boolean tickets) throws IOException {
        return start(engine, cache, tickets, CERTIFICATES);
    }

    static TlsServer start(Engine engine, boolean cache, boolean tickets, List<TlsServerCertificate> certificates)
            throws IOException {
        return TlsServer.start(new TlsServerOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), engine,
                certificates, cache, tickets, 1, Transport.best()));
    }

    static TlsServer start(Transport transport) throws IOException {
        return TlsServer
                .start(new TlsServerOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Engine.best(),
                        CERTIFICATES, true, true, 1, transport));
    }

    /**
     * Returns the counts once the server has seen that many handshakes end, or whatever they are when the time is up.
     */
    static HandshakeCounts counts(TlsServer target, long ended) throws InterruptedException {
        var start = System.nanoTime();
        while (true) {
            var counts = target.counts();
            if (counts.full() + counts.resumed() + counts.failed() >= ended
                    || System.nanoTime() - start >= PATIENCE_NANOS) {
                return counts;
            }
            Thread.sleep(5);
        }
    }

    /** Returns the JDK client's first flight. */
    static byte[] clientHello() throws Exception {
        var context = SSLContext.getInstance("TLSv1.2");
        context.init(null, null, null);
        var engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);

        return Arrays.copyOf(hello.array(), hello.position());
    }
}
