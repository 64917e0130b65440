package dev.shakedown.net.prelude;

/** The exchange between one client and its server until TLS may begin. */
public interface Dialogue {
    /** What the client does next. */
    sealed interface Next {
        /** Waits for more from the server. */
        record Listen() implements Next {}

        /** Sends bytes, and waits for the answer. */
        record Say(byte[] bytes) implements Next {}

        /** Begins TLS, after sending the last bytes, if any. */
        record Begin(byte[] last) implements Next {}

        /** Gives up; one sentence says why. */
        record Refused(String meaning) implements Next {}
    }

    /** Returns what the client sends as soon as the connection is established; empty if the server speaks first. */
    byte[] opening();

    /** Consumes newly received bytes and returns what the client does next. */
    Next hear(byte[] bytes);
}
