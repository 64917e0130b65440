package dev.shakedown.load;

import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientSettings;
import java.util.List;

/**
 * Where handshakes go, and with what; several take turns.
 *
 * @param row  number of the server whose results they are, from 0
 * @param name number of the name that they ask for, from 0; 0 as well where names are not told apart
 */
public record Destination(Target target, ClientSettings settings, int row, int name) {
    /** Where names are not told apart. */
    public Destination(Target target, ClientSettings settings, int row) {
        this(target, settings, row, 0);
    }

    /** How many servers there are. */
    static int rows(List<Destination> destinations) {
        return destinations.stream().mapToInt(Destination::row).max().orElseThrow() + 1;
    }

    /** How many names are told apart. */
    static int names(List<Destination> destinations) {
        return destinations.stream().mapToInt(Destination::name).max().orElseThrow() + 1;
    }
}
