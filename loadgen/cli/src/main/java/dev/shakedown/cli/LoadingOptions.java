package dev.shakedown.cli;

import dev.shakedown.load.Destination;
import dev.shakedown.net.Target;
import dev.shakedown.run.TargetAddresses;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.value.Server;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.WatchedServer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The options shared by all commands that load a server: how, with which client, and what may be loaded. */
final class LoadingOptions {
    /** The command's own specification: it is not injected into groups none of whose options are given. */
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Listed with the command's own options under its heading for the load. */
    @ArgGroup(exclusive = false, order = 3, heading = "")
    private LoadOptions load = new LoadOptions();

    @ArgGroup(exclusive = false, order = 4, heading = "%nConnections:%n")
    private ConnectionOptions connections = new ConnectionOptions();

    @ArgGroup(exclusive = false, order = 5, heading = "%nClient:%n")
    ClientOptions client = new ClientOptions();

    @ArgGroup(exclusive = false, order = 6, heading = "%nServer:%n")
    ServerOptions server = new ServerOptions();

    /** Whether to print nothing to standard error except errors. */
    boolean quiet;

    /** The addresses that accept connections, once they have been asked; what is to be said of them is said once. */
    private @Nullable TargetAddresses addresses;
    private @Nullable WatchedServer watched;

    /**
     * Returns the servers that {@code HOST:PORT} names: all addresses of its host, or only the first.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    List<Target> targets(Server given) {
        server.check();
        var all = Targets.all(given, server.authorized);
        return server.oneAddress ? List.of(all.getFirst()) : all;
    }

    /**
     * Returns a plan for these addresses, without those that accept no connections although others of the same host
     * do, and with the server process that {@code --server-pid} names. The addresses are the same each time.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    RunPlan plan(List<Target> targets, ShapeOptions shape) {
        // All options are checked before the first packet is sent.
        plan(targets, new WatchedServer.Nothing(), shape, _ -> {});
        if (addresses == null || watched == null) {
            addresses = ask(targets);
            addresses.leftOut().forEach(each -> say("left out " + each.target() + ": " + each.cause().meaning(null)));
            watched = server.watched(addresses.loaded(), quiet ? _ -> {} : this::say, this::say);
        }
        return plan(addresses.loaded(), watched, shape);
    }

    private static TargetAddresses ask(List<Target> targets) {
        try {
            return TargetAddresses.of(targets);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRunException("interrupted before the load began", e);
        }
    }

    /** Prints a sentence for the user to standard error, apart from the results. */
    private void say(String sentence) {
        Main.complain(spec.commandLine().getErr(), sentence);
    }

    /**
     * Returns a plan for several servers in turn. Each is asked for by its own name unless {@code --sni} says
     * otherwise.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    RunPlan plan(List<Target> targets, WatchedServer watched, ShapeOptions shape) {
        return plan(targets, watched, shape, this::say);
    }

    private RunPlan plan(List<Target> targets, WatchedServer watched, ShapeOptions shape, Consumer<String> say) {
        var trusted = watched instanceof WatchedServer.Embedded(var embedded)
                ? embedded.authorities()
                : List.<X509Certificate>of();
        var destinations = new ArrayList<Destination>();
        for (var row = 0; row < targets.size(); row++) {
            var target = targets.get(row);
            destinations.addAll(client.destinations(target, client.settings(target.host(), trusted), row));
        }
        var plan = load.plan(destinations, connections, client.prelude(targets.getFirst().host()), shape, say);
        return client.plan(plan, watched, connections.sourceAddresses,
                addresses == null ? List.of() : addresses.leftOut());
    }
}
