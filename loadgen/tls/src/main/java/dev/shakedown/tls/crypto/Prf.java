package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * The pseudorandom function: in TLS 1.2 P_hash with the suite's hash (RFC 5246, 5), before that with MD5 on one half of the
 * secret and with SHA-1 on the other, combined (RFC 4346, 5), and in SSL 3.0, which knows no labels, something else.
 */
final class Prf {
    private Prf() {}

    /** A label as it enters the seed: ASCII, without a terminating zero. */
    static byte[] label(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code length} bytes of PRF(secret, label, seed + moreSeed). */
    static byte[] expand(Primitives primitives, Hash hash, byte[] secret, byte[] label, byte[] seed, byte[] moreSeed,
            int length) {
        if (hash == Hash.OF_SSL_3_0) {
            return Ssl3.expand(primitives, secret, seed, moreSeed, length);
        }
        if (hash != Hash.MD5_AND_SHA_1) {
            return expandWith(primitives, hash, secret, label, seed, moreSeed, length);
        }
        // The halves share a byte where their length is odd.
        var half = (secret.length + 1) / 2;
        var out = expandWith(primitives, Hash.MD5, Arrays.copyOf(secret, half), label, seed, moreSeed, length);
        var other = expandWith(primitives, Hash.SHA_1, Arrays.copyOfRange(secret, secret.length - half, secret.length),
                label, seed, moreSeed, length);
        for (var i = 0; i < length; i++) {
            out[i] ^= other[i];
        }
        return out;
    }

    private static byte[] expandWith(Primitives primitives, Hash hash, byte[] secret, byte[] label, byte[] seed,
            byte[] moreSeed, int length) {
        var mac = primitives.mac(hash, secret);
        var out = new byte[length];
        seed(mac, label, seed, moreSeed);
        var a = mac.doFinal();
        for (var at = 0;; a = mac.doFinal(a)) {
            mac.update(a);
            seed(mac, label, seed, moreSeed);
            var block = mac.doFinal();
            var part = Math.min(block.length, length - at);
            System.arraycopy(block, 0, out, at, part);
            at += part;
            if (at == length) {
                return out;
            }
        }
    }

    private static void seed(Mac mac, byte[] label, byte[] seed, byte[] moreSeed) {
        mac.update(label);
        mac.update(seed);
        mac.update(moreSeed);
    }
}
