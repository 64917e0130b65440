package dev.shakedown.results;

import java.util.Locale;

/** The kind of a handshake. A completed handshake has the kind that the wire showed, never the one asked for. */
public enum Kind {
    /** The server authenticated itself in this handshake, with a key exchange and a certificate. */
    FULL,
    /** The server resumed a session that the client offered. */
    RESUMED;

    /** Returns the name in result files: {@code full} or {@code resumed}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
