package dev.shakedown.tls.wire;

import org.jspecify.annotations.Nullable;

/** A protocol version, as named in records and hellos. */
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

    /** Returns the two bytes on the wire as one number, such as 0x0303. */
    public int id() {
        return id;
    }

    /** Returns the display name, such as {@code TLSv1.2}. */
    public String label() {
        return label;
    }

    /** Returns the name in options, such as {@code 1.2}. */
    public String option() {
        return option;
    }

    /** Returns the version with these two bytes, or {@code null}. */
    public static @Nullable ProtocolVersion of(int id) {
        for (var version : values()) {
            if (version.id == id) {
                return version;
            }
        }
        return null;
    }

    /** Returns the display name of any two version bytes, known or unknown. */
    public static String describe(int id) {
        var version = of(id);
        return version == null ? "version 0x%04x".formatted(id) : version.label;
    }
}
