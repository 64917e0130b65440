package dev.shakedown.load;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.net.socket.TcpSocket;
import dev.shakedown.net.socket.TransportCause;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Observed;
import dev.shakedown.results.Observed.ClientCertificate;
import dev.shakedown.results.Observed.ServerName;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample.Tickets;
import dev.shakedown.results.UnsentReason;
import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Output;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.UnusableTicket;
import dev.shakedown.tls.client.Witness;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.Rule;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;

/** The socket of one arrival and its time marks; hands bytes to the handshake and tells the worker how it ended. */
final class Connection implements Worker.Attempt, Output, TcpSocket.Listener, PreludeTalk.Speaker {
    private static final HandshakeFailure NOBODY_LISTENS = HandshakeFailure.ofTransport(Stage.CONNECT,
            TransportCause.CONNECTION_REFUSED.label(), TransportCause.CONNECTION_REFUSED.meaning(null));
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
    /** Sessions that the server gave in this connection, and tickets that are of no use. */
    private int gained;
    private int ticketsWithoutLifetime;
    private int ticketsTooLarge;
    /** Whether a ticket arrived before our Finished had left. */
    private boolean earlyTicket;
    /** The session that the server keeps under an ID, and may forget by how this connection ends; else {@code null}. */
    private Session keptById;
    /** Whether the end of the handshake was met, and what is awaited beyond it settled. */
    private boolean settled;
    /** Whether it stays, or has stayed, for a ticket or an answer that shows that the server took our Finished. */
    private boolean awaitsProof;
    /** Whether it stays, or has stayed, for tickets that others are to resume with. */
    private boolean awaitsTicket;
    /** Whether it stayed for either. */
    private boolean awaited;
    private boolean requested;
    private boolean gainedUnasked;
    private boolean awaitsTogether;
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
            end(new Outcome.Unsent(UnsentReason.SOURCES), loop.nanoTime());
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
        talk.open(socket.localAddress(), seat.target().socket());
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
            end(new Outcome.Unsent(UnsentReason.of(cause.label()).orElseThrow()), loop.nanoTime());
            close(true);
        } else if (!marks.reached(Mark.CONNECTED)) {
            fail(HandshakeFailure.ofTransport(Stage.CONNECT, cause.label(), cause.meaning(error)));
        } else {
            transportEnded(cause.label(), cause.meaning(error));
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
        gained++;
        if (isKeptById(session)) {
            keptById = session;
        }
        seat.memory().sessions().keep(session);
        if (awaitsTicket) {
            awaitTogether();
        }
    }

    /** From the first ticket on, no other is waited for longer than servers take that send several together. */
    private void awaitTogether() {
        if (!awaitsTogether) {
            awaitsTogether = true;
            loop.worker().awaitTogether(arrival, this, loop.nanoTime());
            loop.turnSoon();
        }
    }

    @Override
    public void ticketsTogether(long nowNanos) {
        overdue = true;
        seat.tickets().settled(kind(), gained);
        if (staysForTicket()) {
            complete(nowNanos);
        }
    }

    @Override
    public void unusable(UnusableTicket reason) {
        switch (reason) {
            case NO_LIFETIME -> ticketsWithoutLifetime++;
            case TOO_LARGE -> ticketsTooLarge++;
        }
    }

    private static boolean isKeptById(Session session) {
        return session instanceof Session.Tls12 tls12 && tls12.ticket() == null;
    }

    @Override
    public void reached(Progress progress) {
        if (progress == Progress.TICKET
                && (!marks.reached(Mark.FINISHED) || receivedNanos < marks.at(Mark.FINISHED))) {
            // A server may send it before it has seen our Finished, of which it then says nothing (RFC 8446, 4.6.1).
            earlyTicket = true;
            return;
        }
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
        var wouldTell = awaitsProof && !isProven() && !mayGoWithoutProof()
                || awaitsTicket && gained == 0 && seat.tickets().mayRequest(kind());
        if (!requested && !endsOnResponse() && wouldTell) {
            request();
            loop.worker().awaitTicket(arrival, this, nowNanos);
            loop.turnSoon();
            return;
        }
        overdue = true;
        seat.tickets().settled(kind(), gained);
        if (mayGoWithoutProof()) {
            awaitsProof = false;
        }
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
            return;
        }
        if (handshake.version() != ProtocolVersion.TLS_1_3) {
            return;
        }
        var supply = seat.tickets();
        var noTicketWillProve = earlyTicket || supply.bringsNone(kind());
        awaitsProof = loop.plan().ending().completeOn() == CompleteOn.TICKET && !marks.reached(Mark.TICKET)
                && !(mayGoWithoutProof() && noTicketWillProve);
        awaitsTicket = supply.isShort(kind(), gained, loop.inFlightOfASeat());
        if (!awaitsProof && !awaitsTicket) {
            return;
        }
        awaited = true;
        if (!endsOnResponse() && (supply.needsRequest(kind()) || awaitsProof && noTicketWillProve)) {
            request();
        }
        loop.worker().awaitTicket(arrival, this, loop.nanoTime());
        if (awaitsTicket && gained > 0) {
            awaitTogether();
        }
        loop.turnSoon();
    }

    /** Whether a proof was asked for only because of a client certificate, which nobody judges in a resumed handshake. */
    private boolean mayGoWithoutProof() {
        return loop.plan().ending().implied() && handshake.resumed();
    }

    private boolean isComplete() {
        var supplied = !awaitsTicket || overdue || seat.tickets().isEnough(kind(), gained);
        return switch (loop.plan().ending().completeOn()) {
            // Who has answered will send no more tickets that show anything.
            case TICKET -> isProven() && (supplied || marks.reached(Mark.FIRST_BYTE));
            case FINISHED -> supplied;
            case RESPONSE -> marks.reached(Mark.FIRST_BYTE) && supplied;
        };
    }

    /** An answer proves as much as a ticket does. */
    private boolean isProven() {
        return !awaitsProof || marks.reached(Mark.TICKET) || requested && marks.reached(Mark.FIRST_BYTE);
    }

    private boolean endsOnResponse() {
        return loop.plan().ending().completeOn() == CompleteOn.RESPONSE;
    }

    /** Whether it has come to what the plan asks for, so that it can only be staying for a ticket. */
    private boolean staysForTicket() {
        return finished() && switch (loop.plan().ending().completeOn()) {
            case FINISHED -> true;
            case TICKET -> isProven();
            case RESPONSE -> marks.reached(Mark.FIRST_BYTE);
        };
    }

    private void request() {
        requested = true;
        gainedUnasked = gained > 0;
        socket.noDelay();
        handshake.send(loop.plan().ending().request());
    }

    private Kind kind() {
        return handshake.resumed() ? Kind.RESUMED : Kind.FULL;
    }

    private void complete(long nowNanos) {
        learn();
        end(new Outcome.Completed(kind(), loop.negotiated(handshake)), nowNanos);
        var notifies = keptById == null
                ? loop.plan().close() == Close.NOTIFY
                : seat.closure().notifies(keptById, !handshake.resumed(), nowNanos);
        if (notifies) {
            handshake.closeNotify();
        }
        close(!notifies);
    }

    /** What this handshake shows of how many sessions one of its kind brings. */
    private void learn() {
        if (handshake.version() != ProtocolVersion.TLS_1_3) {
            seat.tickets().brought(kind(), gained);
        } else if (gained > 0) {
            seat.tickets().came(kind(), gained, requested && !gainedUnasked);
        } else if (requested && !overdue && marks.reached(Mark.FIRST_BYTE)) {
            seat.tickets().settled(kind(), 0);
        }
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
        var failure = loop.failures()
                .worded(isConnectedToItself() ? NOBODY_LISTENS : found.at(reached(found.stage())));
        loop.failures().failed(failure, witness);
        end(new Outcome.Failed(new Outcome.Failure(failure.stage().label(), failure.sent() ? "sent" : "received",
                failure.cause(), failure.byAlert(), failure.rule().map(Rule::label).orElse(null), failure.meaning())),
                loop.nanoTime());
        // A reset could overtake the alert that is on its way.
        close(!failure.sent());
    }

    private void transportEnded(String cause, String meaning) {
        handshake.transportEnded(cause, meaning);
        fail(((Failed) handshake.state()).failure());
    }

    /** TCP connects a port to itself where nobody listens and the system happens to choose it (RFC 9293, 3.5). */
    private boolean isConnectedToItself() {
        return socket != null && marks.reached(Mark.CONNECTED) && seat.target().socket().equals(socket.localAddress());
    }

    private void end(Outcome outcome, long nowNanos) {
        ended = true;
        loop.releaseSource(source);
        noteFate();
        if (offered != null && (resumption() == Resumption.DECLINED || outcome instanceof Outcome.Failed)) {
            seat.memory().sessions().forget(offered);
        }
        loop.worker().ended(arrival,
                new Sample(outcome, arrival.asked, resumption(), earlyData(), tickets(),
                        loop.observed(observed(outcome)),
                        marks.taken(), bytesSent, bytesReceived),
                nowNanos);
        loop.turnSoon();
    }

    /** What the server made of a session that it should have kept under an ID. */
    private void noteFate() {
        if (isKeptById(offered) && handshake.answered()) {
            seat.closure().answered(offered, handshake.resumed(), marks.at(Mark.BEGUN));
            if (handshake.resumed()) {
                keptById = offered;
            }
        }
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
        if (!awaited) {
            return Tickets.NOT_AWAITED;
        }
        if (gained == 0 && !marks.reached(Mark.TICKET)) {
            return Tickets.MISSING;
        }
        return requested && !gainedUnasked ? Tickets.CAME_AFTER_REQUEST : Tickets.CAME;
    }

    private Observed observed(Outcome outcome) {
        if (!(outcome instanceof Outcome.Completed)) {
            return Observed.NOTHING;
        }
        var certificate = seat.memory().holdsCertificate() && !handshake.resumed()
                ? ClientCertificate.valueOf(handshake.certificateUse().name())
                : ClientCertificate.NOT_HELD;
        var name = handshake.bearsName().map(bears -> bears ? ServerName.BORNE : ServerName.NOT_BORNE)
                .orElse(ServerName.NOT_CHECKED);
        return new Observed(earlyTicket, ticketsWithoutLifetime, ticketsTooLarge, certificate, handshake.protocol(),
                name);
    }

    /** @param mayReset whether nothing of ours is on its way that a reset could destroy */
    private void close(boolean mayReset) {
        handshake.end();
        if (socket != null) {
            socket.close(mayReset && loop.plan().close() != Close.NOTIFY);
        }
    }
}
