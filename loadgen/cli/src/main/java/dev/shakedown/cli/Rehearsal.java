package dev.shakedown.cli;

import dev.shakedown.results.HostPort;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.util.List;

/**
 * Runs each command that ends within a second once. The launcher uses this to fill the class archive that such commands
 * start from: a process makes one archive, so all of them must run in the same one.
 */
final class Rehearsal {
    private Rehearsal() {}

    /**
     * Runs each command.
     *
     * @param args the result directory of a run
     * @throws IllegalStateException if a command failed, so that no incomplete archive is made
     */
    public static void main(String... args) throws IOException {
        try (var server = TlsServer.start(TlsServerOptions.defaults())) {
            var place = HostPort.of(server.address());
            for (var command : List.of(List.of("compare", args[0], args[0]), List.of("report", args[0]),
                    List.of("scan", place), List.of("trace", place), List.of("--help"), List.of("--version"))) {
                var words = command.toArray(String[]::new);
                if (Main.execute(Main.commandLine(words), words) != 0) {
                    throw new IllegalStateException("'" + String.join(" ", command) + "' failed");
                }
            }
        }
    }
}
