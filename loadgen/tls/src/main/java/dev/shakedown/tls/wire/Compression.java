package dev.shakedown.tls.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What records can be compressed with, up to TLS 1.2 (RFC 5246, 6.2.2; RFC 3749). */
public enum Compression {
    /** Nothing is. */
    NULL(0), DEFLATE(1);

    /** Each call of {@link #values} makes a copy. */
    private static final Compression[] ALL = values();

    private final int id;

    Compression(int id) {
        this.id = id;
    }

    /** The byte on the wire. */
    public int id() {
        return id;
    }

    /** The RFCs' name, such as {@code deflate}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one with this byte, or {@code null}. */
    public static @Nullable Compression of(int id) {
        for (var compression : ALL) {
            if (compression.id == id) {
                return compression;
            }
        }
        return null;
    }
}
