package dev.shakedown.tls.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.crypto.Rfc8448;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.Certificate.Entry;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import dev.shakedown.tls.wire.Tls13Message.EndOfEarlyData;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS 1.3 messages: those of RFC 8448, and others that are encoded and decoded again. */
class Tls13MessageTest {
    static final List<String> TRACES = Rfc8448.TRACES;
    private static final List<Extension> EXTENSIONS = List.of(Extension.supportedGroups(List.of(NamedGroup.X25519)),
            Extension.alpn(List.of("h2")));

    static Stream<Tls13Message> samples() {
        return Stream.of(new EncryptedExtensions(EXTENSIONS), new EncryptedExtensions(List.of()),
                new Tls13Message.NewSessionTicket(7200, -5, new byte[]{1, 2}, new byte[]{3, 4, 5}, EXTENSIONS),
                new Tls13Message.NewSessionTicket(0xffff_ffffL, 0, new byte[0], new byte[300], List.of()),
                new EndOfEarlyData(),
                new Tls13Message.Certificate(new byte[0],
                        List.of(new Entry(new byte[]{9, 8, 7}, EXTENSIONS), new Entry(new byte[400], List.of()))),
                new Tls13Message.Certificate(new byte[]{6}, List.of()),
                new Tls13Message.CertificateRequest(new byte[]{1}, EXTENSIONS),
                new CertificateVerify(0x0804, new byte[256]), new KeyUpdate(true), new KeyUpdate(false));
    }

    @ParameterizedTest
    @FieldSource("TRACES")
    void everyMessageOfATrace(String name) throws Fault {
        var seen = new HashSet<String>();
        for (var sent : Rfc8448.read(name).messages()) {
            var message = decode(sent.bytes());
            assertEquals(sent.field(), message.label());
            assertArrayEquals(sent.bytes(), encode(message), sent.step());
            seen.add(sent.field());
        }
        assertTrue(seen.containsAll(Set.of("ClientHello", "ServerHello", "EncryptedExtensions", "Finished")),
                seen::toString);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void comesBackAsItWas(Tls13Message message) throws Fault {
        var decoded = decode(encode(message));
        assertEquals(message.getClass(), decoded.getClass());
        assertArrayEquals(encode(message), encode(decoded));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void cutAtAnyLengthOrTooLongIsADecodeError(Tls13Message message) {
        var whole = encode(message);
        for (var length = 4; length < whole.length; length++) {
            assertFault(AlertDescription.DECODE_ERROR, Arrays.copyOf(whole, length));
        }
        assertFault(AlertDescription.DECODE_ERROR, Arrays.copyOf(whole, whole.length + 1));
    }

    /** Any bytes are either refused with a fault, or exactly what the message encodes to. */
    @ParameterizedTest
    @MethodSource("samples")
    void everyChangedByteIsRefusedOrUnderstood(Tls13Message message) {
        var whole = encode(message);
        for (var at = 4; at < Math.min(whole.length, 100); at++) {
            for (var change = 1; change < 256; change++) {
                var changed = whole.clone();
                changed[at] += (byte) change;
                try {
                    assertArrayEquals(changed, encode(decode(changed)));
                } catch (Fault fault) {
                    assertTrue(fault.getMessage().length() > 10, fault::getMessage);
                }
            }
        }
    }

    @Test
    void whatNoMessageMayHold() {
        var extension = EXTENSIONS.getFirst();
        assertFault(AlertDescription.ILLEGAL_PARAMETER,
                encode(new EncryptedExtensions(List.of(extension, extension))));
        assertFault(AlertDescription.DECODE_ERROR,
                encode(new Tls13Message.NewSessionTicket(1, 1, new byte[1], new byte[0], List.of())));
        assertFault(AlertDescription.DECODE_ERROR,
                encode(new Tls13Message.Certificate(new byte[0], List.of(new Entry(new byte[0], List.of())))));
        assertFault(AlertDescription.ILLEGAL_PARAMETER, new byte[]{KeyUpdate.TYPE, 0, 0, 1, 2});
    }

    /** HelloRequest, ServerKeyExchange, ServerHelloDone, ClientKeyExchange and undefined numbers. */
    @Test
    void whatTls13DoesNotHave() {
        for (var type : new byte[]{0, 12, 14, 16, 77, (byte) 254}) {
            assertFault(AlertDescription.UNEXPECTED_MESSAGE, new byte[]{type, 0, 0, 0});
        }
    }

    @Test
    void finishedIsAsLongAsItsHash() throws Fault {
        assertEquals(48, ((Finished) decode(encode(new Finished(new byte[48])))).verifyData().length);
    }

    private static void assertFault(AlertDescription alert, byte[] message) {
        var fault = assertThrows(Fault.class, () -> decode(message), () -> Arrays.toString(message));
        assertEquals(alert, fault.alert(), fault::getMessage);
    }

    /** Decodes all that follows the header as the body, whatever the length in the header. */
    private static HandshakeMessage decode(byte[] message) throws Fault {
        return Tls13Message.decode(message[0] & 0xff, Unpooled.wrappedBuffer(message, 4, message.length - 4));
    }

    private static byte[] encode(HandshakeMessage message) {
        var out = Unpooled.buffer();
        message.encode(out);
        return ByteBufUtil.getBytes(out);
    }
}
