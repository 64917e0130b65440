package dev.shakedown.trace;

import dev.shakedown.net.Target;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.ReplayedHandshake;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One handshake on its own socket, from connect to close, with its events.
 *
 * @param events    the events in order; if there are very many, those in the middle that do not advance the handshake
 *                  are omitted
 * @param marks     when each step was reached, nanoseconds since the request to connect
 * @param secrets   secrets by their labels in NSS key logs
 * @param sessions  the sessions that the server issued
 * @param failure   {@code null} if the handshake completed and nothing failed afterwards
 * @param version   {@code null} if the server did not choose one; likewise for suite and group
 * @param offered   whether a session was offered
 * @param earlyData whether early data was sent, and what the server answered
 */
public record Exchange(List<Event> events, Map<Progress, Long> marks, Map<String, byte[]> secrets,
        List<Session> sessions, @Nullable HandshakeFailure failure, @Nullable ProtocolVersion version,
        @Nullable CipherSuite suite, @Nullable NamedGroup group,
        boolean offered, boolean resumed, EarlyData earlyData) {

    /**
     * What to do in an exchange.
     *
     * @param session      the session to offer; {@code null} for none
     * @param timeoutNanos for connecting and the handshake together
     * @param lingerNanos  how long to wait for what the server sends after the handshake, such as a ticket or an alert
     *                     about the client's certificate
     * @param request      application data to send after the handshake; empty for none
     * @param prelude      what comes before the handshake
     * @param early        whether to send the request as early data, if the session allows it
     * @param reset        whether to close the connection with a reset, instead of close_notify and FIN
     * @param hello        how the ClientHello is divided
     * @param forTicket    whether the wait is only for a ticket: the request is sent only if none arrives in half of
     *                     that time, and the wait ends soon after the first ticket
     */
    public record Plan(Target server, ClientMemory memory, @Nullable Session session, long timeoutNanos,
            long lingerNanos, byte[] request, boolean forTicket, Prelude prelude, boolean early, boolean reset,
            Framing hello) {
        /** Creates a plan without early data and with an orderly close. */
        public Plan(Target server, ClientMemory memory, @Nullable Session session, long timeoutNanos, long lingerNanos,
                byte[] request, boolean forTicket, Prelude prelude) {
            this(server, memory, session, timeoutNanos, lingerNanos, request, forTicket, prelude, false, false,
                    Framing.WHOLE);
        }

        /** Returns this plan with the request as early data. */
        public Plan withEarlyData() {
            return new Plan(server, memory, session, timeoutNanos, lingerNanos, request, forTicket, prelude, true,
                    reset, hello);
        }

        /** Returns this plan with a reset at the end. */
        public Plan endingByReset() {
            return new Plan(server, memory, session, timeoutNanos, lingerNanos, request, forTicket, prelude, early,
                    true, hello);
        }

        /** Returns this plan with the ClientHello divided another way. */
        public Plan with(Framing other) {
            return new Plan(server, memory, session, timeoutNanos, lingerNanos, request, forTicket, prelude, early,
                    reset, other);
        }
    }

    public boolean completed() {
        return failure == null;
    }

    /**
     * Returns why the handshake did not complete.
     *
     * @throws NullPointerException if it did complete
     */
    HandshakeFailure whyNot() {
        return Objects.requireNonNull(failure);
    }

    /** Returns the records of one side, in order. */
    public Stream<Event.Record> records(boolean sent) {
        return events.stream().filter(Event.Record.class::isInstance).map(Event.Record.class::cast)
                .filter(record -> record.sent() == sent);
    }

    /** Returns the first message of a type that one side sent; {@code null} if there is none. */
    public <M extends HandshakeMessage> @Nullable M message(boolean sent, Class<M> type) {
        return records(sent).flatMap(record -> record.parts().stream())
                .filter(RecordPart.Handshake.class::isInstance).map(part -> ((RecordPart.Handshake) part).message())
                .filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    /** Returns the number of flights until both sides had sent Finished; {@code null} if one of them did not. */
    public @Nullable Integer flights() {
        var flights = 0;
        Boolean speaker = null;
        var finished = EnumSet.noneOf(Side.class);
        for (var event : events) {
            if (event instanceof Event.Record record) {
                flights += speaker != null && speaker == record.sent() ? 0 : 1;
                speaker = record.sent();
                if (record.parts().stream().anyMatch(part -> part instanceof RecordPart.Handshake handshake
                        && handshake.message() instanceof HandshakeMessage.Finished)) {
                    finished.add(record.sent() ? Side.CLIENT : Side.SERVER);
                }
                if (finished.size() == Side.values().length) {
                    return flights;
                }
            }
        }
        return null;
    }

    private enum Side {
        CLIENT, SERVER
    }

    /**
     * Returns how long the client itself took in the handshake, in nanoseconds: from each record received to the
     * answer. Work that the client does while waiting for the server is not included.
     */
    public long clientNanos() {
        var finished = marks.getOrDefault(Progress.FINISHED, Long.MAX_VALUE);
        var sum = 0L;
        Event.Record before = null;
        for (var record : events.stream().filter(Event.Record.class::isInstance).map(Event.Record.class::cast)
                .takeWhile(record -> record.nanos() <= finished).toList()) {
            if (before != null && record.sent()) {
                sum += record.nanos() - before.nanos();
            }
            before = record;
        }
        return sum;
    }

    /**
     * Runs an exchange.
     *
     * @param live receives each event as it happens
     */
    public static Exchange run(Plan plan, Consumer<Event> live) {
        return new Tracing(plan, new Socket(), live).run();
    }

    /**
     * Completes handshakes of the versions that the plan offers against recorded server bytes, so that the cost of a
     * first time, such as loading classes, is not in the figures of {@link #run}. Nothing leaves the process.
     */
    public static void rehearse(Plan plan) {
        for (var rehearsal : ReplayedHandshake.values()) {
            if (plan.memory().offers(rehearsal.version())) {
                var replay = new Plan(plan.server(), rehearsal.client(), null, plan.timeoutNanos(), plan.lingerNanos(),
                        new byte[0], plan.forTicket(), Prelude.NONE);
                new Tracing(replay, new ReplayedSocket(rehearsal.received()), _ -> {}).run().events().stream()
                        .filter(Event.Record.class::isInstance)
                        .flatMap(event -> ((Event.Record) event).parts().stream()).forEach(Fields::of);
            }
        }
    }
}
