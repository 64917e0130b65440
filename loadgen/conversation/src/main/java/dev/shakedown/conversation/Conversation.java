package dev.shakedown.conversation;

import dev.shakedown.conversation.State.AwaitingAnswer;
import dev.shakedown.conversation.State.AwaitingProof;
import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Closing;
import dev.shakedown.conversation.State.Connected;
import dev.shakedown.conversation.State.Connecting;
import dev.shakedown.conversation.State.Handshaking;
import dev.shakedown.conversation.State.InPrelude;
import dev.shakedown.conversation.State.Lingering;
import dev.shakedown.conversation.State.Over;
import dev.shakedown.conversation.State.Tickets;
import dev.shakedown.net.prelude.Dialogue;
import dev.shakedown.net.prelude.Dialogue.Next;
import dev.shakedown.net.socket.TransportCause;
import dev.shakedown.results.Mark;
import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with a server: connect, prelude, handshake, and what follows the handshake. It owns the time marks
 * and hands bytes to the handshake. Sockets, threads and the clock belong to its {@link Pump}. Not thread-safe.
 */
public final class Conversation {
    private final Plan plan;
    private final byte[] earlyData;
    private final Pump pump;
    private final Notes notes = new Notes();
    private final HandshakeOutput output;
    private final ClientHandshake handshake;
    private State state = State.CONNECTING;

    /**
     * @param offered   the session to resume, or {@code null} for a full handshake
     * @param earlyData what to send as early data, if the session allows it; empty for nothing
     * @param observer  watches the handshake; {@code null} for none
     */
    public Conversation(Plan plan, @Nullable Session offered, byte[] earlyData, @Nullable HandshakeObserver observer,
            Pump pump) {
        this.plan = plan;
        this.earlyData = earlyData;
        this.pump = pump;
        this.output = new HandshakeOutput(notes, pump, this);
        this.handshake = new ClientHandshake(plan.memory(), offered, output, observer);
    }

    // Before the handshake

    /** Notes when the conversation was due and when it began. May be called again with a more exact beginning. */
    public void begun(long plannedNanos, long begunNanos) {
        notes.set(Mark.PLANNED, plannedNanos);
        notes.set(Mark.BEGUN, begunNanos);
    }

    /**
     * Starts sending, now that the pump can send: the prelude as soon as the connection is established, or, without a
     * prelude, the ClientHello at once.
     */
    public void begin() {
        switch (state) {
            case Connecting _ -> {
                state = State.CONNECTING_BEGUN;
                if (plan.prelude().isEmpty()) {
                    handshake.start(notes.at(Mark.BEGUN), earlyData);
                } else {
                    pump.awaitConnected();
                }
            }
            case Connected _ when plan.prelude().isEmpty() -> {
                state = State.HANDSHAKING;
                handshake.start(notes.at(Mark.CONNECTED), earlyData);
            }
            case Connected _ -> sendPrelude();
            default -> {
                // it ended before it could begin
            }
        }
    }

    /** Called when the TCP connection is established, at {@code nowNanos}. */
    public void connected(long nowNanos) {
        if (!(state instanceof Connecting(var begun))) {
            return;
        }
        if (plan.prelude().isEmpty()) {
            notes.set(Mark.CONNECTED, nowNanos);
            state = begun ? State.HANDSHAKING : State.CONNECTED;
        } else {
            state = State.CONNECTED;
            if (begun) {
                sendPrelude();
            }
        }
    }

    /** Sends the prelude, or the first message of its dialogue. */
    private void sendPrelude() {
        pump.noDelay();
        var dialogue = plan.prelude().dialogue();
        var opening = plan.prelude().opening(dialogue, pump.localAddress(), plan.server().socket());
        if (dialogue == null) {
            say(opening);
            beginTls();
        } else {
            state = new InPrelude(dialogue);
            say(opening);
        }
    }

    private void continueDialogue(Dialogue dialogue, ByteBuf bytes) {
        switch (dialogue.hear(ByteBufUtil.getBytes(bytes))) {
            case Next.Listen _ -> {
                // more is to come
            }
            case Next.Say say -> say(say.bytes());
            case Next.Begin begin -> {
                say(begin.last());
                beginTls();
            }
            case Next.Refused refused -> failBeforeTls("starttls_refused", refused.meaning());
        }
    }

