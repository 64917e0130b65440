package dev.shakedown.tls.wire;

import org.jspecify.annotations.Nullable;

/**
 * Groups for key exchange (RFC 8422, 5.1.1; RFC 8446, 4.2.7), with the length of a server's public value in bytes.
 */
public enum NamedGroup {
    SECP256R1(23, "secp256r1", 65),
    SECP384R1(24, "secp384r1", 97),
    X25519(29, "x25519", 32),
    /** ML-KEM-768 and x25519 together, for TLS 1.3 only (draft-ietf-tls-ecdhe-mlkem, 4). */
    X25519MLKEM768(4588, "X25519MLKEM768", 1088 + 32);

    /** Cached, since each call of {@link #values} makes a copy. */
    private static final NamedGroup[] ALL = values();

    private final int id;
    private final String label;
    private final int publicLength;

    NamedGroup(int id, String label, int publicLength) {
        this.id = id;
        this.label = label;
        this.publicLength = publicLength;
    }

    /** Returns the number on the wire. */
    public int id() {
        return id;
    }

    /** Returns the RFCs' name, such as {@code x25519}. */
    public String label() {
        return label;
    }

    /** Returns the length of a server's public value on the wire, in bytes; points are uncompressed. */
    public int publicLength() {
        return publicLength;
    }

    /** Returns the group with this number, or {@code null}. */
    public static @Nullable NamedGroup of(int id) {
        for (var group : ALL) {
            if (group.id == id) {
                return group;
            }
        }
        return null;
    }
}
