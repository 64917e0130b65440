package dev.shakedown.run;

import java.util.Objects;

/** Thrown when a run is impossible although its plan is valid; the message says why and what to do. */
public final class CannotRunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CannotRunException(String message) {
        super(message);
    }

    public CannotRunException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Wraps a failure whose own message says why. */
    public CannotRunException(Throwable cause) {
        this(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
