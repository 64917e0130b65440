package dev.shakedown.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.server.HandshakeClassifier.Kind;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.ServerHello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server's first flight in every form, and the kind of handshake it reveals. */
class HandshakeClassifierTest {
    private static final byte[] RETRY = HexFormat.of()
            .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
    private static final byte[] CERTIFICATE = {11, 0, 0, 3, 0, 0, 0};
    private static final byte[] TICKET = {4, 0, 0, 6, 0, 0, 0, 0, 0, 0};
    private static final byte[] CHANGE_CIPHER_SPEC = record(20, new byte[]{1});
    private static final byte[] ENCRYPTED = record(23, new byte[40]);
    private static final Extension TLS_1_3 = new Extension(Extension.SUPPORTED_VERSIONS, new byte[]{3, 4});
    private static final Extension SESSION = new Extension(Extension.PRE_SHARED_KEY, new byte[]{0, 0});

    static List<Arguments> flights() {
        var hello = hello(new byte[32]);
        var hello13 = record(22, hello(new byte[32], TLS_1_3));
        var hello13Resumed = record(22, hello(new byte[32], SESSION, TLS_1_3));
        var retry = record(22, hello(RETRY, TLS_1_3));
        return List.of(
                Arguments.of("1.2 full, one record", Kind.FULL, record(22, hello, CERTIFICATE)),
                Arguments.of("1.2 full, a record each", Kind.FULL, join(record(22, hello), record(22, CERTIFICATE))),
                Arguments.of("1.2 by ticket, one record", Kind.RESUMED, record(22, hello, TICKET)),
                Arguments.of("1.2 by ticket, a record each", Kind.RESUMED, join(record(22, hello), record(22, TICKET))),
                Arguments.of("1.2 by session ID", Kind.RESUMED, join(record(22, hello), CHANGE_CIPHER_SPEC)),
                Arguments.of("1.3 full", Kind.FULL, join(hello13, CHANGE_CIPHER_SPEC, ENCRYPTED)),
                Arguments.of("1.3 resumed", Kind.RESUMED, join(hello13Resumed, CHANGE_CIPHER_SPEC, ENCRYPTED)),
                Arguments.of("1.3 retried, full", Kind.FULL, join(retry, CHANGE_CIPHER_SPEC, hello13, ENCRYPTED)),
                Arguments.of("1.3 retried, resumed", Kind.RESUMED, join(retry, hello13Resumed, ENCRYPTED)),
                Arguments.of("1.3 retried, no more", Kind.UNKNOWN, join(retry, CHANGE_CIPHER_SPEC)),
                Arguments.of("an alert", Kind.UNKNOWN, record(21, new byte[]{2, 40})),
                Arguments.of("nothing", Kind.UNKNOWN, new byte[0]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flights")
    void theFlightTellsHoweverItIsCut(String name, Kind kind, byte[] flight) {
        for (var cut = 0; cut <= flight.length; cut++) {
            assertPasses(kind, flight, cut, flight.length - cut);
        }
        var ones = new int[flight.length];
        Arrays.fill(ones, 1);
        assertPasses(kind, flight, ones);
    }

    /** Every byte must be passed on to the network unchanged. */
    private static void assertPasses(Kind kind, byte[] flight, int... pieces) {
        var watch = new HandshakeClassifier();
        var channel = new EmbeddedChannel(watch);
        var at = 0;
        for (var piece : pieces) {
            channel.writeOutbound(Unpooled.copiedBuffer(flight, at, piece));
            at += piece;
        }
        assertEquals(kind, watch.kind());
        var passed = Unpooled.buffer();
        for (ByteBuf bytes; (bytes = channel.readOutbound()) != null; bytes.release()) {
            passed.writeBytes(bytes);
        }
        assertEquals(ByteBufUtil.hexDump(flight), ByteBufUtil.hexDump(passed));
    }

    private static byte[] hello(byte[] random, Extension... extensions) {
        var out = Unpooled.buffer();
        new ServerHello(0x0303, random, new byte[32], 0x1301, 0, List.of(extensions)).encode(out);
        return ByteBufUtil.getBytes(out);
    }

    private static byte[] record(int type, byte[]... messages) {
        var content = join(messages);
        return join(new byte[]{(byte) type, 3, 3, (byte) (content.length >> 8), (byte) content.length}, content);
    }

    private static byte[] join(byte[]... parts) {
        var out = Unpooled.buffer();
        Stream.of(parts).forEach(out::writeBytes);
        return ByteBufUtil.getBytes(out);
    }
}
