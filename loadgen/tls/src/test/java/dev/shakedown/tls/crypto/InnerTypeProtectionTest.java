package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** TLS 1.3 records: those of RFC 8448, and others with Bouncy Castle as the peer. */
class InnerTypeProtectionTest {
    static final List<String> TRACES = Rfc8448.TRACES;
    private static final int LEGACY_VERSION = 0x0303;
    private static final int[] LENGTHS = {0, 1, 15, 16, 17, 255, 256, 4096, 16_383, 16_384};

    private final SplittableRandom random = new SplittableRandom(13);
    private final Primitives primitives = new Primitives(random);

    /** Every protected record of the traces, opened and sealed again. */
    @ParameterizedTest
    @FieldSource("TRACES")
    void everyRecordOfATrace(String name) throws Fault {
        var sealing = new HashMap<String, RecordProtection>();
        var opening = new HashMap<String, RecordProtection>();
        byte[] key = null;
        byte[] payload = null;
        var checked = 0;
        for (var value : Rfc8448.read(name).values()) {
            switch (value.field()) {
                case "key expanded" -> key = value.bytes();
                case "iv expanded" -> {
                    // The keys that one side reads with are those that the other writes with.
                    var writes = value.step().startsWith("derive write") == value.who().equals("client");
                    var keys = new KeyBlock.Keys(new byte[0], key, value.bytes());
                    sealing.put(writes ? "client" : "server", protection(keys));
                    opening.put(writes ? "client" : "server", protection(keys));
                }
                case "payload" -> payload = value.bytes();
                case "complete record" -> {
                    if (value.bytes()[0] == ContentType.APPLICATION_DATA.id()) {
                        var type = switch (value.step()) {
                            case "send handshake record" -> ContentType.HANDSHAKE;
                            case "send alert record" -> ContentType.ALERT;
                            default -> ContentType.APPLICATION_DATA;
                        };
                        var opened = opening.get(value.who()).open(record(value.bytes()));
                        assertEquals(type, opened.type(), value.step());
                        assertArrayEquals(payload, ByteBufUtil.getBytes(opened.fragment()), value.step());
                        var out = Unpooled.buffer();
                        sealing.get(value.who()).seal(type, Unpooled.wrappedBuffer(payload), out);
                        assertArrayEquals(value.bytes(), ByteBufUtil.getBytes(out), value.step());
                        checked++;
                    }
                }
                default -> {
                    // the derivation of the keys, which KeyScheduleTest tests
                }
            }
        }
        assertTrue(checked >= 4, "records checked: " + checked);
    }

