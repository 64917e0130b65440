package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;

/**
 * The computations in which versions up to TLS 1.2 differ. Default methods are those of TLS 1.2; older versions are in
 * a package of their own.
 */
public interface Dialect {
    ProtocolVersion version();

    /** Returns the initial digest of the transcript. */
    MessageDigest newDigest(Primitives primitives);

    /** Returns {@code length} bytes of PRF(secret, label, seed + moreSeed). */
    byte[] expand(Primitives primitives, byte[] secret, byte[] label, byte[] seed, byte[] moreSeed, int length);

    /** Returns the length of verify_data, in bytes. */
    default int finishedLength() {
        return FinishedMac.LENGTH;
    }

    /** Returns the verify_data of {@code side} over {@code transcriptHash} (RFC 5246, 7.4.9). */
    default byte[] finished(Primitives primitives, FinishedMac side, MasterSecret master, byte[] transcriptHash) {
        return expand(primitives, master.bytes(), side.label(), transcriptHash, FinishedMac.NONE, FinishedMac.LENGTH);
    }

    /**
     * Returns the length of the IV or salt that the key block contains for each direction, in bytes (RFC 5246, 6.3).
     */
    default int ivLength(Bulk bulk) {
        return bulk.ivLength();
    }

    /** Returns the MAC computation for the records of one direction (RFC 5246, 6.2.3.1). */
    default RecordMac recordMac(Primitives primitives, Hash hash, byte[] key) {
        return new HmacRecordMac(primitives, hash, key);
    }

    /**
     * Whether a decrypted CBC record may end with this padding (RFC 5246, 6.2.3.2).
     *
     * @param padding the number of padding bytes before the last byte, according to the last byte
     * @param block   the cipher's block length, in bytes
     */
    default boolean acceptsPadding(ByteBuf plain, int padding, int block) {
        if (padding >= plain.readableBytes()) {
            return false;
        }
        var last = plain.writerIndex() - 1;
        for (var i = 1; i <= padding; i++) {
            if (plain.getUnsignedByte(last - i) != padding) {
                return false;
            }
        }
        return true;
    }

    /** Returns the dialect of TLS 1.2 with a suite of this hash. */
    static Dialect tls12(Hash hash) {
        return hash == Hash.SHA_384 ? Tls12.WITH_SHA_384 : Tls12.WITH_SHA_256;
    }
}
