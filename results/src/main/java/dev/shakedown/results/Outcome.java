package dev.shakedown.results;

import org.jspecify.annotations.Nullable;

/** How a planned arrival ended. Every one ends in exactly one of these. */
public sealed interface Outcome {
    /** The handshake was done, and the server's Finished verified. */
    record Completed(Kind kind, Negotiated negotiated) implements Outcome {}

    /** The server, the network or a broken rule ended it. */
    record Failed(Failure failure) implements Outcome {}

    /** The deadline came first. {@code stage} is the message it waited for, as in {@link Failure#stage()}. */
    record TimedOut(String stage) implements Outcome {}

    /** The run ended first. */
    record Cancelled() implements Outcome {}

    /** The generator could not start it. */
    record Unsent(UnsentReason reason) implements Outcome {}

    /**
     * What both sides agreed on, in the RFCs' names.
     *
     * @param group       {@code null} where none was used
     * @param compression {@code null} where nothing is compressed
     */
    record Negotiated(String version, String cipherSuite, @Nullable String group, @Nullable String compression) {}

    /**
     * Where and why a handshake failed.
     *
     * @param stage     the message that was awaited or made, such as {@code server_hello}
     * @param direction who ended it: {@code sent} (we did, because a rule was broken) or {@code received}
     * @param cause     the alert's name ({@code handshake_failure}) or the transport's ({@code connection_reset})
     * @param byAlert   whether {@code cause} is an alert
     * @param rule      what the server broke, or the client refused, such as {@code suite_not_offered}; {@code null}
     *                  where that is not known
     * @param meaning   one sentence for people
     */
    record Failure(String stage, String direction, String cause, boolean byAlert, @Nullable String rule,
            String meaning) {}
}
