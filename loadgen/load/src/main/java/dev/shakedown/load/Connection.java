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

/** The socket of one arrival: drives its conversation as the event loop tells, and tells the worker how it ended. */
final class Connection implements Worker.Attempt, TcpSocket.Listener, Pump {
    /**
     * What the connections of one worker work with.
     *
     * @param clock    the worker's, nanoseconds
     * @param turnSoon has the worker look again at what is due
     */
    record Means(Worker worker, LongSupplier clock, Runnable turnSoon, Sockets sockets, Samples samples,
            FailureObserver failures, Close close) {}

    private final Means means;
    private final Worker.Arrival arrival;
    private final DestinationState destination;
    /** {@code null} for none. */
    private final @Nullable Session offered;
    /** {@code null} for nobody. */
    private final @Nullable HandshakeObserver observer;
    private final Conversation conversation;
    /** {@code null} until there is one. */
    private @Nullable TcpSocket socket;
    private int source = -1;
    private long arrivedNanos;
    /** The session that the server keeps under an ID, and may forget by how this connection ends; else {@code null}. */
    private @Nullable Session keptById;

    /**
     * @param offered   the session to resume; {@code null} for none
     * @param earlyData what to send with it; empty for nothing
     */
    Connection(Means means, Worker.Arrival arrival, DestinationState destination, @Nullable Session offered,
            byte[] earlyData) {
        this.means = means;
        this.arrival = arrival;
        this.destination = destination;
        this.offered = offered;
        this.observer = means.failures.next(means.worker.inFlight());
        this.conversation = new Conversation(destination.plan(), offered, earlyData, observer, this);
    }

    /** Connects, and begins the conversation as soon as there is a socket. */
    void begin(long nowNanos) {
        conversation.begun(arrival.plannedNanos, nowNanos);
        source = means.sockets.takeSource();
        if (source < 0) {
            end(new Outcome.Unsent(UnsentReason.SOURCES), nanoTime());
            return;
        }
        try {
            socket = means.sockets.open(destination.plan().server(), this, source);
        } catch (IOException | RuntimeException e) {
            conversation.failed(e);
            return;
        }
        // Not sooner: making a socket is no matter of the server's, nor what else began in the same turn of the loop.
        conversation.begun(arrival.plannedNanos, socket.begunNanos());
        conversation.begin();
    }

    // What the socket tells

    @Override
    public void connected(long nowNanos) {
        means.worker.connected(arrival);
        conversation.connected(nowNanos);
    }

    @Override
    public void received(ByteBuf bytes, long atNanos) {
        // If the clock was set, the kernel's time is none of ours.
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

    // What the conversation asks of its pump

    @Override
    public long nanoTime() {
        return means.clock.getAsLong();
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

    /** A conversation has nothing to send before {@link #begin} has opened one. */
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
    public void waitPolicy(PostHandshake postHandshake) {
        // For an answer alone the handshake's own deadline is enough.
        if (!(postHandshake instanceof AwaitingAnswer(var tickets)) || tickets != Tickets.UNWANTED) {
            means.worker.awaitTicket(arrival, this, nanoTime());
            means.turnSoon.run();
        }
    }

    /** From the first ticket on, no other is waited for longer than servers take that send several together. */
    @Override
    public void gather() {
        means.worker.awaitTogether(arrival, this, nanoTime());
        means.turnSoon.run();
    }

    // What the worker tells

    /** Others may have begun in the same turn before: what that took is not taken off its time. */
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
        conversation.stayedOverdue();
    }

    @Override
    public void ticketsTogether(long nowNanos) {
        conversation.gathered();
    }

    // How it ends

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
                means.failures.timedOut(stage, observer);
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
        end(new Outcome.Completed(LoadWaitPolicy.kind(conversation), means.samples.negotiated(handshake)), nowNanos);
        var notifies = keptById == null
                ? means.close == Close.NOTIFY
                : destination.closure().notifies(keptById, !handshake.resumed(), nowNanos);
        if (notifies) {
            conversation.closeNotify();
        }
        close(!notifies);
    }

    private void failed(HandshakeFailure found, long nowNanos) {
        var failure = means.failures.worded(found);
        means.failures.failed(failure, observer);
        end(new Outcome.Failed(new Outcome.Failure(failure.stage().label(), failure.sent() ? "sent" : "received",
                failure.cause(), failure.byAlert(), failure.rule().map(Rule::label).orElse(null), failure.meaning())),
                nowNanos);
        // A reset could overtake the alert that is on its way.
        close(!failure.sent());
    }

    /** No answer is awaited before the hello has left whole, although the server may give one. */
    private Stage reached(Stage stage) {
        return stage == Stage.SERVER_HELLO && !conversation.notes().reached(Mark.HELLO_SENT)
                ? Stage.CLIENT_HELLO
                : stage;
    }

    private void end(Outcome outcome, long nowNanos) {
        means.sockets.releaseSource(source);
        noteFate();
        var declined = Samples.resumption(offered != null, conversation.handshake()) == Resumption.DECLINED;
        if (offered != null && (declined || outcome instanceof Outcome.Failed)) {
            destination.sessions().forget(offered);
        }
        means.worker.ended(arrival, means.samples.of(outcome, arrival, offered != null, conversation), nowNanos);
        means.turnSoon.run();
    }

    /** What the server made of a session that it should have kept under an ID. */
    private void noteFate() {
        var handshake = conversation.handshake();
        if (offered != null && isKeptById(offered) && handshake.answered()) {
            destination.closure().answered(offered, handshake.resumed(), conversation.notes().at(Mark.BEGUN));
            if (handshake.resumed()) {
                keptById = offered;
            }
        }
    }

    /** @param mayReset whether nothing of ours is on its way that a reset could destroy */
    private void close(boolean mayReset) {
        conversation.closed();
        if (socket != null) {
            socket.close(mayReset && means.close != Close.NOTIFY);
        }
    }
}
