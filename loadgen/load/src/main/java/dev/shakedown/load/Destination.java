package dev.shakedown.load;

import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientSettings;
import java.util.List;

/**
 * A server, and the client settings for its handshakes. Several destinations take turns.
 *
 * @param row  number of the server in the results, from 0
 * @param name number of the server name requested, from 0; 0 if names are not distinguished
 */
public record Destination(Target target, ClientSettings settings, int row, int name) {
    /** Creates a destination whose server name is not distinguished from others. */
    public Destination(Target target, ClientSettings settings, int row) {
        this(target, settings, row, 0);
    }

    /** Returns the number of servers. */
    static int rows(List<Destination> destinations) {
        return destinations.stream().mapToInt(Destination::row).max().orElseThrow() + 1;
    }

    /** Returns the number of distinct server names. */
    static int names(List<Destination> destinations) {
        return destinations.stream().mapToInt(Destination::name).max().orElseThrow() + 1;
    }
}
