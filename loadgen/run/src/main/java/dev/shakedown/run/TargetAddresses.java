package dev.shakedown.run;

import dev.shakedown.net.Target;
import dev.shakedown.net.socket.TransportCause;
import dev.shakedown.results.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Where a load goes: each host that has several addresses was asked for a connection at each of them, and those that
 * take none are left out. Where none of a host's addresses takes any, all stay.
 */
public record TargetAddresses(List<Target> loaded, List<LeftOut> leftOut) {
    /**
     * One that is not loaded.
     *
     * @param cause why no connection came about
     */
    public record LeftOut(Target target, TransportCause cause) {}

    private static final int TIMEOUT_MILLIS = 2_000;

    public TargetAddresses {
        loaded = List.copyOf(loaded);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Asks all of a host at once, for at most 2 s; nobody where each host has but one address.
     *
     * @throws InterruptedException if nobody waits for the answer any more
     */
    public static TargetAddresses of(List<Target> all) throws InterruptedException {
        var loaded = new ArrayList<>(all);
        var leftOut = new ArrayList<LeftOut>();
        var hosts = all.stream().collect(Collectors.groupingBy(TargetAddresses::server, LinkedHashMap::new,
                Collectors.toList()));
        for (var addresses : hosts.values()) {
            var refused = addresses.size() < 2 ? List.<LeftOut>of() : refused(addresses);
            if (refused.size() < addresses.size()) {
                leftOut.addAll(refused);
                loaded.removeAll(refused.stream().map(LeftOut::target).toList());
            }
        }
        return new TargetAddresses(loaded, leftOut);
    }

    private static HostPort server(Target target) {
        return new HostPort(target.host(), target.socket().getPort());
    }

    private static List<LeftOut> refused(List<Target> targets) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(targets.stream().<Callable<Optional<LeftOut>>>map(
                    target -> () -> refusal(target).map(cause -> new LeftOut(target, cause))).toList()).stream()
                    .flatMap(answer -> answer.resultNow().stream()).toList();
        }
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
