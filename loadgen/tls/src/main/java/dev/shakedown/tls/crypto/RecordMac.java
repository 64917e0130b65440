package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.security.MessageDigest;

/** Computes the MACs of one direction's records, in order, for ciphers that do not authenticate. */
public interface RecordMac {
    /** Returns the length of a MAC, in bytes. */
    int length();

    /** Returns the MAC of the next record. */
    byte[] next(ContentType type, int recordVersion, ByteBuf covered);

    /**
     * Compares {@code tag} with the MAC of the next record.
     *
     * @throws Fault if they differ
     */
    default void check(RecordReader.Record received, ByteBuf covered, ByteBuf tag) throws Fault {
        var expected = next(received.type(), received.version(), covered);
        if (!MessageDigest.isEqual(expected, ByteBufUtil.getBytes(tag))) {
            throw RecordProtection.badRecordMac();
        }
    }
}
