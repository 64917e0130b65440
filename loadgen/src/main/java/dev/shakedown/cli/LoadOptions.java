package dev.shakedown.cli;

import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Schedule;
import dev.shakedown.load.SourceAddresses;
import dev.shakedown.load.socket.Transport;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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

    @Option(names = "--ramp", paramLabel = "FROM:TO:TIME", //
            description = "Open loop: from one rate to another in a straight line, as 100:2000:60s.")
    String ramp;

    @Option(names = "--steps", paramLabel = "R1,R2,...:TIME", //
            description = "Open loop: one rate behind the other, each for that long, as 100,200,400:10s.")
    String steps;

    @Option(names = "--burst", paramLabel = "N:EVERY", //
            description = "Open loop: N at once, again and again, as 500:1s.")
    String burst;

    @Option(names = "--plan", paramLabel = "FILE", //
            description = "Open loop: phases from a YAML or JSON file; see the README. Each run with phases leaves the plan"
                    + " that repeats it as plan.yaml in its results.")
    Path plan;

    @Option(names = "--arrivals", paramLabel = "SHAPE", //
            description = "Open loop: constant or poisson arrivals (default: constant).")
    Schedule.Shape arrivals;

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
            description = "How often one session is offered (default: no limit in TLS 1.2; once in TLS 1.3, as RFC 8446"
                    + " asks).")
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

    @Option(names = "--complete-on", paramLabel = "WHAT", //
            description = "What ends a handshake: finished, ticket (TLS 1.3: the server's ticket, which proves that it took"
                    + " the client's Finished), response (the first byte of the answer to --request) (default: finished;"
                    + " with --client-cert ticket, with --early-data response).")
    CompleteOn completeOn;

    @Option(names = "--request", paramLabel = "TEXT|FILE", //
            description = "The request that asks for a response: a file, or text with \\r and \\n (default: an HTTP/1.1"
                    + " HEAD). Also sent when no ticket comes unasked.")
    String request;

    @Option(names = "--early-data", paramLabel = "BYTES|FILE", //
            description = "Send this as early data in resumed TLS 1.3 handshakes: a file, text with \\r and \\n, or a number"
                    + " of bytes, for a request of that length. One in five goes without, to compare.")
    String earlyData;

    @Option(names = "--ticket-timeout", paramLabel = "TIME", converter = Durations.class, defaultValue = "1s", //
            description = "How long to wait for a TLS 1.3 ticket before asking for one with --request (default:"
                    + " ${DEFAULT-VALUE}).")
    Duration ticketTimeout;

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

    @Option(names = "--connections-per-source", paramLabel = "N", //
            description = "At most N connections at a time from each of --source-address; what is due beyond is counted as"
                    + " unsent (default: any number).")
    Integer connectionsPerSource;

    /**
     * The plan that these options ask for.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    LoadPlan plan(InetSocketAddress target, String host, ClientSettings settings) {
        return plan(target, host, settings, false);
    }

    /** @param isExperiment whether rates and lengths are chosen elsewhere */
    LoadPlan plan(InetSocketAddress target, String host, ClientSettings settings, boolean isExperiment) {
        var shapes = Stream.of(concurrency == null ? null : "--concurrency", rate == null ? null : "--rate",
                ramp == null ? null : "--ramp", steps == null ? null : "--steps", burst == null ? null : "--burst",
                plan == null ? null : "--plan").filter(Objects::nonNull).toList();
        if (shapes.size() > 1) {
            throw new IllegalArgumentException(String.join(" and ", shapes) + " exclude each other: a load either waits"
                    + " for answers, or goes by one plan");
        }
        if (count != null && duration != null) {
            throw new IllegalArgumentException("--count and --duration exclude each other: one of them ends the load");
        }
        var openLoop = !shapes.isEmpty() && concurrency == null;
        if (arrivals != null && !openLoop && !isExperiment) {
            throw new IllegalArgumentException("--arrivals shapes an open loop; give its --rate");
        }
        if (duration != null && (ramp != null || steps != null || plan != null)) {
            throw new IllegalArgumentException("--duration cannot go with " + shapes.getFirst()
                    + ", which says itself how long it takes");
        }
        if (rate != null && !(rate >= 0.001 && rate <= 1e7)) {
            throw new IllegalArgumentException("--rate must be from 0.001 to 10000000 a second, but is " + rate);
        }
        atLeastOne("--concurrency", concurrency);
        atLeastOne("--count", count);
        atLeastOne("--resume-uses", resumeUses);
        atLeastOne("--max-in-flight", maxInFlight);
        atLeastOne("--threads", threads);
        atLeastOne("--connections-per-source", connectionsPerSource);
        if (connectionsPerSource != null && sourceAddresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "--connections-per-source needs --source-address, which names the sources");
        }
        atMost("--count", count, MOST_COUNT);
        atMost("--threads", threads, MOST_THREADS);
        positive("--duration", duration);
        positive("--timeout", timeout);
        positive("--connect-timeout", connectTimeout);
        positive("--ticket-timeout", ticketTimeout);
        var kinds = Mix.parse(mix);
        if (kinds.resumed() > 0 && !settings.tickets() && !settings.offersUpToTls12()) {
            throw new IllegalArgumentException("--no-tickets leaves TLS 1.3 nothing to resume with; ask for"
                    + " --mix full=1, or leave it out");
        }
        var slots = openLoop ? 0 : concurrency == null ? DEFAULT_CONCURRENCY : concurrency;
        var schedule = openLoop ? schedule() : null;
        var loops = threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads;
        var sources = sources(target);
        if (connectionsPerSource != null && sources.size() < loops) {
            // Each event loop has sources of its own.
            loops = sources.size();
        }
        return new LoadPlan(target, slots, schedule,
                schedule != null && schedule.durationNanos() != Schedule.ENDLESS
                        ? schedule.durationNanos()
                        : count != null ? Long.MAX_VALUE : duration().toNanos(),
                count == null ? Long.MAX_VALUE : count, warmup.toNanos(), kinds, timeout.toNanos(),
                connectTimeout.toNanos(), close, maxInFlight, openLoop ? loops : Math.min(loops, slots),
                transport == null ? Transport.best() : Transport.parse(transport), sources,
                ending(host, settings, kinds))
                .withMostPerSource(connectionsPerSource == null ? 0 : connectionsPerSource);
    }

    private Duration duration() {
        return duration == null ? Duration.ofSeconds(10) : duration;
    }

    private Schedule schedule() {
        var shape = arrivals == null ? Schedule.Shape.CONSTANT : arrivals;
        if (rate != null) {
            return Schedule.constant(shape, rate);
        }
        if (ramp != null) {
            return new Schedule(shape, LoadShapes.ramp(ramp));
        }
        if (steps != null) {
            return new Schedule(shape, LoadShapes.steps(steps));
        }
        return burst != null
                ? new Schedule(shape, LoadShapes.burst(burst, count == null ? duration().toNanos() : Schedule.ENDLESS))
                : PlanFile.read(plan).schedule(arrivals);
    }

    /**
     * Complains of what an experiment chooses itself.
     *
     * @param command its name
     */
    void requireOnlyArrivals(String command) {
        var chosen = Stream.of(concurrency == null ? null : "--concurrency", rate == null ? null : "--rate",
                ramp == null ? null : "--ramp", steps == null ? null : "--steps", burst == null ? null : "--burst",
                plan == null ? null : "--plan", duration == null ? null : "--duration",
                count == null ? null : "--count")
                .filter(Objects::nonNull).findFirst();
        if (chosen.isPresent()) {
            throw new IllegalArgumentException(chosen.get() + " is what " + command + " chooses itself; leave it out");
        }
    }

    /** How often one session is offered, in the words of {@link SessionMemory}. */
    int uses() {
        return resumeUses == null ? SessionMemory.AS_THE_VERSION_ASKS : resumeUses;
    }

    private Ending ending(String host, ClientSettings settings, Mix kinds) {
        var head = Payload.head(host);
        var asked = request == null ? head : Payload.parse("--request", request);
        if (earlyData != null && !settings.offers(ProtocolVersion.TLS_1_3)) {
            throw new IllegalArgumentException("--early-data is for TLS 1.3; add --tls 1.3");
        }
        if (earlyData != null && kinds.resumed() == 0) {
            throw new IllegalArgumentException("--early-data needs a --mix that asks for resumed handshakes");
        }
        var early = earlyData == null ? new byte[0] : Payload.parseOrOfLength("--early-data", earlyData, head);
        var otherwise = earlyData != null
                ? CompleteOn.RESPONSE
                : settings.identity() != null ? CompleteOn.TICKET : CompleteOn.FINISHED;
        return new Ending(completeOn == null ? otherwise : completeOn, asked, early, ticketTimeout.toNanos());
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
