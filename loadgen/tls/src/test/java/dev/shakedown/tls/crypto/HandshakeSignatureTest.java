package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shakedown.tls.crypto.old.OldSignature;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.SignatureScheme;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HandshakeSignatureTest {
    private static final KeyPair RSA = pair("RSA", null);
    private static final KeyPair P256 = pair("EC", "secp256r1");
    private static final KeyPair P384 = pair("EC", "secp384r1");
    private static final KeyPair ED25519 = pair("Ed25519", null);
    private static final byte[] FIRST = {1, 2, 3};
    private static final byte[] SECOND = {4, 5};

    @ParameterizedTest
    @EnumSource
    void takesARightSignatureAndNoOther(SignatureScheme scheme) throws GeneralSecurityException {
        var pair = pairFor(scheme);
        var signature = sign(scheme, pair.getPrivate(), FIRST, SECOND);
        assertDoesNotThrow(() -> HandshakeSignature.verify(scheme, pair.getPublic(), signature, FIRST, SECOND));

        assertFault(AlertDescription.DECRYPT_ERROR, scheme, pair, signature, SECOND, FIRST);
        assertFault(AlertDescription.DECRYPT_ERROR, scheme, pair, signature, FIRST);
        assertFault(AlertDescription.DECRYPT_ERROR, scheme, pair, new byte[0], FIRST, SECOND);
        assertFault(AlertDescription.DECRYPT_ERROR, scheme, pair, new byte[signature.length], FIRST, SECOND);
        assertFault(AlertDescription.DECRYPT_ERROR, scheme, pair, Arrays.copyOf(signature, signature.length + 1),
                FIRST, SECOND);
        for (var at = 0; at < signature.length; at += 3) {
            var tampered = signature.clone();
            tampered[at] ^= 1;
            assertFault(AlertDescription.DECRYPT_ERROR, scheme, pair, tampered, FIRST, SECOND);
            assertFault(AlertDescription.DECRYPT_ERROR, scheme, pair, Arrays.copyOf(signature, at), FIRST, SECOND);
        }
    }

    /** RFC 5246, 7.4.1.4.1: in TLS 1.2 a number specifies a hash and a signature, but no curve. */
    @ParameterizedTest
    @CsvSource({"ECDSA_SECP256R1_SHA256, secp384r1", "ECDSA_SECP384R1_SHA384, secp256r1"})
    void ecdsaHashesGoWithEveryCurve(SignatureScheme scheme, String curve) throws GeneralSecurityException {
        var pair = curve.equals("secp384r1") ? P384 : P256;
        var signature = sign(scheme, pair.getPrivate(), FIRST);
        assertDoesNotThrow(() -> HandshakeSignature.verify(scheme, pair.getPublic(), signature, FIRST));
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatDoesNotFitTheSchemeIsIllegal(SignatureScheme scheme) throws GeneralSecurityException {
        var signature = sign(scheme, pairFor(scheme).getPrivate(), FIRST);
        for (var pair : new KeyPair[]{RSA, P256, ED25519}) {
            if (!pair.getPublic().getAlgorithm().equals(pairFor(scheme).getPublic().getAlgorithm())) {
                assertFault(AlertDescription.ILLEGAL_PARAMETER, scheme, pair, signature, FIRST);
            }
        }
    }

    /** RFC 8446, 4.2.3: rsa_pss_rsae_* require RSA keys, even if a provider accepts others. */
    @ParameterizedTest
    @EnumSource
    void anRsassaPssKeyIsNotAnRsaKey(CryptoProvider provider) throws GeneralSecurityException {
        assumeTrue(provider.unavailability() == null);
        try {
            provider.install();
            var generator = KeyPairGenerator.getInstance("RSASSA-PSS");
            generator.initialize(2048);
            var pair = generator.generateKeyPair();
            for (var scheme : SignatureScheme.values()) {
                if (scheme.isRsa()) {
                    assertFault(AlertDescription.ILLEGAL_PARAMETER, scheme, pair, new byte[256], FIRST);
                }
            }
            assertEquals(AlertDescription.ILLEGAL_PARAMETER, assertThrows(Fault.class,
                    () -> OldSignature.verify(new Primitives(), pair.getPublic(), new byte[256], FIRST)).alert());
        } finally {
            CryptoProvider.JDK.install();
        }
    }

    private static void assertFault(AlertDescription alert, SignatureScheme scheme, KeyPair pair, byte[] signature,
            byte[]... parts) {
        var fault = assertThrows(Fault.class,
                () -> HandshakeSignature.verify(scheme, pair.getPublic(), signature, parts));
        assertEquals(alert, fault.alert(), fault.getMessage());
    }

    private static KeyPair pairFor(SignatureScheme scheme) {
        return switch (scheme) {
            case ECDSA_SECP256R1_SHA256, ECDSA_SHA1 -> P256;
            case ECDSA_SECP384R1_SHA384 -> P384;
            case ED25519 -> ED25519;
            default -> RSA;
        };
    }

    private static byte[] sign(SignatureScheme scheme, PrivateKey key, byte[]... parts)
            throws GeneralSecurityException {
        var signer = switch (scheme) {
            case ECDSA_SECP256R1_SHA256 -> Signature.getInstance("SHA256withECDSA");
            case ECDSA_SECP384R1_SHA384 -> Signature.getInstance("SHA384withECDSA");
            case ECDSA_SHA1 -> Signature.getInstance("SHA1withECDSA");
            case ED25519 -> Signature.getInstance("Ed25519");
            case RSA_PKCS1_SHA1 -> Signature.getInstance("SHA1withRSA");
            case RSA_PKCS1_SHA256 -> Signature.getInstance("SHA256withRSA");
            case RSA_PKCS1_SHA384 -> Signature.getInstance("SHA384withRSA");
            case RSA_PKCS1_SHA512 -> Signature.getInstance("SHA512withRSA");
            case RSA_PSS_RSAE_SHA256, RSA_PSS_RSAE_SHA384, RSA_PSS_RSAE_SHA512 -> Signature.getInstance("RSASSA-PSS");
        };
        switch (scheme) {
            case RSA_PSS_RSAE_SHA256 -> signer.setParameter(pss("SHA-256", 32));
            case RSA_PSS_RSAE_SHA384 -> signer.setParameter(pss("SHA-384", 48));
            case RSA_PSS_RSAE_SHA512 -> signer.setParameter(pss("SHA-512", 64));
            default -> {
                // nothing to set
            }
        }
        signer.initSign(key);
        for (var part : parts) {
            signer.update(part);
        }
        return signer.sign();
    }

    private static PSSParameterSpec pss(String digest, int salt) {
        return new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), salt, 1);
    }

    private static KeyPair pair(String algorithm, String curve) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            if (curve != null) {
                generator.initialize(new ECGenParameterSpec(curve));
            } else if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
