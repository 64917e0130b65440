package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.SignatureScheme;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A certificate chain with its private key, to be presented to servers that request one. Thread-safe. */
public class ClientIdentity {
    /** ClientCertificateType (RFC 5246, 7.4.4; RFC 8422, 5.5). */
    private static final int RSA_SIGN = 1;
    private static final int ECDSA_SIGN = 64;
    private static final int P256_BITS = 256;
    private static final int P384_BITS = 384;
    /** The length of an Ed25519 key's SubjectPublicKeyInfo, in bytes; Ed448's is longer (RFC 8410, 4). */
    private static final int ED25519_ENCODED = 44;

    private final List<byte[]> chain;
    private final PrivateKey key;
    private final List<SignatureScheme> schemes;

    /** Creates an identity without checking its arguments. */
    ClientIdentity(List<byte[]> chain, PrivateKey key, List<SignatureScheme> schemes) {
        this.chain = chain;
        this.key = key;
        this.schemes = schemes;
    }

    /**
     * @param chain the owner's own certificate first; its key is RSA, ECDSA on P-256 or P-384, or Ed25519
     * @throws IllegalArgumentException with a sentence for the user, if the key is of another kind or does not match
     *                                  the certificate
     */
    public static ClientIdentity of(List<X509Certificate> chain, PrivateKey key) {
        var encoded = new ArrayList<byte[]>();
        try {
            for (var certificate : chain) {
                encoded.add(certificate.getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has no encoding", e);
        }
        var schemes = schemes(chain.getFirst());
        var identity = new ClientIdentity(encoded, key, schemes);
        try {
            var probe = new byte[]{1};
            HandshakeSignature.verify(schemes.getFirst(), chain.getFirst().getPublicKey(),
                    identity.sign(schemes.getFirst(), probe), probe);
        } catch (Fault | IllegalStateException _) {
            throw new IllegalArgumentException("the client's key does not belong to the first certificate");
        }
        return identity;
    }

    /** Returns the chain in DER, the owner's own certificate first. */
    public List<byte[]> chain() {
        return chain;
    }

    public PrivateKey key() {
        return key;
    }

    /** Returns the key's algorithm: {@code RSA}, {@code EC} or {@code EdDSA}. */
    public String keyAlgorithm() {
        return key.getAlgorithm();
    }

    /**
     * Chooses the scheme to sign with.
     *
     * @param accepted numbers of the schemes that the server accepts, most preferred first
     * @param tls13    whether the signature is for TLS 1.3
     * @return {@code null} if the server accepts none that the key supports
     */
    public @Nullable SignatureScheme choose(int[] accepted, boolean tls13) {
        for (var id : accepted) {
            var scheme = SignatureScheme.of(id);
            if (scheme != null && schemes.contains(scheme) && (scheme.isTls13() || !tls13)) {
                return scheme;
            }
        }
        return null;
    }

    /**
     * Whether {@code certificateTypes} of a TLS 1.2 CertificateRequest allow this certificate (RFC 5246, 7.4.6; RFC
     * 8422, 5.5).
     */
    public boolean fits(byte[] certificateTypes) {
        // EdDSA keys count as ecdsa_sign.
        var wanted = key.getAlgorithm().equals("RSA") ? RSA_SIGN : ECDSA_SIGN;
        for (var type : certificateTypes) {
            if (type == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Returns a signature over {@code content}. */
    public byte[] sign(SignatureScheme scheme, byte[] content) {
        try {
            var signer = HandshakeSignature.algorithm(scheme);
            signer.initSign(key);
            signer.update(content);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the client's key cannot sign with " + scheme.label(), e);
        }
    }

    /** Returns the schemes whose encoding fits a modulus of {@code bits} bits (RFC 8017, 9.1.1 and 9.2). */
    private static List<SignatureScheme> rsaSchemes(int bits) {
        var schemes = Stream.of(SignatureScheme.RSA_PSS_RSAE_SHA256, SignatureScheme.RSA_PSS_RSAE_SHA384,
                SignatureScheme.RSA_PSS_RSAE_SHA512, SignatureScheme.RSA_PKCS1_SHA256,
                SignatureScheme.RSA_PKCS1_SHA384, SignatureScheme.RSA_PKCS1_SHA512)
                .filter(scheme -> minBits(scheme) <= bits).toList();
        if (schemes.isEmpty()) {
            throw new IllegalArgumentException(
                    "the client's RSA key has only " + bits + " bits, too few to sign"
                            + " with; use one of 2048 bits");
        }
        return schemes;
    }

    private static int minBits(SignatureScheme scheme) {
        var hash = switch (scheme) {
            case RSA_PSS_RSAE_SHA256, RSA_PKCS1_SHA256 -> 32;
            case RSA_PSS_RSAE_SHA384, RSA_PKCS1_SHA384 -> 48;
            default -> 64;
        };
        // Besides the hash, PSS encodes a salt of the same length and two bytes, in one bit less than the modulus; PKCS
        // #1 v1.5 adds 19 bytes to identify the hash and eleven of padding.
        return scheme.isTls13() ? 8 * (2 * hash + 2) - 6 : 8 * (hash + 30) - 7;
    }

    private static List<SignatureScheme> schemes(X509Certificate certificate) {
        var key = certificate.getPublicKey();
        if (key instanceof ECPublicKey onCurve) {
            switch (onCurve.getParams().getCurve().getField().getFieldSize()) {
                case P256_BITS -> {
                    return List.of(SignatureScheme.ECDSA_SECP256R1_SHA256);
                }
                case P384_BITS -> {
                    return List.of(SignatureScheme.ECDSA_SECP384R1_SHA384);
                }
                default -> {
                    // reported below
                }
            }
        } else if (key.getAlgorithm().equals("RSA")) {
            return rsaSchemes(((RSAPublicKey) key).getModulus().bitLength());
        } else if (key.getAlgorithm().equals("EdDSA") && key.getEncoded().length == ED25519_ENCODED) {
            return List.of(SignatureScheme.ED25519);
        }
        throw new IllegalArgumentException("the client's certificate has a key of type " + key.getAlgorithm()
                + "; it must be RSA, ECDSA on P-256 or P-384, or Ed25519");
    }
}
