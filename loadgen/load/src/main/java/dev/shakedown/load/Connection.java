package dev.shakedown.load;

import dev.shakedown.conversation.Conversation;
import dev.shakedown.conversation.Ending;
import dev.shakedown.conversation.Pump;
import dev.shakedown.conversation.State.AwaitingAnswer;
import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Tickets;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.net.socket.TcpSocket;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.UnsentReason;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import dev.shakedown.tls.wire.Rule;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The connection of one arrival: drives its conversation on the event loop, and reports its end to the worker. */
final class Connection implements Worker.Attempt, TcpSocket.Listener, Pump {
    /**
     * What the connections of one worker share.
     *
     * @param clock    the worker's, nanoseconds
     * @param turnSoon makes the worker take another turn soon
     */
    record Shared(Worker worker, LongSupplier clock, Runnable turnSoon, Sockets sockets, Samples samples,
            FailureObserver failures, Close close) {}

    private final Shared shared;
    private final Worker.Arrival arrival;
    private final DestinationState destination;
    /** The session offered for resumption; {@code null} for none. */
    private final @Nullable Session offered;
    /** Watches the handshake; {@code null} for none. */
    private final @Nullable HandshakeObserver observer;
    private final Conversation conversation;
    /** {@code null} until it is opened. */
    private @Nullable TcpSocket socket;
    private int source = -1;
    private long arrivedNanos;
    /**
     * The session that the server keeps under an ID, and may forget depending on how this connection is closed; {@code
     * null} for none.
     */
    private @Nullable Session keptById;

    /**
     * @param offered   the session to resume; {@code null} for none
     * @param earlyData early data to send with that session; empty for none
     */
    Connection(Shared shared, Worker.Arrival arrival, DestinationState destination, @Nullable Session offered,
            byte[] earlyData) {
        this.shared = shared;
        this.arrival = arrival;
        this.destination = destination;
        this.offered = offered;
        this.observer = shared.failures.next(shared.worker.inFlight());
        this.conversation = new Conversation(destination.plan(), offered, earlyData, observer, this);
    }

    /** Connects, and begins the conversation as soon as there is a socket. */
    void begin(long nowNanos) {
        conversation.begun(arrival.plannedNanos, nowNanos);
        source = shared.sockets.takeSource();
        if (source < 0) {
            end(new Outcome.Unsent(UnsentReason.SOURCES), nanoTime());
            return;
        }
        try {
            socket = shared.sockets.open(destination.plan().server(), this, source);
        } catch (IOException | RuntimeException e) {
            conversation.failed(e);
            return;
        }
        // The time starts only now: neither creating a socket nor other connections of the same turn are the server's
        // doing.
        conversation.begun(arrival.plannedNanos, socket.begunNanos());
        conversation.begin();
    }

    // Called by the socket

    @Override
    public void connected(long nowNanos) {
        shared.worker.connected(arrival);
        conversation.connected(nowNanos);
    }

    @Override
    public void received(ByteBuf bytes, long atNanos) {
        // If the system clock was set, the kernel's time may be before ours.
        arrivedNanos = Math.max(atNanos, conversation.notes().latest());
        conversation.received(bytes);
    }

    @Override
    public void sent() {
        conversation.sent();
    }

    @Override
    public void ended() {
        conversation.ended();
    }

    @Override
    public void failed(Throwable error) {
        conversation.failed(error);
    }

    // Called by the conversation

    @Override
    public long nanoTime() {
        return shared.clock.getAsLong();
    }

    @Override
    public long arrivedNanos() {
        return arrivedNanos;
    }

    @Override
    public long sentNanos() {
        return opened().sentNanos();
    }

    @Override
    public InetSocketAddress localAddress() {
        return opened().localAddress();
    }

    @Override
    public void awaitConnected() {
        opened().awaitConnected();
    }

    @Override
    public void noDelay() {
        opened().noDelay();
    }

    @Override
    public boolean send(ByteBuf bytes, boolean isHello) {
        return opened().send(bytes);
    }

    /** Returns the socket, which {@link #begin} opens before the conversation sends anything. */
    private TcpSocket opened() {
        return Objects.requireNonNull(socket);
    }

    @Override
    public void gained(Session session) {
        if (isKeptById(session)) {
            keptById = session;
        }
        destination.sessions().keep(session);
    }

    private static boolean isKeptById(Session session) {
        return session instanceof Session.Tls12 tls12 && tls12.ticket() == null;
    }

