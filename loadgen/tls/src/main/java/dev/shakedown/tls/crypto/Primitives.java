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
 * One worker's instances of the JDK's algorithms. Looking one up costs more than using it, so each is created once and
 * initialised again for every use. Not thread-safe.
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

    /** Creates instances with the given source of random numbers; a seeded one makes handshakes reproducible. */
    public Primitives(RandomGenerator random) {
        this.random = random;
    }

    /** Returns the source of numbers that must not repeat but need not be secret: hello randoms, IVs. */
    public RandomGenerator random() {
        return random;
    }

    /** Returns the buffer for a record's additional data. */
    byte[] additionalData() {
        return additionalData;
    }

    /** Returns the buffer for a record's nonce. */
    byte[] nonce() {
        return nonce;
    }

    /** Returns the buffer for a copy of a record's fragment while it is opened; it fits the largest record. */
    byte[] record() {
        if (record == null) {
            record = new byte[RecordReader.MAX_PROTECTED];
        }
        return record;
    }

    /** Returns a new digest. */
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

    /** Returns the hash of the empty message. */
    byte[] hashOfNothing(Hash hash) {
        return nothing.computeIfAbsent(hash, each -> newDigest(each).digest());
    }

    /**
     * Returns the shared HMAC with {@code key}, ready for a message. The caller must complete that message, and must
     * never change a key's bytes, since the same array is assumed to be the same key.
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

    /** Returns the shared cipher, to be initialised with key and IV before each use. */
    Cipher cipher(Bulk bulk) {
        var cipher = ciphers.get(bulk);
        if (cipher == null) {
            cipher = cipher(switch (bulk) {
                case AES_128_GCM, AES_256_GCM -> "AES/GCM/NoPadding";
                case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
                case AES_128_CBC, AES_256_CBC -> "AES/CBC/NoPadding";
                case DES_EDE_CBC -> "DESede/CBC/NoPadding";
                case RC4_128, NULL -> throw new IllegalArgumentException(
                        bulk + " keeps state across records, or is not a cipher");
            });
            ciphers.put(bulk, cipher);
        }
        return cipher;
    }

    /** Returns the shared cipher for RSA with PKCS #1 v1.5 padding. */
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
        return new IllegalStateException("this Java does not support " + algorithm, e);
    }
}
