package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Joins the content of handshake records and cuts it into messages, however they were split or coalesced (RFC 5246,
 * 6.2.1). Holds what has arrived and no more.
 */
public final class MessageReader {
    /**
     * The longest Certificate taken, bytes. TLS allows 16 MB (RFC 8446, 4.4.2), but thousands of connections share this
     * client's memory, and no server's chain comes near.
     */
    public static final int MAX_CERTIFICATE = 1 << 20;
    /** No other message can be longer, bytes: a ServerKeyExchange of the largest numbers fits (RFC 5246, 7.4.3). */
    public static final int MAX_OTHER = (1 << 18) + 64;

    private ByteBuf in = Unpooled.EMPTY_BUFFER;

    /** Takes all of one handshake record's content. */
    public void append(ByteBuf content) {
        if (in.isReadable()) {
            in.discardReadBytes();
        } else {
            in = Unpooled.buffer(content.readableBytes());
        }
        in.writeBytes(content);
    }

    /** The type of the message that has begun to arrive, or -1 when none has. */
    public int type() {
        return in.isReadable() ? in.getUnsignedByte(in.readerIndex()) : -1;
    }

    /** Whether a message has begun to arrive and not ended. */
    public boolean midMessage() {
        return in.isReadable();
    }

    /**
     * The next whole message with its header, or {@code null} when there is none yet; valid until the next call of
     * {@link #append}.
     *
     * @throws Fault when the message announces more than is taken
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
