package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Violation;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;

/** Verifies handshake signatures, and builds the content that TLS 1.3 signs. */
public final class HandshakeSignature {
    /** The context string of a server's signature in TLS 1.3 (RFC 8446, 4.4.3). */
    public static final String SERVER_CONTEXT = "TLS 1.3, server CertificateVerify";
    /** The context string of a client's signature in TLS 1.3. */
    public static final String CLIENT_CONTEXT = "TLS 1.3, client CertificateVerify";

    private static final int PADDING = 64;
    private static final String RSA = "RSA";

    private HandshakeSignature() {}

    /**
     * Returns the content that is signed in TLS 1.3.
     *
     * @param transcriptHash over the handshake up to the signer's Certificate
     */
    public static byte[] content(String context, byte[] transcriptHash) {
        var content = Arrays.copyOf((" ".repeat(PADDING) + context + "\0").getBytes(StandardCharsets.US_ASCII),
                PADDING + context.length() + 1 + transcriptHash.length);
        System.arraycopy(transcriptHash, 0, content, PADDING + context.length() + 1, transcriptHash.length);
        return content;
    }

    /**
     * Verifies {@code signature} over the concatenation of {@code parts}.
     *
     * @throws Fault if the key does not match the scheme, or the signature is wrong
     */
    public static void verify(SignatureScheme scheme, PublicKey key, byte[] signature, byte[]... parts) throws Fault {
        requireKind(scheme, key);
        try {
            var verifier = algorithm(scheme);
            verifier.initVerify(key);
            for (var part : parts) {
                verifier.update(part);
            }
            if (verifier.verify(signature)) {
                return;
            }
        } catch (InvalidKeyException _) {
            throw otherKind(scheme, key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java does not support " + scheme.label(), e);
        } catch (GeneralSecurityException | RuntimeException _) {
            // a malformed signature is wrong, too
        }
        throw new Fault(Violation.SIGNATURE_WRONG, scheme.label());
    }

    /**
     * Checks that a key matches a scheme by the RFC's rules (RFC 8446, 4.2.3), since some providers accept an
     * RSASSA-PSS key in place of an RSA key.
     */
    private static void requireKind(SignatureScheme scheme, PublicKey key) throws Fault {
        var kind = key.getAlgorithm();
        var fits = scheme == SignatureScheme.ED25519 ? kind.startsWith("Ed") : kind.equals(scheme.isRsa() ? RSA : "EC");
        if (!fits) {
            throw otherKind(scheme, key);
        }
    }

    private static Fault otherKind(SignatureScheme scheme, PublicKey key) {
        return new Fault(Violation.SCHEME_AGAINST_KEY, scheme.label(), key.getAlgorithm());
    }

    /**
     * Checks that a key is on the curve that an ECDSA scheme specifies in TLS 1.3 (RFC 8446, 4.2.3).
     *
     * @throws Fault if the key is on another curve
     */
    public static void requireCurve(SignatureScheme scheme, PublicKey key) throws Fault {
        var bits = scheme == SignatureScheme.ECDSA_SECP384R1_SHA384 ? 384 : 256;
        if (key instanceof ECPublicKey onCurve
                && onCurve.getParams().getCurve().getField().getFieldSize() != bits) {
            throw new Fault(Violation.SCHEME_AGAINST_CURVE, scheme.label());
        }
    }

    /** Returns the JDK's implementation of a scheme. */
    static Signature algorithm(SignatureScheme scheme) throws GeneralSecurityException {
        return switch (scheme) {
            case ECDSA_SECP256R1_SHA256 -> Signature.getInstance("SHA256withECDSA");
            case ECDSA_SECP384R1_SHA384 -> Signature.getInstance("SHA384withECDSA");
            case ECDSA_SHA1 -> Signature.getInstance("SHA1withECDSA");
            case ED25519 -> Signature.getInstance("Ed25519");
            case RSA_PKCS1_SHA256 -> Signature.getInstance("SHA256withRSA");
            case RSA_PKCS1_SHA384 -> Signature.getInstance("SHA384withRSA");
            case RSA_PKCS1_SHA512 -> Signature.getInstance("SHA512withRSA");
            case RSA_PKCS1_SHA1 -> Signature.getInstance("SHA1withRSA");
            case RSA_PSS_RSAE_SHA256 -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
            case RSA_PSS_RSAE_SHA384 -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
            case RSA_PSS_RSAE_SHA512 -> pss("SHA-512", MGF1ParameterSpec.SHA512, 64);
        };
    }

    /** Returns an RSASSA-PSS implementation whose salt is as long as the digest (RFC 8446, 4.2.3). */
    private static Signature pss(String digest, MGF1ParameterSpec mask, int saltLength)
            throws GeneralSecurityException {
        var verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(
                new PSSParameterSpec(digest, "MGF1", mask, saltLength, PSSParameterSpec.TRAILER_FIELD_BC));
        return verifier;
    }
}