    private void say(byte[] bytes) {
        if (bytes.length > 0) {
            notes.sent(bytes.length);
            pump.send(Unpooled.wrappedBuffer(bytes), false);
        }
    }

    private void beginTls() {
        // Sending may have revealed that the connection is broken.
        if (!isSettled()) {
            var nowNanos = pump.nanoTime();
            notes.set(Mark.CONNECTED, nowNanos);
            state = State.HANDSHAKING;
            handshake.start(nowNanos, earlyData);
        }
    }

    // Called by the pump

    /** Called when bytes have arrived, at {@link Pump#arrivedNanos}. */
    public void received(ByteBuf bytes) {
        notes.received(bytes.readableBytes());
        if (state instanceof InPrelude(var dialogue)) {
            continueDialogue(dialogue, bytes);
            return;
        }
        handshake.receive(bytes, pump.arrivedNanos());
        if (!isSettled() && handshake.state() instanceof Failed failed) {
            fail(failed.failure());
        }
        moveOn();
        if (handshake.closedByServer() && isPending()) {
            handshake.closedTooSoon();
            fail(((Failed) handshake.state()).failure());
        }
    }

    /** Called when everything that could not be sent at once has been sent. */
    public void sent() {
        if (state instanceof Handshaking || state instanceof PostHandshake) {
            output.allSent();
            moveOn();
        }
    }

    /** Called when the server has closed its half of the connection. */
    public void ended() {
        if (state instanceof InPrelude || state instanceof Connected) {
            failBeforeTls("connection_closed", "the server closed the connection before TLS could begin");
        } else if (isPending()) {
            transportEnded("connection_closed", "the server closed the connection");
        }
    }

    /** Called when the transport has failed. */
    public void failed(Throwable error) {
        var cause = TransportCause.of(error);
        // Once everything has arrived, neither a shortage on this machine nor an orderly close is a failure.
        var harmlessOnceMet = cause.isOwn() || cause == TransportCause.CONNECTION_CLOSED;
        if (isSettled() || harmlessOnceMet && !isPending()) {
            return;
        }
        if (cause.isOwn()) {
            end(new Ending.Unsent(cause));
        } else if (!notes.reached(Mark.CONNECTED)) {
            failBeforeTls(cause.label(), cause.meaning(error));
        } else {
            transportEnded(cause.label(), cause.meaning(error));
        }
    }

    /** Called when the conversation's time is up. */
    public void timedOut() {
        if (isPending()) {
            end(new Ending.TimedOut(notes.reached(Mark.CONNECTED) ? handshake.state().stage() : Stage.CONNECT));
        }
    }

    /** Ends the conversation as cancelled, unless it is complete. */
    public void cancel() {
        if (isPending()) {
            end(new Ending.Cancelled());
        }
    }

    /**
     * Called when the post-handshake wait is over: sends the request if that may help, and otherwise gives up on
     * whatever is optional.
     */
    public void waitExpired() {
        if (!(state instanceof PostHandshake postHandshake)) {
            return;
        }
        if (!notes.hasRequested() && plan.waitPolicy().requestsOnExpiry(this, postHandshake)) {
            ask();
            if (state instanceof PostHandshake asked) {
                pump.awaitPostHandshake(asked);
            }
            return;
        }
        if (postHandshake.tickets() != Tickets.SETTLED) {
            plan.waitPolicy().ticketsSettled(this);
        }
        switch (postHandshake) {
            case AwaitingProof _ when plan.waitPolicy().isProofOptional(this) -> met(Tickets.SETTLED);
            case AwaitingProof _,AwaitingAnswer _ -> state = postHandshake.with(Tickets.SETTLED);
            case AwaitingTickets _ -> met(Tickets.SETTLED);
            case Lingering _ -> complete(postHandshake);
        }
    }

    /** Called when tickets sent together with the first one have had time to arrive. */
    public void gathered() {
        if (state instanceof PostHandshake postHandshake && postHandshake.tickets() != Tickets.SETTLED) {
            plan.waitPolicy().ticketsSettled(this);
            state = postHandshake.with(Tickets.SETTLED);
            completeIfMet();
        }
    }

