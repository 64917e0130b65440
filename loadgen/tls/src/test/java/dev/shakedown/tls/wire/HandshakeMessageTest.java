package dev.shakedown.tls.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message is encoded and decoded again, and invalid bytes are refused. */
class HandshakeMessageTest {
    private static final List<Extension> EXTENSIONS = List.of(Extension.serverName("a.example"),
            Extension.extendedMasterSecret(), Extension.renegotiationInfo(),
            Extension.supportedGroups(List.of(NamedGroup.values())), Extension.ecPointFormats(),
            Extension.alpn(List.of("h2", "http/1.1")), Extension.encryptThenMac(),
            Extension.signatureAlgorithms(List.of(SignatureScheme.values())),
            Extension.sessionTicket(filled(40, 0x70)));

    /**
     * One message.
     *
     * @param cuts    shorter lengths at which the body is still a complete message
     * @param lengths the positions in the body at which a length field ends
     */
    record Sample(HandshakeMessage message, KeyExchange keyExchange, List<Integer> cuts, List<Integer> lengths) {
        byte[] body() {
            var out = Unpooled.buffer();
            message.encodeBody(out);
            return ByteBufUtil.getBytes(out);
        }

        @Override
        public String toString() {
            return message.label() + " of " + body().length + " bytes";
        }
    }

