package dev.shakedown.tls.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The compression methods of records, up to TLS 1.2 (RFC 5246, 6.2.2; RFC 3749). */
public enum Compression {
    /** No compression. */
    NULL(0), DEFLATE(1);

    /** Cached, since each call of {@link #values} makes a copy. */
    private static final Compression[] ALL = values();

    private final int id;

    Compression(int id) {
        this.id = id;
    }

    /** Returns the byte on the wire. */
    public int id() {
        return id;
    }

    /** Returns the RFCs' name, such as {@code deflate}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the method with this byte, or {@code null}. */
    public static @Nullable Compression of(int id) {
        for (var compression : ALL) {
            if (compression.id == id) {
                return compression;
            }
        }
        return null;
    }
}
