package dev.shakedown.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target;
import dev.shakedown.net.socket.TransportCause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("interop")
class TargetAddressesTest {
    private static Target at(String name, String address, int port) throws UnknownHostException {
        return Target.at(name, address, port, Authorization.NONE);
    }

    @Test
    void whoRefusesIsLeftOutAndNotTheEnd() throws IOException, InterruptedException {
        try (var server = new ServerSocket(0, 9, InetAddress.getByName("127.0.0.2"))) {
            var refuses = at("some.example", "127.0.0.3", server.getLocalPort());
            var takes = at("some.example", "127.0.0.2", server.getLocalPort());
            var alone = at("127.0.0.3", "127.0.0.3", server.getLocalPort());
            var found = TargetAddresses.of(List.of(refuses, takes, alone));
            assertEquals(List.of(takes, alone), found.loaded());
            assertEquals(List.of(new TargetAddresses.LeftOut(refuses, TransportCause.CONNECTION_REFUSED)),
                    found.leftOut());
        }
    }

    @Test
    void whereAllRefuseAllStay() throws IOException, InterruptedException {
        int port;
        try (var server = new ServerSocket(0, 9, InetAddress.getByName("127.0.0.2"))) {
            port = server.getLocalPort();
        }
        var all = List.of(at("some.example", "127.0.0.2", port), at("some.example", "127.0.0.3", port));
        assertEquals(new TargetAddresses(all, List.of()), TargetAddresses.of(all));
    }
}
