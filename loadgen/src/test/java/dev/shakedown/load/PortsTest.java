package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.load.Schedule.Shape;
import dev.shakedown.load.socket.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be known of ports before a run: 10,000 of them here. */
class PortsTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path settings;

    @BeforeEach
    void settings() throws IOException {
        Files.writeString(settings.resolve("ip_local_port_range"), "20001\t30000\n");
        Files.writeString(settings.resolve("tcp_tw_reuse"), "0\n");
    }

    @Test
    void connectionsThatCloseThemselvesWaitForAMinute() throws IOException {
        assertNull(shortage(0, 160, Close.NOTIFY, 1, 100), "9,600");
        assertEquals(
                "200 a second with --close notify keep 12,000 ports waiting (TIME_WAIT, 60 s), but this machine has"
                        + " 10,000 for 1 source address; use --close rst, or add --source-address with more addresses, or stay"
                        + " below 167 a second",
                shortage(0, 200, Close.NOTIFY, 1, 100));
        assertNull(shortage(0, 200, Close.NOTIFY, 1, 40), "8,000 in all");
        assertNull(shortage(0, 200, Close.NOTIFY, 2, 100));
        assertNull(shortage(0, 200_000, Close.RST, 1, 100));
        Files.writeString(settings.resolve("tcp_tw_reuse"), "2\n");
        assertNull(shortage(0, 9_000, Close.NOTIFY, 1, 100), "reused on loopback after a second");
        assertTrue(shortage(0, 11_000, Close.NOTIFY, 1, 100).contains("TIME_WAIT, 1 s"));
    }

    @Test
    void manyAtOnceNeedAsManyPorts() {
        assertNull(shortage(10_000, 0, Close.RST, 1, 10));
        assertTrue(shortage(10_001, 0, Close.RST, 1, 10).startsWith("--concurrency 10001 needs as many ports, but"));
        assertNull(shortage(10_001, 0, Close.RST, 2, 10));
    }

    @Test
    void whereNobodyTellsNothingIsSaid() throws IOException {
        Files.delete(settings.resolve("ip_local_port_range"));
        assertNull(shortage(1_000_000, 0, Close.RST, 1, 10));
    }

    private String shortage(int concurrency, double rate, Close close, int sources, long seconds) {
        var plan = new LoadPlan(new InetSocketAddress("127.0.0.1", 1), concurrency,
                rate == 0 ? null : Schedule.constant(Shape.CONSTANT, rate), seconds * SECOND, Long.MAX_VALUE, 0,
                Mix.parse("full=1"), SECOND, SECOND, close, 100, 1, Transport.NIO,
                Collections.nCopies(sources, InetAddress.getLoopbackAddress()),
                new Ending(CompleteOn.FINISHED, new byte[0], new byte[0], 0));
        return Ports.shortage(plan, settings);
    }
}
