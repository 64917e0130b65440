package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Joins the content of handshake records and splits it into messages, however they were fragmented or coalesced (RFC
 * 5246, 6.2.1). It stores only what has arrived.
 */
public final class MessageReader {
    /**
     * The longest Certificate accepted, in bytes. TLS allows 16 MB (RFC 8446, 4.4.2), but thousands of connections
     * share this client's memory, and no real chain comes close.
     */
    public static final int MAX_CERTIFICATE = 1 << 20;
    /**
     * The longest that any other message can be, in bytes: the largest possible ServerKeyExchange (RFC 5246, 7.4.3).
     */
    public static final int MAX_OTHER = (1 << 18) + 64;

    private ByteBuf in = Unpooled.EMPTY_BUFFER;

    /** Appends the whole content of a handshake record. */
    public void append(ByteBuf content) {
        if (in.isReadable()) {
            in.discardReadBytes();
        } else {
            in = Unpooled.buffer(content.readableBytes());
        }
        in.writeBytes(content);
    }

    /** Returns the type of the message that has begun to arrive, or -1 if none has. */
    public int type() {
        return in.isReadable() ? in.getUnsignedByte(in.readerIndex()) : -1;
    }

    /** Whether a message has arrived in part. */
    public boolean midMessage() {
        return in.isReadable();
    }

    /**
     * Returns the next whole message with its header, or {@code null} if none has arrived yet; valid until the next
     * call of {@link #append}.
     *
     * @throws Fault if the message announces more bytes than are accepted
     */
    public @Nullable ByteBuf next() throws Fault {
        if (in.readableBytes() < HandshakeMessage.HEADER) {
            return null;
        }
        var type = in.getUnsignedByte(in.readerIndex());
        var length = in.getUnsignedMedium(in.readerIndex() + 1);
        if (type == HandshakeMessage.Certificate.TYPE && length > MAX_CERTIFICATE) {
            throw new Fault(Refusal.CERTIFICATE_TOO_LONG, length, MAX_CERTIFICATE);
        }
        if (type != HandshakeMessage.Certificate.TYPE && length > MAX_OTHER) {
            throw new Fault(Violation.MESSAGE_LENGTH_IMPOSSIBLE, HandshakeMessage.name(type), length);
        }
        var whole = HandshakeMessage.HEADER + length;
        return in.readableBytes() < whole ? null : in.readSlice(whole);
    }
}
