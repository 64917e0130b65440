package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** The random that makes it a HelloRetryRequest: the SHA-256 of that word (RFC 8446, 4.1.3). */
    private static final byte[] RETRY_RANDOM = HexFormat.of()
            .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
    /** How the random of a server ends, but for a last 1 or 0, that was led to choose TLS 1.2 or an older version. */
    private static final byte[] DOWNGRADED = "DOWNGRD".getBytes(StandardCharsets.US_ASCII);

    @Override
    public int type() {
        return TYPE;
    }

    /** The extension of this type, or {@code null}. */
    public @Nullable Extension extension(int type) {
        return Extension.of(extensions, type);
    }

    /** Whether it asks for another ClientHello, where TLS 1.3 was offered. */
    public boolean isRetryRequest() {
        return Arrays.equals(random, RETRY_RANDOM);
    }

    /**
     * Whether the server says that it was led to choose this version, although it has a higher one (RFC 8446, 4.1.3).
     */
    public boolean isDowngraded() {
        var last = random.length - 1;
        return Arrays.equals(random, last - DOWNGRADED.length, last, DOWNGRADED, 0, DOWNGRADED.length)
                && (random[last] == 0 || random[last] == 1);
    }

    /** The same of a server of TLS 1.2 or higher that was led to choose TLS 1.1 or an older version. */
    public boolean isDowngradedBelowTls12() {
        return isDowngraded() && random[random.length - 1] == 0;
    }

    /**
     * The version that the server chose, as {@link ProtocolVersion#id()}.
     *
     * @throws Fault when supported_versions is malformed
     */
    public int selectedVersion() throws Fault {
        var selected = extension(Extension.SUPPORTED_VERSIONS);
        return selected == null ? version : selected.selectedVersion();
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
