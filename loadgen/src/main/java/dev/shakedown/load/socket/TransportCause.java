package dev.shakedown.load.socket;

import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/**
 * What a transport error means, by the kernel's own words: the names are the same on every transport, but the exception
 * classes are not.
 *
 * @param label   the name in results, such as {@code connection_refused}
 * @param meaning one sentence; {@code null} where the generator itself ran out of something
 */
public record TransportCause(String label, String meaning) {
    private static final String OWN = null;
    private static final String RESET = "connection_reset";

    /** What {@code error} means. */
    public static TransportCause of(Throwable error) {
        var words = new StringBuilder();
        for (var cause = error; cause != null; cause = cause.getCause()) {
            words.append(cause.getMessage()).append('\n');
        }
        var text = words.toString().toLowerCase(Locale.ROOT);
        if (text.contains("cannot assign requested address") || text.contains("address already in use")) {
            return new TransportCause("ports", OWN);
        }
        if (text.contains("too many open files")) {
            return new TransportCause("descriptors", OWN);
        }
        if (text.contains("cannot allocate memory") || text.contains("no buffer space")
                || error instanceof OutOfMemoryError) {
            return new TransportCause("memory", OWN);
        }
        if (text.contains("refused")) {
            return new TransportCause("connection_refused", "nothing listens at the target's port");
        }
        if (text.contains("reset") || text.contains("broken pipe")) {
            return new TransportCause(RESET, "the server reset the connection");
        }
        if (error instanceof ClosedChannelException) {
            // The server's end may show in a write that cannot go on before it shows in a read.
            return new TransportCause("connection_closed", "the server closed the connection");
        }
        if (text.contains("unreachable") || text.contains("no route")) {
            return new TransportCause("unreachable", "the network has no way to the target");
        }
        if (text.contains("timed out")) {
            return new TransportCause("connection_timed_out", "the network gave up on the connection");
        }
        if (text.contains("permission denied") || text.contains("not permitted")) {
            return new TransportCause("not_permitted", "this machine's rules forbid the connection");
        }
        return new TransportCause("transport_error", "the transport failed: " + error.getMessage());
    }

    /** Whether the generator ran out of something, which is no fault of the server. */
    public boolean isOwn() {
        return meaning == null;
    }

    /** Whether only a connection that stood can end so. */
    boolean isOfConnection() {
        return label.equals(RESET);
    }
}
