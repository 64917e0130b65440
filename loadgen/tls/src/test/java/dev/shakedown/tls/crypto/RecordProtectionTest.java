package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole records under every suite, with Bouncy Castle as the peer. */
class RecordProtectionTest {
    private static final int VERSION = 0x0303;
    private static final int[] LENGTHS = {0, 1, 11, 12, 15, 16, 17, 31, 32, 100, 255, 256, 4096, 16_383, 16_384};
    private static final Consumer<byte[]> UNSPOILT = _ -> {};

    /** A suite, and whether encrypt_then_mac was negotiated. */
    record Suite(CipherSuite cipher, boolean encryptThenMac) {
        @Override
        public String toString() {
            return cipher + (encryptThenMac ? ", encrypt-then-MAC" : "");
        }
    }

    private final SplittableRandom random = new SplittableRandom(3);
    private final Primitives primitives = new Primitives(random);

    static Stream<Suite> all() {
        return Stream.concat(
                Arrays.stream(CipherSuite.values()).filter(suite -> suite.isUsual() && !suite.isTls13())
                        .map(suite -> new Suite(suite, false)),
                Arrays.stream(CipherSuite.values()).filter(suite -> suite.isUsual() && suite.bulk().isCbc())
                        .map(suite -> new Suite(suite, true)));
    }

    static Stream<Suite> cbc() {
        return all().filter(suite -> suite.cipher.bulk().isCbc());
    }

