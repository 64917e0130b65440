package dev.shakedown.net.prelude;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What comes before the ClientHello on a connection.
 *
 * @param proxy    the header that goes first; {@code null} for none
 * @param starttls the protocol that starts without TLS; {@code null} for none
 * @param host     the server's name as the client knows it; may be {@code null} if {@code starttls} is
 */
public record Prelude(@Nullable ProxyHeader proxy, @Nullable Starttls starttls, @Nullable String host) {
    /** Nothing comes before it. */
    public static final Prelude NONE = new Prelude(null, null, null);

    private static final byte[] NOTHING = {};

    public boolean isEmpty() {
        return proxy == null && starttls == null;
    }

    /** Returns a new dialogue for a connection; {@code null} if TLS may begin at once. */
    public @Nullable Dialogue dialogue() {
        return starttls == null
                ? null
                : starttls.begin(Objects.requireNonNull(host, "STARTTLS needs the server's name"));
    }

    /**
     * Returns what the client sends as soon as the connection is established.
     *
     * @param dialogue the result of {@link #dialogue}
     */
    public byte[] opening(@Nullable Dialogue dialogue, InetSocketAddress client, InetSocketAddress server) {
        var header = proxy == null ? NOTHING : proxy.of(client, server);
        var first = dialogue == null ? NOTHING : dialogue.opening();
        var both = Arrays.copyOf(header, header.length + first.length);
        System.arraycopy(first, 0, both, header.length, first.length);
        return both;
    }
}
