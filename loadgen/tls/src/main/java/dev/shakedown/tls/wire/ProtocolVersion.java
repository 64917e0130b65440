package dev.shakedown.tls.wire;

import org.jspecify.annotations.Nullable;

/** A protocol version as it stands in records and hellos. */
public enum ProtocolVersion {
    SSL_3_0(0x0300, "SSLv3", "ssl3"),
    TLS_1_0(0x0301, "TLSv1.0", "1.0"),
    TLS_1_1(0x0302, "TLSv1.1", "1.1"),
    TLS_1_2(0x0303, "TLSv1.2", "1.2"),
    TLS_1_3(0x0304, "TLSv1.3", "1.3");

    private final int id;
    private final String label;
    private final String option;

    ProtocolVersion(int id, String label, String option) {
        this.id = id;
        this.label = label;
        this.option = option;
    }

    /** The two bytes on the wire as one number, such as 0x0303. */
    public int id() {
        return id;
    }

    /** The name for people, such as {@code TLSv1.2}. */
    public String label() {
        return label;
    }

    /** How options name it, such as {@code 1.2}. */
    public String option() {
        return option;
    }

    /** The version with these two bytes, or {@code null}. */
    public static @Nullable ProtocolVersion of(int id) {
        for (var version : values()) {
            if (version.id == id) {
                return version;
            }
        }
        return null;
    }

    /** The name for people of any two version bytes, known or not. */
    public static String describe(int id) {
        var version = of(id);
        return version == null ? "version 0x%04x".formatted(id) : version.label;
    }
}
