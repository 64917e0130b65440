package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.security.MessageDigest;

/** The MACs of one direction's records, in their order, where the cipher brings none. */
public interface RecordMac {
    /** A MAC's length, bytes. */
    int length();

    /** The next record's. */
    byte[] next(ContentType type, int recordVersion, ByteBuf covered);

    /**
     * Holds {@code tag} against the next record's.
     *
     * @throws Fault when they differ
     */
    default void check(RecordReader.Record received, ByteBuf covered, ByteBuf tag) throws Fault {
        var wanted = next(received.type(), received.version(), covered);
        if (!MessageDigest.isEqual(wanted, ByteBufUtil.getBytes(tag))) {
            throw RecordProtection.badRecordMac();
        }
    }
}
