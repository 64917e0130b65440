package dev.shakedown.load;

import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a load is to do: of whom, when, and how. {@link #of} begins one; what it does not say is as in {@link Builder}.
 *
 * @param destinations        where handshakes go, and with what; at least one, which take turns
 * @param pacing              what makes the next arrival due
 * @param end                 when no more are planned
 * @param warmupNanos         before the measured part; what is planned in it is not in the results
 * @param mix                 full against resumed
 * @param resumeUses          how often one session is offered, in the words of {@link SessionMemory}
 * @param timeoutNanos        per handshake, from its beginning
 * @param connectTimeoutNanos for the TCP connection, from the handshake's beginning
 * @param close               how connections are closed
 * @param threads             event loops, each with a worker
 * @param transport           how sockets are driven
 * @param sources             local addresses to spread over
 * @param ending              what ends a handshake, and what is sent beyond it
 * @param prelude             what comes before the handshake
 */
public record LoadPlan(List<Destination> destinations, Pacing pacing, End end, long warmupNanos, Mix mix,
        int resumeUses,
        long timeoutNanos, long connectTimeoutNanos, Close close, int threads, Transport transport, Sources sources,
        Ending ending, Prelude prelude) {
    private static final long SECOND = 1_000_000_000;

    public LoadPlan {
        destinations = List.copyOf(destinations);
    }

    /** A plan for these aims, at least one; see {@link Builder} for what it says until it is told otherwise. */
    public static Builder of(List<Destination> destinations) {
        return new Builder(destinations);
    }

    /** A plan for one server. */
    public static Builder of(Target target, ClientSettings settings) {
        return of(List.of(new Destination(target, settings, 0)));
    }

    /**
     * Local addresses to spread connections over.
     *
     * @param addresses empty leaves the choice to the kernel
     * @param mostEach  connections at a time from one of them; empty for any number
     */
    public record Sources(List<InetAddress> addresses, OptionalInt mostEach) {
        /** What the kernel chooses. */
        public static final Sources ANY = new Sources(List.of());

        public Sources {
            addresses = List.copyOf(addresses);
        }

        /** Any number from each. */
        public Sources(List<InetAddress> addresses) {
            this(addresses, OptionalInt.empty());
        }
    }

    /**
     * What ends a handshake, and what is sent beyond it.
     *
     * @param request            application data that asks for a small answer
     * @param earlyData          what resumed handshakes of TLS 1.3 send behind their ClientHello; empty for nothing
     * @param ticketTimeoutNanos how long a ticket of TLS 1.3 is waited for before the request is sent
     * @param implied            whether nobody asked for that end by name, so that it is only for handshakes in which
     *                           the server judges a client certificate: full ones
     */
    public record Ending(CompleteOn completeOn, byte[] request, byte[] earlyData, long ticketTimeoutNanos,
            boolean implied) {
        /** Where the end was asked for by name. */
        public Ending(CompleteOn completeOn, byte[] request, byte[] earlyData, long ticketTimeoutNanos) {
            this(completeOn, request, earlyData, ticketTimeoutNanos, false);
        }
    }

    /** What ends a handshake. */
    public enum CompleteOn {
        /** Both Finished. */
        FINISHED,
        /**
         * TLS 1.3: the server's first ticket that arrived after the client's Finished had left, or its answer to a
         * request if none does so unasked; else as FINISHED.
         */
        TICKET,
        /** The first byte of the answer to a request. */
        RESPONSE
    }

    /** How a connection is closed. */
    public enum Close {
        /**
         * With a reset, except where that may make the server forget a session that it keeps under an ID: {@link
         * Closure}.
         */
        AUTO,
        /** At once, with a reset: no port stays in TIME_WAIT. */
        RST,
        /** With close_notify and FIN, as RFC 9411 asks. */
        NOTIFY
    }

    /** The first of its targets. */
    public Target target() {
        return destinations.getFirst().target();
    }

    /** All of its targets, each once, in their order. */
    public List<Target> targets() {
        return destinations.stream().map(Destination::target).distinct().toList();
    }

    /** The versions offered, the highest first. */
    public List<ProtocolVersion> versions() {
        return destinations.getFirst().settings().versions();
    }

    /** How many stretches there are whose results are kept apart. */
    public int phases() {
        return switch (pacing) {
            case Pacing.OpenLoop open -> open.schedule().phases().size();
            case Pacing.ClosedLoop _ -> 1;
        };
    }

    /** The stretch that an arrival belongs to, by its time from the end of the warm-up. */
    int phaseAt(long nanos) {
        return switch (pacing) {
            case Pacing.OpenLoop open -> open.schedule().phaseAt(nanos);
            case Pacing.ClosedLoop _ -> 0;
        };
    }

    /** The same, to be changed. */
    public Builder but() {
        var builder = new Builder(destinations);
        builder.pacing = pacing;
        builder.end = end;
        builder.warmupNanos = warmupNanos;
        builder.mix = mix;
        builder.resumeUses = resumeUses;
        builder.timeoutNanos = timeoutNanos;
        builder.connectTimeoutNanos = connectTimeoutNanos;
        builder.close = close;
        builder.threads = OptionalInt.of(threads);
        builder.transport = Optional.of(transport);
        builder.sources = sources;
        builder.ending = Optional.of(ending);
        builder.prelude = prelude;
        return builder;
    }

    /** Gathers a plan. */
    public static final class Builder {
        private List<Destination> destinations;
        private Pacing pacing = new Pacing.ClosedLoop(16);
        private End end = new End.AfterTime(10 * SECOND);
        private long warmupNanos = 2 * SECOND;
        private Mix mix = Mix.parse("full=1,resumed=1");
        private int resumeUses = SessionMemory.AS_THE_VERSION_ASKS;
        private long timeoutNanos = 10 * SECOND;
        private long connectTimeoutNanos = 5 * SECOND;
        private Close close = Close.AUTO;
        private OptionalInt threads = OptionalInt.empty();
        private Optional<Transport> transport = Optional.empty();
        private Sources sources = Sources.ANY;
        private Optional<Ending> ending = Optional.empty();
        private Prelude prelude = Prelude.NONE;

        private Builder(List<Destination> destinations) {
            this.destinations = destinations;
        }

        /** At least one, which take turns. */
        public Builder destinations(List<Destination> other) {
            destinations = other;
            return this;
        }

        /** A closed loop of 16 slots, until this says otherwise. */
        public Builder pacing(Pacing other) {
            pacing = other;
            return this;
        }

        /** After 10 s, until this says otherwise. */
        public Builder end(End other) {
            end = other;
            return this;
        }

        /** 2 s, until this says otherwise. */
        public Builder warmupNanos(long other) {
            warmupNanos = other;
            return this;
        }

        /** As many full as resumed, until this says otherwise. */
        public Builder mix(Mix other) {
            mix = other;
            return this;
        }

        /** As the version asks, until this says otherwise. */
        public Builder resumeUses(int other) {
            resumeUses = other;
            return this;
        }

        /** 10 s, and 5 s for the TCP connection, until this says otherwise. */
        public Builder timeouts(long handshakeNanos, long connectNanos) {
            timeoutNanos = handshakeNanos;
            connectTimeoutNanos = connectNanos;
            return this;
        }

        /** Automatically, until this says otherwise. */
        public Builder close(Close other) {
            close = other;
            return this;
        }

        /** Half of the processors, and no more than there are slots, until this says otherwise. */
        public Builder threads(int other) {
            threads = OptionalInt.of(other);
            return this;
        }

        /** The best that works here, until this says otherwise. */
        public Builder transport(Transport other) {
            transport = Optional.of(other);
            return this;
        }

        /** What the kernel chooses, until this says otherwise. */
        public Builder sources(Sources other) {
            sources = other;
            return this;
        }

        /** Both Finished, with an HTTP request for where a ticket has to be asked for, until this says otherwise. */
        public Builder ending(Ending other) {
            ending = Optional.of(other);
            return this;
        }

        /** Nothing, until this says otherwise. */
        public Builder prelude(Prelude other) {
            prelude = other;
            return this;
        }

        /** The plan. */
        public LoadPlan build() {
            return new LoadPlan(destinations, pacing, end, warmupNanos, mix, resumeUses, timeoutNanos,
                    connectTimeoutNanos,
                    close, threads.orElseGet(this::usualThreads), transport.orElseGet(Transport::best), sources,
                    ending.orElseGet(this::usualEnding), prelude);
        }

        private Ending usualEnding() {
            return new Ending(CompleteOn.FINISHED, HttpHead.of(destinations.getFirst().target().host()), new byte[0],
                    SECOND);
        }

        private int usualThreads() {
            var half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            return switch (pacing) {
                case Pacing.OpenLoop _ -> half;
                case Pacing.ClosedLoop closed -> Math.min(half, closed.slots());
            };
        }
    }
}
