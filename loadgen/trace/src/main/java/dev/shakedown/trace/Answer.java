package dev.shakedown.trace;

import org.jspecify.annotations.Nullable;

/** The answer that a handshake gives to a question. No answer proves nothing. */
public enum Answer {
    YES, NO, UNKNOWN;

    /**
     * Returns {@code YES} if the server's answer was {@code found}; otherwise {@code NO} only if the server made that
     * clear.
     */
    static Answer of(boolean found, Exchange exchange) {
        return found ? YES : refuses(exchange) ? NO : UNKNOWN;
    }

    /** Whether the server completed the handshake, or rejected it by an alert. */
    private static boolean refuses(Exchange exchange) {
        var failure = exchange.failure();
        return failure == null || failure.byAlert() && !failure.sent();
    }

    static Answer of(boolean found) {
        return found ? YES : NO;
    }

    /** Returns the answer as a boolean; {@code null} if unknown. */
    @Nullable
    Boolean value() {
        return this == UNKNOWN ? null : this == YES;
    }
}
