package dev.shakedown.load.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("interop")
@EnabledOnOs(OS.LINUX)
class ListenerTest {
    private static final long OWN = ProcessHandle.current().pid();

    /** The address to which a server is bound, and the one at which it is reached. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "0.0.0.0, 127.0.0.2", "::, 127.0.0.1", "::, ::1", "::1, ::1"})
    void isFoundByTheAddressThatReachesIt(String bound, String reached) throws IOException {
        try (var server = new ServerSocket(0, 9, InetAddress.getByName(bound))) {
            var found = Listener.at(new InetSocketAddress(reached, server.getLocalPort()));
            assertEquals(Optional.of(OWN), found.map(Listener::pid));
            assertEquals(0, found.orElseThrow().workers());
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "127.0.0.1, ::1"})
    void isNotFoundElsewhere(String bound, String reached) throws IOException {
        try (var server = new ServerSocket(0, 9, InetAddress.getByName(bound))) {
            assertEquals(Optional.empty(), Listener.at(new InetSocketAddress(reached, server.getLocalPort())));
        }
    }

    @Test
    void kinIsWhoDescendsFromTheOther() {
        var parent = ProcessHandle.current().parent().orElseThrow().pid();
        var own = new Listener(OWN, "java", 0);
        assertTrue(own.isRelatedTo(parent) && own.isRelatedTo(OWN));
        assertTrue(new Listener(parent, "mvn", 1).isRelatedTo(OWN));
        assertTrue(Listener.isSelfOrAncestor(parent) && Listener.isSelfOrAncestor(OWN));
        assertFalse(Listener.isSelfOrAncestor(Long.MAX_VALUE) || own.isRelatedTo(Long.MAX_VALUE));
    }

    @Test
    void isToldWithItsWorkers() {
        assertEquals("nginx 31884 + 1 worker", new Listener(31884, "nginx", 1).toString());
        assertEquals("nginx 31884 + 4 workers", new Listener(31884, "nginx", 4).toString());
        assertEquals("openssl 7", new Listener(7, "openssl", 0).toString());
    }
}
