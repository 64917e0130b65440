package dev.shakedown.net.prelude;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What comes on a connection before its ClientHello.
 *
 * @param proxy    the header that goes first; {@code null} for none
 * @param starttls the protocol that begins without TLS; {@code null} for none
 * @param host     whom the client thinks it speaks to; {@code null} only where nothing begins without TLS
 */
public record Prelude(@Nullable ProxyHeader proxy, @Nullable Starttls starttls, @Nullable String host) {
    /** Nothing does. */
    public static final Prelude NONE = new Prelude(null, null, null);

    private static final byte[] NOTHING = {};

    public boolean isEmpty() {
        return proxy == null && starttls == null;
    }

    /** A dialogue of its own for each connection; {@code null} where TLS may begin at once. */
    public @Nullable Dialogue dialogue() {
        return starttls == null ? null : starttls.begin(Objects.requireNonNull(host, "STARTTLS says whom to"));
    }

    /**
     * What the client sends as soon as the connection stands.
     *
     * @param dialogue as {@link #dialogue} gave it
     */
    public byte[] opening(@Nullable Dialogue dialogue, InetSocketAddress client, InetSocketAddress server) {
        var header = proxy == null ? NOTHING : proxy.of(client, server);
        var first = dialogue == null ? NOTHING : dialogue.opening();
        var both = Arrays.copyOf(header, header.length + first.length);
        System.arraycopy(first, 0, both, header.length, first.length);
        return both;
    }
}
