package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.security.MessageDigest;

/** TLS 1.2, in which the suite determines the hash of PRF and transcript (RFC 5246, 5). */
enum Tls12 implements Dialect {
    WITH_SHA_256(Hash.SHA_256), WITH_SHA_384(Hash.SHA_384);

    private final Hash hash;

    Tls12(Hash hash) {
        this.hash = hash;
    }

    @Override
    public ProtocolVersion version() {
        return ProtocolVersion.TLS_1_2;
    }

    @Override
    public MessageDigest newDigest(Primitives primitives) {
        return primitives.newDigest(hash);
    }

    @Override
    public byte[] expand(Primitives primitives, byte[] secret, byte[] label, byte[] seed, byte[] moreSeed,
            int length) {
        return Prf.expand(primitives, hash, secret, label, seed, moreSeed, length);
    }
}
