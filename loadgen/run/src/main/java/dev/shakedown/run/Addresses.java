package dev.shakedown.run;

import dev.shakedown.net.Target;
import dev.shakedown.net.socket.TransportCause;
import dev.shakedown.results.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Where a load goes: each host that has several addresses was asked for a connection at each of them, and those that
 * take none are left out. Where none of a host's addresses takes any, all stay.
 */
public record Addresses(List<Target> loaded, List<LeftOut> leftOut) {
    /**
     * One that is not loaded.
     *
     * @param cause why no connection came about
     */
    public record LeftOut(Target target, TransportCause cause) {}

    private static final int TIMEOUT_MILLIS = 2_000;

    public Addresses {
        loaded = List.copyOf(loaded);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Asks all at once, for at most 2 s; nobody where each host has but one address.
     *
     * @throws InterruptedException if nobody waits for the answer any more
     */
    public static Addresses of(List<Target> all) throws InterruptedException {
        var hosts = all.stream().collect(Collectors.groupingBy(Addresses::server));
        var asked = all.stream().filter(target -> hosts.get(server(target)).size() > 1).toList();
        var refused = refused(asked);
        var leftOut = asked.stream().filter(target -> refused.containsKey(target)
                && !refused.keySet().containsAll(hosts.get(server(target))))
                .map(target -> new LeftOut(target, refused.get(target))).toList();
        var gone = leftOut.stream().map(LeftOut::target).toList();
        return new Addresses(all.stream().filter(target -> !gone.contains(target)).toList(), leftOut);
    }

    private static HostPort server(Target target) {
        return new HostPort(target.host(), target.socket().getPort());
    }

    private static Map<Target, TransportCause> refused(List<Target> targets) throws InterruptedException {
        var refused = new HashMap<Target, TransportCause>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(targets.stream()
                    .<Callable<Optional<TransportCause>>>map(target -> () -> refusal(target)).toList());
            for (var i = 0; i < targets.size(); i++) {
                var target = targets.get(i);
                answers.get(i).resultNow().ifPresent(cause -> refused.put(target, cause));
            }
        }
        return refused;
    }

    private static Optional<TransportCause> refusal(Target target) {
        try (var socket = new Socket()) {
            socket.connect(target.socket(), TIMEOUT_MILLIS);
            // So that nothing of it is left on either side.
            socket.setSoLinger(true, 0);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(TransportCause.of(e));
        }
    }
}
