package dev.shakedown.tls.crypto.old;

import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.RecordMac;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ContentType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** The record MAC of SSL 3.0: not an HMAC, and it does not cover the version in the header (RFC 6101, 5.2.3.1). */
final class Ssl3RecordMac implements RecordMac {
    private final Primitives primitives;
    private final Hash hash;
    private final byte[] key;
    private final byte[] before = new byte[RecordProtection.ADDITIONAL_DATA - 2];
    private long sequence;

    Ssl3RecordMac(Primitives primitives, Hash hash, byte[] key) {
        this.primitives = primitives;
        this.hash = hash;
        this.key = key;
    }

    @Override
    public int length() {
        return hash.length();
    }

    @Override
    public byte[] next(ContentType type, int recordVersion, ByteBuf covered) {
        var length = covered.readableBytes();
        RecordProtection.sequenceAndType(before, sequence++, type);
        before[9] = (byte) (length >> 8);
        before[10] = (byte) length;
        return Ssl3.mac(primitives, hash, key, before, ByteBufUtil.getBytes(covered));
    }
}
