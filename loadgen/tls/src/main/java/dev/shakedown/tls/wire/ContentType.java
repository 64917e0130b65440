package dev.shakedown.tls.wire;

import org.jspecify.annotations.Nullable;

/** The type of a record's content (RFC 5246, 6.2.1). */
public enum ContentType {
    CHANGE_CIPHER_SPEC(20), ALERT(21), HANDSHAKE(22), APPLICATION_DATA(23);

    private static final ContentType[] BY_ORDINAL = values();

    private final int id;

    ContentType(int id) {
        this.id = id;
    }

    /** Returns the byte on the wire. */
    public int id() {
        return id;
    }

    /** Returns the type with this byte, or {@code null}. */
    public static @Nullable ContentType of(int id) {
        var ordinal = id - CHANGE_CIPHER_SPEC.id;
        return ordinal >= 0 && ordinal < BY_ORDINAL.length ? BY_ORDINAL[ordinal] : null;
    }
}