    @Override
    public void awaitPostHandshake(PostHandshake postHandshake) {
        // If only an answer is awaited, the handshake's own deadline is enough.
        if (!(postHandshake instanceof AwaitingAnswer(var tickets)) || tickets != Tickets.UNWANTED) {
            shared.worker.awaitTicket(arrival, this, nanoTime());
            shared.turnSoon.run();
        }
    }

    /** After the first ticket, waits for others only as long as a server takes that sends several together. */
    @Override
    public void gather() {
        shared.worker.gatherTickets(arrival, this, nanoTime());
        shared.turnSoon.run();
    }

    // Called by the worker

    /** Returns when the connection itself began, since others may have begun earlier in the same turn. */
    @Override
    public long begunNanos(long turnNanos) {
        return conversation.notes().at(Mark.BEGUN);
    }

    @Override
    public void timeOut(long nowNanos) {
        conversation.timedOut();
    }

    @Override
    public void cancel(long nowNanos) {
        conversation.cancel();
    }

    @Override
    public void ticketOverdue(long nowNanos) {
        conversation.waitExpired();
    }

    @Override
    public void ticketsGathered(long nowNanos) {
        conversation.gathered();
    }

    // The end

    @Override
    public void ended(Ending ending) {
        var nowNanos = nanoTime();
        switch (ending) {
            case Ending.Completed _ -> completed(nowNanos);
            case Ending.Failed(var failure) -> failed(failure.at(reached(failure.stage())), nowNanos);
            case Ending.Unsent(var cause) -> {
                end(new Outcome.Unsent(UnsentReason.of(cause.label()).orElseThrow()), nowNanos);
                close(true);
            }
            case Ending.TimedOut(var awaited) -> {
                var stage = reached(awaited);
                shared.failures.timedOut(stage, observer);
                end(new Outcome.TimedOut(stage.label()), nowNanos);
                close(true);
            }
            case Ending.Cancelled _ -> {
                end(new Outcome.Cancelled(), nowNanos);
                close(true);
            }
        }
    }

    private void completed(long nowNanos) {
        var handshake = conversation.handshake();
        end(new Outcome.Completed(LoadWaitPolicy.kind(conversation), shared.samples.negotiated(handshake)), nowNanos);
        var notifies = keptById == null
                ? shared.close == Close.NOTIFY
                : destination.closure().notifies(keptById, !handshake.resumed(), nowNanos);
        if (notifies) {
            conversation.closeNotify();
        }
        close(!notifies);
    }

    private void failed(HandshakeFailure found, long nowNanos) {
        var failure = shared.failures.worded(found);
        shared.failures.failed(failure, observer);
        end(new Outcome.Failed(new Outcome.Failure(failure.stage().label(), failure.sent() ? "sent" : "received",
                failure.cause(), failure.byAlert(), failure.rule().map(Rule::label).orElse(null), failure.meaning())),
                nowNanos);
        // A reset could overtake the alert just sent.
        close(!failure.sent());
    }

    /**
     * Returns the stage reached: until the whole ClientHello has been sent, no ServerHello is awaited, even if the
     * server sends one early.
     */
    private Stage reached(Stage stage) {
        return stage == Stage.SERVER_HELLO && !conversation.notes().reached(Mark.HELLO_SENT)
                ? Stage.CLIENT_HELLO
                : stage;
    }

    private void end(Outcome outcome, long nowNanos) {
        shared.sockets.releaseSource(source);
        noteResumption();
        var declined = Samples.resumption(offered != null, conversation.handshake()) == Resumption.DECLINED;
        if (offered != null && (declined || outcome instanceof Outcome.Failed)) {
            destination.sessions().forget(offered);
        }
        shared.worker.ended(arrival, shared.samples.of(outcome, arrival, offered != null, conversation), nowNanos);
        shared.turnSoon.run();
    }

    /** Records whether the server resumed a session that it should have kept under an ID. */
    private void noteResumption() {
        var handshake = conversation.handshake();
        if (offered != null && isKeptById(offered) && handshake.answered()) {
            destination.closure().answered(offered, handshake.resumed(), conversation.notes().at(Mark.BEGUN));
            if (handshake.resumed()) {
                keptById = offered;
            }
        }
    }

    /** @param mayReset whether nothing that we sent could still be lost by a reset */
    private void close(boolean mayReset) {
        conversation.closed();
        if (socket != null) {
            socket.close(mayReset && shared.close != Close.NOTIFY);
        }
    }
}
