package dev.shakedown.net;

import dev.shakedown.results.HostPort;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The servers that may be loaded besides those on this machine.
 *
 * @param entries each a host, an address, or a network such as {@code 192.0.2.0/24}
 */
public record Authorization(List<String> entries) {
    /** Allows only servers on this machine. */
    public static final Authorization NONE = new Authorization(List.of());

    /** @throws IllegalArgumentException with a sentence for people, if an entry is invalid */
    public Authorization {
        entries = List.copyOf(entries);
        entries.stream().filter(entry -> !isEntry(entry)).findFirst().ifPresent(wrong -> {
            throw new IllegalArgumentException("'" + wrong + "' is not a valid authorization; write a host, an"
                    + " address, or a network such as 192.0.2.0/24");
        });
    }

    /** Returns the authorization with these entries. */
    public static Authorization of(String... entries) {
        return new Authorization(List.of(entries));
    }

    /** Whether {@code text} is a host, an address, or a network. */
    public static boolean isEntry(String text) {
        var slash = text.indexOf('/');
        var host = slash < 0 ? text : text.substring(0, slash);
        if (!HostPort.isLiteral(host)) {
            return slash < 0 && host.matches("[A-Za-z0-9_.-]+");
        }
        var bytes = bytes(host);
        if (bytes.isEmpty() || slash < 0) {
            return bytes.isPresent();
        }
        var prefix = text.substring(slash + 1);
        return prefix.matches("\\d{1,3}") && Integer.parseInt(prefix) <= 8 * bytes.get().length;
    }

    /** Returns the first entry that allows this host at this address. */
    Optional<String> entryFor(String host, InetAddress address) {
        return entries.stream().filter(entry -> covers(entry, host, address)).findFirst();
    }

    private static boolean covers(String entry, String host, InetAddress address) {
        var slash = entry.indexOf('/');
        var allowed = slash < 0 ? entry : entry.substring(0, slash);
        if (!HostPort.isLiteral(allowed)) {
            return allowed.equalsIgnoreCase(host);
        }
        var network = bytes(allowed).orElseThrow();
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

    /**
     * Returns an address's bytes; empty unless it is written in full: Java would read 10/8 as 0.0.0.10/8, but users
     * mean 10.0.0.0/8.
     */
    private static Optional<byte[]> bytes(String literal) {
        if (!literal.contains(":") && !literal.matches("\\d+(\\.\\d+){3}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(literal).getAddress());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
