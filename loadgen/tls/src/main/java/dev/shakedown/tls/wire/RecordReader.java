package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a connection into records (RFC 5246, 6.2). It holds what has arrived and no more: a length field
 * alone never makes it grow, and a record over the limit ends in a fault before its content is waited for.
 */
public final class RecordReader {
    /** Bytes of type, version and length before each record's fragment. */
    public static final int HEADER = 5;
    /** The most a record's content may hold, bytes. */
    public static final int MAX_CONTENT = 1 << 14;
    /** The most a protected record's fragment may hold up to TLS 1.2, bytes (RFC 5246, 6.2.3). */
    public static final int MAX_PROTECTED = MAX_CONTENT + 2048;
    /** The most a protected record's fragment may hold in TLS 1.3, bytes (RFC 8446, 5.2). */
    public static final int MAX_PROTECTED_TLS13 = MAX_CONTENT + 256;

    /**
     * One record; {@code fragment} is heap memory that may be changed in place and is valid until the next call of
     * {@link #append}.
     */
    public record Record(ContentType type, int version, ByteBuf fragment) {}

    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    /** Whether there was a whole record before: then the peer does speak TLS. */
    private boolean speaksTls;

    /** Takes all that {@code bytes} has to read. */
    public void append(ByteBuf bytes) {
        if (in.isReadable()) {
            in.discardReadBytes();
        } else {
            in = Unpooled.buffer(bytes.readableBytes());
        }
        in.writeBytes(bytes);
    }

    /** How many bytes of an unfinished record have arrived. */
    public int pending() {
        return in.readableBytes();
    }

    /** Takes away and returns the bytes that are no whole record. */
    public byte[] drain() {
        var bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        return bytes;
    }

    /**
     * The next whole record, or {@code null} when there is none yet.
     *
     * @param most the most bytes that a fragment may have now
     * @throws Fault when the bytes cannot be a record
     */
    public @Nullable Record next(int most) throws Fault {
        return next(most, false);
    }

    /**
     * The same.
     *
     * @param ofAnyVersion whether the version that stands there says nothing, as in TLS 1.3
     */
    public @Nullable Record next(int most, boolean ofAnyVersion) throws Fault {
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
        if (version >> 8 != 3 && !ofAnyVersion) {
            throw new Fault(Violation.RECORD_VERSION_UNKNOWN, version);
        }
        var length = in.getUnsignedShort(at + 3);
        if (length > most) {
            throw new Fault(Violation.RECORD_TOO_LONG, length, most);
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
