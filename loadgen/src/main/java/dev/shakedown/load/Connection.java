package dev.shakedown.load;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.socket.TcpSocket;
import dev.shakedown.load.socket.TransportCause;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample.Tickets;
import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.ClientHandshake.EarlyData;
import dev.shakedown.tls.client.ClientHandshake.Progress;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.Witness;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;

/** The socket of one arrival and its time marks; hands bytes to the handshake and tells the worker how it ended. */
final class Connection implements Worker.Attempt, ClientHandshake.Output, TcpSocket.Listener, PreludeTalk.Speaker {
    private static final byte[] NO_DATA = {};

    private final WorkerLoop loop;
    private final Worker.Arrival arrival;
    private final Seat seat;
    private final Session offered;
    private final byte[] earlyData;
    private final Witness witness;
    private final ClientHandshake handshake;
    private final TimeMarks marks = new TimeMarks();
    private final PreludeTalk talk;
    private TcpSocket socket;
    private int source = -1;
    private boolean stands;
    private Progress leaving;
    private int bytesSent;
    private int bytesReceived;
    private long receivedNanos;
    /** Whether the end of the handshake was met, and what is awaited beyond it settled. */
    private boolean settled;
    private boolean awaitsTicket;
    private boolean requested;
    /** Whether the ticket did not come in time, and is no longer waited for. */
    private boolean overdue;
    private boolean ended;

    Connection(WorkerLoop loop, Worker.Arrival arrival, long nowNanos) {
        this.loop = loop;
        this.arrival = arrival;
        this.seat = loop.seat(arrival.seat);
        this.offered = arrival.asked == Kind.RESUMED ? seat.memory().sessions().take(nowNanos) : null;
        this.earlyData = offered instanceof Session.Tls13 ? loop.earlyData() : NO_DATA;
        this.witness = loop.failures().next(loop.worker().inFlight());
        this.handshake = new ClientHandshake(seat.memory(), offered, this, witness);
        this.talk = new PreludeTalk(loop.plan().prelude(), this);
        marks.set(Mark.PLANNED, arrival.plannedNanos);
        marks.set(Mark.BEGUN, nowNanos);
    }

    /** Connects, and sends the ClientHello as soon as the connection stands. */
    void begin() {
        source = loop.takeSource();
        if (source < 0) {
            end(new Outcome.Unsent("sources"), loop.nanoTime());
            return;
        }
        try {
            socket = loop.openSocket(seat.target(), this, source);
            // Not sooner: making a socket is no matter of the server's, nor what else began in the same turn of the loop.
            marks.set(Mark.BEGUN, socket.begunNanos());
        } catch (IOException | RuntimeException e) {
            failed(e);
            return;
        }
        if (ended) {
            return;
        }
        if (talk.isOver()) {
            handshake.start(marks.at(Mark.BEGUN), earlyData);
        } else if (stands) {
            open();
        } else {
            socket.awaitConnected();
        }
    }

    // What comes before the handshake

    private void open() {
        socket.noDelay();
        talk.open(socket.localAddress(), seat.target());
    }

    @Override
    public void say(byte[] bytes) {
        if (bytes.length > 0) {
            bytesSent += bytes.length;
            socket.send(Unpooled.wrappedBuffer(bytes));
        }
    }

    @Override
    public void beginTls() {
        var nowNanos = loop.nanoTime();
        marks.set(Mark.CONNECTED, nowNanos);
        handshake.start(nowNanos, earlyData);
    }

    @Override
    public void refused(String meaning) {
        fail(HandshakeFailure.ofTransport(Stage.CONNECT, "starttls_refused", meaning));
    }

    // What the socket tells

    @Override
    public void connected(long nowNanos) {
        loop.worker().connected(arrival);
        stands = true;
        if (talk.isOver()) {
            marks.set(Mark.CONNECTED, nowNanos);
        } else if (socket != null) {
            open();
        }
    }

    @Override
    public void received(ByteBuf bytes, long arrivedNanos) {
        // If the clock was set, the kernel's time is none of ours.
        receivedNanos = Math.max(arrivedNanos, marks.latest());
        bytesReceived += bytes.readableBytes();
        if (!talk.isOver()) {
            talk.hear(bytes);
            return;
        }
        handshake.receive(bytes, receivedNanos);
        if (handshake.state() instanceof Failed failed) {
            fail(failed.failure());
            return;
        }
        completeIfDone();
        if (!ended && handshake.closedByServer()) {
            endedAfterwards("close_notify", "the server closed the connection in an orderly way");
        }
    }

