package dev.shakedown.trace;

import dev.shakedown.net.prelude.Dialogue.Next;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.socket.TransportCause;
import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Output;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.Witness;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
        List<Session> sessions, HandshakeFailure failure, ProtocolVersion version, CipherSuite suite, NamedGroup group,
        boolean offered, boolean resumed, EarlyData earlyData) {

    /**
     * What to do in an exchange.
     *
     * @param session      to offer, or {@code null}
     * @param timeoutNanos for connecting and for the handshake, together
     * @param lingerNanos  how long to stay for what the server has to say after the handshake, such as a ticket or that it
     *                     does not take the client's certificate
     * @param request      application data to send then; empty for none
     * @param prelude      what comes before the handshake
     * @param early        whether the request goes out as early data, if the session allows it
     * @param reset        whether the connection ends with a reset, instead of close_notify and FIN
     * @param hello        how the ClientHello goes out
     * @param forTicket    whether all that is only to get a ticket: nothing is sent if one comes in half of that time, and
     *                     once it is there only what came with it is waited for
     */
    public record Plan(Target server, ClientMemory memory, Session session, long timeoutNanos,
            long lingerNanos, byte[] request, boolean forTicket, Prelude prelude, boolean early, boolean reset,
            Framing hello) {
        /** Without early data, and with an orderly end. */
        public Plan(Target server, ClientMemory memory, Session session, long timeoutNanos, long lingerNanos,
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

    /** Within which what servers send together arrives. */
    private static final long TOGETHER_NANOS = 20_000_000;
    /** How long the server's own end of the connection is waited for. */
    private static final int CLOSE_MILLIS = 100;

    public boolean completed() {
        return failure == null;
    }

    /** The records of one side, in order. */
    public Stream<Event.Record> records(boolean sent) {
        return events.stream().filter(Event.Record.class::isInstance).map(Event.Record.class::cast)
                .filter(record -> record.sent() == sent);
    }

    /** The first message of a kind that this side sent; {@code null} without one. */
    public <M extends HandshakeMessage> M message(boolean sent, Class<M> type) {
        return records(sent).flatMap(record -> record.parts().stream())
                .filter(Part.Handshake.class::isInstance).map(part -> ((Part.Handshake) part).message())
                .filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    /** How often one side spoke until both had said Finished; {@code null} if one of them has not. */
    public Integer flights() {
        var flights = 0;
        Boolean speaker = null;
        var finished = EnumSet.noneOf(Side.class);
        for (var event : events) {
            if (event instanceof Event.Record record) {
                flights += speaker != null && speaker == record.sent() ? 0 : 1;
                speaker = record.sent();
                if (record.parts().stream().anyMatch(part -> part instanceof Part.Handshake handshake
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
     * Does it.
     *
     * @param live sees each event as it happens
     */
    public static Exchange run(Plan plan, Consumer<Event> live) {
        return new Running(plan, live).run();
    }

    /**
     * Goes through all that comes before the server's answer and sends nothing: what a first time costs, such as loading
     * classes, is then not in the figures of {@link #run}.
     */
    public static void rehearse(Plan plan) {
        Running rehearsal = new Running(plan, _ -> {}) {
            @Override
            public void send(ByteBuf flight, Progress reached) {
                reached(reached);
            }
        };
        rehearsal.handshake.start(rehearsal.begun);
        Fields.of(((Event.Record) rehearsal.events.end().getFirst()).parts().getFirst());
    }

    /** An exchange under way. */
    private static class Running implements Output, Witness {
        private final Plan plan;
        private final long begun = System.nanoTime();
        private final EventLog events;
        private final Map<Progress, Long> marks = new EnumMap<>(Progress.class);
        private final Map<String, byte[]> secrets = new LinkedHashMap<>();
        private final List<Session> sessions = new ArrayList<>();
        private final Dissector dissector = new Dissector();
        private final Socket socket = new Socket();
        private final ClientHandshake handshake;
        private int records;
        private long readNanos;
        private boolean reading;
        /** What was sent in answer to bytes that are still being read; it left after all of them had come. */
        private final List<Runnable> answers = new ArrayList<>();
        private boolean serverEnded;
        /** Nothing leaves any more. */
        private boolean hungUp;

        Running(Plan plan, Consumer<Event> live) {
            this.plan = plan;
            this.events = new EventLog(live);
            this.handshake = new ClientHandshake(plan.memory, plan.session, this, this);
        }

        Exchange run() {
            HandshakeFailure failure = null;
            try (socket) {
                failure = connect();
                if (failure == null) {
                    handshake.start(System.nanoTime(), plan.early ? plan.request : new byte[0]);
                    talk();
                    // What comes behind the client's own close_notify is shown, but no longer judged.
                    failure = failure();
                    hangUp();
                }
            } catch (IOException _) {
                // closing a socket that is closed already
            }
            return new Exchange(events.end(), marks, secrets, List.copyOf(sessions), failure,
                    handshake.version(), handshake.suite(), handshake.group(), plan.session != null,
                    handshake.resumed(), handshake.earlyData());
        }

        /** {@code null} as long as there is none. */
        private HandshakeFailure failure() {
            return handshake.state() instanceof Failed failed ? failed.failure() : null;
        }

        private HandshakeFailure connect() {
            try {
                socket.setTcpNoDelay(true);
                socket.connect(plan.server.socket(), millis(plan.timeoutNanos));
            } catch (SocketTimeoutException _) {
                return HandshakeFailure.ofTransport(Stage.CONNECT, "timeout",
                        "the server did not answer the attempt to connect: a firewall may drop it");
            } catch (IOException e) {
                var cause = TransportCause.of(e);
                return HandshakeFailure.ofTransport(Stage.CONNECT, cause.label(), cause.meaning(e));
            }
            if (socket.getLocalSocketAddress().equals(plan.server.socket())) {
                // TCP connects a port to itself where the system happens to choose it (RFC 9293, 3.5).
                var nobody = TransportCause.CONNECTION_REFUSED;
                return HandshakeFailure.ofTransport(Stage.CONNECT, nobody.label(),
                        nobody.meaning(new ConnectException()));
            }
            events.add(new Event.Connected(now(), (InetSocketAddress) socket.getLocalSocketAddress(),
                    plan.server.socket()));
            return plan.prelude.isEmpty() ? null : prelude();
        }

        private HandshakeFailure prelude() {
            var dialogue = plan.prelude.dialogue();
            var bytes = new byte[1 << 14];
            try {
                var out = socket.getOutputStream();
                out.write(plan.prelude.opening(dialogue, (InetSocketAddress) socket.getLocalSocketAddress(),
                        plan.server.socket()));
                while (dialogue != null) {
                    if (now() >= plan.timeoutNanos) {
                        throw new SocketTimeoutException();
                    }
                    socket.setSoTimeout(millis(plan.timeoutNanos - now()));
                    var length = socket.getInputStream().read(bytes);
                    readNanos = now();
                    if (length < 0) {
                        events.add(new Event.Closed(now(), false, false));
                        return HandshakeFailure.ofTransport(Stage.CONNECT, "connection_closed",
                                "the server closed the connection before TLS could begin");
                    }
                    switch (dialogue.hear(Arrays.copyOf(bytes, length))) {
                        case Next.Listen _ -> {
                            // more is to come
                        }
                        case Next.Say say -> out.write(say.bytes());
                        case Next.Begin begin -> {
                            out.write(begin.last());
                            dialogue = null;
                        }
                        case Next.Refused refused -> {
                            remains(Arrays.copyOf(bytes, length));
                            return HandshakeFailure.ofTransport(Stage.CONNECT, "starttls_refused", refused.meaning());
                        }
                    }
                }
                return null;
            } catch (SocketTimeoutException _) {
                events.add(new Event.Expired(now()));
                return HandshakeFailure.ofTransport(Stage.CONNECT, "timeout",
                        "the server did not give leave to begin TLS in time");
            } catch (IOException e) {
                var cause = TransportCause.of(e);
                events.add(new Event.Closed(now(), false, true));
                return HandshakeFailure.ofTransport(Stage.CONNECT, cause.label(), cause.meaning(e));
            }
        }

        private void talk() {
            readUntil(plan.timeoutNanos, () -> handshake.state() instanceof Done);
            if (!(handshake.state() instanceof Done)) {
                if (isOpen()) {
                    handshake.transportEnded("timeout", "the server sent nothing more within "
                            + plan.timeoutNanos / 1_000_000 + " ms");
                    handshake.showRemains();
                    events.add(new Event.Expired(now()));
                }
                return;
            }
            var done = now();
            if (plan.forTicket) {
                readUntil(done + plan.lingerNanos / 2, () -> !sessions.isEmpty());
            }
            if (plan.request.length > 0 && !plan.early && !(plan.forTicket && !sessions.isEmpty()) && isOpen()) {
                handshake.send(plan.request);
                done = now();
            }
            readUntil(done + plan.lingerNanos, () -> plan.forTicket && !sessions.isEmpty());
            if (plan.forTicket && plan.lingerNanos > 0) {
                readUntil(now() + TOGETHER_NANOS, () -> false);
            }
        }

        private void readUntil(long end, BooleanSupplier met) {
            var buffer = new byte[1 << 14];
            while (isOpen() && !met.getAsBoolean() && now() < end && read(buffer, end)) {
                // the handshake has it
            }
        }

        private boolean isOpen() {
            return !(handshake.state() instanceof Failed) && !serverEnded && !handshake.closedByServer();
        }

        /** @return whether anything came, be it the connection's end */
        private boolean read(byte[] buffer, long end) {
            try {
                socket.setSoTimeout(millis(end - now()));
                var read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    ended(false, "connection_closed", "the server closed the connection");
                } else {
                    readNanos = now();
                    reading = true;
                    handshake.receive(Unpooled.wrappedBuffer(buffer, 0, read), System.nanoTime());
                    reading = false;
                    answers.forEach(Runnable::run);
                    answers.clear();
                }
                return true;
            } catch (SocketTimeoutException _) {
                return false;
            } catch (IOException e) {
                var cause = TransportCause.of(e);
                ended(true, cause.label(), cause.meaning(e));
                return true;
            }
        }

        private void ended(boolean reset, String cause, String meaning) {
            var when = now();
            serverEnded = true;
            if (!(handshake.state() instanceof Done)) {
                handshake.transportEnded(cause, meaning);
            }
            handshake.showRemains();
            events.add(new Event.Closed(when, false, reset));
        }

        private void hangUp() throws IOException {
            if (plan.reset) {
                // Closing does the rest.
                socket.setSoLinger(true, 0);
                return;
            }
            if (handshake.state() instanceof Done && !serverEnded) {
                handshake.closeNotify();
            }
            hungUp = true;
            if (!socket.isOutputShutdown() && !socket.isClosed()) {
                try {
                    socket.shutdownOutput();
                } catch (IOException _) {
                    return; // reset already
                }
                events.add(new Event.Closed(now(), true, false));
            }
            // What the server still sends, up to its own end.
            var buffer = new byte[1 << 14];
            var end = now() + CLOSE_MILLIS * 1_000_000L;
            while (!serverEnded && now() < end && read(buffer, end)) {
                // the handshake has it
            }
            handshake.showRemains();
        }

        private long now() {
            return System.nanoTime() - begun;
        }

        /** At least 1, since 0 means for ever. */
        private static int millis(long nanos) {
            return (int) Math.max(1, nanos / 1_000_000);
        }

        // What the handshake tells

        @Override
        public void send(ByteBuf flight, Progress reached) {
            if (hungUp) {
                return;
            }
            try {
                var framing = reached == Progress.HELLO_SENT ? plan.hello : Framing.WHOLE;
                framing.write(ByteBufUtil.getBytes(flight), socket.getOutputStream());
            } catch (IOException _) {
                return; // shows when it is read from
            }
            if (reached != null) {
                reached(reached);
            }
        }

        @Override
        public void reached(Progress progress) {
            marks.putIfAbsent(progress, now());
        }

        @Override
        public void gained(Session session) {
            sessions.add(session);
        }

        @Override
        public void record(boolean sent, byte[] record, ContentType type, byte[] content, boolean isProtected) {
            if (sent && hungUp) {
                return;
            }
            var nanos = sent ? now() : readNanos;
            var parts = dissector.parts(sent, type, content, record.length);
            Runnable show = () -> events
                    .add(new Event.Record(nanos, ++records, sent, record, type, isProtected, parts));
            if (sent && reading) {
                answers.add(show);
            } else {
                show.run();
            }
        }

        @Override
        public void remains(byte[] bytes) {
            events.add(new Event.Remains(readNanos, bytes));
        }

        @Override
        public void secret(String label, byte[] secret) {
            secrets.put(label, secret);
        }
    }
}
