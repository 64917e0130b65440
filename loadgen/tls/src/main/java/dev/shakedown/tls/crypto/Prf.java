package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;

/** P_hash, from which the pseudorandom functions of TLS 1.0 to 1.2 are built (RFC 5246, 5). */
public final class Prf {
    private Prf() {}

    /** Returns a label in ASCII, without a terminating zero. */
    public static byte[] label(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns {@code length} bytes of P_hash(secret, label + seed + moreSeed). */
    public static byte[] expand(Primitives primitives, Hash hash, byte[] secret, byte[] label, byte[] seed,
            byte[] moreSeed,
            int length) {
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