    @Override
    public void sent() {
        if (!talk.isOver()) {
            return;
        }
        markSent();
        completeIfDone();
    }

    @Override
    public void ended() {
        if (!talk.isOver()) {
            fail(HandshakeFailure.ofTransport(Stage.CONNECT, "connection_closed",
                    "the server closed the connection before TLS could begin"));
            return;
        }
        endedAfterwards("connection_closed", "the server closed the connection");
    }

    @Override
    public void failed(Throwable error) {
        var cause = TransportCause.of(error);
        if (cause.isOwn()) {
            end(new Outcome.Unsent(cause.label()), loop.nanoTime());
            close(true);
        } else if (!marks.reached(Mark.CONNECTED)) {
            fail(HandshakeFailure.ofTransport(Stage.CONNECT, cause.label(), cause.meaning()));
        } else {
            transportEnded(cause.label(), cause.meaning());
        }
    }

    // What the handshake tells

    @Override
    public void send(ByteBuf flight, Progress reached) {
        bytesSent += flight.readableBytes();
        if (reached != null) {
            leaving = reached;
        }
        if (socket.send(flight) && reached != null) {
            markSent();
        }
    }

    @Override
    public void gained(Session session) {
        seat.memory().sessions().keep(session);
    }

    @Override
    public void reached(Progress progress) {
        var mark = TimeMarks.of(progress);
        // Of several tickets the first counts.
        if (!marks.reached(mark)) {
            marks.set(mark, receivedNanos);
        }
    }

    private void markSent() {
        var sentNanos = socket.sentNanos();
        // A server may answer a hello of which it has not seen the end.
        if (!marks.reached(Mark.HELLO_SENT)) {
            marks.set(Mark.HELLO_SENT, sentNanos);
        }
        if (leaving != Progress.HELLO_SENT) {
            marks.set(TimeMarks.of(leaving), sentNanos);
        }
    }

    // What the worker tells

    /** Others may have begun in the same turn before: what that took is not taken off its time. */
    @Override
    public long begunNanos(long turnNanos) {
        return marks.at(Mark.BEGUN);
    }

    @Override
    public void timeOut(long nowNanos) {
        var stage = marks.reached(Mark.CONNECTED) ? reached(handshake.state().stage()) : Stage.CONNECT;
        if (!staysForTicket()) {
            loop.failures().timedOut(stage, witness);
        }
        endUnlessComplete(new Outcome.TimedOut(stage.label()), nowNanos);
    }

    @Override
    public void cancel(long nowNanos) {
        endUnlessComplete(new Outcome.Cancelled(), nowNanos);
    }

    private void endUnlessComplete(Outcome outcome, long nowNanos) {
        if (staysForTicket()) {
            complete(nowNanos);
        } else {
            end(outcome, nowNanos);
            close(true);
        }
    }

    @Override
    public void ticketOverdue(long nowNanos) {
        if (!requested && !endsOnResponse()) {
            request();
            loop.worker().awaitTicket(arrival, this, nowNanos);
            loop.turnSoon();
            return;
        }
        overdue = true;
        seat.tickets().missed();
        if (staysForTicket()) {
            complete(nowNanos);
        }
    }

    // How it ends

    /** Reading the server's last message and writing our own may come to an end in either order. */
    private void completeIfDone() {
        if (ended || !finished()) {
            return;
        }
        if (!settled) {
            settled = true;
            awaitBeyond();
        }
        // What the request's sending may have brought about ended it already.
        if (!ended && isComplete()) {
            complete(loop.nanoTime());
        }
    }

    private boolean finished() {
        return handshake.state() instanceof Done && marks.reached(Mark.FINISHED);
    }

    /** Settles what the connection stays for, once the handshake itself is over. */
    private void awaitBeyond() {
        // Tickets come before the answer to a request, but behind that to early data.
        if (endsOnResponse() && handshake.earlyData() != EarlyData.ACCEPTED) {
            request();
        } else if (handshake.version() == ProtocolVersion.TLS_1_3
                && (loop.plan().ending().completeOn() == CompleteOn.TICKET
                        || seat.tickets().isShort(loop.inFlightOfASeat()))
                && !marks.reached(Mark.TICKET)) {
            awaitsTicket = true;
            if (seat.tickets().needsRequest() && !endsOnResponse()) {
                request();
            }
            loop.worker().awaitTicket(arrival, this, loop.nanoTime());
            loop.turnSoon();
        }
    }

