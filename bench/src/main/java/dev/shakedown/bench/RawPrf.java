package dev.shakedown.bench;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The HMAC calls of the TLS 1.2 PRF (RFC 5246, 5), for baselines. */
final class RawPrf {
    private final Hash hash;
    private final Mac mac;

    RawPrf(Hash hash) throws GeneralSecurityException {
        this(hash, Mac.getInstance(hash.macName()));
    }

    RawPrf(Hash hash, Mac mac) {
        this.hash = hash;
        this.mac = mac;
    }

    static byte[] label(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns P_hash of a label and seeds in whole blocks: {@code length} bytes or more. */
    byte[] expand(byte[] secret, int length, byte[]... labelAndSeeds) throws GeneralSecurityException {
        mac.init(new SecretKeySpec(secret, hash.macName()));
        update(labelAndSeeds);
        var a = mac.doFinal();
        var out = new byte[(length + a.length - 1) / a.length * a.length];
        for (var at = 0; at < out.length; at += a.length) {
            if (at > 0) {
                a = mac.doFinal(a);
            }
            mac.update(a);
            update(labelAndSeeds);
            mac.doFinal(out, at);
        }
        return out;
    }

    private void update(byte[]... parts) {
        for (var part : parts) {
            mac.update(part);
        }
    }
}
