package dev.shakedown.tls.crypto;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import javax.crypto.Cipher;

/** The premaster secret, the result of the key exchange (RFC 5246, 8.1). */
public record PremasterSecret(byte[] bytes) {
    private static final int RSA_LENGTH = 48;

    /**
     * Creates a premaster secret for RSA key exchange: the version that the ClientHello offered, then 46 random bytes
     * (RFC 5246, 7.4.7.1).
     */
    public static PremasterSecret forRsa(int offeredVersion, SecureRandom random) {
        var bytes = new byte[RSA_LENGTH];
        random.nextBytes(bytes);
        bytes[0] = (byte) (offeredVersion >> 8);
        bytes[1] = (byte) offeredVersion;
        return new PremasterSecret(bytes);
    }

    /**
     * Encrypts this secret to the server's key, with PKCS #1 v1.5 padding.
     *
     * @throws GeneralSecurityException if the key is not an RSA key, or is too short
     */
    public byte[] encryptTo(PublicKey serverKey, SecureRandom random, Primitives primitives)
            throws GeneralSecurityException {
        var rsa = primitives.rsa();
        rsa.init(Cipher.ENCRYPT_MODE, serverKey, random);
        return rsa.doFinal(bytes);
    }
}
