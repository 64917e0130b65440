package dev.shakedown.server;

import dev.shakedown.net.socket.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What an embedded target is to be like.
 *
 * @param listen       where it listens; port 0 takes any free one
 * @param engine       its TLS implementation
 * @param certificates one for each kind of key it shall have; not empty
 * @param sessionCache whether sessions can be resumed by session ID
 * @param tickets      whether sessions can be resumed by ticket
 * @param threads      event loops, at least 1
 * @param transport    how sockets are driven
 * @param serviceNanos how long each handshake occupies a worker before its own work begins; 0 for no workers at all
 * @param workers      how many there are, at least 1
 */
public record TlsServerOptions(InetSocketAddress listen, Engine engine, List<TlsServerCertificate> certificates,
        boolean sessionCache, boolean tickets, int threads, Transport transport, long serviceNanos, int workers) {

    /** Without workers that handshakes wait for. */
    public TlsServerOptions(InetSocketAddress listen, Engine engine, List<TlsServerCertificate> certificates,
            boolean sessionCache, boolean tickets, int threads, Transport transport) {
        this(listen, engine, certificates, sessionCache, tickets, threads, transport, 0, 1);
    }

    /** The same whose handshakes wait for one of so many workers and occupy it for this time. */
    public TlsServerOptions withWorkers(long nanos, int count) {
        return new TlsServerOptions(listen, engine, certificates, sessionCache, tickets, threads, transport, nanos,
                count);
    }

    /** Everything on, certificates newly made, any free port of the loopback address, half of the processors. */
    public static TlsServerOptions defaults() {
        return new TlsServerOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Engine.best(),
                TlsServerCertificate.make(), true, true, Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                Transport.best());
    }
}
