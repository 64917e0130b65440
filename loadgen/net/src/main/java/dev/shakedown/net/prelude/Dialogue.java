package dev.shakedown.net.prelude;

/** What one client and its server say to each other until TLS may begin. */
public interface Dialogue {
    /** What the client does next. */
    sealed interface Next {
        /** Listens on. */
        record Listen() implements Next {}

        /** Says something, and listens. */
        record Say(byte[] bytes) implements Next {}

        /** Begins TLS, behind the last bytes if there are any. */
        record Begin(byte[] last) implements Next {}

        /** Gives up; one sentence says why. */
        record Refused(String meaning) implements Next {}
    }

    /** What the client says as soon as the connection stands; empty where the server speaks first. */
    byte[] opening();

    /** Takes all that has come from the server and was not taken before. */
    Next hear(byte[] bytes);
}
