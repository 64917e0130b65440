package dev.shakedown.tls.client;

import dev.shakedown.fuzz.Bounds;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.ServerHello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Changes to a server's messages, encoded in bytes that a fuzzer can generate: first their number, then six bytes for
 * each: the message's number, the operation, the position (two bytes), the length, and a value. What follows the last
 * is content for operations that replace all of it.
 */
final class Edits {
    private static final int EACH = 6;
    /** A flag of the operation: the message's length is corrected afterwards. */
    private static final int FITTING = 0x80;

    private final byte[] bytes;
    private final int count;
    private int number;
    private boolean finished;
    /** The server's messages up to its Finished, as they are sent and as they are due. */
    private final ByteBuf sent = Unpooled.buffer();
    private final ByteBuf due = Unpooled.buffer();

    Edits(byte[] bytes) {
        this.bytes = bytes;
        this.count = Math.min(Bounds.at(bytes, 0) % 8, bytes.length / EACH);
    }

    /**
     * Whether the server's Finished, or anything that it covers, was changed.
     *
     * @param tls13 whether it covers HelloRequests after the first ServerHello; up to TLS 1.2 it never does
     */
    boolean changed(boolean tls13) {
        return !ByteBufUtil.hexDump(withoutRequests(sent, tls13))
                .startsWith(ByteBufUtil.hexDump(withoutRequests(due, tls13)));
    }

    /** Returns the messages that belong to the transcript (RFC 5246, 7.4.1.1). */
    static ByteBuf withoutRequests(ByteBuf messages, boolean tls13) {
        var in = messages.slice();
        var covered = Unpooled.buffer();
        for (var hello = false; in.readableBytes() >= HandshakeMessage.HEADER && !(tls13 && hello);) {
            var length = HandshakeMessage.HEADER + in.getUnsignedMedium(in.readerIndex() + 1);
            var message = in.readSlice(Math.min(length, in.readableBytes()));
            hello |= message.getByte(message.readerIndex()) == ServerHello.TYPE;
            if (message.getByte(message.readerIndex()) != HandshakeMessage.HelloRequest.TYPE
                    || length > HandshakeMessage.HEADER) {
                covered.writeBytes(message);
            }
        }
        return covered.writeBytes(in);
    }

    /** What the server sends instead of its next message. */
    byte[] applied(byte[] honest) {
        var message = honest;
        for (var at = 1; at < 1 + EACH * count; at += EACH) {
            if (Bounds.at(bytes, at) == number) {
                message = edited(message, at);
            }
        }
        number++;
        if (!finished) {
            finished = honest[0] == HandshakeMessage.Finished.TYPE;
            due.writeBytes(honest);
            sent.writeBytes(message);
        }
        return message;
    }

    /** Sends what is inserted, in a record of its own, before the next message. */
    void before(ScriptedPeer<?> server) {
        for (var at = 1; at < 1 + EACH * count; at += EACH) {
            if (Bounds.at(bytes, at) == number && what(at) == 9) {
                var named = ContentType.of(Bounds.at(bytes, at + 5));
                var type = named == null ? ContentType.HANDSHAKE : named;
                if (type == ContentType.HANDSHAKE && !finished) {
                    sent.writeBytes(content());
                }
                server.record(type, content());
            }
        }
    }

    private int what(int at) {
        return (Bounds.at(bytes, at + 1) & ~FITTING) % 10;
    }

    private byte[] content() {
        return Bounds.from(bytes, 1 + EACH * count);
    }

    private byte[] edited(byte[] message, int at) {
        var place = Math.min((Bounds.at(bytes, at + 2) << 8) + Bounds.at(bytes, at + 3), message.length);
        var much = Bounds.at(bytes, at + 4);
        var value = (byte) Bounds.at(bytes, at + 5);
        var before = Arrays.copyOf(message, place);
        var behind = Bounds.from(message, place);
        var result = switch (what(at)) {
            case 0 -> set(message, place, value);
            case 1 -> set(message, place, place < message.length ? (byte) (message[place] ^ value) : 0);
            case 2 -> joined(before, filled(much, value), behind);
            case 3 -> joined(before, Bounds.from(behind, much));
            case 4 -> set(set(message, place, (byte) much), place + 1, value);
            case 5 -> before;
            case 6 -> joined(message, message);
            case 7 -> joined(before, content(), behind);
            case 8 -> joined(Arrays.copyOf(message, Math.min(message.length, HandshakeMessage.HEADER)), content());
            default -> message;
        };
        return (Bounds.at(bytes, at + 1) & FITTING) != 0 && result.length >= HandshakeMessage.HEADER
                ? fitting(result)
                : result;
    }

    private static byte[] set(byte[] message, int place, byte value) {
        var result = message.clone();
        if (place < result.length) {
            result[place] = value;
        }
        return result;
    }

    private static byte[] fitting(byte[] message) {
        var result = message.clone();
        var length = message.length - HandshakeMessage.HEADER;
        result[1] = (byte) (length >> 16);
        result[2] = (byte) (length >> 8);
        result[3] = (byte) length;
        return result;
    }

    private static byte[] filled(int length, byte value) {
        var result = new byte[length];
        Arrays.fill(result, value);
        return result;
    }

    private static byte[] joined(byte[] first, byte[]... more) {
        var all = first;
        for (var next : more) {
            all = ScriptedPeer.joined(all, next);
        }
        return all;
    }
}
