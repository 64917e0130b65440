package dev.shakedown.cli;

import dev.shakedown.load.Aim;
import dev.shakedown.net.Target;
import dev.shakedown.results.HostPort;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.Watched;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * The server that {@code HOST:PORT} names.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    Target target(HostPort given) {
        server.check();
        return Targets.of(given, server.authorized);
    }

    /**
     * A run of one server, of which is seen what {@code --server-pid} says.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    RunPlan plan(Target target, ShapeOptions shape) {
        return plan(List.of(target), server.watched(), shape);
    }

    /**
     * A run of several servers, which take turns. Each has the name that it is asked for by, unless {@code --sni} says
     * otherwise.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    RunPlan plan(List<Target> targets, Watched watched, ShapeOptions shape) {
        var trusted = watched instanceof Watched.Embedded(var embedded)
                ? embedded.authorities()
                : List.<X509Certificate>of();
        var aims = new ArrayList<Aim>();
        for (var row = 0; row < targets.size(); row++) {
            var target = targets.get(row);
            aims.addAll(client.aims(target, client.settings(target.host(), trusted), row));
        }
        var plan = load.plan(aims, client.prelude(targets.getFirst().host()), shape,
                sentence -> Main.complain(spec.commandLine().getErr(), sentence));
        return client.plan(plan, watched, load.sourceAddresses);
    }
}
