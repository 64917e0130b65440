package dev.shakedown.tls.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.shakedown.fuzz.Bounds;
import dev.shakedown.fuzz.Seeds;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The decoders decode any bytes or throw a {@link Fault}. */
class WireFuzzTest {
    private static final List<ProtocolVersion> VERSIONS = List.of(ProtocolVersion.values());

    static Stream<byte[]> streams() {
        return Seeds.connections().stream().flatMap(connection -> Stream.of(true, false)
                .map(byClient -> Seeds.joined(new byte[]{0}, Seeds.joined(connection.stream()
                        .filter(record -> record.byClient() == byClient).map(Seeds.Sealed::bytes)
                        .toArray(byte[][]::new)))));
    }

    /** Records and the messages in them; the first byte is the number of bytes that arrive at a time, 0 for all. */
    @MethodSource("streams")
    @FuzzTest
    void records(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            var most = Bounds.at(bytes, 0) == 0 ? Bounds.MOST_BYTES : Bounds.at(bytes, 0);
            var in = Unpooled.wrappedBuffer(Bounds.from(bytes, 1));
            var records = new RecordReader();
            var messages = new MessageReader();
            try {
                while (in.isReadable()) {
                    records.append(in.readSlice(Math.min(most, in.readableBytes())));
                    for (RecordReader.Record next; (next = records.next(RecordReader.MAX_PROTECTED)) != null;) {
                        take(next, messages);
                    }
                }
            } catch (Fault _) {
                // allowed
            }
        });
    }

    private static void take(RecordReader.Record record, MessageReader messages) throws Fault {
        switch (record.type()) {
            case HANDSHAKE -> {
                messages.append(record.fragment());
                while (messages.next() != null) {
                    // continue
                }
            }
            case ALERT -> Alert.decode(record.fragment()).label();
            case CHANGE_CIPHER_SPEC, APPLICATION_DATA -> {
                // nothing to decode
            }
        }
    }

    static Stream<byte[]> messageSeeds() {
        return Seeds.messages().flatMap(message -> Stream.of(2, 3).flatMap(
                version -> IntStream.range(0, 4).mapToObj(keyExchange -> Seeds.joined(
                        new byte[]{(byte) VERSIONS.indexOf(version == 2
                                ? ProtocolVersion.TLS_1_2
                                : ProtocolVersion.TLS_1_3),
                            (byte) keyExchange, message[0]},
                        Bounds.from(message, HandshakeMessage.HEADER)))));
    }

    /**
     * One message: the version, the key exchange, the type and the body. What was decoded is encoded, and decoded again
     * as the same message.
     */
    @MethodSource("messageSeeds")
    @FuzzTest
    void messages(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            try {
                var once = encoded(decoded(bytes, Bounds.from(bytes, 3)));
                assertArrayEquals(once, encoded(decoded(bytes, once)));
            } catch (Fault _) {
                // allowed
            }
        });
    }

    private static HandshakeMessage decoded(byte[] header, byte[] body) throws Fault {
        var version = VERSIONS.get(Bounds.at(header, 0) % VERSIONS.size());
        var keyExchanges = KeyExchange.values();
        var keyExchange = Bounds.at(header, 1) % (keyExchanges.length + 1);
        var in = Unpooled.wrappedBuffer(body);
        return version == ProtocolVersion.TLS_1_3
                ? Tls13Message.decode(Bounds.at(header, 2), in)
                : HandshakeMessage.decode(Bounds.at(header, 2), in,
                        keyExchange == keyExchanges.length ? null : keyExchanges[keyExchange], version);
    }

    private static byte[] encoded(HandshakeMessage message) {
        message.label();
        var out = Unpooled.buffer();
        message.encodeBody(out);
        return ByteBufUtil.getBytes(out);
    }

    static Stream<byte[]> extensions() {
        return Stream.of("0304", "0000", "001d", "0004636f6f6b", "001d00020102", "00000400", "000404030804",
                "0003026832").flatMap(
                        content -> IntStream.range(0, 9).mapToObj(
                                reader -> Seeds.joined(new byte[]{(byte) reader}, HexFormat.of().parseHex(content))));
    }

    /** The content of one extension; the first byte selects which. */
    @MethodSource("extensions")
    @FuzzTest
    void extensions(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            var extension = new Extension(0, Bounds.from(bytes, 1));
            try {
                switch (Bounds.at(bytes, 0) % 9) {
                    case 0 -> extension.selectedVersion();
                    case 1 -> extension.selectedIdentity();
                    case 2 -> extension.selectedGroup();
                    case 3 -> extension.cookie();
                    case 4 -> extension.share();
                    case 5 -> extension.maxEarlyData();
                    case 6 -> extension.signatureSchemes();
                    case 7 -> extension.alpnChoice();
                    default -> Alert.decode(Unpooled.wrappedBuffer(extension.data())).label();
                }
            } catch (Fault _) {
                // allowed
            }
        });
    }
}
