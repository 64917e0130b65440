package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * What the server chose (RFC 5246, 7.4.1.3).
 *
 * @param version           the version in use, as {@link ProtocolVersion#id()}
 * @param random            32 bytes
 * @param sessionId         0 to 32 bytes; the offered one's echo takes the session up
 * @param cipherSuite       number of the suite in use
 * @param compressionMethod byte of CompressionMethod
 * @param extensions        in the order they stand on the wire
 */
public record ServerHello(int version, byte[] random, byte[] sessionId, int cipherSuite, int compressionMethod,
        List<Extension> extensions) implements HandshakeMessage {
    public static final int TYPE = 2;

    @Override
    public int type() {
        return TYPE;
    }

    /** The extension of this type, or {@code null}. */
    public Extension extension(int type) {
        for (var extension : extensions) {
            if (extension.type() == type) {
                return extension;
            }
        }
        return null;
    }

    @Override
    public void encodeBody(ByteBuf out) {
        out.writeShort(version).writeBytes(random);
        Vectors.write8(out, sessionId);
        out.writeShort(cipherSuite).writeByte(compressionMethod);
        Extension.encodeAll(out, extensions);
    }

    static ServerHello decodeBody(ByteBuf in) throws Fault {
        return new ServerHello(in.readUnsignedShort(), Vectors.bytes(in, ClientHello.RANDOM_LENGTH),
                ClientHello.sessionId(in, "ServerHello"), in.readUnsignedShort(), in.readUnsignedByte(),
                Extension.decodeAll(in, "ServerHello"));
    }
}
