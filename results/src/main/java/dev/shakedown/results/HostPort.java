package dev.shakedown.results;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A host and a port as people write them: {@code HOST:PORT}, an IPv6 address in brackets. Addresses are in canonical
 * form (RFC 5952), so that they can be searched for and compared as text.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%[\\w.-]+)?");
    private static final int WORDS = 8;
    /** The number of words before the IPv4 address in {@code ::ffff:0:0/96}. */
    private static final int MAPPED = 6;

    /** Whether {@code host} is an IP address rather than a name. */
    public static boolean isLiteral(String host) {
        return LITERAL.matcher(host).matches();
    }

    /** Returns a socket's address and port, such as {@code 127.0.0.1:443} or {@code [::1]:443}. */
    public static String of(InetSocketAddress socket) {
        return of(address(socket.getAddress()), socket.getPort());
    }

    /** @param host a name, or an address without brackets */
    public static String of(String host, int port) {
        return host(host) + ":" + port;
    }

    /** Returns a host as written before a port: an IPv6 address gets brackets (RFC 5952, 6). */
    public static String host(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** Returns an address without brackets, with the name of its interface if it has one (RFC 4007, 11). */
    public static String address(InetAddress address) {
        if (!(address instanceof Inet6Address six)) {
            return address.getHostAddress();
        }
        var text = six.getHostAddress();
        var zone = text.indexOf('%');
        return compressed(six.getAddress()) + (zone < 0 ? "" : text.substring(zone));
    }

    private static String compressed(byte[] bytes) {
        var words = IntStream.range(0, WORDS).map(at -> (bytes[2 * at] & 0xff) << 8 | bytes[2 * at + 1] & 0xff)
                .toArray();
        if (IntStream.range(0, MAPPED - 1).allMatch(at -> words[at] == 0) && words[MAPPED - 1] == 0xffff) {
            return "::ffff:" + IntStream.range(2 * MAPPED, 2 * WORDS).mapToObj(at -> String.valueOf(bytes[at] & 0xff))
                    .collect(Collectors.joining("."));
        }
        // The first of the longest runs of zeros; a single zero is not a run (RFC 5952, 4.2).
        var from = 0;
        var length = 1;
        for (var at = 0; at < WORDS; at++) {
            var run = zeros(words, at);
            if (run > length) {
                from = at;
                length = run;
            }
        }
        return length == 1 ? hex(words, 0, WORDS) : hex(words, 0, from) + "::" + hex(words, from + length, WORDS);
    }

    /** Counts consecutive zero words. */
    private static int zeros(int[] words, int from) {
        return (int) IntStream.range(from, WORDS).takeWhile(at -> words[at] == 0).count();
    }

    private static String hex(int[] words, int from, int to) {
        return IntStream.range(from, to).mapToObj(at -> Integer.toHexString(words[at]))
                .collect(Collectors.joining(":"));
    }

    @Override
    public String toString() {
        return of(host, port);
    }
}
