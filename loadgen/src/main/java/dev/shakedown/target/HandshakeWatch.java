package dev.shakedown.target;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Reads from the server's own first flight what kind of handshake it does: the engines do not tell. A full TLS 1.2
 * handshake goes on with Certificate after ServerHello, a resumed one with NewSessionTicket or ChangeCipherSpec
 * (RFC 5246, 7.3). Stands between the network and the TLS handler, and goes as soon as it knows.
 */
final class HandshakeWatch extends ChannelOutboundHandlerAdapter {
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CHANGE_CIPHER_SPEC_RECORD = 20;
    private static final int NEW_SESSION_TICKET = 4;
    private static final int CERTIFICATE = 11;

    /** What the flight has shown so far. */
    enum Kind {
        UNKNOWN, FULL, RESUMED
    }

    private final ByteBuf seen = Unpooled.buffer(256);
    private Kind kind = Kind.UNKNOWN;

    Kind kind() {
        return kind;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        var bytes = (ByteBuf) message;
        seen.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        kind = decide();
        if (kind != Kind.UNKNOWN) {
            context.pipeline().remove(this);
        }
        context.write(message, promise);
    }

    /** Looks behind the ServerHello, which may share its record with what follows or not. */
    private Kind decide() {
        if (seen.readableBytes() < RECORD_HEADER + MESSAGE_HEADER || seen.getByte(0) != HANDSHAKE_RECORD) {
            return Kind.UNKNOWN;
        }
        var record = seen.getUnsignedShort(3);
        var helloEnd = MESSAGE_HEADER + seen.getUnsignedMedium(RECORD_HEADER + 1);
        if (helloEnd < record) {
            return seen.readableBytes() <= RECORD_HEADER + helloEnd
                    ? Kind.UNKNOWN
                    : ofMessage(seen.getUnsignedByte(RECORD_HEADER + helloEnd));
        }
        var next = RECORD_HEADER + record;
        if (seen.readableBytes() > next && seen.getByte(next) == CHANGE_CIPHER_SPEC_RECORD) {
            return Kind.RESUMED;
        }
        return seen.readableBytes() > next + RECORD_HEADER && seen.getByte(next) == HANDSHAKE_RECORD
                ? ofMessage(seen.getUnsignedByte(next + RECORD_HEADER))
                : Kind.UNKNOWN;
    }

    private static Kind ofMessage(int type) {
        return switch (type) {
            case CERTIFICATE -> Kind.FULL;
            case NEW_SESSION_TICKET -> Kind.RESUMED;
            default -> Kind.UNKNOWN;
        };
    }
}
