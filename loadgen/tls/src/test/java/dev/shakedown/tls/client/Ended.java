package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shakedown.tls.client.ClientState.Done;
import java.util.function.Supplier;

/** Checks how a handshake ended. */
final class Ended {
    private Ended() {}

    /** Checks that it is complete, and whether it resumed a session. */
    static void assertDone(boolean resumed, ClientState state) {
        assertDone(resumed, state, state::toString);
    }

    static void assertDone(boolean resumed, ClientState state, Supplier<String> message) {
        assertEquals(resumed, assertInstanceOf(Done.class, state, message).resumed(), message);
    }
}
