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
 * Everything that a run is to do, and what its result says about that.
 *
 * @param load      what is loaded, when and how
 * @param server    what is observed of the server
 * @param provider  the provider of the client's cryptography, already installed
 * @param words     how the user asked for some of it
 * @param objective what the result is judged by; empty for nothing
 */
public record RunPlan(LoadPlan load, WatchedServer server, CryptoProvider provider, Words words,
        Optional<Objective> objective) {
    /**
     * Settings that results repeat in the user's words.
     *
     * @param tls             the versions offered, such as {@code 1.2} or {@code 1.2-1.3}
     * @param sni             a summary of several server names; empty if there is at most one
     * @param sourceAddresses local addresses and networks, as given
     * @param leftOut         addresses of the server's host that are not loaded because they accept no connections
     * @param names           the names of settings, for advice
     * @param trace           a command line that traces one such handshake; empty if there is none
     */
    public record Words(String tls, Optional<String> sni, List<String> sourceAddresses,
            List<TargetAddresses.LeftOut> leftOut, Setting.Names names, Optional<String> trace) {
        /** Returns the words for a plan that was not made from options. */
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

    /** Returns a plan that observes nothing of the server. */
    public static RunPlan of(LoadPlan load) {
        return of(load, new WatchedServer.Nothing());
    }

    /** Returns a plan with the JDK's cryptography. */
    public static RunPlan of(LoadPlan load, WatchedServer server) {
        return new RunPlan(load, server, CryptoProvider.JDK, Words.of(load), Optional.empty());
    }

    /** Returns this plan with another load. */
    public RunPlan with(LoadPlan other) {
        return new RunPlan(other, server, provider, words, objective);
    }

    /** Returns this plan with a command line that traces one of its handshakes. */
    public RunPlan tracedBy(String command) {
        return new RunPlan(load, server, provider, new Words(words.tls, words.sni, words.sourceAddresses,
                words.leftOut, words.names,
                Optional.of(command)), objective);
    }

    /** Returns this plan with an objective for its result. */
    public RunPlan judgedBy(Objective wanted) {
        return new RunPlan(load, server, provider, words, Optional.of(wanted));
    }

    /** Returns an enum constant as options and results write it: {@code BASE_POINT} as {@code base-point}. */
    public static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the client settings for the first destination. */
    ClientSettings settings() {
        return load.destinations().getFirst().settings();
    }

    /** Returns the server of a row in the results, counted from 0. */
    Target target(int row) {
        return load.destinations().stream().filter(destination -> destination.row() == row).findFirst()
                .map(Destination::target).orElseThrow();
    }
}
