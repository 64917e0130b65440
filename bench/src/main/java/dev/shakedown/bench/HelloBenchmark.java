package dev.shakedown.bench;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Encodes the ClientHello and decodes the ServerHello. The baseline only copies the ClientHello's bytes. */
public class HelloBenchmark extends BenchmarkDefaults {
    private final ByteBuf out = Unpooled.buffer(1024);
    private ClientHello clientHello;
    byte[] encoded;
    byte[] serverHello;

    @Setup
    public void setup() throws Fault {
        clientHello = new ClientHello(0x0303, new byte[32], new byte[32],
                Arrays.stream(CipherSuite.values()).filter(CipherSuite::isUsual).mapToInt(CipherSuite::id).toArray(),
                new byte[]{0},
                List.of(Extension.serverName("localhost"), Extension.extendedMasterSecret(),
                        Extension.renegotiationInfo(), Extension.supportedGroups(List.of(NamedGroup.values())),
                        Extension.ecPointFormats(), Extension.signatureAlgorithms(List.of(SignatureScheme.values())),
                        Extension.sessionTicket(new byte[200])));
        encoded = ByteBufUtil.getBytes(encode());
        require(Arrays.equals(encoded, ByteBufUtil.getBytes(encoded(decode(encoded)))), "the ClientHello");
        var answer = new ServerHello(0x0303, new byte[32], new byte[32], CipherSuite.values()[0].id(), 0,
                List.of(Extension.extendedMasterSecret(), Extension.renegotiationInfo(), Extension.ecPointFormats()));
        serverHello = ByteBufUtil.getBytes(encoded(answer));
        require(((ServerHello) decode()).extensions().size() == 3, "the ServerHello");
    }

    private static ByteBuf encoded(HandshakeMessage message) {
        var buffer = Unpooled.buffer();
        message.encode(buffer);
        return buffer;
    }

    private static HandshakeMessage decode(byte[] message) throws Fault {
        return HandshakeMessage.decode(message[0], Unpooled.wrappedBuffer(message, HandshakeMessage.HEADER,
                message.length - HandshakeMessage.HEADER), null);
    }

    @Benchmark
    @Baseline("baseline")
    public ByteBuf encode() {
        out.clear();
        clientHello.encode(out);
        return out;
    }

    @Benchmark
    public ByteBuf baseline() {
        out.clear();
        return out.writeBytes(encoded);
    }

    @Benchmark
    public HandshakeMessage decode() throws Fault {
        return decode(serverHello);
    }
}
