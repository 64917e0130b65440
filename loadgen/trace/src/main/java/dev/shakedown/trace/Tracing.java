package dev.shakedown.trace;

import dev.shakedown.conversation.Conversation;
import dev.shakedown.conversation.Ending;
import dev.shakedown.conversation.Plan;
import dev.shakedown.conversation.Pump;
import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Closing;
import dev.shakedown.conversation.State.InPrelude;
import dev.shakedown.conversation.State.Tickets;
import dev.shakedown.conversation.Notes;
import dev.shakedown.results.Mark;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import dev.shakedown.tls.wire.ContentType;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs an exchange: drives its conversation on a blocking socket, and records its events. */
final class Tracing implements Pump, HandshakeObserver {
    /** The time within which messages arrive that a server sends together. */
    private static final long GATHER_NANOS = 20_000_000;
    /** How long to wait for the server to close the connection. */
    private static final long CLOSE_NANOS = 100_000_000;
    private static final byte[] NO_DATA = {};

    private final Exchange.Plan plan;
    private final long begun = System.nanoTime();
    private final EventLog events;
    private final Map<String, byte[]> secrets = new LinkedHashMap<>();
    private final List<Session> sessions = new ArrayList<>();
    private final Dissector dissector = new Dissector();
    private final Socket socket;
    private final Conversation conversation;
    private final byte[] buffer = new byte[1 << 14];
    /** When the current wait expires, nanoseconds since the exchange began. */
    private long until;
    private Optional<HandshakeFailure> failure = Optional.empty();
    private int records;
    private long readNanos;
    private boolean reading;
    /** Events of records sent in answer to bytes that are still being processed; logged after those received. */
    private final List<Runnable> answers = new ArrayList<>();
    private boolean serverEnded;
    /** Whether nothing is sent any more. */
    private boolean hungUp;

    /** @param socket not connected yet */
    Tracing(Exchange.Plan plan, Socket socket, Consumer<Event> live) {
        this.plan = plan;
        this.socket = socket;
        this.events = new EventLog(live);
        this.until = plan.timeoutNanos();
        this.conversation = new Conversation(
                new Plan(plan.server(), plan.memory(), plan.prelude(), plan.request(),
                        new TraceWaitPolicy(plan.forTicket() && plan.lingerNanos() > 0, asks())),
                plan.session(), plan.early() ? plan.request() : NO_DATA, this, this);
        conversation.begun(begun, begun);
    }

    Exchange run() {
        try (socket) {
            connect();
            while (!(conversation.state() instanceof Closing)) {
                awaitNext();
            }
            if (conversation.notes().reached(Mark.CONNECTED)) {
                // What arrives after the client's close_notify is shown, but no longer changes the outcome.
                hangUp();
            }
        } catch (IOException _) {
            // the socket was closed already
        }
        var handshake = conversation.handshake();
        var exchange = new Exchange(events.end(), marks(), secrets, List.copyOf(sessions), failure.orElse(null),
                handshake.version(), handshake.suite(), handshake.group(), plan.session() != null,
                handshake.resumed(), handshake.earlyData());
        conversation.closed();
        return exchange;
    }

