package dev.shakedown.run;

import dev.shakedown.load.Destination;
import dev.shakedown.experiment.Objective;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.net.Target;
import dev.shakedown.results.HostPort;
import dev.shakedown.results.Setting;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.crypto.CryptoProvider;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * All that a run is to do, and all that its result says of that.
 *
 * @param load     what is loaded, when and how
 * @param server   what can be seen of the server
 * @param provider whose primitives the client computes with, which have been installed
 * @param words    how some of it was asked for
 * @param objective what its result is judged by
 */
public record RunPlan(LoadPlan load, WatchedServer server, CryptoProvider provider, Words words,
        Optional<Objective> objective) {
    /**
     * What results repeat in the words in which it was asked for.
     *
     * @param tls             the versions offered, such as {@code 1.2} or {@code 1.2-1.3}
     * @param sni             several server names in a few words; empty where one is asked for, or none
     * @param sourceAddresses local addresses and networks
     * @param leftOut         addresses of the server's name that are not loaded, since they take no connections
     * @param names           by what names people set things, for advice
     * @param trace           the command line that shows one such handshake; empty where there is none
     */
    public record Words(String tls, Optional<String> sni, List<String> sourceAddresses,
            List<TargetAddresses.LeftOut> leftOut, Setting.Names names, Optional<String> trace) {
        /** The plainest. */
        static Words of(LoadPlan load) {
            var versions = load.destinations().getFirst().settings().versions();
            var lowest = versions.getLast().option();
            var names = load.destinations().stream()
                    .map(destination -> Optional.ofNullable(destination.settings().sni())).distinct().count();
            return new Words(versions.size() == 1 ? lowest : lowest + "-" + versions.getFirst().option(),
                    names < 2 ? Optional.empty() : Optional.of(names + " names"),
                    load.sources().addresses().stream().map(HostPort::address).toList(), List.of(),
                    Setting.Names.OWN, Optional.empty());
        }
    }

    /** A run of this load, of whose server nothing can be seen. */
    public static RunPlan of(LoadPlan load) {
        return of(load, new WatchedServer.Nothing());
    }

    /** A run of this load, with the JDK's primitives. */
    public static RunPlan of(LoadPlan load, WatchedServer server) {
        return new RunPlan(load, server, CryptoProvider.JDK, Words.of(load), Optional.empty());
    }

    /** The same with another load. */
    public RunPlan with(LoadPlan other) {
        return new RunPlan(other, server, provider, words, objective);
    }

    /** The same, one of whose handshakes this command line shows. */
    public RunPlan tracedBy(String command) {
        return new RunPlan(load, server, provider, new Words(words.tls, words.sni, words.sourceAddresses,
                words.leftOut, words.names,
                Optional.of(command)), objective);
    }

    /** The same, judged by this. */
    public RunPlan judgedBy(Objective wanted) {
        return new RunPlan(load, server, provider, words, Optional.of(wanted));
    }

    /** How an enum constant is written in options and results: {@code BASE_POINT} as {@code base-point}. */
    public static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the first of its aims offers. */
    ClientSettings settings() {
        return load.destinations().getFirst().settings();
    }

    /** The server with these results, from 0. */
    Target target(int row) {
        return load.destinations().stream().filter(destination -> destination.row() == row).findFirst()
                .map(Destination::target).orElseThrow();
    }
}
