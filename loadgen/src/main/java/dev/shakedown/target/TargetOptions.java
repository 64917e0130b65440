package dev.shakedown.target;

import dev.shakedown.load.socket.Transport;
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
 */
public record TargetOptions(InetSocketAddress listen, Engine engine, List<TargetCertificate> certificates,
        boolean sessionCache, boolean tickets, int threads, Transport transport) {

    /** Everything on, certificates newly made, any free port of the loopback address, half of the processors. */
    public static TargetOptions defaults() {
        return new TargetOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Engine.best(),
                TargetCertificate.make(), true, true, Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                Transport.best());
    }
}