    private RecordProtection protection(KeyBlock.Keys keys) {
        return new InnerTypeProtection(primitives, Bulk.AES_128_GCM, keys);
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_128_GCM", "AES_256_GCM", "CHACHA20_POLY1305"})
    void bouncyCastleOpensWhatWeSeal(Bulk bulk) throws Exception {
        var keys = keys(bulk);
        var ours = new InnerTypeProtection(primitives, bulk, keys);
        var sequence = 0;
        for (var length : LENGTHS) {
            var content = bytes(length);
            var out = Unpooled.buffer().writeZero(7);
            ours.seal(ContentType.HANDSHAKE, Unpooled.wrappedBuffer(content), out);
            var wire = ByteBufUtil.getBytes(out.skipBytes(7));
            assertArrayEquals(inner(content, ContentType.HANDSHAKE.id(), 0),
                    crypt(false, bulk, keys, sequence++, Arrays.copyOfRange(wire, RecordReader.HEADER, wire.length)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_128_GCM", "AES_256_GCM", "CHACHA20_POLY1305"})
    void weOpenWhatBouncyCastleSealsHoweverPadded(Bulk bulk) throws Exception {
        var keys = keys(bulk);
        var ours = new InnerTypeProtection(primitives, bulk, keys);
        var sequence = 0;
        for (var length : LENGTHS) {
            for (var padding : new int[]{0, Math.min(1, RecordReader.MAX_CONTENT - length),
                RecordReader.MAX_CONTENT - length}) {
                var content = bytes(length);
                var opened = ours.open(sealed(bulk, keys, sequence++, inner(content, 23, padding)));
                assertEquals(ContentType.APPLICATION_DATA, opened.type());
                assertArrayEquals(content, ByteBufUtil.getBytes(opened.fragment()));
            }
        }
    }

    @Test
    void whatAServerMayNotSeal() throws Exception {
        assertFault(AlertDescription.UNEXPECTED_MESSAGE, new byte[0]);
        assertFault(AlertDescription.UNEXPECTED_MESSAGE, new byte[100]);
        assertFault(AlertDescription.UNEXPECTED_MESSAGE, inner(new byte[]{1}, ContentType.CHANGE_CIPHER_SPEC.id(), 0));
        assertFault(AlertDescription.UNEXPECTED_MESSAGE, inner(bytes(20), 99, 3));
        assertFault(AlertDescription.RECORD_OVERFLOW, inner(bytes(RecordReader.MAX_CONTENT + 1), 22, 0));
        assertFault(AlertDescription.RECORD_OVERFLOW, inner(bytes(1), 22, RecordReader.MAX_CONTENT));
    }

    private void assertFault(AlertDescription alert, byte[] inner) throws Exception {
        var keys = keys(Bulk.AES_128_GCM);
        var record = sealed(Bulk.AES_128_GCM, keys, 0, inner);
        assertAlert(alert, keys, record);
    }

    @Test
    void aRecordThatWasTouchedDoesNotAuthenticate() throws Exception {
        var keys = keys(Bulk.AES_256_GCM);
        for (var at = 0; at < 12 + 1 + 16; at++) {
            var spoilt = sealed(Bulk.AES_256_GCM, keys, 0, inner(bytes(12), 22, 0));
            spoilt.fragment().setByte(at, spoilt.fragment().getByte(at) ^ 1);
            assertAlert(AlertDescription.BAD_RECORD_MAC, Bulk.AES_256_GCM, keys, spoilt);
        }
        for (var length = 0; length < 12 + 1 + 16; length++) {
            var whole = sealed(Bulk.AES_256_GCM, keys, 0, inner(bytes(12), 22, 0));
            assertAlert(AlertDescription.BAD_RECORD_MAC, Bulk.AES_256_GCM, keys, new RecordReader.Record(
                    ContentType.APPLICATION_DATA, LEGACY_VERSION, whole.fragment().slice(0, length)));
        }
        assertAlert(AlertDescription.BAD_RECORD_MAC, Bulk.AES_256_GCM, keys,
                sealed(Bulk.AES_256_GCM, keys, 1, inner(bytes(12), 22, 0)));
    }

    @Test
    void nothingComesUnencryptedAnyMore() throws Exception {
        var keys = keys(Bulk.AES_128_GCM);
        assertAlert(AlertDescription.UNEXPECTED_MESSAGE, keys, new RecordReader.Record(ContentType.HANDSHAKE,
                LEGACY_VERSION, Unpooled.wrappedBuffer(bytes(40))));
    }

    private void assertAlert(AlertDescription alert, KeyBlock.Keys keys, RecordReader.Record record) {
        assertAlert(alert, Bulk.AES_128_GCM, keys, record);
    }

    private void assertAlert(AlertDescription alert, Bulk bulk, KeyBlock.Keys keys, RecordReader.Record record) {
        var fault = assertThrows(Fault.class, () -> new InnerTypeProtection(primitives, bulk, keys).open(record));
        assertEquals(alert, fault.alert(), fault::getMessage);
    }

    private static byte[] inner(byte[] content, int type, int padding) {
        var inner = Arrays.copyOf(content, content.length + 1 + padding);
        inner[content.length] = (byte) type;
        return inner;
    }

    private RecordReader.Record sealed(Bulk bulk, KeyBlock.Keys keys, long sequence, byte[] inner) throws Exception {
        return new RecordReader.Record(ContentType.APPLICATION_DATA, LEGACY_VERSION,
                Unpooled.wrappedBuffer(crypt(true, bulk, keys, sequence, inner)));
    }

    private static RecordReader.Record record(byte[] wire) {
        var bytes = Unpooled.wrappedBuffer(wire.clone());
        bytes.skipBytes(RecordReader.HEADER);
        return new RecordReader.Record(ContentType.APPLICATION_DATA, LEGACY_VERSION, bytes.slice());
    }

    private KeyBlock.Keys keys(Bulk bulk) {
        return new KeyBlock.Keys(new byte[0], bytes(bulk.keyLength()), bytes(12));
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Runs Bouncy Castle's AEAD with the record's nonce and header. */
    private static byte[] crypt(boolean seal, Bulk bulk, KeyBlock.Keys keys, long sequence, byte[] in)
            throws InvalidCipherTextException {
        AEADCipher cipher = bulk == Bulk.CHACHA20_POLY1305
                ? new ChaCha20Poly1305()
                : GCMBlockCipher.newInstance(AESEngine.newInstance());
        var nonce = keys.iv().clone();
        for (var i = 0; i < 8; i++) {
            nonce[11 - i] ^= (byte) (sequence >> (8 * i));
        }
        var length = seal ? in.length + 16 : in.length;
        var header = new byte[]{23, 3, 3, (byte) (length >> 8), (byte) length};
        cipher.init(seal, new AEADParameters(new KeyParameter(keys.key()), 128, nonce, header));
        var out = new byte[cipher.getOutputSize(in.length)];
        var made = cipher.processBytes(in, 0, in.length, out, 0);
        made += cipher.doFinal(out, made);
        return Arrays.copyOf(out, made);
    }
}
