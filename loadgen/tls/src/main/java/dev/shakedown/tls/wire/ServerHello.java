package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ServerHello: what the server chose (RFC 5246, 7.4.1.3).
 *
 * @param version           the version in use, as {@link ProtocolVersion#id()}
 * @param random            32 bytes
 * @param sessionId         0 to 32 bytes; echoing the offered one resumes that session
 * @param cipherSuite       the number of the suite in use
 * @param compressionMethod a CompressionMethod
 * @param extensions        in wire order
 */
public record ServerHello(int version, byte[] random, byte[] sessionId, int cipherSuite, int compressionMethod,
        List<Extension> extensions) implements HandshakeMessage {
    public static final int TYPE = 2;

    /** The random of a HelloRetryRequest: the SHA-256 of that name (RFC 8446, 4.1.3). */
    private static final byte[] RETRY_RANDOM = HexFormat.of()
            .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
    /**
     * Ends the random, before a last byte of 1 or 0, of a server that was made to choose an older version than it
     * supports.
     */
    private static final byte[] DOWNGRADED = "DOWNGRD".getBytes(StandardCharsets.US_ASCII);

    @Override
    public int type() {
        return TYPE;
    }

    /** Returns the extension of this type, or {@code null}. */
    public @Nullable Extension extension(int type) {
        return Extension.of(extensions, type);
    }

    /** Whether this is a HelloRetryRequest, provided that TLS 1.3 was offered. */
    public boolean isRetryRequest() {
        return Arrays.equals(random, RETRY_RANDOM);
    }

    /**
     * Whether the random says that the server supports a higher version than it was made to choose (RFC 8446, 4.1.3).
     */
    public boolean isDowngraded() {
        var last = random.length - 1;
        return Arrays.equals(random, last - DOWNGRADED.length, last, DOWNGRADED, 0, DOWNGRADED.length)
                && (random[last] == 0 || random[last] == 1);
    }

    /** Whether the random says that a server with TLS 1.2 or higher was made to choose TLS 1.1 or lower. */
    public boolean isDowngradedBelowTls12() {
        return isDowngraded() && random[random.length - 1] == 0;
    }

    /**
     * Returns the version that the server chose, as {@link ProtocolVersion#id()}.
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