    private void connect() {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(plan.server().socket(), millis(plan.timeoutNanos()));
        } catch (SocketTimeoutException _) {
            conversation.timedOut();
            return;
        } catch (IOException e) {
            conversation.failed(e);
            return;
        }
        if (conversation.isConnectedToItself()) {
            conversation.failed(new ConnectException());
            return;
        }
        events.add(new Event.Connected(now(), localAddress(), plan.server().socket()));
        conversation.connected(nanoTime());
        conversation.begin();
    }

    private void awaitNext() {
        if (now() < until && read()) {
            return;
        }
        switch (conversation.state()) {
            case PostHandshake postHandshake when postHandshake.tickets() == Tickets.GATHERING ->
                conversation.gathered();
            case PostHandshake _ -> conversation.waitExpired();
            default -> {
                conversation.timedOut();
                conversation.handshake().showRemains();
                events.add(new Event.Expired(now()));
            }
        }
    }

    /** @return whether anything arrived, including the end of the connection */
    private boolean read() {
        try {
            socket.setSoTimeout(millis(until - now()));
            var length = socket.getInputStream().read(buffer);
            if (length < 0) {
                serverEnded(false, conversation::ended);
            } else {
                read(length);
            }
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException e) {
            // It does not affect a completed handshake.
            serverEnded(true, conversation.state() instanceof PostHandshake
                    ? conversation::ended
                    : () -> conversation.failed(e));
            return true;
        }
    }

    private void read(int length) {
        readNanos = now();
        var awaited = conversation.state();
        reading = true;
        conversation.received(Unpooled.wrappedBuffer(buffer, 0, length));
        reading = false;
        answers.forEach(Runnable::run);
        answers.clear();
        if (awaited instanceof InPrelude && failure.isPresent()) {
            remains(Arrays.copyOf(buffer, length));
        }
    }

    private void serverEnded(boolean reset, Runnable tell) {
        var when = now();
        serverEnded = true;
        tell.run();
        conversation.handshake().showRemains();
        events.add(new Event.Closed(when, false, reset));
    }

    private void hangUp() throws IOException {
        if (plan.reset()) {
            // Closing the socket then sends the reset.
            socket.setSoLinger(true, 0);
            return;
        }
        if (conversation.handshake().state() instanceof Done && !serverEnded) {
            conversation.closeNotify();
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
        // Reads what the server still sends, until it closes.
        until = now() + CLOSE_NANOS;
        while (!serverEnded && now() < until && read()) {
            // the handshake processes it
        }
        conversation.handshake().showRemains();
    }

    /**
     * Returns when each step was reached, in nanoseconds since the exchange began. A ticket counts here even if it
     * proves nothing.
     */
    private Map<Progress, Long> marks() {
        var reached = new EnumMap<Progress, Long>(Progress.class);
        for (var progress : Progress.values()) {
            var mark = Notes.of(progress);
            if (conversation.notes().reached(mark)) {
                reached.put(progress, conversation.notes().at(mark) - begun);
            }
        }
        if (conversation.notes().hasEarlyTicket()) {
            reached.put(Progress.TICKET, conversation.notes().earlyTicketNanos() - begun);
        }
        return reached;
    }

    /** Whether there is a request to send after the handshake. */
    private boolean asks() {
        return plan.request().length > 0 && !plan.early();
    }

    private long now() {
        return nanoTime() - begun;
    }

    /** Converts to milliseconds, at least 1, since 0 means no timeout. */
    private static int millis(long nanos) {
        return (int) Math.max(1, nanos / 1_000_000);
    }

    // Called by the conversation

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /** Returns the current time, so that a trace includes the time that the client takes to read. */
    @Override
    public long arrivedNanos() {
        return nanoTime();
    }

    @Override
    public long sentNanos() {
        return nanoTime();
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void awaitConnected() {
        // the connection is established before anything else is done
    }

    @Override
    public void noDelay() {
        // set from the beginning
    }

    @Override
    public boolean send(ByteBuf bytes, boolean isHello) {
        if (hungUp) {
            return false;
        }
        try {
            var framing = isHello ? plan.hello() : Framing.WHOLE;
            framing.write(ByteBufUtil.getBytes(bytes), socket.getOutputStream());
            return true;
        } catch (IOException _) {
            return false; // the next read reveals it
        }
    }

    @Override
    public void gained(Session session) {
        sessions.add(session);
    }

    @Override
    public void awaitPostHandshake(PostHandshake postHandshake) {
        var willAsk = !conversation.notes().hasRequested() && asks();
        until = now() + switch (postHandshake) {
            case AwaitingTickets _ when willAsk -> plan.lingerNanos() / 2;
            case AwaitingTickets _ -> plan.lingerNanos() + GATHER_NANOS;
            default -> plan.lingerNanos();
        };
    }

    @Override
    public void gather() {
        until = now() + GATHER_NANOS;
    }

    @Override
    public void ended(Ending ending) {
        failure = switch (ending) {
            case Ending.Completed _ -> Optional.empty();
            case Ending.Failed failed -> Optional.of(failed.failure());
            case Ending.Unsent(var cause) -> Optional.of(unfinished(cause.label(), cause.meaning(null)));
            case Ending.TimedOut(var stage) -> Optional.of(unfinished("timeout", silence(stage)));
            case Ending.Cancelled _ -> throw new IllegalStateException("a trace is never cancelled");
        };
    }

    private String silence(Stage stage) {
        if (stage != Stage.CONNECT) {
            return "the server sent nothing more within " + plan.timeoutNanos() / 1_000_000 + " ms";
        }
        return socket.isConnected()
                ? "the server did not agree to begin TLS in time"
                : "the server did not answer the attempt to connect: a firewall may drop it";
    }

    private HandshakeFailure unfinished(String cause, String meaning) {
        if (!conversation.notes().reached(Mark.CONNECTED)) {
            return HandshakeFailure.ofTransport(Stage.CONNECT, cause, meaning);
        }
        conversation.handshake().transportEnded(cause, meaning);
        return ((Failed) conversation.handshake().state()).failure();
    }

    // Called by the handshake

    @Override
    public void record(boolean sent, byte[] record, ContentType type, byte @Nullable [] content, boolean isProtected) {
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
