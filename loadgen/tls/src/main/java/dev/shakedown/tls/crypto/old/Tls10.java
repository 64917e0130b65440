package dev.shakedown.tls.crypto.old;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.ProtocolVersion;

/** TLS 1.0: as TLS 1.1, but that a CBC record's IV is the end of the record before it (RFC 2246, 6.2.3.2). */
final class Tls10 extends Tls11 {
    @Override
    public ProtocolVersion version() {
        return ProtocolVersion.TLS_1_0;
    }

    @Override
    public int ivLength(Bulk bulk) {
        return firstIvLength(bulk);
    }

    /** The first record has none before it, so that its IV is a key's companion. */
    static int firstIvLength(Bulk bulk) {
        return bulk.isCbc() ? bulk.blockLength() : bulk.ivLength();
    }
}
