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
public record Aim(Target target, ClientSettings settings, int row, int name) {
    /** Where names are not told apart. */
    public Aim(Target target, ClientSettings settings, int row) {
        this(target, settings, row, 0);
    }

    /** How many servers there are. */
    static int rows(List<Aim> aims) {
        return aims.stream().mapToInt(Aim::row).max().orElseThrow() + 1;
    }

    /** How many names are told apart. */
    static int names(List<Aim> aims) {
        return aims.stream().mapToInt(Aim::name).max().orElseThrow() + 1;
    }
}
