package dev.shakedown.run;

import java.util.Objects;

/** The run cannot be done though the command line is right; the message says why and what to do. */
public final class CannotRunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CannotRunException(String message) {
        super(message);
    }

    public CannotRunException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Since something failed that says why itself. */
    public CannotRunException(Throwable cause) {
        this(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
