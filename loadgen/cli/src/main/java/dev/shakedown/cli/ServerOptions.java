package dev.shakedown.cli;

import dev.shakedown.load.process.Listener;
import dev.shakedown.load.process.ServerCpu;
import dev.shakedown.net.Target;
import dev.shakedown.run.WatchedServer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server may be loaded, and what can be seen of it. */
final class ServerOptions {
    private static final String AUTO = "auto";
    private static final String NONE = "none";

    @Option(names = "--authorized-target", paramLabel = "HOST[/PREFIX]", //
            description = "Confirm that you may load this server, network, or each in the file of this name;"
                    + " needed for any address but loopback.")
    List<String> authorized = List.of();

    @Option(names = "--server-pid", paramLabel = "PID", //
            description = "The server's process on this machine: report its CPU time per handshake, with that of"
                    + " its children. auto: whoever listens there; none (default: auto).")
    @Nullable
    String pid;

    @Option(names = "--one-address", //
            description = "Load only the first address of a host name that has several (default: all take turns).")
    boolean oneAddress;

    /** @throws IllegalArgumentException with a sentence for the user */
    void check() {
        if (pid == null || pid.equals(AUTO) || pid.equals(NONE)) {
            return;
        }
        if (!pid.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("'" + pid + "' is no --server-pid; write the number of a process, or "
                    + AUTO + " or " + NONE);
        }
        if (!ServerCpu.canWatch(Long.parseLong(pid))) {
            throw new IllegalArgumentException("--server-pid " + pid
                    + " is no process that can be watched on this machine");
        }
    }

    /** Whether a process was given. */
    boolean isNamed() {
        return pid != null && !pid.equals(NONE);
    }

    /**
     * What can be seen of servers, each an address of the same load, once {@link #check} has found nothing wrong.
     *
     * @param say  takes what was chosen
     * @param warn takes what may be wrong with what was given
     * @throws IllegalArgumentException with a sentence for the user
     */
    WatchedServer watched(List<Target> targets, Consumer<String> say, Consumer<String> warn) {
        if (NONE.equals(pid)) {
            return new WatchedServer.Nothing();
        }
        var listening = targets.stream().allMatch(Target::isLoopback)
                ? targets.stream().map(target -> Listener.at(target.socket())).distinct().toList()
                : List.<Optional<Listener>>of();
        var listener = listening.size() == 1 ? listening.getFirst() : Optional.<Listener>empty();
        if (pid == null || pid.equals(AUTO)) {
            return auto(targets, listener, say);
        }
        var given = Long.parseLong(pid);
        var instead = listener.map(who -> ": " + who + " listens at " + targets.getFirst()).orElse("");
        if (Listener.isSelfOrAncestor(given)) {
            throw new IllegalArgumentException("--server-pid " + given + " is this load generator or what started it,"
                    + " not the server" + instead);
        }
        listener.filter(who -> !who.isRelatedTo(given))
                .ifPresent(_ -> warn.accept("--server-pid " + given + " does not listen there" + instead));
        return new WatchedServer.Process(given);
    }

    private WatchedServer auto(List<Target> targets, Optional<Listener> listener, Consumer<String> say) {
        // Whoever loads a server within the same process knows what it watches.
        var server = listener.filter(who -> !Listener.isSelfOrAncestor(who.pid()));
        if (server.isEmpty() && pid != null) {
            throw new IllegalArgumentException("--server-pid auto finds no process of one server that listens at "
                    + targets.stream().map(Target::toString).distinct().collect(Collectors.joining(" and "))
                    + " and that you may look into; name it");
        }
        server.ifPresent(who -> say.accept("server: " + who));
        return server.<WatchedServer>map(who -> new WatchedServer.Process(who.pid()))
                .orElseGet(WatchedServer.Nothing::new);
    }
}
