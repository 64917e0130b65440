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
 * One handshake on a socket of its own, from connect to close, with all that happened in it.
 *
 * @param events    in the order they happened; of very many, those in the middle are left out that are no message which
 *                  moves a handshake on
 * @param marks     when things were reached, nanoseconds since the connection was asked for
 * @param secrets   by their names in NSS key logs
 * @param sessions  that the server gave
 * @param failure   {@code null} when the handshake completed and nothing afterwards spoilt it
 * @param version   {@code null} before the server answered, as suite and group; group also where there was none
 * @param offered   whether a session was offered
 * @param earlyData what became of it
 */
public record Exchange(List<Event> events, Map<Progress, Long> marks, Map<String, byte[]> secrets,
        List<Session> sessions, @Nullable HandshakeFailure failure, @Nullable ProtocolVersion version,
        @Nullable CipherSuite suite, @Nullable NamedGroup group,
        boolean offered, boolean resumed, EarlyData earlyData) {

    /**
     * What to do in an exchange.
     *
     * @param session      to offer, or {@code null}
     * @param timeoutNanos for connecting and for the handshake, together
     * @param lingerNanos  how long to stay for what the server has to say after the handshake, such as a ticket or that
     *                     it does not take the client's certificate
     * @param request      application data to send then; empty for none
     * @param prelude      what comes before the handshake
     * @param early        whether the request goes out as early data, if the session allows it
     * @param reset        whether the connection ends with a reset, instead of close_notify and FIN
     * @param hello        how the ClientHello goes out
     * @param forTicket    whether all that is only to get a ticket: nothing is sent if one comes in half of that time,
     *                     and once it is there only what came with it is waited for
     */
    public record Plan(Target server, ClientMemory memory, @Nullable Session session, long timeoutNanos,
            long lingerNanos, byte[] request, boolean forTicket, Prelude prelude, boolean early, boolean reset,
            Framing hello) {
        /** Without early data, and with an orderly end. */
        public Plan(Target server, ClientMemory memory, @Nullable Session session, long timeoutNanos, long lingerNanos,
                byte[] request, boolean forTicket, Prelude prelude) {
            this(server, memory, session, timeoutNanos, lingerNanos, request, forTicket, prelude, false, false,
                    Framing.WHOLE);
        }

        /** The same with the request as early data. */
        public Plan withEarlyData() {
            return new Plan(server, memory, session, timeoutNanos, lingerNanos, request, forTicket, prelude, true,
                    reset, hello);
        }

        /** The same with a reset at its end. */
        public Plan endingByReset() {
            return new Plan(server, memory, session, timeoutNanos, lingerNanos, request, forTicket, prelude, early,
                    true, hello);
        }

        /** The same with the ClientHello in another frame. */
        public Plan with(Framing other) {
            return new Plan(server, memory, session, timeoutNanos, lingerNanos, request, forTicket, prelude, early,
                    reset, other);
        }
    }

    public boolean completed() {
        return failure == null;
    }

    /**
     * Why it did not complete.
     *
     * @throws NullPointerException if it did
     */
    HandshakeFailure whyNot() {
        return Objects.requireNonNull(failure);
    }

    /** The records of one side, in order. */
    public Stream<Event.Record> records(boolean sent) {
        return events.stream().filter(Event.Record.class::isInstance).map(Event.Record.class::cast)
                .filter(record -> record.sent() == sent);
    }

    /** The first message of a kind that this side sent; {@code null} without one. */
    public <M extends HandshakeMessage> @Nullable M message(boolean sent, Class<M> type) {
        return records(sent).flatMap(record -> record.parts().stream())
                .filter(RecordPart.Handshake.class::isInstance).map(part -> ((RecordPart.Handshake) part).message())
                .filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    /** How often one side spoke until both had said Finished; {@code null} if one of them has not. */
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
     * How long the client itself took in the handshake, nanoseconds: from what the server sent to each answer to it.
     * What the client does while the server's answer is under way is not in it.
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
     * Does it.
     *
     * @param live sees each event as it happens
     */
    public static Exchange run(Plan plan, Consumer<Event> live) {
        return new Tracing(plan, new Socket(), live).run();
    }

    /**
     * Has a client complete handshakes of the versions that it will offer with what a server once sent: what a first
     * time costs, such as loading classes, is then not in the figures of {@link #run}. Nothing leaves the process.
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
