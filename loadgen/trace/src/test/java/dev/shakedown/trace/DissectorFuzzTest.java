package dev.shakedown.trace;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.fuzz.Bounds;
import dev.shakedown.fuzz.Seeds;
import dev.shakedown.tls.wire.ContentType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Dissects any records in both directions and formats them as text and JSON, without an exception. */
class DissectorFuzzTest {
    private static final int BY_CLIENT = 0x80;
    private static final JsonMapper JSON = new JsonMapper();

    static Stream<byte[]> connections() {
        return Stream.concat(Seeds.connections().stream().map(connection -> Seeds.joined(connection.stream()
                .map(record -> framed(record.byClient(), record.bytes()[0], Bounds.from(record.bytes(), 5)))
                .toArray(byte[][]::new))),
                // The messages that RFC 8448 encrypts, unencrypted after a TLS 1.3 ServerHello.
                Stream.of(Seeds.joined(Seeds.messages().filter(message -> message[0] != 1 && message[0] != 20)
                        .skip(5).map(message -> framed(false, (byte) 22, message)).toArray(byte[][]::new))));
    }

    private static byte[] framed(boolean byClient, byte type, byte[] content) {
        return Seeds.joined(new byte[]{(byte) (type | (byClient ? BY_CLIENT : 0)), (byte) (content.length >> 8),
            (byte) content.length}, content);
    }

    /** Encodes each record as its type, with the highest bit set for the client's, its length and its content. */
    @MethodSource("connections")
    @FuzzTest
    void records(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            var dissector = new Dissector();
            var text = new TraceText(new PrintWriter(Writer.nullWriter()), 1, false);
            for (var in = Unpooled.wrappedBuffer(bytes); in.readableBytes() >= 3;) {
                show(dissector, text, in);
            }
        });
    }

    private static void show(Dissector dissector, TraceText text, ByteBuf in) throws Exception {
        var first = in.readUnsignedByte();
        var byClient = (first & BY_CLIENT) != 0;
        var type = ContentType.of(first & ~BY_CLIENT);
        var content = ByteBufUtil.getBytes(in.readSlice(Math.min(in.readUnsignedShort(), in.readableBytes())));
        if (type == null) {
            return;
        }
        var parts = dissector.parts(byClient, type, content, content.length);
        for (var part : parts) {
            part.name();
            JSON.writeValueAsString(Fields.of(part));
        }
        text.print(new Event.Record(0, 1, byClient, new byte[]{(byte) type.id(), 3, 3, 0, 0}, type, false, parts));
    }
}
