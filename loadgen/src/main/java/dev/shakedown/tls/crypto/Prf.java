package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.security.InvalidKeyException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/** The pseudorandom function of TLS 1.2: P_hash with the suite's hash (RFC 5246, 5). */
final class Prf {
    private Prf() {}

    /** A label as it enters the seed: ASCII, without a terminating zero. */
    static byte[] label(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code length} bytes of PRF(secret, label, seed + moreSeed). */
    static byte[] expand(Primitives primitives, Hash hash, byte[] secret, byte[] label, byte[] seed, byte[] moreSeed,
            int length) {
        var mac = primitives.mac(hash);
        var size = hash.length();
        // Whole blocks of output, with room behind them for the A(i) that each is made from.
        var blocks = (length + size - 1) / size;
        var out = new byte[(blocks + 1) * size];
        var a = blocks * size;
        try {
            mac.init(new SecretKeySpec(secret, hash.macName()));
            seed(mac, label, seed, moreSeed);
            mac.doFinal(out, a);
            for (var block = 0; block < blocks; block++) {
                if (block > 0) {
                    mac.update(out, a, size);
                    mac.doFinal(out, a);
                }
                mac.update(out, a, size);
                seed(mac, label, seed, moreSeed);
                mac.doFinal(out, block * size);
            }
        } catch (InvalidKeyException | ShortBufferException e) {
            throw new IllegalStateException("the JDK's " + hash.macName() + " refused a secret of " + secret.length
                    + " bytes", e);
        }
        return out.length == length ? out : Arrays.copyOf(out, length);
    }

    private static void seed(Mac mac, byte[] label, byte[] seed, byte[] moreSeed) {
        mac.update(label);
        mac.update(seed);
        mac.update(moreSeed);
    }
}
