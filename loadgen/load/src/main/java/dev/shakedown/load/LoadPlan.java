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
 * What a load is to do. {@link #of} starts a plan with the defaults of {@link Builder}.
 *
 * @param destinations        servers and client settings, at least one; several take turns
 * @param pacing              when arrivals are due
 * @param end                 when no more arrivals are planned
 * @param warmupNanos         length of the warm-up before the measured part; its arrivals are not in the results
 * @param mix                 weights of full and resumed handshakes
 * @param resumeUses          how often one session is offered, as for {@link SessionMemory}
 * @param timeoutNanos        per handshake, from its beginning
 * @param connectTimeoutNanos for the TCP connection, from the handshake's beginning
 * @param close               how connections are closed
 * @param threads             event loops, each with a worker
 * @param transport           how sockets are driven
 * @param sources             local addresses to spread connections over
 * @param ending              what completes a handshake, and what is sent after it
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

    /** Returns a builder for a plan with these destinations, at least one. */
    public static Builder of(List<Destination> destinations) {
        return new Builder(destinations);
    }

    /** Returns a builder for a plan with one server. */
    public static Builder of(Target target, ClientSettings settings) {
        return of(List.of(new Destination(target, settings, 0)));
    }

    /**
     * Local addresses to spread connections over.
     *
     * @param addresses the addresses; empty to leave the choice to the kernel
     * @param mostEach  most concurrent connections from each; empty for any number
     */
    public record Sources(List<InetAddress> addresses, OptionalInt mostEach) {
        /** The kernel's choice. */
        public static final Sources ANY = new Sources(List.of());

        public Sources {
            addresses = List.copyOf(addresses);
        }

        /** Creates sources with any number of connections from each. */
        public Sources(List<InetAddress> addresses) {
            this(addresses, OptionalInt.empty());
        }
    }

    /**
     * What completes a handshake, and what is sent after it.
     *
     * @param completeOn         what completes a handshake
     * @param request            application data that requests a small answer
     * @param earlyData          what resumed TLS 1.3 handshakes send as early data; empty for none
     * @param ticketTimeoutNanos how long to wait for a TLS 1.3 ticket before the request is sent
     * @param implied            whether {@code completeOn} was implied by a client certificate rather than requested;
     *                           it then applies only to handshakes in which the server verifies that certificate, which
     *                           are full ones
     */
    public record Ending(CompleteOn completeOn, byte[] request, byte[] earlyData, long ticketTimeoutNanos,
            boolean implied) {
        /** Creates an ending that was requested, not implied. */
        public Ending(CompleteOn completeOn, byte[] request, byte[] earlyData, long ticketTimeoutNanos) {
            this(completeOn, request, earlyData, ticketTimeoutNanos, false);
        }
    }

    /** What completes a handshake. */
    public enum CompleteOn {
        /** Both Finished messages. */
        FINISHED,
        /**
         * TLS 1.3: the server's first ticket that arrives after the client's Finished was sent, or its answer to a
         * request if no ticket arrives without one. Before TLS 1.3, the same as {@link #FINISHED}.
         */
        TICKET,
        /** The first byte of the answer to a request. */
        RESPONSE
    }

    /** How a connection is closed. */
    public enum Close {
        /**
         * With a reset, unless that may make the server forget a session that it keeps under an ID: see {@link
         * Closure}.
         */
        AUTO,
        /** At once, with a reset: no port stays in TIME_WAIT. */
        RST,
        /** With close_notify and FIN, as RFC 9411 asks. */
        NOTIFY
    }

    /** Returns the first target. */
    public Target target() {
        return destinations.getFirst().target();
    }

    /** Returns the distinct targets, in order. */
    public List<Target> targets() {
        return destinations.stream().map(Destination::target).distinct().toList();
    }

    /** Returns the versions offered, the highest first. */
    public List<ProtocolVersion> versions() {
        return destinations.getFirst().settings().versions();
    }

    /** Returns the number of phases whose results are kept separately. */
    public int phases() {
        return switch (pacing) {
            case Pacing.OpenLoop open -> open.schedule().phases().size();
            case Pacing.ClosedLoop _ -> 1;
        };
    }

    /** Returns the phase of an arrival due {@code nanos} after the end of the warm-up. */
    int phaseAt(long nanos) {
        return switch (pacing) {
            case Pacing.OpenLoop open -> open.schedule().phaseAt(nanos);
            case Pacing.ClosedLoop _ -> 0;
        };
    }

    /** Returns a builder that starts from this plan. */
    public Builder toBuilder() {
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

    /** Builds a plan. */
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

        /** Sets the destinations, at least one; several take turns. */
        public Builder destinations(List<Destination> other) {
            destinations = other;
            return this;
        }

        /** Sets the pacing; by default a closed loop of 16 slots. */
        public Builder pacing(Pacing other) {
            pacing = other;
            return this;
        }

        /** Sets the end; by default after 10 s. */
        public Builder end(End other) {
            end = other;
            return this;
        }

        /** Sets the length of the warm-up; by default 2 s. */
        public Builder warmupNanos(long other) {
            warmupNanos = other;
            return this;
        }

        /** Sets the mix; by default as many full as resumed handshakes. */
        public Builder mix(Mix other) {
            mix = other;
            return this;
        }

        /** Sets how often one session is offered; by default as the TLS version requires. */
        public Builder resumeUses(int other) {
            resumeUses = other;
            return this;
        }

        /** Sets the timeouts of a handshake and of its TCP connection; by default 10 s and 5 s. */
        public Builder timeouts(long handshakeNanos, long connectNanos) {
            timeoutNanos = handshakeNanos;
            connectTimeoutNanos = connectNanos;
            return this;
        }

        /** Sets how connections are closed; by default {@link Close#AUTO}. */
        public Builder close(Close other) {
            close = other;
            return this;
        }

        /**
         * Sets the number of event loops; by default half the number of processors, and at most the number of slots.
         */
        public Builder threads(int other) {
            threads = OptionalInt.of(other);
            return this;
        }

        /** Sets the transport; by default the best that works here. */
        public Builder transport(Transport other) {
            transport = Optional.of(other);
            return this;
        }

        /** Sets the source addresses; by default the kernel's choice. */
        public Builder sources(Sources other) {
            sources = other;
            return this;
        }

        /**
         * Sets what completes a handshake; by default both Finished messages, with an HTTP request in case a ticket has
         * to be requested.
         */
        public Builder ending(Ending other) {
            ending = Optional.of(other);
            return this;
        }

        /** Sets the prelude; by default none. */
        public Builder prelude(Prelude other) {
            prelude = other;
            return this;
        }

        /** Returns the plan. */
        public LoadPlan build() {
            return new LoadPlan(destinations, pacing, end, warmupNanos, mix, resumeUses, timeoutNanos,
                    connectTimeoutNanos,
                    close, threads.orElseGet(this::defaultThreads), transport.orElseGet(Transport::best), sources,
                    ending.orElseGet(this::defaultEnding), prelude);
        }

        private Ending defaultEnding() {
            return new Ending(CompleteOn.FINISHED, HttpHead.of(destinations.getFirst().target().host()), new byte[0],
                    SECOND);
        }

        private int defaultThreads() {
            var half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            return switch (pacing) {
                case Pacing.OpenLoop _ -> half;
                case Pacing.ClosedLoop closed -> Math.min(half, closed.slots());
            };
        }
    }
}
