package dev.shakedown.tls.crypto.old;

import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.Prf;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.security.MessageDigest;
import java.util.Arrays;

/** TLS 1.1, which uses MD5 and SHA-1 together where TLS 1.2 uses the suite's hash (RFC 4346). */
class Tls11 implements Dialect {
    @Override
    public ProtocolVersion version() {
        return ProtocolVersion.TLS_1_1;
    }

    @Override
    public MessageDigest newDigest(Primitives primitives) {
        return new Md5AndSha1(primitives);
    }

    /** Expands one half of the secret with MD5 and the other with SHA-1, and combines both (RFC 4346, 5). */
    @Override
    public byte[] expand(Primitives primitives, byte[] secret, byte[] label, byte[] seed, byte[] moreSeed,
            int length) {
        // The halves share a byte if the length is odd.
        var half = (secret.length + 1) / 2;
        var out = Prf.expand(primitives, Hash.MD5, Arrays.copyOf(secret, half), label, seed, moreSeed, length);
        var other = Prf.expand(primitives, Hash.SHA_1,
                Arrays.copyOfRange(secret, secret.length - half, secret.length), label, seed, moreSeed, length);
        for (var i = 0; i < length; i++) {
            out[i] ^= other[i];
        }
        return out;
    }
}
