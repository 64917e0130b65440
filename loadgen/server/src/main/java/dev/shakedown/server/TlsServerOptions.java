package dev.shakedown.server;

import dev.shakedown.net.socket.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The configuration of an embedded server.
 *
 * @param listen       the address to listen on; port 0 takes any free one
 * @param engine       its TLS implementation
 * @param certificates one for each kind of key; not empty
 * @param sessionCache whether sessions can be resumed by session ID
 * @param tickets      whether sessions can be resumed by ticket
 * @param threads      event loops, at least 1
 * @param transport    how sockets are driven
 * @param serviceNanos how long each handshake occupies a worker before the server processes it; 0 for no workers
 * @param workers      number of workers, at least 1
 */
public record TlsServerOptions(InetSocketAddress listen, Engine engine, List<TlsServerCertificate> certificates,
        boolean sessionCache, boolean tickets, int threads, Transport transport, long serviceNanos, int workers) {

    /** Creates options without workers. */
    public TlsServerOptions(InetSocketAddress listen, Engine engine, List<TlsServerCertificate> certificates,
            boolean sessionCache, boolean tickets, int threads, Transport transport) {
        this(listen, engine, certificates, sessionCache, tickets, threads, transport, 0, 1);
    }

    /** Returns these options with {@code count} workers, each of which a handshake occupies for {@code nanos}. */
    public TlsServerOptions withWorkers(long nanos, int count) {
        return new TlsServerOptions(listen, engine, certificates, sessionCache, tickets, threads, transport, nanos,
                count);
    }

    /**
     * Returns options with everything enabled, new certificates, a free port of the loopback address, and one event
     * loop for every two processors.
     */
    public static TlsServerOptions defaults() {
        return new TlsServerOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Engine.best(),
                TlsServerCertificate.make(), true, true, Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                Transport.best());
    }
}
