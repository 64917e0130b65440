package dev.shakedown.results;

import org.jspecify.annotations.Nullable;

/** How a planned arrival ended. Each ends in exactly one of these ways. */
public sealed interface Outcome {
    /** The handshake completed, and the server's Finished was verified. */
    record Completed(Kind kind, Negotiated negotiated) implements Outcome {}

    /** The server, the network or a broken rule ended it. */
    record Failed(Failure failure) implements Outcome {}

    /** The deadline passed. {@code stage} is the message that was awaited, as in {@link Failure#stage()}. */
    record TimedOut(String stage) implements Outcome {}

    /** The run ended before the handshake did. */
    record Cancelled() implements Outcome {}

    /** The generator could not start it. */
    record Unsent(UnsentReason reason) implements Outcome {}

    /**
     * What both sides negotiated, by the RFCs' names.
     *
     * @param group       {@code null} where none was used
     * @param compression of the certificate; {@code null} for none
     */
    record Negotiated(String version, String cipherSuite, @Nullable String group, @Nullable String compression) {}

    /**
     * Where and why a handshake failed.
     *
     * @param stage     the message that was awaited or being made, such as {@code server_hello}
     * @param direction who ended it: {@code sent} (we did, because a rule was broken) or {@code received}
     * @param cause     the alert's name ({@code handshake_failure}) or the transport's ({@code connection_reset})
     * @param byAlert   whether {@code cause} is an alert
     * @param rule      the rule that the server broke, or why the client refused, such as {@code suite_not_offered};
     *                  {@code null} where that is not known
     * @param meaning   one sentence for people
     */
    record Failure(String stage, String direction, String cause, boolean byAlert, @Nullable String rule,
            String meaning) {}
}
