package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ContentType;
import io.netty.buffer.ByteBuf;

/** The record MAC of TLS: an HMAC over sequence number, header and content (RFC 5246, 6.2.3.1). */
final class HmacRecordMac implements RecordMac {
    private final Primitives primitives;
    private final Hash hash;
    private final byte[] key;
    private final byte[] before = new byte[RecordProtection.ADDITIONAL_DATA];
    private long sequence;

    HmacRecordMac(Primitives primitives, Hash hash, byte[] key) {
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
        RecordProtection.additionalData(before, sequence++, type, recordVersion, length);
        var mac = primitives.mac(hash, key);
        mac.update(before);
        mac.update(covered.array(), covered.arrayOffset() + covered.readerIndex(), length);
        return mac.doFinal();
    }
}
