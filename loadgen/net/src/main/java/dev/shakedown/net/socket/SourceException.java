package dev.shakedown.net.socket;

import java.io.IOException;

/** A socket could not be bound to its source address; the cause says why. */
final class SourceException extends IOException {
    private static final long serialVersionUID = 1;

    SourceException(Throwable cause) {
        super(cause);
    }
}
