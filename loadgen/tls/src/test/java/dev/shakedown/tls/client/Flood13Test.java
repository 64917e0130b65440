package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.honest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.Script.Act;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** TLS 1.3 servers that flood the client with allowed messages: each costs as much as the first, and nothing grows. */
class Flood13Test {
    private static final int BATCH = 500;
    /** Twice what opening a record and deriving its keys allocates, in bytes. */
    private static final long MOST_EACH = 6_000;

    record Row(String name, Act<ScriptedServer13> act) {}

    static Stream<Row> floods() {
        return Stream.of(
                new Row("empty application data", server -> server.record(ContentType.APPLICATION_DATA)),
                new Row("application data of one byte", server -> server.record(ContentType.APPLICATION_DATA, 'x')),
                new Row("user_canceled", server -> server.alert(Alert.WARNING, AlertDescription.USER_CANCELED)),
                new Row("tickets to be discarded",
                        server -> server.record(ContentType.HANDSHAKE, 4, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
                                0, 0)),
                new Row("KeyUpdates", server -> server.updateKeys(false)));
    }

    @TestFactory
    Stream<DynamicTest> everyRecordCostsTheSame() {
        return floods().map(row -> DynamicTest.dynamicTest(row.name, () -> {
            var exchange = new Tls13Exchange(Kind.FULL).exchange(honest()).assertDone();
            long allocated = 0;
            for (var i = 0; i < 10; i++) {
                exchange.server.hold();
                for (var j = 0; j < BATCH; j++) {
                    row.act.by(exchange.server);
                }
                var flood = Unpooled.wrappedBuffer(exchange.server.held());
                var before = allocatedBytes();
                exchange.client.receive(flood, Tls13Exchange.NOW);
                allocated = allocatedBytes() - before - flood.readableBytes();
            }
            var each = allocated / BATCH;
            assertTrue(each < MOST_EACH, () -> each + " bytes a record");
            exchange.assertUsable();
        }));
    }

    /** Floods the client before there are keys. */
    @Test
    void changeCipherSpecsBeforeServerHelloCostNothing() {
        var exchange = new Tls13Exchange(Kind.FULL);
        exchange.client.start(Tls13Exchange.NOW);
        var records = Unpooled.buffer();
        for (var i = 0; i < 1000; i++) {
            records.writeBytes(new byte[]{20, 3, 3, 0, 1, 1});
        }
        exchange.client.receive(records.duplicate(), Tls13Exchange.NOW);
        var before = allocatedBytes();
        for (var i = 0; i < 100; i++) {
            exchange.client.receive(records.duplicate(), Tls13Exchange.NOW);
        }
        var each = (allocatedBytes() - before) / 100_000;
        assertTrue(each < 1_000, () -> each + " bytes a record");
        exchange.goThrough(Kind.FULL.steps(), honest());
        exchange.assertDone();
    }

    @Test
    void keyUpdatesRequestedInARowAreAnsweredOnce() {
        var exchange = new Tls13Exchange(Kind.FULL).exchange(honest()).assertDone();
        exchange.server.hold();
        for (var i = 0; i < 1000; i++) {
            exchange.server.updateKeys(true);
        }
        exchange.server.raw(exchange.server.held());
        exchange.assertUsable();
        assertEquals(1, exchange.server.received().stream().filter("KeyUpdate"::equals).count());
    }

    /** However many tickets arrive, the memory that stores them is limited. */
    @Test
    void ticketsAreKeptUpToAnEnd() {
        var memory = new SessionMemory(SessionMemory.AS_THE_VERSION_ASKS);
        var exchange = new Tls13Exchange(Kind.FULL).exchange(honest()).assertDone();
        exchange.server.hold();
        for (var i = 0; i < 10_000; i++) {
            exchange.server.record(ContentType.HANDSHAKE, 4, 0, 0, 14, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0);
        }
        exchange.server.raw(exchange.server.held());
        assertEquals(10_001, exchange.gained.size());
        exchange.gained.forEach(memory::keep);
        assertEquals(8192, memory.size());
        Ended.assertDone(false, exchange.client.state());
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
