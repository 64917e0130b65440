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
 * One conversation with a server: connect, prelude, handshake, and what comes beyond it. It owns the time marks and
 * hands bytes to the handshake; it knows no socket, no thread and no clock, which are its {@link Pump}'s. Not
 * thread-safe.
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
     * @param earlyData what to send behind the ClientHello, if the session allows it; empty for nothing
     * @param observer  watches the handshake; {@code null} for nobody
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

    /** When it was due, and when it began; the latter may be told again by who knows better. */
    public void begun(long plannedNanos, long begunNanos) {
        notes.set(Mark.PLANNED, plannedNanos);
        notes.set(Mark.BEGUN, begunNanos);
    }

    /**
     * The pump can send, though the connection may not stand yet: says what comes first as soon as it may. Where
     * nothing comes before the ClientHello, it is given to the pump at once.
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
            case Connected _ -> open();
            default -> {
                // it has ended before it could begin
            }
        }
    }

    /** The TCP connection stands, since {@code nowNanos}. */
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
                open();
            }
        }
    }

    /** Says what comes before the ClientHello, or what asks for leave to send one. */
    private void open() {
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

    private void hear(Dialogue dialogue, ByteBuf bytes) {
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
        // What was said last may have shown that the connection is broken.
        if (!isSettled()) {
            var nowNanos = pump.nanoTime();
            notes.set(Mark.CONNECTED, nowNanos);
            state = State.HANDSHAKING;
            handshake.start(nowNanos, earlyData);
        }
    }

    // What the pump tells

    /** Bytes have arrived; {@link Pump#arrivedNanos} says when. */
    public void received(ByteBuf bytes) {
        notes.received(bytes.readableBytes());
        if (state instanceof InPrelude(var dialogue)) {
            hear(dialogue, bytes);
            return;
        }
        handshake.receive(bytes, pump.arrivedNanos());
        if (!isSettled() && handshake.state() instanceof Failed failed) {
            fail(failed.failure());
        }
        moveOn();
        if (handshake.closedByServer() && isUnmet()) {
            handshake.closedTooSoon();
            fail(((Failed) handshake.state()).failure());
        }
    }

    /** All that could not leave at once has left. */
    public void sent() {
        if (state instanceof Handshaking || state instanceof PostHandshake) {
            output.left();
            moveOn();
        }
    }

    /** The server has ended its half of the connection. */
    public void ended() {
        if (state instanceof InPrelude || state instanceof Connected) {
            failBeforeTls("connection_closed", "the server closed the connection before TLS could begin");
        } else if (isUnmet()) {
            transportEnded("connection_closed", "the server closed the connection");
        }
    }

    /** The transport has failed. */
    public void failed(Throwable error) {
        var cause = TransportCause.of(error);
        // Neither what this machine lacks nor the server's orderly end spoils what has been met.
        var sparesMet = cause.isOwn() || cause == TransportCause.CONNECTION_CLOSED;
        if (isSettled() || sparesMet && !isUnmet()) {
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

    /** All the time that it has is over. */
    public void timedOut() {
        if (isUnmet()) {
            end(new Ending.TimedOut(notes.reached(Mark.CONNECTED) ? handshake.state().stage() : Stage.CONNECT));
        }
    }

    /** Nobody wants it any more. */
    public void cancel() {
        if (isUnmet()) {
            end(new Ending.Cancelled());
        }
    }

    /**
     * It has stayed for as long as it should: asks the server if that may help, and goes without what it can do
     * without.
     */
    public void stayedOverdue() {
        if (!(state instanceof PostHandshake postHandshake)) {
            return;
        }
        if (!notes.hasRequested() && plan.waitPolicy().asksWhenOverdue(this, postHandshake)) {
            ask();
            if (state instanceof PostHandshake asked) {
                pump.waitPolicy(asked);
            }
            return;
        }
        if (postHandshake.tickets() != Tickets.SETTLED) {
            plan.waitPolicy().settled(this);
        }
        switch (postHandshake) {
            case AwaitingProof _ when plan.waitPolicy().isProofDispensable(this) -> met(Tickets.SETTLED);
            case AwaitingProof _,AwaitingAnswer _ -> state = postHandshake.with(Tickets.SETTLED);
            case AwaitingTickets _ -> met(Tickets.SETTLED);
            case Lingering _ -> complete(postHandshake);
        }
    }

    /** Tickets that were sent with the first have had time to come. */
    public void gathered() {
        if (state instanceof PostHandshake postHandshake && postHandshake.tickets() != Tickets.SETTLED) {
            plan.waitPolicy().settled(this);
            state = postHandshake.with(Tickets.SETTLED);
            completeIfMet();
        }
    }

    /** Tells the server that the conversation ends here, as far as it can still be told (RFC 5246, 7.2.1). */
    public void closeNotify() {
        handshake.closeNotify();
    }

    /** The connection is closed. */
    public void closed() {
        state = State.OVER;
        handshake.end();
    }

    // Beyond the handshake, and how it ends

    /** The server gave a session that may be offered later. */
    void gained(Session session) {
        notes.gainedSession();
        pump.gained(session);
        if (state instanceof PostHandshake postHandshake && postHandshake.tickets() == Tickets.WANTED) {
            state = postHandshake.with(Tickets.GATHERING);
            pump.gather();
        }
    }

    /** Reading the server's last message and writing our own may come to an end in either order. */
    private void moveOn() {
        switch (state) {
            case Handshaking _ when handshake.state() instanceof Done && notes.reached(Mark.FINISHED) -> goBeyond();
            case PostHandshake postHandshake -> {
                state = postHandshake.shown(notes);
                completeIfMet();
            }
            default -> {
                // something else is awaited
            }
        }
    }

    private void goBeyond() {
        var postHandshake = plan.waitPolicy().postHandshake(this);
        var gathers = postHandshake.tickets() == Tickets.WANTED && notes.gained() > 0;
        state = gathers ? postHandshake.with(Tickets.GATHERING) : postHandshake;
        if (postHandshake instanceof AwaitingTickets(var tickets) && tickets == Tickets.UNWANTED) {
            complete(postHandshake);
            return;
        }
        pump.waitPolicy(postHandshake);
        if (gathers) {
            pump.gather();
        }
        if (plan.waitPolicy().asksAtOnce(this, postHandshake)) {
            ask();
        }
        // What asking has brought about may have ended it already, and the answer may have come before.
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
        if (state instanceof AwaitingTickets met && plan.waitPolicy().suffices(this, met.tickets())) {
            complete(met);
        }
    }

    private void complete(PostHandshake last) {
        plan.waitPolicy().completed(this, last);
        end(Ending.COMPLETED);
    }

    /** Whether it has neither ended nor come to what was asked for; in the latter case it is complete. */
    private boolean isUnmet() {
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
        var nobody = !(state instanceof Connecting) && isConnectedToItself();
        end(nobody ? Ending.NOBODY_LISTENS : new Ending.Failed(failure));
    }

    private void end(Ending ending) {
        state = State.CLOSING;
        pump.ended(ending);
    }

    private boolean isSettled() {
        return state instanceof Closing || state instanceof Over;
    }

    // What others may know

    /** What it is about. */
    public Plan plan() {
        return plan;
    }

    /** Where it stands. */
    public State state() {
        return state;
    }

    /** What it has shown so far. */
    public Notes notes() {
        return notes;
    }

    /** Its handshake, to be asked about. */
    public ClientHandshake handshake() {
        return handshake;
    }

    /**
     * TCP connects a port to itself where nobody listens and the system happens to choose it (RFC 9293, 3.5). To be
     * asked once the connection stands.
     */
    public boolean isConnectedToItself() {
        return plan.server().socket().equals(pump.localAddress());
    }
}
