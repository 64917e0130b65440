package dev.shakedown.results;

import java.util.Locale;

/** What kind of handshake it was. A completed handshake's kind is what the wire showed, never what was asked for. */
public enum Kind {
    /** The server authenticated itself anew, with a key exchange and a certificate. */
    FULL,
    /** The server took up a session that the client offered. */
    RESUMED;

    /** The name in result files: {@code full} or {@code resumed}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
