package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;

/**
 * One worker's instances of the JDK's algorithms. Looking one up costs more than using it, so each is made once and
 * initialised anew for every use. Not thread-safe.
 */
public final class Primitives {
    private final Map<Hash, MessageDigest> pristine = new EnumMap<>(Hash.class);
    private final Map<Hash, byte[]> nothing = new EnumMap<>(Hash.class);
    private final Map<Hash, Mac> macs = new EnumMap<>(Hash.class);
    private final Map<Bulk, Cipher> ciphers = new EnumMap<>(Bulk.class);
    private final RandomGenerator random;
    private Cipher rsa;

    public Primitives() {
        this(new SplittableRandom(new SecureRandom().nextLong()));
    }

    /** With a source of random numbers of one's own: a seeded one makes handshakes repeat. */
    public Primitives(RandomGenerator random) {
        this.random = random;
    }

    /** Numbers that must not repeat but need not be secret: hello randoms, IVs. */
    public RandomGenerator random() {
        return random;
    }

    /** A digest of its own, at its beginning. */
    MessageDigest newDigest(Hash hash) {
        try {
            var digest = pristine.get(hash);
            if (digest == null) {
                digest = MessageDigest.getInstance(hash.digestName());
                pristine.put(hash, digest);
            }
            return (MessageDigest) digest.clone();
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw missing(hash.digestName(), e);
        }
    }

    /** The hash of no message at all. */
    byte[] hashOfNothing(Hash hash) {
        return nothing.computeIfAbsent(hash, each -> newDigest(each).digest());
    }

    /** The shared HMAC, to be initialised with a key before each use. */
    Mac mac(Hash hash) {
        var mac = macs.get(hash);
        if (mac == null) {
            try {
                mac = Mac.getInstance(hash.macName());
            } catch (GeneralSecurityException e) {
                throw missing(hash.macName(), e);
            }
            macs.put(hash, mac);
        }
        return mac;
    }

    /** The shared cipher, to be initialised with key and IV before each use. */
    Cipher cipher(Bulk bulk) {
        var cipher = ciphers.get(bulk);
        if (cipher == null) {
            cipher = cipher(switch (bulk) {
                case AES_128_GCM, AES_256_GCM -> "AES/GCM/NoPadding";
                case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
                case AES_128_CBC, AES_256_CBC -> "AES/CBC/NoPadding";
            });
            ciphers.put(bulk, cipher);
        }
        return cipher;
    }

    /** The shared cipher for RSA with PKCS #1 v1.5 padding. */
    Cipher rsa() {
        if (rsa == null) {
            rsa = cipher("RSA/ECB/PKCS1Padding");
        }
        return rsa;
    }

    private static Cipher cipher(String name) {
        try {
            return Cipher.getInstance(name);
        } catch (GeneralSecurityException e) {
            throw missing(name, e);
        }
    }

    private static IllegalStateException missing(String algorithm, Exception e) {
        return new IllegalStateException("this Java has no " + algorithm, e);
    }
}
