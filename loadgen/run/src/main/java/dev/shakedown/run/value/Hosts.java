package dev.shakedown.run.value;

import dev.shakedown.results.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Servers and addresses to listen at, as people write them: {@code host}, {@code host:8443}, {@code https://host/path},
 * {@code ::1}, {@code [fe80::1%eth0]:443}.
 */
public final class Hosts {
    private static final int HTTPS = 443;
    private static final int MOST_PORT = 65_535;
    private static final Pattern URL = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://([^/?#]*)(?:[/?#].*)?");
    private static final Pattern BRACKETS = Pattern.compile("\\[([0-9a-fA-F:.]*(?:%[\\w.-]+)?)\\](?::(.*))?");
    private static final Pattern NAME = Pattern.compile("([^:\\[\\]/@\\s]+)(?::(.*))?");
    private static final Pattern ADDRESS_AND_PORT = Pattern.compile("(.*[0-9a-fA-F:])(:([0-9]{1,5}))");

    private Hosts() {}

    /**
     * Reads a server to connect to; without a port, 443 is meant.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static HostPort server(String text) {
        return read(notAServer(text), text, HTTPS);
    }

    /**
     * Reads an address to listen at: a local host and a port, 0 for any free port.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static InetSocketAddress listener(String text) {
        var complaint = "'" + text
                + "' is not an address to listen at; write HOST:PORT with one of this machine, such as 127.0.0.1:4433";
        var plain = text.strip();
        var port = plain.replaceFirst("^(\\*|0|):", "");
        if (port.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(complaint + Suggestion.ask("127.0.0.1:" + port));
        }
        var given = read(complaint, plain, -1);
        var socket = new InetSocketAddress(given.host(), given.port());
        if (socket.isUnresolved()) {
            throw new IllegalArgumentException(complaint);
        }
        return socket;
    }

    private static HostPort read(String complaint, String text, int usualPort) {
        var plain = text.strip();
        if (plain.matches("[-\u2013\u2014]+\\w.*")) {
            // Pasted text may have a dash in place of an option's two hyphens.
            throw new IllegalArgumentException(
                    complaint + Suggestion.ask(plain.replaceFirst("^[-\u2013\u2014]+", "--")));
        }
        var url = URL.matcher(plain);
        if (url.matches()) {
            var scheme = url.group(1).toLowerCase(Locale.ROOT);
            if (usualPort < 0 || !scheme.equals("https") && !scheme.equals("wss") && !scheme.equals("tls")) {
                throw new IllegalArgumentException(
                        complaint + (scheme.equals("http") ? Suggestion.ask("https://" + url.group(2)) : ""));
            }
            plain = url.group(2);
        } else if (plain.endsWith("/")) {
            plain = plain.substring(0, plain.length() - 1);
        }
        var brackets = BRACKETS.matcher(plain);
        if (brackets.matches() && isIpv6(brackets.group(1))) {
            return new HostPort(brackets.group(1), port(complaint, brackets.group(1), brackets.group(2), usualPort));
        }
        if (plain.indexOf(':') != plain.lastIndexOf(':')) {
            return new HostPort(bare(complaint, plain, usualPort), usualPort);
        }
        var name = NAME.matcher(plain);
        if (!name.matches()) {
            throw new IllegalArgumentException(complaint
                    + (plain.matches(":[0-9]{1,5}") ? Suggestion.ask("127.0.0.1" + plain) : ""));
        }
        var host = name.group(1);
        if (host.matches("[0-9]+")) {
            // Java would read it as an IPv4 address in one number.
            throw new IllegalArgumentException(complaint
                    + (name.group(2) == null ? Suggestion.ask("127.0.0.1:" + host) : ""));
        }
        if (HostPort.isLiteral(host) && literal(host).isEmpty()) {
            throw new IllegalArgumentException(complaint);
        }
        return new HostPort(host, port(complaint, host, name.group(2), usualPort));
    }

    /** Returns an IPv6 address without brackets, if nothing at its end can be a port. */
    private static String bare(String complaint, String text, int usualPort) {
        var split = ADDRESS_AND_PORT.matcher(text);
        var withPort = split.matches() && !split.group(1).endsWith(":") && isIpv6(split.group(1))
                ? Optional.of("[" + split.group(1) + "]" + split.group(2))
                : Optional.<String>empty();
        if (usualPort >= 0 && isIpv6(text) && withPort.isEmpty()) {
            return text;
        }
        throw new IllegalArgumentException(complaint + withPort.map(port -> usualPort >= 0 && isIpv6(text)
                ? Suggestion.ask(port, "[" + text + "]:" + usualPort)
                : Suggestion.ask(port)).orElse(""));
    }

    private static int port(String complaint, String host, @Nullable String port, int usualPort) {
        if (port == null && usualPort >= 0) {
            return usualPort;
        }
        var least = usualPort < 0 ? 0 : 1;
        if (port == null || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) < least
                || Integer.parseInt(port) > MOST_PORT) {
            throw new IllegalArgumentException(complaint + (port == null || port.isEmpty()
                    ? Suggestion.ask(HostPort.of(host, usualPort < 0 ? 4433 : usualPort))
                    : ""));
        }
        return Integer.parseInt(port);
    }

    private static boolean isIpv6(String text) {
        return text.contains(":") && literal(text.replaceFirst("%.*", "")).isPresent();
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String notAServer(String text) {
        return "'" + text
                + "' is not a server; write HOST, HOST:PORT with a port from 1 to 65535, or an https:// address,"
                + " such as 127.0.0.1:8443 or [::1]:443";
    }
}
