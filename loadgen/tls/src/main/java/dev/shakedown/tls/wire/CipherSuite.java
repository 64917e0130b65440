package dev.shakedown.tls.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Cipher suites by their IANA name, with the algorithms of each. */
public enum CipherSuite {
    TLS_AES_128_GCM_SHA256(0x1301, null, Bulk.AES_128_GCM, Hash.SHA_256),
    TLS_AES_256_GCM_SHA384(0x1302, null, Bulk.AES_256_GCM, Hash.SHA_384),
    TLS_CHACHA20_POLY1305_SHA256(0x1303, null, Bulk.CHACHA20_POLY1305, Hash.SHA_256),
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(0xC02B, KeyExchange.ECDHE, Bulk.AES_128_GCM, Hash.SHA_256),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(0xC02F, KeyExchange.ECDHE, Bulk.AES_128_GCM, Hash.SHA_256),
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(0xC02C, KeyExchange.ECDHE, Bulk.AES_256_GCM, Hash.SHA_384),
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(0xC030, KeyExchange.ECDHE, Bulk.AES_256_GCM, Hash.SHA_384),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA9, KeyExchange.ECDHE, Bulk.CHACHA20_POLY1305, Hash.SHA_256),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA8, KeyExchange.ECDHE, Bulk.CHACHA20_POLY1305, Hash.SHA_256),
    TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256(0xC023, KeyExchange.ECDHE, Bulk.AES_128_CBC, Hash.SHA_256, Hash.SHA_256),
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256(0xC027, KeyExchange.ECDHE, Bulk.AES_128_CBC, Hash.SHA_256, Hash.SHA_256),
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384(0xC024, KeyExchange.ECDHE, Bulk.AES_256_CBC, Hash.SHA_384, Hash.SHA_384),
    TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384(0xC028, KeyExchange.ECDHE, Bulk.AES_256_CBC, Hash.SHA_384, Hash.SHA_384),
    TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA(0xC009, KeyExchange.ECDHE, Bulk.AES_128_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA(0xC013, KeyExchange.ECDHE, Bulk.AES_128_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA(0xC00A, KeyExchange.ECDHE, Bulk.AES_256_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA(0xC014, KeyExchange.ECDHE, Bulk.AES_256_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_RSA_WITH_AES_128_GCM_SHA256(0x009C, KeyExchange.RSA, Bulk.AES_128_GCM, Hash.SHA_256),
    TLS_RSA_WITH_AES_256_GCM_SHA384(0x009D, KeyExchange.RSA, Bulk.AES_256_GCM, Hash.SHA_384),
    TLS_RSA_WITH_AES_128_CBC_SHA256(0x003C, KeyExchange.RSA, Bulk.AES_128_CBC, Hash.SHA_256, Hash.SHA_256),
    TLS_RSA_WITH_AES_256_CBC_SHA256(0x003D, KeyExchange.RSA, Bulk.AES_256_CBC, Hash.SHA_256, Hash.SHA_256),
    TLS_RSA_WITH_AES_128_CBC_SHA(0x002F, KeyExchange.RSA, Bulk.AES_128_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_RSA_WITH_AES_256_CBC_SHA(0x0035, KeyExchange.RSA, Bulk.AES_256_CBC, Hash.SHA_256, Hash.SHA_1),
    // Offered only on request: DHE, and weak suites.
    TLS_DHE_RSA_WITH_AES_128_GCM_SHA256(0x009E, KeyExchange.DHE, Bulk.AES_128_GCM, Hash.SHA_256),
    TLS_DHE_RSA_WITH_AES_256_GCM_SHA384(0x009F, KeyExchange.DHE, Bulk.AES_256_GCM, Hash.SHA_384),
    TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256(0xCCAA, KeyExchange.DHE, Bulk.CHACHA20_POLY1305, Hash.SHA_256),
    TLS_DHE_RSA_WITH_AES_128_CBC_SHA256(0x0067, KeyExchange.DHE, Bulk.AES_128_CBC, Hash.SHA_256, Hash.SHA_256),
    TLS_DHE_RSA_WITH_AES_256_CBC_SHA256(0x006B, KeyExchange.DHE, Bulk.AES_256_CBC, Hash.SHA_256, Hash.SHA_256),
    TLS_DHE_RSA_WITH_AES_128_CBC_SHA(0x0033, KeyExchange.DHE, Bulk.AES_128_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_DHE_RSA_WITH_AES_256_CBC_SHA(0x0039, KeyExchange.DHE, Bulk.AES_256_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA(0xC008, KeyExchange.ECDHE, Bulk.DES_EDE_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA(0xC012, KeyExchange.ECDHE, Bulk.DES_EDE_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA(0x0016, KeyExchange.DHE, Bulk.DES_EDE_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_RSA_WITH_3DES_EDE_CBC_SHA(0x000A, KeyExchange.RSA, Bulk.DES_EDE_CBC, Hash.SHA_256, Hash.SHA_1),
    TLS_ECDHE_ECDSA_WITH_RC4_128_SHA(0xC007, KeyExchange.ECDHE, Bulk.RC4_128, Hash.SHA_256, Hash.SHA_1),
    TLS_ECDHE_RSA_WITH_RC4_128_SHA(0xC011, KeyExchange.ECDHE, Bulk.RC4_128, Hash.SHA_256, Hash.SHA_1),
    TLS_RSA_WITH_RC4_128_SHA(0x0005, KeyExchange.RSA, Bulk.RC4_128, Hash.SHA_256, Hash.SHA_1),
    TLS_RSA_WITH_RC4_128_MD5(0x0004, KeyExchange.RSA, Bulk.RC4_128, Hash.SHA_256, Hash.MD5),
    TLS_ECDHE_ECDSA_WITH_NULL_SHA(0xC006, KeyExchange.ECDHE, Bulk.NULL, Hash.SHA_256, Hash.SHA_1),
    TLS_ECDHE_RSA_WITH_NULL_SHA(0xC010, KeyExchange.ECDHE, Bulk.NULL, Hash.SHA_256, Hash.SHA_1),
    TLS_RSA_WITH_NULL_SHA256(0x003B, KeyExchange.RSA, Bulk.NULL, Hash.SHA_256, Hash.SHA_256),
    TLS_RSA_WITH_NULL_SHA(0x0002, KeyExchange.RSA, Bulk.NULL, Hash.SHA_256, Hash.SHA_1),
    TLS_RSA_WITH_NULL_MD5(0x0001, KeyExchange.RSA, Bulk.NULL, Hash.SHA_256, Hash.MD5);

    /** How the two sides establish a premaster secret. */
    public enum KeyExchange {
        /** The client encrypts the secret to the key in the server's certificate (RFC 5246, 7.4.7.1). */
        RSA,
        /** Ephemeral elliptic-curve Diffie-Hellman, signed by the server (RFC 8422, 2). */
        ECDHE,
        /** Ephemeral Diffie-Hellman in a finite-field group that the server chooses (RFC 5246, 7.4.3). */
        DHE
    }

    /** A hash function, with its output length in bytes. */
    public enum Hash {
        MD5("MD5", "HmacMD5", 16),
        SHA_1("SHA-1", "HmacSHA1", 20),
        SHA_256("SHA-256", "HmacSHA256", 32),
        SHA_384("SHA-384", "HmacSHA384", 48);

        private final String digest;
        private final @Nullable String mac;
        private final int length;

        Hash(String digest, @Nullable String mac, int length) {
            this.digest = digest;
            this.mac = mac;
            this.length = length;
        }

        /** Returns the digest's name in the JCA. */
        public String digestName() {
            return digest;
        }

        /** Returns the HMAC's name in the JCA. */
        public String macName() {
            return Objects.requireNonNull(mac, digest);
        }

        public int length() {
            return length;
        }
    }

    /**
     * The cipher that protects records, with the lengths of its key and of the IV from the key block, both in bytes.
     */
    public enum Bulk {
        /** RFC 5288: 4 bytes of salt from the key block, 8 explicit. */
        AES_128_GCM(16, 4),
        AES_256_GCM(32, 4),
        /** RFC 7905: the whole nonce is implicit. */
        CHACHA20_POLY1305(32, 12),
        /** RFC 5246, 6.2.3.2: each record contains its IV, and the key block has none. */
        AES_128_CBC(16, 0),
        AES_256_CBC(32, 0),
        DES_EDE_CBC(24, 0),
        /** One keystream for all records of a direction. */
        RC4_128(16, 0),
        /** No encryption at all, only a MAC. */
        NULL(0, 0);

        private final int keyLength;
        private final int ivLength;

        Bulk(int keyLength, int ivLength) {
            this.keyLength = keyLength;
            this.ivLength = ivLength;
        }

        public int keyLength() {
            return keyLength;
        }

        public int ivLength() {
            return ivLength;
        }

        /** Whether this is a block cipher in CBC mode, with a separate MAC. */
        public boolean isCbc() {
            return this == AES_128_CBC || this == AES_256_CBC || this == DES_EDE_CBC;
        }

        /** Returns the block length in CBC mode, which is also the IV's, in bytes. */
        public int blockLength() {
            return this == DES_EDE_CBC ? 8 : 16;
        }

        /** Whether this is an AEAD cipher. */
        public boolean isAead() {
            return this == AES_128_GCM || this == AES_256_GCM || this == CHACHA20_POLY1305;
        }
    }

    /** Cached, since each call of {@link #values} makes a copy. */
    private static final CipherSuite[] ALL = values();

    private final int id;
    private final @Nullable KeyExchange keyExchange;
    private final Bulk bulk;
    private final Hash prfHash;
    private final @Nullable Hash macHash;

    CipherSuite(int id, @Nullable KeyExchange keyExchange, Bulk bulk, Hash prfHash) {
        this(id, keyExchange, bulk, prfHash, null);
    }

    CipherSuite(int id, @Nullable KeyExchange keyExchange, Bulk bulk, Hash prfHash, @Nullable Hash macHash) {
        this.id = id;
        this.keyExchange = keyExchange;
        this.bulk = bulk;
        this.prfHash = prfHash;
        this.macHash = macHash;
    }

    /** Returns the two bytes on the wire as one number. */
    public int id() {
        return id;
    }

    /** Returns the key exchange; {@code null} in TLS 1.3, where suites do not determine it (RFC 8446, B.4). */
    public @Nullable KeyExchange keyExchange() {
        return keyExchange;
    }

    /** Whether this is a TLS 1.3 suite, which no other version can use. */
    public boolean isTls13() {
        return keyExchange == null;
    }

    /** Whether this suite can be negotiated in this version. */
    public boolean isOf(ProtocolVersion version) {
        return switch (version) {
            case TLS_1_3 -> isTls13();
            case TLS_1_2 -> !isTls13();
            case TLS_1_0, TLS_1_1 -> macHash == Hash.SHA_1 || macHash == Hash.MD5;
            case SSL_3_0 -> keyExchange != KeyExchange.ECDHE && isOf(ProtocolVersion.TLS_1_0);
        };
    }

    /** Whether an attacker can, or may soon, read or forge what it protects: RC4, triple DES, no encryption, MD5. */
    public boolean isWeak() {
        return bulk == Bulk.DES_EDE_CBC || bulk == Bulk.RC4_128 || bulk == Bulk.NULL;
    }

    /** Whether clients offer it by default. */
    public boolean isUsual() {
        return keyExchange != KeyExchange.DHE && !isWeak();
    }

    /** Whether the server authenticates with an ECDSA key (RFC 8422, 2.1) instead of an RSA key. */
    public boolean isEcdsa() {
        return name().startsWith("TLS_ECDHE_ECDSA");
    }

    public Bulk bulk() {
        return bulk;
    }

    /**
     * Returns the hash of PRF and transcript in TLS 1.2, or of HKDF and transcript in TLS 1.3; older versions ignore
     * it.
     */
    public Hash prfHash() {
        return prfHash;
    }

    /** Returns the hash of the record MAC; {@code null} for AEAD suites. */
    public @Nullable Hash macHash() {
        return macHash;
    }

    /** Returns the suite with this number, or {@code null}. */
    public static @Nullable CipherSuite of(int id) {
        for (var suite : ALL) {
            if (suite.id == id) {
                return suite;
            }
        }
        return null;
    }

    /** Returns the IANA name of a known suite, or else the number in hex. */
    public static String describe(int id) {
        var suite = of(id);
        return suite == null ? "cipher suite 0x%04x".formatted(id) : suite.name();
    }
}
