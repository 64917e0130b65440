package dev.shakedown.cli;

import dev.shakedown.load.Destination;
import dev.shakedown.load.HttpHead;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.load.LoadPlan.Sources;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.socket.SourceAddresses;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.run.value.Share;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How each handshake is done, and by how many event loops, whenever it begins. */
final class LoadOptions {
    private static final int MOST_THREADS = 1024;

    @Option(names = "--warmup", paramLabel = "TIME", //
            defaultValue = "2s", //
            description = "Load before that, which is not in the results (default: ${DEFAULT-VALUE}).")
    Duration warmup;

    @Option(names = "--resume-uses", paramLabel = "N", //
            description = "How often one session is offered (default: no limit in TLS 1.2; once in TLS 1.3, as RFC 8446"
                    + " asks).")
    @Nullable
    Integer resumeUses;

    @Option(names = "--timeout", paramLabel = "TIME", //
            defaultValue = "10s", //
            description = "Deadline of a handshake, from its beginning (default: ${DEFAULT-VALUE}).")
    Duration timeout;

    @Option(names = "--connect-timeout", paramLabel = "TIME", //
            defaultValue = "5s", //
            description = "Deadline of its TCP connection (default: ${DEFAULT-VALUE}).")
    Duration connectTimeout;

    @Option(names = "--close", paramLabel = "HOW", defaultValue = "auto", //
            description = "Close connections with a reset (rst), with close_notify and FIN (notify), or with a reset"
                    + " except"
                    + " where it might make the server forget a session that it keeps under an ID (auto) (default:"
                    + " ${DEFAULT-VALUE}).")
    Close close;

    @Option(names = "--complete-on", paramLabel = "WHAT", //
            description = "What ends a handshake: finished, ticket (TLS 1.3: the server's ticket, which proves that"
                    + " it took"
                    + " the client's Finished), response (the first byte of the answer to --request) (default:"
                    + " finished;"
                    + " with --client-cert ticket, with --early-data response).")
    @Nullable
    CompleteOn completeOn;

    @Option(names = "--request", paramLabel = "TEXT|FILE", //
            description = "The request that asks for a response: a file, or text with \\r and \\n (default: an HTTP/1.1"
                    + " HEAD). Also sent when no ticket comes unasked.")
    @Nullable
    String request;

    @Option(names = "--early-data", paramLabel = "BYTES|FILE", //
            description = "Send this as early data in resumed TLS 1.3 handshakes: a file, text with \\r and \\n, or a"
                    + " number"
                    + " of bytes, for a request of that length. One in five goes without, to compare.")
    @Nullable
    String earlyData;

    @Option(names = "--ticket-timeout", paramLabel = "TIME", //
            defaultValue = "1s", //
            description = "How long to wait for a TLS 1.3 ticket before asking for one with --request (default:"
                    + " ${DEFAULT-VALUE}).")
    Duration ticketTimeout;

    @Option(names = "--max-in-flight", paramLabel = "N", defaultValue = "10000", //
            description = "Open loop: what is due beyond N under way is counted as unsent (default:"
                    + " ${DEFAULT-VALUE}).")
    int maxInFlight;

    @Option(names = "--max-late", paramLabel = "TIME", //
            description = "Open loop: what is due longer ago than that, because the generator was late, is counted as"
                    + " unsent (default: the longer of 1s and a tenth of the run).")
    @Nullable
    Duration maxLate;

    @Option(names = "--threads", paramLabel = "N", //
            description = "Event loops (default: half of the processors, at least 1).")
    @Nullable
    Integer threads;

    @Option(names = "--transport", paramLabel = "NAME", //
            description = "io_uring, epoll, kqueue or nio (default: the first that works here).")
    @Nullable
    Transport transport;

    @Option(names = "--source-address", paramLabel = "ADDR[/PREFIX]", split = ",", //
            description = "Local addresses to spread connections over, so that ports do not run out.")
    List<String> sourceAddresses = List.of();

