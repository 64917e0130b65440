package dev.shakedown.tls.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Signature algorithms by their RFC 8446 name and number (4.2.3); in TLS 1.2 the number is a hash and a signature byte.
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

    /** Cached, since each call of {@link #values} makes a copy. */
    private static final SignatureScheme[] ALL = values();

    private final int id;

    SignatureScheme(int id) {
        this.id = id;
    }

    /** Returns the number on the wire. */
    public int id() {
        return id;
    }

    /** Returns the RFCs' name, such as {@code rsa_pss_rsae_sha256}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the signing key is an RSA key. */
    public boolean isRsa() {
        return name().startsWith("RSA");
    }

    /** Whether it may sign TLS 1.3 handshakes, which allow neither SHA-1 nor PKCS #1 v1.5 (RFC 8446, 4.2.3). */
    public boolean isTls13() {
        return !name().endsWith("SHA1") && !name().startsWith("RSA_PKCS1");
    }

    /** Returns the scheme with this number, or {@code null}. */
    public static @Nullable SignatureScheme of(int id) {
        for (var scheme : ALL) {
            if (scheme.id == id) {
                return scheme;
            }
        }
        return null;
    }
}
