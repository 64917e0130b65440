package dev.shakedown.tls.crypto.old;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.ProtocolVersion;

/**
 * TLS 1.0, which differs from TLS 1.1 in that a CBC record's IV is the last block of the record before it (RFC 2246,
 * 6.2.3.2).
 */
final class Tls10 extends Tls11 {
    @Override
    public ProtocolVersion version() {
        return ProtocolVersion.TLS_1_0;
    }

    @Override
    public int ivLength(Bulk bulk) {
        return firstIvLength(bulk);
    }

    /** Returns the length of the first record's IV, which comes from the key block, in bytes. */
    static int firstIvLength(Bulk bulk) {
        return bulk.isCbc() ? bulk.blockLength() : bulk.ivLength();
    }
}
