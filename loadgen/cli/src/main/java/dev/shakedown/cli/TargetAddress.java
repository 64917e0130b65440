package dev.shakedown.cli;

import dev.shakedown.results.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a load goes, and by what right.
 *
 * @param host         as given, without brackets
 * @param socket       what it resolved to
 * @param authorizedBy the entry of {@code --authorized-target} that allows it; {@code null} for loopback
 */
record TargetAddress(String host, InetSocketAddress socket, String authorizedBy) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)\\]|([^:\\[\\]/\\s]+)):(\\d{1,5})");
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.%]*");

    /**
     * Reads {@code HOST:PORT} and looks the host up.
     *
     * @param authorized values of {@code --authorized-target}: each {@code HOST[/PREFIX]} or a file of such lines
     * @throws IllegalArgumentException with a sentence for the user: malformed, or not authorized
     * @throws CannotRunException       when the host has no address
     */
    static TargetAddress parse(String text, List<String> authorized) {
        var match = FORM.matcher(text);
        if (!match.matches() || Integer.parseInt(match.group(3)) < 1 || Integer.parseInt(match.group(3)) > 65535) {
            throw new IllegalArgumentException("'" + text
                    + "' is no target; write HOST:PORT with a port from 1 to 65535, such as 127.0.0.1:443 or"
                    + " [::1]:443");
        }
        var host = match.group(1) == null ? match.group(2) : match.group(1);
        var entries = entries(authorized);
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new CannotRunException("host '" + host + "' has no address that this machine can find", e);
        }
        return new TargetAddress(host, new InetSocketAddress(address, Integer.parseInt(match.group(3))),
                address.isLoopbackAddress() ? null : authorizing(entries, host, address));
    }

    /** The embedded target's address, or another one that is known to be loopback. */
    static TargetAddress loopback(InetSocketAddress socket) {
        return new TargetAddress(socket.getAddress().getHostAddress(), socket, null);
    }

    /**
     * Where a server of ours shall listen: {@code HOST:PORT} with a local host, port 0 for any free one.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static InetSocketAddress listen(String text) {
        var match = FORM.matcher(text);
        if (match.matches() && Integer.parseInt(match.group(3)) <= 65535) {
            var socket = new InetSocketAddress(match.group(1) == null ? match.group(2) : match.group(1),
                    Integer.parseInt(match.group(3)));
            if (!socket.isUnresolved()) {
                return socket;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no place to listen; write HOST:PORT with an address of"
                + " this machine, such as 127.0.0.1:4433");
    }

    /** {@code HOST:PORT} of a socket, as it can be given to a command. */
    static String text(InetSocketAddress socket) {
        return HostPort.of(socket);
    }

    /** Whether {@code host} is an IP address rather than a name. */
    static boolean isLiteral(String host) {
        return LITERAL.matcher(host).matches();
    }

    private static String authorizing(List<String> entries, String host, InetAddress address) {
        for (var entry : entries) {
            if (covers(entry, host, address)) {
                return entry;
            }
        }
        throw new IllegalArgumentException("will not load " + host + " (" + address.getHostAddress()
                + "), which is not this machine; if you may, say so with --authorized-target "
                + address.getHostAddress());
    }

    private static List<String> entries(List<String> authorized) {
        var entries = new ArrayList<String>();
        for (var value : authorized) {
            var file = Path.of(value);
            if (!Files.isRegularFile(file)) {
                entries.add(value);
                continue;
            }
            try {
                for (var line : TextFile.lines(file)) {
                    var entry = line.replaceFirst("#.*", "").strip();
                    if (!entry.isEmpty()) {
                        entries.add(entry);
                    }
                }
            } catch (IOException e) {
                throw new IllegalArgumentException("--authorized-target file " + value + " cannot be read", e);
            }
        }
        entries.forEach(TargetAddress::check);
        return entries;
    }

    private static void check(String entry) {
        var slash = entry.indexOf('/');
        var host = slash < 0 ? entry : entry.substring(0, slash);
        var literal = isLiteral(host);
        var wellFormed = literal ? bytes(host) != null : host.matches("[A-Za-z0-9_.-]+");
        if (wellFormed && slash >= 0) {
            var prefix = entry.substring(slash + 1);
            wellFormed = literal && prefix.matches("\\d{1,3}") && Integer.parseInt(prefix) <= 8 * bytes(host).length;
        }
        if (!wellFormed) {
            throw new IllegalArgumentException("'" + entry + "' is no --authorized-target; write a host, an address,"
                    + " a prefix such as 192.0.2.0/24, or the name of a file with one of these in each line");
        }
    }

    private static boolean covers(String entry, String host, InetAddress address) {
        var slash = entry.indexOf('/');
        var allowed = slash < 0 ? entry : entry.substring(0, slash);
        if (!isLiteral(allowed)) {
            return allowed.equalsIgnoreCase(host);
        }
        var network = bytes(allowed);
        var actual = address.getAddress();
        if (network.length != actual.length) {
            return false;
        }
        var prefix = slash < 0 ? 8 * actual.length : Integer.parseInt(entry.substring(slash + 1));
        for (var bit = 0; bit < prefix; bit++) {
            var mask = 0x80 >> bit % 8;
            if ((network[bit / 8] & mask) != (actual[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** {@code null} unless written in full: Java would take 10/8 for 0.0.0.10/8, where others mean 10.0.0.0/8. */
    private static byte[] bytes(String literal) {
        if (!literal.contains(":") && !literal.matches("\\d+(\\.\\d+){3}")) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
