package dev.shakedown.tls.crypto.old;

import dev.shakedown.tls.crypto.ClientIdentity;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Violation;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.Cipher;

/**
 * Signatures before TLS 1.2, where the key determines the algorithm: RSA signs MD5 and SHA-1 without identifying them
 * in its padding, ECDSA signs SHA-1 (RFC 4346, 7.4.3; RFC 8422, 5.4).
 */
public final class OldSignature {
    private static final String RSA = "RSA";
    private static final byte[] NONE = {};

    private OldSignature() {}

    /** @throws Fault if the signature over the concatenated {@code parts} is wrong */
    public static void verify(Primitives primitives, PublicKey key, byte[] signature, byte[]... parts) throws Fault {
        if (!(key instanceof RSAPublicKey)) {
            HandshakeSignature.verify(SignatureScheme.ECDSA_SHA1, key, signature, parts);
            return;
        }
        if (!key.getAlgorithm().equals(RSA)) {
            throw new Fault(Violation.KEY_SIGNS_NOTHING_BEFORE_TLS12, key.getAlgorithm());
        }
        var digest = new Md5AndSha1(primitives);
        for (var part : parts) {
            digest.update(part);
        }
        try {
            var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.DECRYPT_MODE, key);
            if (MessageDigest.isEqual(cipher.doFinal(signature), digest.digest())) {
                return;
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java does not support RSA", e);
        } catch (GeneralSecurityException | RuntimeException _) {
            // a malformed signature is wrong, too
        }
        throw new Fault(Violation.OLD_SIGNATURE_WRONG);
    }

    /** Whether the client's key can sign in this way and the server accepts it; EdDSA never can. */
    public static boolean fits(ClientIdentity identity, byte[] certificateTypes) {
        return !identity.keyAlgorithm().equals("EdDSA") && identity.fits(certificateTypes);
    }

    /** Returns the client's signature over all messages of a handshake. */
    public static byte[] sign(Primitives primitives, ClientIdentity identity, byte[] messages) {
        return signDigests(identity, new Md5AndSha1(primitives).digest(messages));
    }

    /** Returns the client's signature in SSL 3.0, which also covers the master secret (RFC 6101, 5.6.8). */
    public static byte[] signSsl3(Primitives primitives, ClientIdentity identity, MasterSecret master,
            byte[] messages) {
        return signDigests(identity, Ssl3.handshakeMac(primitives, master, messages, NONE));
    }

    /** Signs concatenated MD5 and SHA-1 digests; an EC key signs the SHA-1 digest alone. */
    private static byte[] signDigests(ClientIdentity identity, byte[] digests) {
        var key = identity.key();
        try {
            if (!key.getAlgorithm().equals(RSA)) {
                var signer = Signature.getInstance("NONEwithECDSA");
                signer.initSign(key);
                signer.update(digests, Md5AndSha1.MD5_LENGTH, digests.length - Md5AndSha1.MD5_LENGTH);
                return signer.sign();
            }
            var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return cipher.doFinal(digests);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the client's key cannot sign with SHA-1", e);
        }
    }
}
