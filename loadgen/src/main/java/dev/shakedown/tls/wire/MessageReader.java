package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Joins the content of handshake records and cuts it into messages, however they were split or coalesced (RFC 5246,
 * 6.2.1). Holds what has arrived and no more.
 */
public final class MessageReader {
    /** The longest Certificate taken, bytes: chains that real servers send stay far below. */
    public static final int MAX_CERTIFICATE = 1 << 17;
    /** The longest of any other message taken, bytes: a NewSessionTicket with the largest ticket still fits. */
    public static final int MAX_OTHER = (1 << 16) + 64;

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
    public ByteBuf next() throws Fault {
        if (in.readableBytes() < HandshakeMessage.HEADER) {
            return null;
        }
        var type = in.getUnsignedByte(in.readerIndex());
        var length = in.getUnsignedMedium(in.readerIndex() + 1);
        var most = type == HandshakeMessage.Certificate.TYPE ? MAX_CERTIFICATE : MAX_OTHER;
        if (length > most) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, HandshakeMessage.name(type) + " announces " + length
                    + " bytes, where " + most + " is the most that is taken");
        }
        var whole = HandshakeMessage.HEADER + length;
        return in.readableBytes() < whole ? null : in.readSlice(whole);
    }
}
