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
 * The addresses to load. Of a host with several, those that accept no connection are left out, unless none of them
 * does.
 */
public record TargetAddresses(List<Target> loaded, List<LeftOut> leftOut) {
    /**
     * An address that is not loaded.
     *
     * @param cause why there was no connection
     */
    public record LeftOut(Target target, TransportCause cause) {}

    private static final int TIMEOUT_MILLIS = 2_000;

    public TargetAddresses {
        loaded = List.copyOf(loaded);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Connects to all addresses of each host that has several, at the same time and for at most 2 s.
     *
     * @throws InterruptedException if the calling thread is interrupted
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
            // A reset leaves nothing behind on either side.
            socket.setSoLinger(true, 0);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(TransportCause.of(e));
        }
    }
}
