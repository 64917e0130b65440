package dev.shakedown.tls.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes become records and records become messages, however they are split, with no more memory than has arrived. */
class FramingTest {
    private static final int[] SIZES = {1, 2, 3, 4, 5, 100, 0, 16_383, 16_384, 7};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 1000, 16_389, 1_000_000})
    void recordsComeOutAsTheyWentInWhateverTheSplit(int piece) throws Fault {
        var stream = Unpooled.buffer();
        for (var i = 0; i < SIZES.length; i++) {
            record(stream, 20 + i % 4, 0x0301 + i % 3, content(SIZES[i], i));
        }
        var reader = new RecordReader();
        var seen = 0;
        while (stream.isReadable()) {
            reader.append(stream.readSlice(Math.min(piece, stream.readableBytes())));
            for (RecordReader.Record next; (next = reader.next(RecordReader.MAX_CONTENT)) != null; seen++) {
                assertEquals(20 + seen % 4, next.type().id());
                assertEquals(0x0301 + seen % 3, next.version());
                assertEquals(Unpooled.wrappedBuffer(content(SIZES[seen], seen)), next.fragment());
                assertTrue(next.fragment().hasArray());
            }
        }
        assertEquals(SIZES.length, seen);
        assertEquals(0, reader.pending());
    }

    @ParameterizedTest
    @CsvSource({"16384, 16384, ", "16385, 16384, RECORD_OVERFLOW", "16385, 18432, ", "18432, 18432, ",
        "18433, 18432, RECORD_OVERFLOW", "16640, 16640, ", "16641, 16640, RECORD_OVERFLOW",
        "65535, 16384, RECORD_OVERFLOW", "65535, 18432, RECORD_OVERFLOW"})
    void aRecordOverTheLimitIsRefusedByItsHeader(int length, int most, AlertDescription alert) throws Fault {
        var reader = new RecordReader();
        reader.append(Unpooled.buffer().writeByte(22).writeShort(0x0303).writeShort(length));
        if (alert == null) {
            assertNull(reader.next(most));
            reader.append(Unpooled.wrappedBuffer(new byte[length]));
            assertEquals(length, reader.next(most).fragment().readableBytes());
        } else {
            assertEquals(alert, assertThrows(Fault.class, () -> reader.next(most)).alert());
        }
    }

    @ParameterizedTest
    @CsvSource({"1602000000, PROTOCOL_VERSION", "1604000000, PROTOCOL_VERSION", "16ff030000, PROTOCOL_VERSION",
        "13, UNEXPECTED_MESSAGE", "18, UNEXPECTED_MESSAGE", "00, UNEXPECTED_MESSAGE", "80, UNEXPECTED_MESSAGE",
        "ff, UNEXPECTED_MESSAGE"})
    void whatCannotBeARecordIsRefusedAtOnce(String hex, AlertDescription alert) {
        var reader = new RecordReader();
        reader.append(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
        assertEquals(alert, assertThrows(Fault.class, () -> reader.next(RecordReader.MAX_CONTENT)).alert());
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 400, HTTP", "220 mail ready, STARTTLS", "SSH-2.0-x, SSH", "x, 0x78"})
    void otherProtocolsAreNamed(String greeting, String named) {
        var reader = new RecordReader();
        reader.append(Unpooled.copiedBuffer(greeting, StandardCharsets.US_ASCII));
        var fault = assertThrows(Fault.class, () -> reader.next(RecordReader.MAX_CONTENT));
        assertEquals(Violation.NOT_TLS, fault.rule());
        assertTrue(fault.getMessage().contains(named), fault.getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBytesAreRefusedOrAwaited(long seed) {
        var random = new SplittableRandom(seed);
        for (var i = 0; i < 5_000; i++) {
            var noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length > 2 && random.nextBoolean()) {
                noise[0] = 22;
                noise[1] = 3;
            }
            var reader = new RecordReader();
            reader.append(Unpooled.wrappedBuffer(noise));
            try {
                while (reader.next(random.nextInt(20_000)) != null) {
                    // try the next
                }
            } catch (Fault fault) {
                assertNotNull(fault.alert());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 100, 5000, 16_384})
    void messagesComeOutAsTheyWentInWhateverTheSplit(int piece) throws Fault {
        var bodies = List.of(content(0, 0), content(1, 1), content(40_000, 2), content(0, 3), content(3, 4),
                content(600, 5));
        var stream = Unpooled.buffer();
        for (var i = 0; i < bodies.size(); i++) {
            message(stream, i, bodies.get(i));
        }
        var reader = new MessageReader();
        var seen = new ArrayList<ByteBuf>();
        while (stream.isReadable()) {
            reader.append(stream.readSlice(Math.min(piece, stream.readableBytes())));
            for (ByteBuf next; (next = reader.next()) != null;) {
                seen.add(next.copy());
            }
        }
        assertFalse(reader.midMessage());
        assertEquals(bodies.size(), seen.size());
        for (var i = 0; i < bodies.size(); i++) {
            assertEquals(message(Unpooled.buffer(), i, bodies.get(i)), seen.get(i));
        }
    }

    @Test
    void knowsWhetherAMessageIsHalfThere() throws Fault {
        var reader = new MessageReader();
        assertFalse(reader.midMessage());
        for (var value : new int[]{14, 0, 0}) {
            reader.append(Unpooled.wrappedBuffer(new byte[]{(byte) value}));
            assertNull(reader.next());
            assertTrue(reader.midMessage());
        }
        reader.append(Unpooled.wrappedBuffer(new byte[1]));
        assertTrue(reader.midMessage());
        assertEquals(4, reader.next().readableBytes());
        assertFalse(reader.midMessage());
    }

    @ParameterizedTest
    @CsvSource({"11, 1048576, true", "11, 1048577, false", "11, 16777215, false", "12, 262208, true",
        "2, 262209, false", "4, 16777215, false", "99, 262209, false"})
    void anOverlongMessageIsRefusedByItsHeader(int type, int length, boolean taken) throws Fault {
        var reader = new MessageReader();
        reader.append(Unpooled.buffer().writeByte(type).writeMedium(length));
        if (taken) {
            assertNull(reader.next());
        } else {
            // The length of a chain is a limit of the client's own.
            assertEquals(type == 11 ? AlertDescription.INTERNAL_ERROR : AlertDescription.ILLEGAL_PARAMETER,
                    assertThrows(Fault.class, reader::next).alert());
        }
    }

    /** 1,000 of each announce 18 MB and 1 GB; they must cost far less. */
    @Test
    void aLengthAloneReservesNoMemory() throws Fault {
        var record = Unpooled.buffer().writeByte(22).writeShort(0x0303).writeShort(RecordReader.MAX_PROTECTED);
        var message = Unpooled.buffer().writeByte(11).writeMedium(MessageReader.MAX_CERTIFICATE);
        var readers = 1_000;
        var before = allocatedBytes();
        for (var i = 0; i < readers; i++) {
            var records = new RecordReader();
            records.append(record.duplicate());
            assertNull(records.next(RecordReader.MAX_PROTECTED));
            var messages = new MessageReader();
            messages.append(message.duplicate());
            assertNull(messages.next());
        }
        var each = (allocatedBytes() - before) / readers;
        assertTrue(each < 4_000, () -> each + " bytes for two length fields");
    }

    /**
     * 32 MB pass through in pieces that never end with a record, which would expose a reader that keeps them or grows.
     */
    @Test
    void recordsThatHavePassedAreNotKept() throws Fault {
        var record = Unpooled.buffer();
        record(record, 22, 0x0303, content(16_384, 1));
        var reader = new RecordReader();
        reader.append(record.readSlice(1));
        var rest = record.writeByte(22);
        assertLittleMemory(() -> {
            reader.append(rest.duplicate());
            assertEquals(16_384, reader.next(RecordReader.MAX_CONTENT).fragment().readableBytes());
            assertEquals(1, reader.pending());
        });
    }

    @Test
    void messagesThatHavePassedAreNotKept() throws Fault {
        var message = message(Unpooled.buffer(), 1, content(16_380, 1));
        var reader = new MessageReader();
        reader.append(message.readSlice(1));
        var rest = message.writeByte(1);
        assertLittleMemory(() -> {
            reader.append(rest.duplicate());
            assertEquals(16_384, reader.next().readableBytes());
            assertTrue(reader.midMessage());
        });
    }

    private interface Step {
        void run() throws Fault;
    }

    private static void assertLittleMemory(Step step) throws Fault {
        var before = allocatedBytes();
        for (var i = 0; i < 2_000; i++) {
            step.run();
        }
        var all = allocatedBytes() - before;
        assertTrue(all < 8 << 20, () -> all + " bytes for what came to 32 MB");
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static void record(ByteBuf out, int type, int version, byte[] content) {
        out.writeByte(type).writeShort(version).writeShort(content.length).writeBytes(content);
    }

    private static ByteBuf message(ByteBuf out, int type, byte[] body) {
        return out.writeByte(type).writeMedium(body.length).writeBytes(body);
    }

    private static byte[] content(int length, int seed) {
        var content = new byte[length];
        new SplittableRandom(seed).nextBytes(content);
        return content;
    }
}