    private boolean isComplete() {
        return switch (loop.plan().ending().completeOn()) {
            // An answer proves as much as a ticket does.
            case TICKET -> !awaitsTicket || marks.reached(Mark.TICKET) || requested && marks.reached(Mark.FIRST_BYTE);
            case FINISHED -> !awaitsTicket || marks.reached(Mark.TICKET) || overdue;
            case RESPONSE -> marks.reached(Mark.FIRST_BYTE) && (!awaitsTicket || marks.reached(Mark.TICKET) || overdue);
        };
    }

    private boolean endsOnResponse() {
        return loop.plan().ending().completeOn() == CompleteOn.RESPONSE;
    }

    /** Whether it has come to what the plan asks for, so that it can only be staying for a ticket. */
    private boolean staysForTicket() {
        return finished() && switch (loop.plan().ending().completeOn()) {
            case FINISHED -> true;
            case TICKET -> false;
            case RESPONSE -> marks.reached(Mark.FIRST_BYTE);
        };
    }

    private void request() {
        requested = true;
        socket.noDelay();
        handshake.send(loop.plan().ending().request());
    }

    private void complete(long nowNanos) {
        if (awaitsTicket) {
            if (marks.reached(Mark.TICKET)) {
                seat.tickets().came(requested);
            } else if (requested) {
                seat.tickets().missed();
            }
        }
        var kind = handshake.resumed() ? Kind.RESUMED : Kind.FULL;
        end(new Outcome.Completed(kind, loop.negotiated(handshake)), nowNanos);
        if (loop.plan().close() == Close.NOTIFY) {
            handshake.closeNotify();
        }
        close(true);
    }

    /** The server ended the connection in good order, which is no failure if we stayed for a ticket only. */
    private void endedAfterwards(String cause, String meaning) {
        if (staysForTicket()) {
            complete(loop.nanoTime());
        } else {
            transportEnded(cause, meaning);
        }
    }

    /** No answer is awaited before the hello has left whole, although the server may give one. */
    private Stage reached(Stage stage) {
        return stage == Stage.SERVER_HELLO && !marks.reached(Mark.HELLO_SENT) ? Stage.CLIENT_HELLO : stage;
    }

    private void fail(HandshakeFailure found) {
        var failure = found.at(reached(found.stage()));
        loop.failures().failed(failure, witness);
        end(new Outcome.Failed(new Outcome.Failure(failure.stage().label(), failure.sent() ? "sent" : "received",
                failure.cause(), failure.byAlert(), failure.meaning())), loop.nanoTime());
        // A reset could overtake the alert that is on its way.
        close(!failure.sent());
    }

    private void transportEnded(String cause, String meaning) {
        handshake.transportEnded(cause, meaning);
        fail(((Failed) handshake.state()).failure());
    }

    private void end(Outcome outcome, long nowNanos) {
        ended = true;
        loop.releaseSource(source);
        if (offered != null && (resumption() == Resumption.DECLINED || outcome instanceof Outcome.Failed)) {
            seat.memory().sessions().forget(offered);
        }
        loop.worker().ended(arrival,
                new Sample(outcome, arrival.asked, resumption(), earlyData(), tickets(), marks.taken(), bytesSent,
                        bytesReceived),
                nowNanos);
        loop.turnSoon();
    }

    private Resumption resumption() {
        if (offered == null || !handshake.answered()) {
            return offered == null ? Resumption.NOT_OFFERED : Resumption.UNANSWERED;
        }
        return handshake.resumed() ? Resumption.ACCEPTED : Resumption.DECLINED;
    }

    private Sample.EarlyData earlyData() {
        return switch (handshake.earlyData()) {
            case NOT_OFFERED -> Sample.EarlyData.NOT_OFFERED;
            case UNANSWERED -> Sample.EarlyData.UNANSWERED;
            case ACCEPTED -> Sample.EarlyData.ACCEPTED;
            case REJECTED -> requested ? Sample.EarlyData.RETRIED : Sample.EarlyData.REJECTED;
        };
    }

    private Tickets tickets() {
        if (!awaitsTicket || !marks.reached(Mark.TICKET)) {
            return awaitsTicket ? Tickets.MISSING : Tickets.NOT_AWAITED;
        }
        return requested ? Tickets.CAME_AFTER_REQUEST : Tickets.CAME;
    }

    /** @param mayReset whether nothing of ours is on its way that a reset could destroy */
    private void close(boolean mayReset) {
        handshake.end();
        if (socket != null) {
            socket.close(mayReset && loop.plan().close() == Close.RST);
        }
    }
}