    @ParameterizedTest
    @MethodSource("all")
    void bouncyCastleOpensWhatWeSeal(Suite suite) {
        var keys = keys(suite);
        var ours = protection(suite, keys);
        for (var sequence = 0; sequence < LENGTHS.length; sequence++) {
            var content = bytes(LENGTHS[sequence]);
            var out = Unpooled.buffer().writeZero(3);
            ours.seal(ContentType.HANDSHAKE, Unpooled.wrappedBuffer(new byte[5], content).copy().skipBytes(5), out);
            out.skipBytes(3);
            assertEquals(ContentType.HANDSHAKE.id(), out.readUnsignedByte());
            assertEquals(VERSION, out.readUnsignedShort());
            assertEquals(out.readUnsignedShort(), out.readableBytes());
            var fragment = ByteBufUtil.getBytes(out);
            assertArrayEquals(content, suite.cipher.bulk().isCbc()
                    ? Judge.openCbc(suite.cipher, keys, suite.encryptThenMac, sequence, ContentType.HANDSHAKE, fragment)
                    : Judge.openAead(suite.cipher.bulk(), keys, sequence, ContentType.HANDSHAKE, fragment));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void weOpenWhatBouncyCastleSeals(Suite suite) throws Fault {
        var keys = keys(suite);
        var ours = protection(suite, keys);
        for (var sequence = 0; sequence < LENGTHS.length; sequence++) {
            var content = bytes(LENGTHS[sequence]);
            var fragment = sealed(suite, keys, sequence, content);
            assertArrayEquals(content, open(ours, ContentType.APPLICATION_DATA, VERSION, fragment));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyChangedByteIsABadRecordMac(Suite suite) throws Fault {
        var keys = keys(suite);
        var content = bytes(20);
        var fragment = sealed(suite, keys, 0, content);
        for (var at = 0; at < fragment.length; at++) {
            for (var change : new int[]{1, 0x80, 0xff}) {
                var tampered = fragment.clone();
                tampered[at] ^= (byte) change;
                assertBadRecordMac(suite, keys, ContentType.APPLICATION_DATA, VERSION, tampered);
            }
        }
        assertBadRecordMac(suite, keys, ContentType.HANDSHAKE, VERSION, fragment);
        assertBadRecordMac(suite, keys, ContentType.APPLICATION_DATA, 0x0302, fragment);
        assertBadRecordMac(suite, keys, ContentType.APPLICATION_DATA, VERSION, sealed(suite, keys, 1, content));
        assertArrayEquals(content,
                open(protection(suite, keys), ContentType.APPLICATION_DATA, VERSION, fragment));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRecordThatComesTwiceIsABadRecordMac(Suite suite) throws Fault {
        var keys = keys(suite);
        var fragment = sealed(suite, keys, 0, bytes(20));
        var ours = protection(suite, keys);
        open(ours, ContentType.APPLICATION_DATA, VERSION, fragment);
        var fault = assertThrows(Fault.class, () -> open(ours, ContentType.APPLICATION_DATA, VERSION, fragment));
        assertEquals(AlertDescription.BAD_RECORD_MAC, fault.alert());
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyCutRecordIsABadRecordMac(Suite suite) {
        var keys = keys(suite);
        var fragment = sealed(suite, keys, 0, bytes(50));
        for (var length = 0; length < fragment.length; length++) {
            assertBadRecordMac(suite, keys, ContentType.APPLICATION_DATA, VERSION, Arrays.copyOf(fragment, length));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void contentOverTheLimitIsARecordOverflow(Suite suite) {
        var keys = keys(suite);
        for (var length : new int[]{RecordReader.MAX_CONTENT + 1, RecordReader.MAX_CONTENT + 1900}) {
            var fragment = sealed(suite, keys, 0, new byte[length]);
            var fault = assertThrows(Fault.class,
                    () -> open(protection(suite, keys), ContentType.APPLICATION_DATA, VERSION, fragment));
            assertEquals(AlertDescription.RECORD_OVERFLOW, fault.alert());
        }
    }

    /** RFC 5246, 6.2.3.2: up to 255 bytes, any that fill the block. */
    @ParameterizedTest
    @MethodSource("cbc")
    void everyPaddingThatFillsABlockIsAccepted(Suite suite) throws Fault {
        var keys = keys(suite);
        var content = bytes(20);
        var shortest = Judge.shortestPadding(suite.cipher, suite.encryptThenMac, content.length);
        for (var padding = shortest; padding <= 255; padding += 16) {
            var fragment = Judge.sealCbc(suite.cipher, keys, suite.encryptThenMac, 0, ContentType.ALERT, content,
                    padding, UNSPOILT);
            assertArrayEquals(content, open(protection(suite, keys), ContentType.ALERT, VERSION, fragment));
        }
    }

    @ParameterizedTest
    @MethodSource("cbc")
    void everyWrongPaddingIsABadRecordMac(Suite suite) {
        var keys = keys(suite);
        var content = bytes(20);
        var shortest = Judge.shortestPadding(suite.cipher, suite.encryptThenMac, content.length);
        for (var padding : new int[]{shortest, shortest + 16, shortest + 16 * ((255 - shortest) / 16)}) {
            for (var i = 0; i <= padding; i++) {
                var fromEnd = 1 + i;
                assertBadRecordMac(suite, keys, ContentType.ALERT, VERSION, Judge.sealCbc(suite.cipher, keys,
                        suite.encryptThenMac, 0, ContentType.ALERT, content, padding,
                        plain -> plain[plain.length - fromEnd] ^= 0x40));
            }
        }
    }

    /** A padding length that reaches beyond the record, or leaves too little for the MAC. */
    @ParameterizedTest
    @MethodSource("cbc")
    void paddingLongerThanTheRecordIsABadRecordMac(Suite suite) {
        var keys = keys(suite);
        var content = new byte[0];
        var shortest = Judge.shortestPadding(suite.cipher, suite.encryptThenMac, 0);
        for (var claimed = shortest + 1; claimed <= 255; claimed++) {
            var value = (byte) claimed;
            assertBadRecordMac(suite, keys, ContentType.ALERT, VERSION, Judge.sealCbc(suite.cipher, keys,
                    suite.encryptThenMac, 0, ContentType.ALERT, content, shortest, plain -> Arrays.fill(plain, value)));
        }
    }

    @Test
    void withoutKeysContentStaysAsItIs() throws Fault {
        var none = new RecordProtection.None(0x0301);
        var out = Unpooled.buffer();
        none.seal(ContentType.HANDSHAKE, Unpooled.wrappedBuffer(new byte[]{7, 8, 9}), out);
        assertArrayEquals(new byte[]{22, 3, 1, 0, 3, 7, 8, 9}, ByteBufUtil.getBytes(out));
        assertArrayEquals(new byte[]{7, 8, 9}, open(none, ContentType.HANDSHAKE, 0x0301, new byte[]{7, 8, 9}));
    }

    @ParameterizedTest
    @MethodSource("cbc")
    void cbcRecordsDoNotShareAnIv(Suite suite) {
        var ours = protection(suite, keys(suite));
        var first = Unpooled.buffer();
        var second = Unpooled.buffer();
        ours.seal(ContentType.ALERT, Unpooled.wrappedBuffer(new byte[2]), first);
        ours.seal(ContentType.ALERT, Unpooled.wrappedBuffer(new byte[2]), second);
        assertFalse(first.slice(5, 16).equals(second.slice(5, 16)));
    }

    private byte[] sealed(Suite suite, KeyBlock.Keys keys, long sequence, byte[] content) {
        return suite.cipher.bulk().isCbc()
                ? Judge.sealCbc(suite.cipher, keys, suite.encryptThenMac, sequence, ContentType.APPLICATION_DATA,
                        content, Judge.shortestPadding(suite.cipher, suite.encryptThenMac, content.length), UNSPOILT)
                : Judge.sealAead(suite.cipher.bulk(), keys, sequence, ContentType.APPLICATION_DATA, content);
    }

    private void assertBadRecordMac(Suite suite, KeyBlock.Keys keys, ContentType type, int version, byte[] fragment) {
        var fault = assertThrows(Fault.class, () -> open(protection(suite, keys), type, version, fragment));
        assertEquals(AlertDescription.BAD_RECORD_MAC, fault.alert());
    }

    /** Opens a copy that does not start at the beginning of its array. */
    private static byte[] open(RecordProtection protection, ContentType type, int version, byte[] fragment)
            throws Fault {
        var buffer = Unpooled.buffer().writeZero(RecordReader.HEADER).writeBytes(fragment).writeZero(9);
        return ByteBufUtil.getBytes(protection.open(new RecordReader.Record(type, version,
                buffer.slice(RecordReader.HEADER, fragment.length))).fragment());
    }

    private RecordProtection protection(Suite suite, KeyBlock.Keys keys) {
        return RecordProtection.of(primitives, Dialect.tls12(suite.cipher.prfHash()), suite.cipher, keys,
                suite.encryptThenMac);
    }

    private KeyBlock.Keys keys(Suite suite) {
        var bulk = suite.cipher.bulk();
        return new KeyBlock.Keys(bytes(bulk.isCbc() ? suite.cipher.macHash().length() : 0), bytes(bulk.keyLength()),
                bytes(bulk.ivLength()));
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
