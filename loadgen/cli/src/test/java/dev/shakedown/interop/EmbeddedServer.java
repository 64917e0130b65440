package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.net.socket.Transport;
import dev.shakedown.server.Engine;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerCertificate;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The embedded target in the place of another program. It cannot be told suites, groups or encrypt_then_mac: it takes
 * what its engine has.
 */
final class EmbeddedServer implements Server {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final TlsServer target;

    EmbeddedServer(Engine engine, PeerOptions options) {
        this(engine, Transport.best(), options.tickets(), options.cache(), List.of(certificate(options.certificate())));
    }

    EmbeddedServer(Engine engine, Transport transport, boolean tickets, boolean cache,
            List<TlsServerCertificate> certificates) {
        try {
            target = TlsServer
                    .start(new TlsServerOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), engine,
                            certificates, cache, tickets, 1, transport));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return target.address().getPort();
    }

    @Override
    public void assertCounts(long full, long resumed) {
        var start = System.nanoTime();
        while (target.counts().full() + target.counts().resumed() < full + resumed
                && System.nanoTime() - start < PATIENCE_NANOS) {
            Peer.pause();
        }
        var counts = target.counts();
        assertEquals(new Peer.Counts(full, resumed), new Peer.Counts(counts.full(), counts.resumed()), this::log);
    }

    @Override
    public String log() {
        return "\n--- embedded target on " + target.options().engine().label() + ": " + target.counts();
    }

    @Override
    public void close() {
        target.close();
    }

    /** By way of the files that a user would name. */
    private static TlsServerCertificate certificate(ServerCertificate certificate) {
        try {
            var directory = Files.createTempDirectory("shakedown-target-");
            var chain = Files.writeString(directory.resolve("chain.pem"), certificate.chainPem());
            var key = Files.writeString(directory.resolve("key.pem"), certificate.keyPem());
            try {
                return TlsServerCertificate.read(chain, key);
            } finally {
                Files.delete(key);
                Files.delete(chain);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