    /** Sends close_notify, if the connection still allows it (RFC 5246, 7.2.1). */
    public void closeNotify() {
        handshake.closeNotify();
    }

    /** Called when the connection is closed. */
    public void closed() {
        state = State.OVER;
        handshake.end();
    }

    // After the handshake

    /** Called when the server has issued a session that may be offered later. */
    void gained(Session session) {
        notes.gainedSession();
        pump.gained(session);
        if (state instanceof PostHandshake postHandshake && postHandshake.tickets() == Tickets.WANTED) {
            state = postHandshake.with(Tickets.GATHERING);
            pump.gather();
        }
    }

    /** Moves to the next state. Reading the server's last message and writing our own may finish in either order. */
    private void moveOn() {
        switch (state) {
            case Handshaking _ when handshake.state() instanceof Done && notes.reached(Mark.FINISHED) ->
                enterPostHandshake();
            case PostHandshake postHandshake -> {
                state = postHandshake.next(notes);
                completeIfMet();
            }
            default -> {
                // another event is awaited
            }
        }
    }

    private void enterPostHandshake() {
        var postHandshake = plan.waitPolicy().postHandshake(this);
        var gathers = postHandshake.tickets() == Tickets.WANTED && notes.gained() > 0;
        state = gathers ? postHandshake.with(Tickets.GATHERING) : postHandshake;
        if (postHandshake instanceof AwaitingTickets(var tickets) && tickets == Tickets.UNWANTED) {
            complete(postHandshake);
            return;
        }
        pump.awaitPostHandshake(postHandshake);
        if (gathers) {
            pump.gather();
        }
        if (plan.waitPolicy().requestsAtOnce(this, postHandshake)) {
            ask();
        }
        // Sending the request may have ended the conversation, and an answer may have arrived before it.
        moveOn();
    }

    private void ask() {
        notes.requested(handshake.earlyData() != EarlyData.ACCEPTED);
        pump.noDelay();
        handshake.send(plan.request());
    }

    private void met(Tickets tickets) {
        state = new AwaitingTickets(tickets);
        completeIfMet();
    }

    private void completeIfMet() {
        if (state instanceof AwaitingTickets met && plan.waitPolicy().hasEnoughTickets(this, met.tickets())) {
            complete(met);
        }
    }

    private void complete(PostHandshake last) {
        plan.waitPolicy().completed(this, last);
        end(Ending.COMPLETED);
    }

    /**
     * Whether the conversation has neither ended nor got everything it was to wait for; completes it in the latter
     * case.
     */
    private boolean isPending() {
        if (state instanceof PostHandshake postHandshake && postHandshake.isMet()) {
            complete(postHandshake);
        }
        return !isSettled();
    }

    private void failBeforeTls(String cause, String meaning) {
        fail(HandshakeFailure.ofTransport(Stage.CONNECT, cause, meaning));
    }

    private void transportEnded(String cause, String meaning) {
        handshake.transportEnded(cause, meaning);
        fail(((Failed) handshake.state()).failure());
    }

    private void fail(HandshakeFailure failure) {
        var toItself = !(state instanceof Connecting) && isConnectedToItself();
        end(toItself ? Ending.NOTHING_LISTENS : new Ending.Failed(failure));
    }

    private void end(Ending ending) {
        state = State.CLOSING;
        pump.ended(ending);
    }

    private boolean isSettled() {
        return state instanceof Closing || state instanceof Over;
    }

    // Queries

    /** Returns what the conversation is to do. */
    public Plan plan() {
        return plan;
    }

    /** Returns the current state. */
    public State state() {
        return state;
    }

    /** Returns what has been observed so far. */
    public Notes notes() {
        return notes;
    }

    /** Returns the handshake, for queries. */
    public ClientHandshake handshake() {
        return handshake;
    }

    /**
     * Whether the connection leads back to its own port: TCP connects a port to itself if nothing listens there and the
     * system happens to choose it as the source (RFC 9293, 3.5). Only for an established connection.
     */
    public boolean isConnectedToItself() {
        return plan.server().socket().equals(pump.localAddress());
    }
}
