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

/** What all commands share that load a server: how, as what client, and what may be loaded. */
final class LoadingOptions {
    /** Of the command itself. Groups of which no option is given are told of none. */
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @ArgGroup(exclusive = false, order = 2, heading = "%nConnections:%n")
    LoadOptions load = new LoadOptions();

    @ArgGroup(exclusive = false, order = 3, heading = "%nClient:%n")
    ClientOptions client = new ClientOptions();

    @ArgGroup(exclusive = false, order = 4, heading = "%nServer:%n")
    ServerOptions server = new ServerOptions();

    /** Whether nothing is told but what is wrong. */
    boolean quiet;

    /** Who takes connections of those that were asked; what is said of them is said once. */
    private @Nullable TargetAddresses addresses;
    private @Nullable WatchedServer watched;

    /**
     * The servers that {@code HOST:PORT} names: all addresses of its host.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    List<Target> targets(Server given) {
        server.check();
        var all = Targets.all(given, server.authorized);
        return server.oneAddress ? List.of(all.getFirst()) : all;
    }

    /**
     * A run of these addresses, but for those of a host with several that take no connections; of the server is seen
     * what {@code --server-pid} says. Each time with the same addresses.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    RunPlan plan(List<Target> targets, ShapeOptions shape) {
        // All options are looked at before the first packet.
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

    /** Tells who started the command, not who reads its results. */
    private void say(String sentence) {
        Main.complain(spec.commandLine().getErr(), sentence);
    }

    /**
     * A run of several servers, which take turns. Each has the name that it is asked for by, unless {@code --sni} says
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
        var plan = load.plan(destinations, client.prelude(targets.getFirst().host()), shape, say);
        return client.plan(plan, watched, load.sourceAddresses,
                addresses == null ? List.of() : addresses.leftOut());
    }
}
