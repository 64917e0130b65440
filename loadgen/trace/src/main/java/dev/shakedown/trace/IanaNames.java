package dev.shakedown.trace;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.SignatureScheme;
import java.util.Map;

/** The IANA names of numbers, including those that the client does not support. */
final class IanaNames {
    private static final Map<Integer, String> EXTENSIONS = Map.ofEntries(Map.entry(0, "server_name"),
            Map.entry(1, "max_fragment_length"), Map.entry(5, "status_request"), Map.entry(10, "supported_groups"),
            Map.entry(11, "ec_point_formats"), Map.entry(13, "signature_algorithms"),
            Map.entry(16, "application_layer_protocol_negotiation"), Map.entry(18, "signed_certificate_timestamp"),
            Map.entry(21, "padding"), Map.entry(22, "encrypt_then_mac"), Map.entry(23, "extended_master_secret"),
            Map.entry(27, "compress_certificate"), Map.entry(28, "record_size_limit"), Map.entry(35, "session_ticket"),
            Map.entry(41, "pre_shared_key"), Map.entry(42, "early_data"), Map.entry(43, "supported_versions"),
            Map.entry(44, "cookie"), Map.entry(45, "psk_key_exchange_modes"),
            Map.entry(47, "certificate_authorities"), Map.entry(48, "oid_filters"),
            Map.entry(49, "post_handshake_auth"), Map.entry(50, "signature_algorithms_cert"),
            Map.entry(51, "key_share"), Map.entry(57, "quic_transport_parameters"),
            Map.entry(65_037, "encrypted_client_hello"), Map.entry(65_281, "renegotiation_info"));
    private static final Map<Integer, String> GROUPS = Map.ofEntries(Map.entry(21, "secp224r1"),
            Map.entry(25, "secp521r1"), Map.entry(26, "brainpoolP256r1"), Map.entry(27, "brainpoolP384r1"),
            Map.entry(28, "brainpoolP512r1"), Map.entry(30, "x448"), Map.entry(256, "ffdhe2048"),
            Map.entry(257, "ffdhe3072"), Map.entry(258, "ffdhe4096"), Map.entry(259, "ffdhe6144"),
            Map.entry(260, "ffdhe8192"));
    private static final Map<Integer, String> SCHEMES = Map.ofEntries(Map.entry(0x0603, "ecdsa_secp521r1_sha512"),
            Map.entry(0x0808, "ed448"), Map.entry(0x0809, "rsa_pss_pss_sha256"),
            Map.entry(0x080a, "rsa_pss_pss_sha384"), Map.entry(0x080b, "rsa_pss_pss_sha512"),
            Map.entry(0x0301, "rsa_pkcs1_sha224"), Map.entry(0x0303, "ecdsa_sha224"), Map.entry(0x0202, "dsa_sha1"),
            Map.entry(0x0302, "dsa_sha224"), Map.entry(0x0402, "dsa_sha256"), Map.entry(0x0502, "dsa_sha384"),
            Map.entry(0x0602, "dsa_sha512"), Map.entry(0x0101, "rsa_pkcs1_md5"));
    private static final Map<Integer, String> SIGNALS = Map.of(0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", 0x5600,
            "TLS_FALLBACK_SCSV");
    private static final Map<Integer, String> CERTIFICATE_TYPES = Map.of(1, "rsa_sign", 2, "dss_sign", 3,
            "rsa_fixed_dh", 4, "dss_fixed_dh", 64, "ecdsa_sign", 65, "rsa_fixed_ecdh", 66, "ecdsa_fixed_ecdh");

    private IanaNames() {}

    /** Describes a number without a name; those of RFC 8701 are reserved so that peers learn to ignore unknown ones. */
    private static String unknown(String what, int number) {
        return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff)
                ? "GREASE 0x%04x".formatted(number)
                : what + " 0x%04x".formatted(number);
    }

    static String extension(int type) {
        return EXTENSIONS.getOrDefault(type, unknown("extension", type));
    }

    static String group(int id) {
        var group = NamedGroup.of(id);
        return group != null ? group.label() : GROUPS.getOrDefault(id, unknown("group", id));
    }

    static String scheme(int id) {
        var scheme = SignatureScheme.of(id);
        return scheme != null ? scheme.label() : SCHEMES.getOrDefault(id, unknown("signature algorithm", id));
    }

    static String suite(int id) {
        return SIGNALS.getOrDefault(id, CipherSuite.describe(id));
    }

    static String compression(int id) {
        return switch (id) {
            case 0 -> "null";
            case 1 -> "deflate";
            default -> "method " + id;
        };
    }

    static String certificateType(int id) {
        return CERTIFICATE_TYPES.getOrDefault(id, "type " + id);
    }
}
