package dev.shakedown.net.socket;

import java.io.IOException;

/** A socket could not be bound to the address that it was to connect from; the cause says why. */
final class SourceException extends IOException {
    private static final long serialVersionUID = 1;

    SourceException(Throwable cause) {
        super(cause);
    }
}
