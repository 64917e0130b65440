package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A port on which nothing listens, and that the system also chooses for the client: TCP then connects it to itself (RFC
 * 9293, 3.5), which is no server.
 */
@Tag("interop")
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class SelfConnectTest {
    private static final int AT_ONCE = 500;

    /** For each attempt to connect to an address, Linux chooses one of the next ports of the same parity. */
    @Test
    void nobodyListensWhereTheConnectionIsOneToItself() throws Exception {
        var address = freeAddress();
        var plan = new Exchange.Plan(Target.loopback(address), new ClientMemory(CauseTest.SETTINGS, 1), null,
                5_000_000_000L, 0,
                new byte[0],
                false, Prelude.NONE);
        do {
            for (var i = 0; i < AT_ONCE; i++) {
                var exchange = Exchange.run(plan, _ -> {});
                assertFalse(exchange.completed());
                assertEquals(Stage.CONNECT, exchange.failure().stage());
                assertEquals("connection_refused", exchange.failure().cause());
                assertTrue(exchange.events().isEmpty());
                assertEquals("check that the server is running, and that address and port are right",
                        Cause.of(exchange, CauseTest.SETTINGS).advice().orElseThrow().toString());
            }
        } while (!connectedToItself(address.getPort()));
    }

    private static InetSocketAddress freeAddress() throws IOException {
        String first;
        // Read in one go: the kernel returns nothing after the first read.
        try (var range = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            first = range.readLine().split("\\s+")[0];
        }
        for (var port = Integer.parseInt(first) + 2000;; port += 2) {
            try (var free = new ServerSocket()) {
                // Not one that was just connected to itself.
                free.setReuseAddress(false);
                free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return (InetSocketAddress) free.getLocalSocketAddress();
            } catch (IOException _) {
                // taken
            }
        }
    }

    /** The side that closes such a connection first, here both, keeps its port from being reused for a minute. */
    private static boolean connectedToItself(int port) throws IOException {
        // IPv4, even in an IPv6 socket.
        var itself = Pattern.compile("0100007F:%1$04X [0-9A-F]*0100007F:%1$04X ".formatted(port));
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.exists(Path.of(table)) && itself.matcher(Files.readString(Path.of(table))).find()) {
                return true;
            }
        }
        return false;
    }
}
