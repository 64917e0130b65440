package dev.shakedown.cli;

import dev.shakedown.load.HttpHead;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.load.LoadPlan.Sources;
import dev.shakedown.load.Mix;
import dev.shakedown.net.socket.SourceAddresses;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How each connection and its handshake are done, whenever they begin. */
final class ConnectionOptions {
    @Option(names = "--timeout", paramLabel = "TIME", //
            defaultValue = "10s", //
            description = "Give up on a handshake this long after its beginning (default: ${DEFAULT-VALUE}).")
    Duration timeout;

    @Option(names = "--connect-timeout", paramLabel = "TIME", //
            defaultValue = "5s", //
            description = "Give up on a TCP connection that takes longer than this (default: ${DEFAULT-VALUE}).")
    Duration connectTimeout;

    @Option(names = "--close", paramLabel = "HOW", defaultValue = "auto", //
            description = "Close connections with a reset (rst), with close_notify and FIN (notify), or with a reset"
                    + " unless that might make the server forget a session that it keeps under an ID (auto) (default:"
                    + " ${DEFAULT-VALUE}).")
    Close close;

    @Option(names = "--complete-on", paramLabel = "WHAT", //
            description = "What completes a handshake: finished, ticket (the TLS 1.3 ticket that proves that the"
                    + " server accepted the client's Finished) or response (the first byte of the answer to --request)"
                    + " (default: finished; ticket with --client-cert, response with --early-data).")
    @Nullable
    CompleteOn completeOn;

    @Option(names = "--request", paramLabel = "TEXT|FILE", //
            description = "Send this to get a response, or a ticket that does not come unasked: a file, or text with"
                    + " \\r and \\n (default: an HTTP HEAD request).")
    @Nullable
    String request;

    @Option(names = "--early-data", paramLabel = "BYTES|FILE", //
            description = "Send this as early data in resumed TLS 1.3 handshakes, except in one of five, for"
                    + " comparison: a file, text with \\r and \\n, or a number of bytes for an HTTP request of that"
                    + " length.")
    @Nullable
    String earlyData;

    @Option(names = "--ticket-timeout", paramLabel = "TIME", //
            defaultValue = "1s", //
            description = "Wait this long for a TLS 1.3 ticket before prompting for one with --request (default:"
                    + " ${DEFAULT-VALUE}).")
    Duration ticketTimeout;

    @Option(names = "--transport", paramLabel = "NAME", //
            description = "Drive sockets with io_uring, epoll, kqueue or nio (default: the first that works here).")
    @Nullable
    Transport transport;

    @Option(names = "--source-address", paramLabel = "ADDR[/PREFIX]", split = ",", //
            description = "Spread connections over these local addresses, so that ports do not run out.")
    List<String> sourceAddresses = List.of();

    @Option(names = "--connections-per-source", paramLabel = "N", //
            description = "Keep at most N connections open from each source address, and count arrivals beyond that"
                    + " as unsent (default: no limit).")
    @Nullable
    Integer connectionsPerSource;

    /** @throws IllegalArgumentException with a sentence for the user */
    void check() {
        LoadOptions.atLeastOne("--connections-per-source", connectionsPerSource);
        if (connectionsPerSource != null && sourceAddresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "--connections-per-source needs --source-address, which names the sources");
        }
        LoadOptions.positive("--timeout", timeout);
        LoadOptions.positive("--connect-timeout", connectTimeout);
        LoadOptions.positive("--ticket-timeout", ticketTimeout);
    }

    /**
     * Returns the transport asked for, or the best one here.
     *
     * @param warnings takes a sentence for the user if only NIO works
     * @throws IllegalArgumentException if the one asked for does not work here
     */
    Transport transport(Consumer<String> warnings) {
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
     * Returns what completes a handshake and what is sent for it.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    Ending ending(String host, ClientSettings settings, Mix kinds) {
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

    /**
     * Returns the local addresses of connections to {@code target}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    Sources sources(InetSocketAddress target) {
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
                    + " is not an address of this machine; name one that is, or add it to an interface first, as"
                    + " with 'ip address add'");
        });
        return new Sources(sources,
                connectionsPerSource == null ? OptionalInt.empty() : OptionalInt.of(connectionsPerSource));
    }
}
