package dev.shakedown.server;

import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.ServerHello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Tells a full handshake from a resumed one by the server's own first flight, since the engines do not say. A full TLS
 * 1.2 handshake continues with Certificate after ServerHello, a resumed one with NewSessionTicket or ChangeCipherSpec
 * (RFC 5246, 7.3); in TLS 1.3 the ServerHello itself says whether a session is resumed (RFC 8446, 4.2.11). Sits between
 * the network and the TLS handler, and removes itself as soon as it knows.
 */
final class HandshakeClassifier extends ChannelOutboundHandlerAdapter {
    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CHANGE_CIPHER_SPEC_RECORD = 20;
    private static final int NEW_SESSION_TICKET = 4;
    private static final int CERTIFICATE = 11;
    /** The random that makes a ServerHello a HelloRetryRequest (RFC 8446, 4.1.3). */
    private static final byte[] HELLO_RETRY_REQUEST = HexFormat.of()
            .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    /** The kind of handshake, as far as the flight reveals it so far. */
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

    /** Reads the ServerHello, skipping a HelloRetryRequest and any ChangeCipherSpec after it. */
    private Kind decide() {
        while (hasRecord()) {
            var type = seen.getByte(seen.readerIndex());
            var record = seen.slice(seen.readerIndex() + RECORD_HEADER, recordLength());
            if (type == HANDSHAKE_RECORD) {
                var helloLength = record.getUnsignedMedium(1);
                var hello = serverHello(record.slice(HandshakeMessage.HEADER, helloLength));
                if (hello == null) {
                    return Kind.UNKNOWN;
                } else if (hello.extension(Extension.SUPPORTED_VERSIONS) == null) {
                    return kindAfterServerHello(record, HandshakeMessage.HEADER + helloLength);
                } else if (!Arrays.equals(hello.random(), HELLO_RETRY_REQUEST)) {
                    return hello.extension(Extension.PRE_SHARED_KEY) == null ? Kind.FULL : Kind.RESUMED;
                }
            } else if (type != CHANGE_CIPHER_SPEC_RECORD) {
                return Kind.UNKNOWN;
            }
            seen.skipBytes(RECORD_HEADER + recordLength());
        }
        return Kind.UNKNOWN;
    }

    private boolean hasRecord() {
        return seen.readableBytes() >= RECORD_HEADER && seen.readableBytes() >= RECORD_HEADER + recordLength();
    }

    private int recordLength() {
        return seen.getUnsignedShort(seen.readerIndex() + 3);
    }

    private static @Nullable ServerHello serverHello(ByteBuf body) {
        try {
            return (ServerHello) HandshakeMessage.decode(ServerHello.TYPE, body, null);
        } catch (Fault _) {
            return null;
        }
    }

    /** Returns the kind according to what follows a TLS 1.2 ServerHello, in the same record or the next. */
    private Kind kindAfterServerHello(ByteBuf record, int helloEnd) {
        if (helloEnd < record.readableBytes()) {
            return ofMessage(record.getUnsignedByte(helloEnd));
        }
        var next = seen.readerIndex() + RECORD_HEADER + record.readableBytes();
        if (seen.writerIndex() > next && seen.getByte(next) == CHANGE_CIPHER_SPEC_RECORD) {
            return Kind.RESUMED;
        }
        return seen.writerIndex() > next + RECORD_HEADER && seen.getByte(next) == HANDSHAKE_RECORD
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
