package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.RecordReader;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One worker's instances of the JDK's algorithms. Looking one up costs more than using it, so each is made once and
 * initialised anew for every use. Not thread-safe.
 */
public final class Primitives {
    private final Map<Hash, MessageDigest> pristine = new EnumMap<>(Hash.class);
    private final Map<Hash, byte[]> nothing = new EnumMap<>(Hash.class);
    private final Map<Hash, KeyedMac> macs = new EnumMap<>(Hash.class);
    private final Map<Bulk, Cipher> ciphers = new EnumMap<>(Bulk.class);
    private final RandomGenerator random;
    private final byte[] additionalData = new byte[RecordProtection.ADDITIONAL_DATA];
    private final byte[] nonce = new byte[AeadProtection.NONCE];
    private byte @Nullable [] record;
    private @Nullable Cipher rsa;

    private static final class KeyedMac {
        final Mac mac;
        byte @Nullable [] key;

        KeyedMac(Mac mac) {
            this.mac = mac;
        }
    }

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

    /** Where a record's additional data is put together. */
    byte[] additionalData() {
        return additionalData;
    }

    /** Where a record's nonce is put together. */
    byte[] nonce() {
        return nonce;
    }

    /** Where a record's fragment is kept while it is opened; of the largest record's size. */
    byte[] record() {
        if (record == null) {
            record = new byte[RecordReader.MAX_PROTECTED];
        }
        return record;
    }

    /** A digest of its own, at its beginning. */
    public MessageDigest newDigest(Hash hash) {
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

    /**
     * The shared HMAC under {@code key}, ready for its message. What it is given next must be a whole message; and a
     * key's bytes must never change, since the same array is taken for the same key.
     */
    Mac mac(Hash hash, byte[] key) {
        try {
            var keyed = macs.get(hash);
            if (keyed == null) {
                keyed = new KeyedMac(Mac.getInstance(hash.macName()));
                macs.put(hash, keyed);
            }
            if (keyed.key != key) {
                keyed.key = null;
                keyed.mac.init(new SecretKeySpec(key, hash.macName()));
                keyed.key = key;
            }
            return keyed.mac;
        } catch (InvalidKeyException | IllegalArgumentException e) {
            throw new IllegalStateException("the JDK's " + hash.macName() + " refused a key of " + key.length
                    + " bytes", e);
        } catch (GeneralSecurityException e) {
            throw missing(hash.macName(), e);
        }
    }

    /** The shared cipher, to be initialised with key and IV before each use. */
    Cipher cipher(Bulk bulk) {
        var cipher = ciphers.get(bulk);
        if (cipher == null) {
            cipher = cipher(switch (bulk) {
                case AES_128_GCM, AES_256_GCM -> "AES/GCM/NoPadding";
                case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
                case AES_128_CBC, AES_256_CBC -> "AES/CBC/NoPadding";
                case DES_EDE_CBC -> "DESede/CBC/NoPadding";
                case RC4_128, NULL -> throw new IllegalArgumentException(bulk + " keeps a state, or needs none");
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
