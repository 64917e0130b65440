package dev.shakedown.run.value;

import dev.shakedown.results.HostPort;
import java.util.Optional;

/**
 * A server as people write it: its address, as {@link Hosts} reads that, perhaps after the name to ask for, as in
 * {@code www.example.org@127.0.0.1:8443}.
 *
 * @param name    the name to ask for, as written; empty if the address has it
 * @param address a host and a port
 */
public record Server(Optional<String> name, HostPort address) {
    /**
     * Reads a server.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Server parse(String text) {
        var at = text.contains("://") ? -1 : text.indexOf('@');
        return at < 0
                ? new Server(Optional.empty(), Hosts.server(text))
                : new Server(Optional.of(text.substring(0, at).strip()), Hosts.server(text.substring(at + 1)));
    }

    @Override
    public String toString() {
        return name.map(asked -> asked + "@").orElse("") + address;
    }
}
