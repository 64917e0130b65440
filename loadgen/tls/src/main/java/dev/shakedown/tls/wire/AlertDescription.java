package dev.shakedown.tls.wire;

import java.util.Locale;

/** Alerts by name (RFC 5246, 7.2; RFC 8446, 6; RFC 7301; RFC 6066; RFC 7507). */
public enum AlertDescription {
    CLOSE_NOTIFY(0),
    UNEXPECTED_MESSAGE(10),
    BAD_RECORD_MAC(20),
    DECRYPTION_FAILED(21),
    RECORD_OVERFLOW(22),
    DECOMPRESSION_FAILURE(30),
    HANDSHAKE_FAILURE(40),
    NO_CERTIFICATE(41),
    BAD_CERTIFICATE(42),
    UNSUPPORTED_CERTIFICATE(43),
    CERTIFICATE_REVOKED(44),
    CERTIFICATE_EXPIRED(45),
    CERTIFICATE_UNKNOWN(46),
    ILLEGAL_PARAMETER(47),
    UNKNOWN_CA(48),
    ACCESS_DENIED(49),
    DECODE_ERROR(50),
    DECRYPT_ERROR(51),
    EXPORT_RESTRICTION(60),
    PROTOCOL_VERSION(70),
    INSUFFICIENT_SECURITY(71),
    INTERNAL_ERROR(80),
    INAPPROPRIATE_FALLBACK(86),
    USER_CANCELED(90),
    NO_RENEGOTIATION(100),
    MISSING_EXTENSION(109),
    UNSUPPORTED_EXTENSION(110),
    CERTIFICATE_UNOBTAINABLE(111),
    UNRECOGNIZED_NAME(112),
    BAD_CERTIFICATE_STATUS_RESPONSE(113),
    BAD_CERTIFICATE_HASH_VALUE(114),
    UNKNOWN_PSK_IDENTITY(115),
    CERTIFICATE_REQUIRED(116),
    NO_APPLICATION_PROTOCOL(120);

    private final int id;

    AlertDescription(int id) {
        this.id = id;
    }

    /** Returns its equivalent in SSL 3.0, which has fewer alerts (RFC 6101, 5.4.2). */
    public AlertDescription inSsl3() {
        return switch (this) {
            case CLOSE_NOTIFY, UNEXPECTED_MESSAGE, BAD_RECORD_MAC, DECOMPRESSION_FAILURE, HANDSHAKE_FAILURE,
                    NO_CERTIFICATE, BAD_CERTIFICATE, UNSUPPORTED_CERTIFICATE, CERTIFICATE_REVOKED, CERTIFICATE_EXPIRED,
                    CERTIFICATE_UNKNOWN, ILLEGAL_PARAMETER ->
                this;
            case RECORD_OVERFLOW, DECODE_ERROR -> ILLEGAL_PARAMETER;
            case UNKNOWN_CA -> CERTIFICATE_UNKNOWN;
            default -> HANDSHAKE_FAILURE;
        };
    }

    /** Returns the byte on the wire. */
    public int id() {
        return id;
    }

    /** Returns the RFCs' name, such as {@code handshake_failure}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the RFCs' name of any alert byte, or {@code alert_N} if they do not define it. */
    public static String describe(int id) {
        for (var description : values()) {
            if (description.id == id) {
                return description.label();
            }
        }
        return "alert_" + id;
    }
}
