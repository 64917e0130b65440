package dev.shakedown.tls.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Signature algorithms by their TLS number and RFC 8446 name (4.2.3); in TLS 1.2 the number is hash, then signature.
 */
public enum SignatureScheme {
    ECDSA_SECP256R1_SHA256(0x0403),
    ECDSA_SECP384R1_SHA384(0x0503),
    ED25519(0x0807),
    RSA_PSS_RSAE_SHA256(0x0804),
    RSA_PSS_RSAE_SHA384(0x0805),
    RSA_PSS_RSAE_SHA512(0x0806),
    RSA_PKCS1_SHA256(0x0401),
    RSA_PKCS1_SHA384(0x0501),
    RSA_PKCS1_SHA512(0x0601),
    ECDSA_SHA1(0x0203),
    RSA_PKCS1_SHA1(0x0201);

    /** Each call of {@link #values} makes a copy. */
    private static final SignatureScheme[] ALL = values();

    private final int id;

    SignatureScheme(int id) {
        this.id = id;
    }

    /** The number on the wire. */
    public int id() {
        return id;
    }

    /** The RFCs' name, such as {@code rsa_pss_rsae_sha256}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether an RSA key signs. */
    public boolean isRsa() {
        return name().startsWith("RSA");
    }

    /** Whether it may sign handshakes of TLS 1.3, which has no SHA-1 and no PKCS #1 v1.5 there (RFC 8446, 4.2.3). */
    public boolean isTls13() {
        return !name().endsWith("SHA1") && !name().startsWith("RSA_PKCS1");
    }

    /** The scheme with this number, or {@code null}. */
    public static @Nullable SignatureScheme of(int id) {
        for (var scheme : ALL) {
            if (scheme.id == id) {
                return scheme;
            }
        }
        return null;
    }
}
