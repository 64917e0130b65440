package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;

/**
 * What each version up to TLS 1.2 computes in its own way. A method with a body does as TLS 1.2; the versions before it
 * have a package of their own.
 */
public interface Dialect {
    ProtocolVersion version();

    /** What hashes the handshake, at its beginning. */
    MessageDigest newDigest(Primitives primitives);

    /** {@code length} bytes of PRF(secret, label, seed + moreSeed). */
    byte[] expand(Primitives primitives, byte[] secret, byte[] label, byte[] seed, byte[] moreSeed, int length);

    /** Bytes of a Finished. */
    default int finishedLength() {
        return FinishedMac.LENGTH;
    }

    /** The Finished of this side over what has been hashed (RFC 5246, 7.4.9). */
    default byte[] finished(Primitives primitives, FinishedMac side, MasterSecret master, byte[] transcriptHash) {
        return expand(primitives, master.bytes(), side.label(), transcriptHash, FinishedMac.NONE, FinishedMac.LENGTH);
    }

    /** Bytes of IV or salt that the key block gives either direction (RFC 5246, 6.3). */
    default int ivLength(Bulk bulk) {
        return bulk.ivLength();
    }

    /** The MACs of one direction's records (RFC 5246, 6.2.3.1). */
    default RecordMac recordMac(Primitives primitives, Hash hash, byte[] key) {
        return new HmacRecordMac(primitives, hash, key);
    }

    /**
     * Whether a decrypted record of CBC may end like this (RFC 5246, 6.2.3.2).
     *
     * @param padding how many bytes of padding its last byte says stand before it
     * @param block   the cipher's block, bytes
     */
    default boolean takesPadding(ByteBuf plain, int padding, int block) {
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

    /** TLS 1.2 with a suite of this hash. */
    static Dialect tls12(Hash hash) {
        return hash == Hash.SHA_384 ? Tls12.WITH_SHA_384 : Tls12.WITH_SHA_256;
    }
}