    static Stream<Sample> samples() {
        var random = filled(32, 0x11);
        return Stream.of(
                new Sample(new HelloRequest(), null, List.of(), List.of()),
                new Sample(new ClientHello(0x0303, random, filled(4, 0x21), new int[]{0xc02f, 0x009c}, new byte[]{0},
                        EXTENSIONS), null, List.of(47), List.of(34, 40, 45, 48, 52)),
                new Sample(new ClientHello(0x0303, random, filled(0, 0), new int[]{0xc02f}, new byte[]{0}, List.of()),
                        null, List.of(), List.of(34, 36, 39)),
                new Sample(new ServerHello(0x0303, random, filled(32, 0x21), 0xc02f, 0, EXTENSIONS), null,
                        List.of(70), List.of(34, 71, 75)),
                new Sample(new ServerHello(0x0303, random, filled(0, 0), 0x009c, 0, List.of()), null, List.of(),
                        List.of(34)),
                new Sample(new NewSessionTicket(7200, filled(50, 0x31)), null, List.of(), List.of(5)),
                new Sample(new NewSessionTicket(0xffff_ffffL, filled(0, 0)), null, List.of(), List.of(5)),
                new Sample(new Certificate(List.of(filled(60, 0x41), filled(70, 0x42))), null, List.of(),
                        List.of(2, 5, 68)),
                new Sample(new Certificate(List.of()), null, List.of(), List.of(2)),
                new Sample(new ServerKeyExchange.Ecdhe(29, filled(32, 0x51), 0x0804, filled(64, 0x52)),
                        KeyExchange.ECDHE,
                        List.of(), List.of(3, 39)),
                new Sample(new CertificateRequest(new byte[]{1, 64}, new int[]{0x0401, 0x0403},
                        List.of(filled(20, 0x61), filled(30, 0x62))), null, List.of(), List.of(0, 4, 10, 12, 34)),
                new Sample(new ServerHelloDone(), null, List.of(), List.of()),
                new Sample(new ClientKeyExchange(KeyExchange.RSA, filled(256, 0x71)), KeyExchange.RSA, List.of(),
                        List.of(1)),
                new Sample(new ClientKeyExchange(KeyExchange.ECDHE, filled(65, 0x72)), KeyExchange.ECDHE, List.of(),
                        List.of(0)),
                new Sample(new Finished(filled(12, 0x14)), null,
                        List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), List.of()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void comesBackAsItWas(Sample sample) throws Fault {
        var decoded = decode(sample, sample.body());
        assertEquals(sample.message.getClass(), decoded.getClass());
        assertArrayEquals(encode(sample.message), encode(decoded));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void headerHasTypeAndLength(Sample sample) {
        var encoded = Unpooled.wrappedBuffer(encode(sample.message));
        assertEquals(sample.message.type(), encoded.readUnsignedByte());
        assertEquals(encoded.readUnsignedMedium(), encoded.readableBytes());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void cutAtAnyLengthIsADecodeError(Sample sample) {
        var body = sample.body();
        for (var length = 0; length < body.length; length++) {
            if (!sample.cuts.contains(length)) {
                assertFault(AlertDescription.DECODE_ERROR, sample, Arrays.copyOf(body, length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aByteTooManyIsADecodeError(Sample sample) {
        if (!(sample.message instanceof Finished)) {
            assertFault(AlertDescription.DECODE_ERROR, sample, Arrays.copyOf(sample.body(), sample.body().length + 1));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyLengthFieldOffByOneIsADecodeError(Sample sample) {
        for (var at : sample.lengths) {
            for (var change : new int[]{-1, 1}) {
                var body = sample.body();
                body[at] += (byte) change;
                assertFault(AlertDescription.DECODE_ERROR, sample, body);
            }
        }
    }

    /** Any bytes are either refused with a fault, or exactly what the message encodes to. */
    @ParameterizedTest
    @MethodSource("samples")
    void everyChangedByteIsRefusedOrUnderstood(Sample sample) {
        var body = sample.body();
        for (var at = 0; at < body.length; at++) {
            for (var change : new int[]{1, -1, 2, -2, 0x40, 0x80}) {
                var changed = body.clone();
                changed[at] += (byte) change;
                assertRefusedOrUnderstood(sample.message.type(), changed, sample.keyExchange);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomBytesAreRefusedOrUnderstood(long seed) {
        var random = new SplittableRandom(seed);
        var samples = samples().toList();
        for (var i = 0; i < 10_000; i++) {
            var keyExchange = new KeyExchange[]{null, KeyExchange.RSA, KeyExchange.ECDHE}[random.nextInt(3)];
            var noise = new byte[random.nextInt(120)];
            random.nextBytes(noise);
            assertRefusedOrUnderstood(random.nextInt(256), noise, keyExchange);
            assertRefusedOrUnderstood(random.nextInt(25), noise, keyExchange);
            var sample = samples.get(random.nextInt(samples.size()));
            var body = sample.body();
            for (var changes = random.nextInt(1, 5); changes > 0 && body.length > 0; changes--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertRefusedOrUnderstood(sample.message.type(), body, sample.keyExchange);
        }
    }

    static Stream<Arguments> refused() {
        var random = filled(32, 0);
        var twice = List.of(Extension.extendedMasterSecret(), Extension.extendedMasterSecret());
        return Stream.of(
                Arguments.of("unknown type", 77, new byte[3], null, AlertDescription.UNEXPECTED_MESSAGE),
                Arguments.of("ServerKeyExchange for RSA", 12, new byte[3], KeyExchange.RSA,
                        AlertDescription.UNEXPECTED_MESSAGE),
                Arguments.of("ServerKeyExchange too early", 12, new byte[3], null, AlertDescription.UNEXPECTED_MESSAGE),
                Arguments.of("ClientKeyExchange too early", 16, new byte[3], null, AlertDescription.UNEXPECTED_MESSAGE),
                Arguments.of("explicit curve", 12, new byte[]{1, 0, 0, 0, 0}, KeyExchange.ECDHE,
                        AlertDescription.ILLEGAL_PARAMETER),
                Arguments.of("session ID of 33 bytes", 2,
                        body(new ServerHello(0x0303, random, filled(33, 0), 0, 0, List.of())), null,
                        AlertDescription.DECODE_ERROR),
                Arguments.of("extension twice", 2, body(new ServerHello(0x0303, random, filled(0, 0), 0, 0, twice)),
                        null, AlertDescription.ILLEGAL_PARAMETER),
                Arguments.of("empty certificate in a chain", 11, body(new Certificate(List.of(new byte[0]))), null,
                        AlertDescription.DECODE_ERROR));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String name, int type, byte[] body, KeyExchange keyExchange, AlertDescription alert) {
        var fault = assertThrows(Fault.class,
                () -> HandshakeMessage.decode(type, Unpooled.wrappedBuffer(body), keyExchange));
        assertEquals(alert, fault.alert(), fault.getMessage());
    }

    @Test
    void aLongVectorThatDoesNotFitIsNotCutSilently() {
        var tooMany = new ArrayList<Extension>();
        tooMany.add(Extension.sessionTicket(new byte[0xffff]));
        var hello = new ClientHello(0x0303, filled(32, 0), filled(0, 0), new int[]{1}, new byte[]{0}, tooMany);
        assertThrows(IllegalArgumentException.class, () -> encode(hello));
        assertThrows(IllegalArgumentException.class, () -> Extension.alpn(List.of("x".repeat(256))));
        assertThrows(IllegalArgumentException.class, () -> encode(new NewSessionTicket(0, new byte[0x10000])));
    }

    @ParameterizedTest
    @EnumSource
    void suitesAreFoundByNumber(CipherSuite suite) {
        assertEquals(suite, CipherSuite.of(suite.id()));
        assertEquals(suite.name(), CipherSuite.describe(suite.id()));
        assertEquals("cipher suite 0x13f1", CipherSuite.describe(0x13f1));
    }

    private static void assertRefusedOrUnderstood(int type, byte[] body, KeyExchange keyExchange) {
        try {
            var message = HandshakeMessage.decode(type, Unpooled.wrappedBuffer(body), keyExchange);
            var again = body(message);
            // An empty extensions block is allowed, but the encoder omits it.
            var emptyBlock = message instanceof ServerHello hello && hello.extensions().isEmpty()
                    || message instanceof ClientHello offer && offer.extensions().isEmpty();
            assertTrue(Arrays.equals(body, again) || emptyBlock && Arrays.equals(body, Arrays.copyOf(again,
                    again.length + 2)), () -> message + " came of other bytes");
        } catch (Fault fault) {
            assertTrue(fault.getMessage().length() > 10);
        } catch (RuntimeException e) {
            fail("type " + type + ", body " + ByteBufUtil.hexDump(body), e);
        }
    }

    private static void assertFault(AlertDescription alert, Sample sample, byte[] body) {
        var fault = assertThrows(Fault.class, () -> decode(sample, body), () -> ByteBufUtil.hexDump(body));
        assertEquals(alert, fault.alert(), fault.getMessage());
    }

    private static HandshakeMessage decode(Sample sample, byte[] body) throws Fault {
        return HandshakeMessage.decode(sample.message.type(), Unpooled.wrappedBuffer(body), sample.keyExchange);
    }

    private static byte[] encode(HandshakeMessage message) {
        var out = Unpooled.buffer();
        message.encode(out);
        return ByteBufUtil.getBytes(out);
    }

    private static byte[] body(HandshakeMessage message) {
        var encoded = encode(message);
        return Arrays.copyOfRange(encoded, HandshakeMessage.HEADER, encoded.length);
    }

    private static byte[] filled(int length, int value) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
