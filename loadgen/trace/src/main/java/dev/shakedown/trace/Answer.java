package dev.shakedown.trace;

import org.jspecify.annotations.Nullable;

/** What a handshake says to a question. That there was no answer proves nothing. */
public enum Answer {
    YES, NO, UNKNOWN;

    /** {@code YES} where what was looked for is {@code found}; else {@code NO} only if the server has said so. */
    static Answer of(boolean found, Exchange exchange) {
        return found ? YES : refuses(exchange) ? NO : UNKNOWN;
    }

    /** Whether the server went through with the handshake, or refused it by an alert. */
    private static boolean refuses(Exchange exchange) {
        var failure = exchange.failure();
        return failure == null || failure.byAlert() && !failure.sent();
    }

    static Answer of(boolean found) {
        return found ? YES : NO;
    }

    /** {@code null} where it is unknown. */
    @Nullable
    Boolean value() {
        return this == UNKNOWN ? null : this == YES;
    }
}
