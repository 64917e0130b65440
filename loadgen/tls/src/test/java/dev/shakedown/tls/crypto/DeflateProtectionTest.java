package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Compression of records (RFC 3749). */
class DeflateProtectionTest {
    private final RecordProtection sender = RecordProtection.deflated(new RecordProtection.None(0x0303));
    private final RecordProtection receiver = RecordProtection.deflated(new RecordProtection.None(0x0303));

    private static ByteBuf content() {
        return Unpooled.copiedBuffer("again and again and again", StandardCharsets.UTF_8);
    }

    private RecordReader.Record sealed() throws Fault {
        var out = Unpooled.buffer();
        sender.seal(ContentType.HANDSHAKE, content(), out);
        var records = new RecordReader();
        records.append(out);
        return records.next(RecordReader.MAX_CONTENT);
    }

    @Test
    void oneStreamForAllRecords() throws Fault {
        var first = sealed();
        var second = sealed();
        assertTrue(second.fragment().readableBytes() < first.fragment().readableBytes());
        assertEquals(content(), receiver.open(first).fragment());
        assertEquals(content(), receiver.open(second).fragment());
    }

    /** Memory outside the heap is freed, and further use throws. */
    @Test
    void theEndOfBothDirections() throws Fault {
        var first = sealed();
        var second = sealed();
        receiver.open(first);
        sender.end();
        receiver.end();
        assertThrows(IllegalStateException.class, this::sealed);
        assertThrows(IllegalStateException.class, () -> receiver.open(second));
        sender.end();
        receiver.end();
        RecordProtection.deflated(new RecordProtection.None(0x0303)).end();
    }
}