    @Option(names = "--connections-per-source", paramLabel = "N", //
            description = "At most N connections at a time from each of --source-address; what is due beyond is"
                    + " counted as"
                    + " unsent (default: any number).")
    @Nullable
    Integer connectionsPerSource;

    private Transport transport(Consumer<String> warnings) {
        if (transport != null) {
            return transport.usable();
        }
        var best = Transport.best();
        if (best == Transport.NIO) {
            Transport.whyOnlyNio().ifPresent(warnings);
        }
        return best;
    }

    /**
     * The plan that these options ask for.
     *
     * @param aims     where they go
     * @param shape    when they begin
     * @param warnings takes sentences for the user
     * @throws IllegalArgumentException with a sentence for the user
     */
    LoadPlan plan(List<Destination> destinations, Prelude prelude, ShapeOptions shape, Consumer<String> warnings) {
        var target = destinations.getFirst().target();
        var settings = destinations.getFirst().settings();
        atLeastOne("--resume-uses", resumeUses);
        atLeastOne("--max-in-flight", maxInFlight);
        atLeastOne("--threads", threads);
        atLeastOne("--connections-per-source", connectionsPerSource);
        if (connectionsPerSource != null && sourceAddresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "--connections-per-source needs --source-address, which names the sources");
        }
        atMost("--threads", threads, MOST_THREADS);
        positive("--timeout", timeout);
        positive("--connect-timeout", connectTimeout);
        positive("--max-late", maxLate);
        positive("--ticket-timeout", ticketTimeout);
        var kinds = shape.mix;
        if (kinds.resumed() > 0 && !settings.tickets() && !settings.offersUpToTls12()) {
            throw new IllegalArgumentException("--no-tickets leaves TLS 1.3 nothing to resume with; ask for"
                    + " --mix full=1, or leave it out");
        }
        var loops = threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads;
        var sources = sources(target.socket());
        if (connectionsPerSource != null && sources.size() < loops) {
            // Each event loop has sources of its own.
            loops = sources.size();
        }
        var pacing = shape.pacing(schedule -> new OpenLoop(schedule, maxInFlight,
                maxLate == null ? OptionalLong.empty() : OptionalLong.of(maxLate.toNanos())));
        return LoadPlan.of(destinations).pacing(pacing).end(shape.end()).warmupNanos(warmup.toNanos()).mix(kinds)
                .resumeUses(resumeUses == null ? SessionMemory.AS_THE_VERSION_ASKS : resumeUses)
                .timeouts(timeout.toNanos(), connectTimeout.toNanos()).close(close)
                .threads(pacing instanceof ClosedLoop(var slots) ? Math.min(loops, slots) : loops)
                .transport(transport(warnings))
                .sources(new Sources(sources, connectionsPerSource == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(connectionsPerSource)))
                .ending(ending(target.host(), settings, kinds)).prelude(prelude).build();
    }

    private Ending ending(String host, ClientSettings settings, Mix kinds) {
        var head = HttpHead.of(host);
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
        return new Ending(completeOn == null ? otherwise : completeOn, asked, early, ticketTimeout.toNanos(),
                completeOn == null);
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
        SourceAddresses.foreign(sources).ifPresent(foreign -> {
            throw new IllegalArgumentException("--source-address " + foreign.getHostAddress()
                    + " is not an address of this machine; name one that is, or give it to an interface first, as 'ip"
                    + " address add' does");
        });
        return sources;
    }

    static void atLeastOne(String option, @Nullable Number value) {
        if (value != null && value.longValue() < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, but is " + value);
        }
    }

    static void atMost(String option, @Nullable Number value, long most) {
        if (value != null && value.longValue() > most) {
            throw new IllegalArgumentException(option + " must be at most " + most + ", but is " + value);
        }
    }

    static void partOfAll(String option, @Nullable Share share) {
        if (share != null && share.value() > 1) {
            throw new IllegalArgumentException(option + " must be from 0 to 1, or 100%, but is " + share.text());
        }
    }

    static void positive(String option, @Nullable Duration value) {
        if (value != null && value.isZero()) {
            throw new IllegalArgumentException(option + " must be longer than nothing");
        }
    }
}
