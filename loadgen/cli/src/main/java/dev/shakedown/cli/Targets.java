package dev.shakedown.cli;

import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target.NotAuthorizedException;
import dev.shakedown.net.Target;
import dev.shakedown.net.socket.Listening;
import dev.shakedown.results.HostPort;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.value.Server;
import dev.shakedown.run.TextFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Servers and listening addresses, as the command line names them. */
final class Targets {
    private static final String AUTHORIZED = "--authorized-target";

    private Targets() {}

    /**
     * Resolves a server to its first address.
     *
     * @param authorized values of {@code --authorized-target}: each {@code HOST[/PREFIX]} or a file of such lines
     * @throws IllegalArgumentException with a sentence for the user: not authorized, or a malformed authorization
     * @throws CannotRunException       when the host has no address
     */
    static Target of(Server given, List<String> authorized) {
        return all(given, authorized).getFirst();
    }

    /** Resolves a server to all addresses of its host, in the order in which this machine prefers them. */
    static List<Target> all(Server server, List<String> authorized) {
        var given = server.address();
        var authorization = new Authorization(entries(authorized));
        try {
            return server.name().isEmpty()
                    ? Target.all(given.host(), given.port(), authorization)
                    : List.of(Target.at(ServerNames.checked(server.name().get(), " in '" + server + "'"),
                            given.host(), given.port(), authorization));
        } catch (UnknownHostException e) {
            throw new CannotRunException("host '" + given.host() + "' cannot be resolved to an address", e);
        } catch (NotAuthorizedException e) {
            var refused = HostPort.isLiteral(given.host())
                    ? "any but loopback addresses"
                    : given.host() + ", which is not a loopback address,";
            throw new IllegalArgumentException("will not load " + refused + " without permission; if you have it, add "
                    + AUTHORIZED + " " + HostPort.address(e.address()), e);
        }
    }

    /** Says why nothing can listen there, and what to do. */
    static String cannotListen(String option, InetSocketAddress address, IOException e) {
        return "cannot listen on " + HostPort.of(address) + ": " + Listening.reason(e)
                + "; choose another address with "
                + option;
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
                throw new IllegalArgumentException(AUTHORIZED + " file " + value + " cannot be read", e);
            }
        }
        entries.stream().filter(entry -> !Authorization.isEntry(entry)).findFirst().ifPresent(wrong -> {
            throw new IllegalArgumentException(
                    "'" + wrong + "' is not a value for " + AUTHORIZED + "; write a host, an address,"
                            + " a prefix such as 192.0.2.0/24, or the name of a file with one of these per line");
        });
        return entries;
    }
}
