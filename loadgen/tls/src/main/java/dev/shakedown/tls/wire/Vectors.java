package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;

/**
 * TLS vectors: a length followed by content (RFC 5246, 4.3). They are written by closures, so that code nests as the
 * bytes nest and no length is counted by hand. Reading past the end throws {@link IndexOutOfBoundsException}, which
 * {@link HandshakeMessage#decode} turns into a fault.
 */
final class Vectors {
    private Vectors() {}

    static void write8(ByteBuf out, Consumer<ByteBuf> content) {
        var at = begin(out, 1);
        content.accept(out);
        out.setByte(at, lengthSince(out, at, 1, 0xff));
    }

    static void write16(ByteBuf out, Consumer<ByteBuf> content) {
        var at = begin(out, 2);
        content.accept(out);
        out.setShort(at, lengthSince(out, at, 2, 0xffff));
    }

    static void write24(ByteBuf out, Consumer<ByteBuf> content) {
        var at = begin(out, 3);
        content.accept(out);
        out.setMedium(at, lengthSince(out, at, 3, 0xffffff));
    }

    static void write8(ByteBuf out, byte[] content) {
        write8(out, vector -> vector.writeBytes(content));
    }

    static void write16(ByteBuf out, byte[] content) {
        write16(out, vector -> vector.writeBytes(content));
    }

    static byte[] read8(ByteBuf in) {
        return bytes(in, in.readUnsignedByte());
    }

    static byte[] read16(ByteBuf in) {
        return bytes(in, in.readUnsignedShort());
    }

    static byte[] read24(ByteBuf in) {
        return bytes(in, in.readUnsignedMedium());
    }

    static ByteBuf slice8(ByteBuf in) {
        return in.readSlice(in.readUnsignedByte());
    }

    static ByteBuf slice16(ByteBuf in) {
        return in.readSlice(in.readUnsignedShort());
    }

    static ByteBuf slice24(ByteBuf in) {
        return in.readSlice(in.readUnsignedMedium());
    }

    /** Returns a copy of the next {@code length} bytes; the array is allocated only if they are there. */
    static byte[] bytes(ByteBuf in, int length) {
        var slice = in.readSlice(length);
        return ByteBufUtil.getBytes(slice);
    }

    /** Returns a vector of 16-bit numbers; an odd length reads past the end. */
    static int[] numbers(ByteBuf vector) {
        var numbers = new int[(vector.readableBytes() + 1) / 2];
        for (var i = 0; i < numbers.length; i++) {
            numbers[i] = vector.readUnsignedShort();
        }
        return numbers;
    }

    private static int begin(ByteBuf out, int bytes) {
        var at = out.writerIndex();
        out.writeZero(bytes);
        return at;
    }

    private static int lengthSince(ByteBuf out, int at, int bytes, int max) {
        var length = out.writerIndex() - at - bytes;
        if (length > max) {
            throw new IllegalArgumentException(length + " bytes do not fit a vector of at most " + max);
        }
        return length;
    }
}
