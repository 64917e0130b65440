package dev.shakedown.cli;

import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target;
import dev.shakedown.net.Target.NotAuthorizedException;
import dev.shakedown.results.HostPort;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.TextFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Servers and places to listen, as the command line names them. */
final class Targets {
    private static final String AUTHORIZED = "--authorized-target";

    private Targets() {}

    /**
     * Reads {@code HOST:PORT} and looks the host up.
     *
     * @param authorized values of {@code --authorized-target}: each {@code HOST[/PREFIX]} or a file of such lines
     * @throws IllegalArgumentException with a sentence for the user: malformed, or not authorized
     * @throws CannotRunException       when the host has no address
     */
    static Target parse(String text, List<String> authorized) {
        return all(text, authorized).getFirst();
    }

    /** All addresses that the host has, in the order in which this machine prefers them. */
    static List<Target> all(String text, List<String> authorized) {
        // A name that is asked for at an address of its own.
        var at = text.indexOf('@');
        var given = HostPort.parse(text.substring(at + 1)).filter(each -> each.port() > 0)
                .orElseThrow(() -> new IllegalArgumentException("'" + text
                        + "' is no target; write HOST:PORT with a port from 1 to 65535, such as 127.0.0.1:443 or"
                        + " [::1]:443, or NAME@HOST:PORT to ask there for a name"));
        var authorization = new Authorization(entries(authorized));
        try {
            return at < 0
                    ? Target.all(given.host(), given.port(), authorization)
                    : List.of(Target.at(ServerNames.checked(text.substring(0, at), " in '" + text + "'"), given.host(),
                            given.port(), authorization));
        } catch (UnknownHostException e) {
            throw new CannotRunException("host '" + given.host() + "' has no address that this machine can find", e);
        } catch (NotAuthorizedException e) {
            throw new IllegalArgumentException(e.getMessage() + "; if you may, say so with " + AUTHORIZED + " "
                    + e.address().getHostAddress(), e);
        }
    }

    /**
     * Where a server of ours shall listen: {@code HOST:PORT} with a local host, port 0 for any free one.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static InetSocketAddress listen(String text) {
        return HostPort.parse(text).map(given -> new InetSocketAddress(given.host(), given.port()))
                .filter(socket -> !socket.isUnresolved())
                .orElseThrow(() -> new IllegalArgumentException("'" + text
                        + "' is no place to listen; write HOST:PORT with an address of this machine, such as"
                        + " 127.0.0.1:4433"));
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
            throw new IllegalArgumentException("'" + wrong + "' is no " + AUTHORIZED + "; write a host, an address,"
                    + " a prefix such as 192.0.2.0/24, or the name of a file with one of these in each line");
        });
        return entries;
    }
}
