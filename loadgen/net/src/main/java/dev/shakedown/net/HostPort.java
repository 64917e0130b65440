package dev.shakedown.net;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host and a port as people write them: {@code HOST:PORT}, an IPv6 address in brackets.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)\\]|([^:\\[\\]/\\s]+)):(\\d{1,5})");
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.%]*");
    private static final int MOST = 65_535;

    /** What {@code text} says; empty if it has another form. */
    public static Optional<HostPort> parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches() || Integer.parseInt(match.group(3)) > MOST) {
            return Optional.empty();
        }
        return Optional.of(new HostPort(match.group(1) == null ? match.group(2) : match.group(1),
                Integer.parseInt(match.group(3))));
    }

    /** {@code HOST:PORT} of a socket, as it can be given to a command. */
    public static String text(InetSocketAddress socket) {
        var host = socket.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort();
    }

    /** Whether {@code host} is an IP address rather than a name. */
    public static boolean isLiteral(String host) {
        return LITERAL.matcher(host).matches();
    }
}
