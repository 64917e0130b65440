package dev.shakedown.cli;

import dev.shakedown.load.ArrivalPlan;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.Mix;
import dev.shakedown.load.SourceAddresses;
import dev.shakedown.load.socket.Transport;
import dev.shakedown.tls.client.SessionMemory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How handshakes are spread over time, connections and event loops. */
final class LoadOptions {
    static final int DEFAULT_CONCURRENCY = 16;
    private static final long MOST_COUNT = 1_000_000_000_000L;
    private static final int MOST_THREADS = 1024;

    @Option(names = "--concurrency", paramLabel = "N", //
            description = "Closed loop: N handshakes at a time, each begun when the one before it has ended"
                    + " (default: " + DEFAULT_CONCURRENCY + ").")
    Integer concurrency;

    @Option(names = "--rate", paramLabel = "R", //
            description = "Open loop: R handshakes a second, each begun when it is due, whatever became of others.")
    Double rate;

    @Option(names = "--arrivals", paramLabel = "SHAPE", //
            description = "Open loop: constant or poisson arrivals (default: constant).")
    ArrivalPlan.Shape arrivals;

    @Option(names = "--duration", paramLabel = "TIME", converter = Durations.class, //
            description = "How long to load after the warm-up (default: 10s).")
    Duration duration;

    @Option(names = "--count", paramLabel = "N", //
            description = "How many handshakes to do after the warm-up, instead of --duration.")
    Long count;

    @Option(names = "--warmup", paramLabel = "TIME", converter = Durations.class, defaultValue = "2s", //
            description = "Load before that, which is not in the results (default: ${DEFAULT-VALUE}).")
    Duration warmup;

    @Option(names = "--mix", paramLabel = "WEIGHTS", defaultValue = "full=1,resumed=1", //
            description = "Full against resumed handshakes to ask for (default: ${DEFAULT-VALUE}).")
    String mix;

    @Option(names = "--resume-uses", paramLabel = "N", //
            description = "How often one session is offered (default: no limit).")
    Integer resumeUses;

    @Option(names = "--timeout", paramLabel = "TIME", converter = Durations.class, defaultValue = "10s", //
            description = "Deadline of a handshake, from its beginning (default: ${DEFAULT-VALUE}).")
    Duration timeout;

    @Option(names = "--connect-timeout", paramLabel = "TIME", converter = Durations.class, defaultValue = "5s", //
            description = "Deadline of its TCP connection (default: ${DEFAULT-VALUE}).")
    Duration connectTimeout;

    @Option(names = "--close", paramLabel = "HOW", defaultValue = "rst", //
            description = "Close connections with a reset (rst), or with close_notify and FIN (notify)"
                    + " (default: ${DEFAULT-VALUE}).")
    Close close;

    @Option(names = "--max-in-flight", paramLabel = "N", defaultValue = "10000", //
            description = "Open loop: what is due beyond N under way is counted as unsent (default:"
                    + " ${DEFAULT-VALUE}).")
    int maxInFlight;

    @Option(names = "--threads", paramLabel = "N", //
            description = "Event loops (default: half of the processors, at least 1).")
    Integer threads;

    @Option(names = "--transport", paramLabel = "NAME", //
            description = "io_uring, epoll, kqueue or nio (default: the first that works here).")
    String transport;

    @Option(names = "--source-address", paramLabel = "ADDR[/PREFIX]", split = ",", //
            description = "Local addresses to spread connections over, so that ports do not run out.")
    List<String> sourceAddresses = List.of();

    /**
     * The plan that these options ask for.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    LoadPlan plan(InetSocketAddress target) {
        if (concurrency != null && rate != null) {
            throw new IllegalArgumentException("--concurrency and --rate exclude each other: a load either waits for"
                    + " answers or does not");
        }
        if (count != null && duration != null) {
            throw new IllegalArgumentException("--count and --duration exclude each other: one of them ends the load");
        }
        if (arrivals != null && rate == null) {
            throw new IllegalArgumentException("--arrivals shapes an open loop; give its --rate");
        }
        if (rate != null && !(rate >= 0.001 && rate <= 1e7)) {
            throw new IllegalArgumentException("--rate must be from 0.001 to 10000000 a second, but is " + rate);
        }
        atLeastOne("--concurrency", concurrency);
        atLeastOne("--count", count);
        atLeastOne("--resume-uses", resumeUses);
        atLeastOne("--max-in-flight", maxInFlight);
        atLeastOne("--threads", threads);
        atMost("--count", count, MOST_COUNT);
        atMost("--threads", threads, MOST_THREADS);
        positive("--duration", duration);
        positive("--timeout", timeout);
        positive("--connect-timeout", connectTimeout);
        var slots = rate != null ? 0 : concurrency == null ? DEFAULT_CONCURRENCY : concurrency;
        var loops = threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads;
        return new LoadPlan(target, slots, rate == null ? 0 : rate,
                rate == null ? null : arrivals == null ? ArrivalPlan.Shape.CONSTANT : arrivals,
                count != null ? Long.MAX_VALUE : (duration == null ? Duration.ofSeconds(10) : duration).toNanos(),
                count == null ? Long.MAX_VALUE : count, warmup.toNanos(), Mix.parse(mix), timeout.toNanos(),
                connectTimeout.toNanos(), close, maxInFlight, rate == null ? Math.min(loops, slots) : loops,
                transport == null ? Transport.best() : Transport.parse(transport), sources(target));
    }

    /** How often one session is offered, in the words of {@link SessionMemory}. */
    int uses() {
        return resumeUses == null ? SessionMemory.UNLIMITED : resumeUses;
    }

    private List<InetAddress> sources(InetSocketAddress target) {
        var sources = new ArrayList<InetAddress>();
        for (var text : sourceAddresses) {
            sources.addAll(SourceAddresses.parse(text));
        }
        var length = target.getAddress().getAddress().length;
        if (sources.stream().anyMatch(source -> source.getAddress().length != length)) {
            throw new IllegalArgumentException("--source-address and target must both be IPv4, or both IPv6");
        }
        return sources;
    }

    private static void atLeastOne(String option, Number value) {
        if (value != null && value.longValue() < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, but is " + value);
        }
    }

    private static void atMost(String option, Number value, long most) {
        if (value != null && value.longValue() > most) {
            throw new IllegalArgumentException(option + " must be at most " + most + ", but is " + value);
        }
    }

    private static void positive(String option, Duration value) {
        if (value != null && value.isZero()) {
            throw new IllegalArgumentException(option + " must be longer than nothing");
        }
    }
}
