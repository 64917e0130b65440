package dev.shakedown.load;

import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientSettings;
import java.util.List;

/**
 * Where handshakes go, and with what; several take turns.
 *
 * @param row number of the server whose results they are, from 0
 */
public record Aim(Target target, ClientSettings settings, int row) {
    /** How many servers there are. */
    static int rows(List<Aim> aims) {
        return aims.stream().mapToInt(Aim::row).max().orElseThrow() + 1;
    }
}
