package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Splits the bytes of a connection into records (RFC 5246, 6.2). It stores only what has arrived: a length field alone
 * never makes it grow, and a record over the limit is a fault before its content arrives.
 */
public final class RecordReader {
    /** Bytes of type, version and length before each record's fragment. */
    public static final int HEADER = 5;
    /** The maximum length of a record's content, in bytes. */
    public static final int MAX_CONTENT = 1 << 14;
    /** The maximum length of a protected record's fragment up to TLS 1.2, in bytes (RFC 5246, 6.2.3). */
    public static final int MAX_PROTECTED = MAX_CONTENT + 2048;
    /** The maximum length of a protected record's fragment in TLS 1.3, in bytes (RFC 8446, 5.2). */
    public static final int MAX_PROTECTED_TLS13 = MAX_CONTENT + 256;

    /**
     * One record; {@code fragment} is heap memory that may be modified in place and is valid until the next call of
     * {@link #append}.
     */
    public record Record(ContentType type, int version, ByteBuf fragment) {}

    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    /** Whether a whole record has been read, which shows that the peer speaks TLS. */
    private boolean speaksTls;

    /** Appends all readable bytes of {@code bytes}. */
    public void append(ByteBuf bytes) {
        if (in.isReadable()) {
            in.discardReadBytes();
        } else {
            in = Unpooled.buffer(bytes.readableBytes());
        }
        in.writeBytes(bytes);
    }

    /** Returns how many bytes of an incomplete record have arrived. */
    public int pending() {
        return in.readableBytes();
    }

    /** Removes and returns the bytes that do not make up a whole record. */
    public byte[] drain() {
        var bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        return bytes;
    }

    /**
     * Returns the next whole record, or {@code null} if none has arrived yet.
     *
     * @param maxFragment the maximum length of a fragment at this point, in bytes
     * @throws Fault when the bytes cannot be a record
     */
    public @Nullable Record next(int maxFragment) throws Fault {
        return next(maxFragment, false);
    }

    /**
     * Returns the next whole record, as {@link #next(int)} does.
     *
     * @param ignoresVersion whether the version in the header is ignored, as in TLS 1.3
     */
    public @Nullable Record next(int maxFragment, boolean ignoresVersion) throws Fault {
        if (!in.isReadable()) {
            return null;
        }
        var at = in.readerIndex();
        var type = ContentType.of(in.getUnsignedByte(at));
        if (type == null) {
            throw notTls();
        }
        if (in.readableBytes() < HEADER) {
            return null;
        }
        var version = in.getUnsignedShort(at + 1);
        if (version >> 8 != 3 && !ignoresVersion) {
            throw new Fault(Violation.RECORD_VERSION_UNKNOWN, version);
        }
        var length = in.getUnsignedShort(at + 3);
        if (length > maxFragment) {
            throw new Fault(Violation.RECORD_TOO_LONG, length, maxFragment);
        }
        if (in.readableBytes() < HEADER + length) {
            return null;
        }
        in.skipBytes(HEADER);
        speaksTls = true;
        return new Record(type, version, in.readSlice(length));
    }

    private Fault notTls() {
        var first = in.getUnsignedByte(in.readerIndex());
        if (speaksTls) {
            return new Fault(Violation.RECORD_TYPE_UNKNOWN, first);
        }
        var speaks = switch (first) {
            case 'H' -> " (it looks like HTTP)";
            case '2', '4', '5' -> " (it looks like a mail or file server's greeting, which needs STARTTLS)";
            case 'S' -> " (it looks like SSH)";
            default -> "";
        };
        return new Fault(Violation.NOT_TLS, first, speaks);
    }
}
