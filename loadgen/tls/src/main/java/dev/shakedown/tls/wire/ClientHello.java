package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The ClientHello: what the client offers (RFC 5246, 7.4.1.2).
 *
 * @param version            the highest version offered, as {@link ProtocolVersion#id()}
 * @param random             32 bytes
 * @param sessionId          0 to 32 bytes; empty to offer no session
 * @param cipherSuites       numbers, most preferred first
 * @param compressionMethods bytes of CompressionMethod, at least null (0)
 * @param extensions         in wire order
 */
public record ClientHello(int version, byte[] random, byte[] sessionId, int[] cipherSuites,
        byte[] compressionMethods, List<Extension> extensions) implements HandshakeMessage {
    public static final int TYPE = 1;
    /** The length of a hello's random, in bytes. */
    public static final int RANDOM_LENGTH = 32;
    /** The maximum length of a session ID, in bytes. */
    public static final int MAX_SESSION_ID = 32;
    /** TLS_EMPTY_RENEGOTIATION_INFO_SCSV: not a suite, but a substitute for renegotiation_info (RFC 5746, 3.3). */
    public static final int RENEGOTIATION_SIGNAL = 0x00ff;

    /** Whether the hello has an extension of this type. */
    public boolean offers(int extensionType) {
        return Extension.of(extensions, extensionType) != null;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void encodeBody(ByteBuf out) {
        out.writeShort(version).writeBytes(random);
        Vectors.write8(out, sessionId);
        Vectors.write16(out, list -> {
            for (var suite : cipherSuites) {
                list.writeShort(suite);
            }
        });
        Vectors.write8(out, compressionMethods);
        Extension.encodeAll(out, extensions);
    }

    static ClientHello decodeBody(ByteBuf in) throws Fault {
        return new ClientHello(in.readUnsignedShort(), Vectors.bytes(in, RANDOM_LENGTH), sessionId(in, "ClientHello"),
                Vectors.numbers(Vectors.slice16(in)), Vectors.read8(in), Extension.decodeAll(in, "ClientHello"));
    }

    static byte[] sessionId(ByteBuf in, String message) throws Fault {
        var length = in.getUnsignedByte(in.readerIndex());
        if (length > MAX_SESSION_ID) {
            throw new Fault(Violation.SESSION_ID_TOO_LONG, message, length);
        }
        return Vectors.read8(in);
    }
}
