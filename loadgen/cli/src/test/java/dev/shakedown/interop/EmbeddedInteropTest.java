package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.server.Engine;
import dev.shakedown.server.TlsServerCertificate;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the embedded server and the client in one process: neither may leave anything behind or print anything. */
@Tag("interop")
class EmbeddedInteropTest {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    static List<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable).toList();
    }

    /** A resumed handshake ends with the client's word, so that the reset comes together with it. */
    @ParameterizedTest
    @MethodSource("transports")
    void noConnectionOutlivesItsReset(Transport transport) {
        try (var log = NettyLog.open();
                var server = new EmbeddedServer(Engine.best(), transport, true, true, TlsServerCertificate.make())) {
            var before = openDescriptors();
            var run = LoadRun.against(server.port(), "--count 400 --mix full=1,resumed=9 --concurrency 8 --transport "
                    + transport.label());
            var kinds = run.result().kinds();
            run.assertCompleted(kinds.full().completed(), kinds.resumed().completed());
            server.assertCounts(kinds.full().completed(), kinds.resumed().completed());
            var start = System.nanoTime();
            while (openDescriptors() > before + 20 && System.nanoTime() - start < PATIENCE_NANOS) {
                Peer.pause();
            }
            assertTrue(openDescriptors() <= before + 20, () -> openDescriptors() - before + " descriptors stay open");
            assertEquals(List.of(), log.lines());
        }
    }

    private static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }
}
