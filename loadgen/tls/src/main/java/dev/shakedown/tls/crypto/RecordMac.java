package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.security.MessageDigest;

/** The MACs of one direction's records, in their order, where the cipher brings none (RFC 5246, 6.2.3.1; RFC 6101, 5.2.3.1). */
final class RecordMac {
    private final Primitives primitives;
    private final Hash hash;
    private final byte[] key;
    private final boolean ssl3;
    private final byte[] before;
    private long sequence;

    RecordMac(Primitives primitives, Hash hash, byte[] key, int version) {
        this.primitives = primitives;
        this.hash = hash;
        this.key = key;
        this.ssl3 = version == ProtocolVersion.SSL_3_0.id();
        this.before = new byte[ssl3 ? RecordProtection.ADDITIONAL_DATA - 2 : RecordProtection.ADDITIONAL_DATA];
    }

    /** A MAC's length, bytes. */
    int length() {
        return hash.length();
    }

    /** The next record's. */
    byte[] next(ContentType type, int recordVersion, ByteBuf covered) {
        var length = covered.readableBytes();
        if (ssl3) {
            // The version is not covered.
            RecordProtection.sequenceAndType(before, sequence++, type);
            before[9] = (byte) (length >> 8);
            before[10] = (byte) length;
            return Ssl3.mac(primitives, hash, key, before, ByteBufUtil.getBytes(covered));
        }
        RecordProtection.additionalData(before, sequence++, type, recordVersion, length);
        var mac = primitives.mac(hash, key);
        mac.update(before);
        mac.update(covered.array(), covered.arrayOffset() + covered.readerIndex(), length);
        return mac.doFinal();
    }

    /**
     * Holds {@code tag} against the next record's.
     *
     * @throws Fault when they differ
     */
    void check(RecordReader.Record received, ByteBuf covered, ByteBuf tag) throws Fault {
        var wanted = next(received.type(), received.version(), covered);
        if (!MessageDigest.isEqual(wanted, ByteBufUtil.getBytes(tag))) {
            throw RecordProtection.badRecordMac();
        }
    }
}
