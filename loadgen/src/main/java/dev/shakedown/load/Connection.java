package dev.shakedown.load;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.prologue.Dialogue;
import dev.shakedown.load.prologue.Dialogue.Next;
import dev.shakedown.load.prologue.Prelude;
import dev.shakedown.load.socket.TcpSocket;
import dev.shakedown.load.socket.TransportCause;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
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
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;

/** The socket of one arrival and its time marks; hands bytes to the handshake and tells the worker how it ended. */
final class Connection implements Worker.Attempt, ClientHandshake.Output, TcpSocket.Listener {
    private static final byte[] NO_DATA = {};

    private final WorkerLoop loop;
    private final Worker.Arrival arrival;
    private final Seat seat;
    private final Session offered;
    private final byte[] earlyData;
    private final Witness witness;
    private final ClientHandshake handshake;
    private final long[] marks = new long[Mark.values().length];
    private final Prelude prelude;
    private TcpSocket socket;
    private int source = -1;
    /** What is said before TLS; {@code null} once it is said, and where there is nothing to say. */
    private Dialogue dialogue;
    private boolean stands;
    /** Whether TLS may have begun. */
    private boolean opened;
    private Progress leaving;
    private int bytesSent;
    private int bytesReceived;
    private long readNanos;
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
        this.witness = loop.failures().next();
        this.handshake = new ClientHandshake(seat.memory(), offered, this, witness);
        this.prelude = loop.plan().prelude();
        this.dialogue = prelude.dialogue();
        this.opened = prelude.isEmpty();
        Arrays.fill(marks, Marks.NOT_REACHED);
        mark(Mark.PLANNED, arrival.plannedNanos);
        mark(Mark.BEGUN, nowNanos);
    }

    /** Connects, and sends the ClientHello as soon as the connection stands. */
    void begin() {
        source = loop.takeSource();
        if (source < 0) {
            end(new Outcome.Unsent("sources"), loop.nanoTime());
            return;
        }
        // Not sooner: what else began in the same turn of the loop is no matter of the server's.
        mark(Mark.BEGUN, loop.nanoTime());
        try {
            socket = loop.openSocket(seat.target(), this, source);
        } catch (IOException | RuntimeException e) {
            failed(e);
            return;
        }
        if (ended) {
            return;
        }
        if (prelude.isEmpty()) {
            handshake.start(marks[Mark.BEGUN.ordinal()], earlyData);
        } else if (stands) {
            open();
        } else {
            socket.awaitConnected();
        }
    }

    /** The connection stands: says what comes before the ClientHello, or what asks for leave to send one. */
    private void open() {
        socket.noDelay();
        say(prelude.opening(dialogue, socket.localAddress(), seat.target()));
        if (dialogue == null) {
            beginTls(loop.nanoTime());
        }
    }

    private void beginTls(long nowNanos) {
        dialogue = null;
        opened = true;
        mark(Mark.CONNECTED, nowNanos);
        handshake.start(nowNanos, earlyData);
    }

    private void say(byte[] bytes) {
        if (bytes.length > 0) {
            bytesSent += bytes.length;
            socket.send(Unpooled.wrappedBuffer(bytes));
        }
    }

    private void hear(ByteBuf bytes) {
        switch (dialogue.hear(ByteBufUtil.getBytes(bytes))) {
            case Next.Listen _ -> {
                // more is to come
            }
            case Next.Say say -> say(say.bytes());
            case Next.Begin begin -> {
                say(begin.last());
                beginTls(readNanos);
            }
            case Next.Refused refused -> fail(HandshakeFailure.ofTransport(Stage.CONNECT, "starttls_refused",
                    refused.meaning()));
        }
    }

    boolean hasEnded() {
        return ended;
    }

    // What the socket tells

    @Override
    public void connected(long nowNanos) {
        loop.worker().connected(arrival);
        stands = true;
        if (prelude.isEmpty()) {
            mark(Mark.CONNECTED, nowNanos);
        } else if (socket != null) {
            open();
        }
    }

    @Override
    public void received(ByteBuf bytes) {
        readNanos = loop.nanoTime();
        bytesReceived += bytes.readableBytes();
        if (dialogue != null) {
            hear(bytes);
            return;
        }
        handshake.receive(bytes, readNanos);
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
        if (!opened) {
            return;
        }
        markSent();
        completeIfDone();
    }

    @Override
    public void ended() {
        if (!opened) {
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
        } else if (!reached(Mark.CONNECTED)) {
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
        var mark = markOf(progress);
        // Of several tickets the first counts.
        if (!reached(mark)) {
            mark(mark, readNanos);
        }
    }

    private void markSent() {
        var nowNanos = loop.nanoTime();
        // A server may answer a hello of which it has not seen the end.
        if (!reached(Mark.HELLO_SENT)) {
            mark(Mark.HELLO_SENT, nowNanos);
        }
        if (leaving != Progress.HELLO_SENT) {
            mark(markOf(leaving), nowNanos);
        }
    }

    // What the worker tells

    @Override
    public void timeOut(long nowNanos) {
        if (staysForTicket()) {
            complete(nowNanos);
            return;
        }
        var stage = reached(Mark.CONNECTED) ? handshake.state().stage() : Stage.CONNECT;
        end(new Outcome.TimedOut(stage.label()), nowNanos);
        close(true);
    }

    @Override
    public void cancel(long nowNanos) {
        if (staysForTicket()) {
            complete(nowNanos);
            return;
        }
        end(new Outcome.Cancelled(), nowNanos);
        close(true);
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
        return handshake.state() instanceof Done && reached(Mark.FINISHED);
    }

    /** Settles what the connection stays for, once the handshake itself is over. */
    private void awaitBeyond() {
        // Tickets come before the answer to a request, but behind that to early data.
        if (endsOnResponse() && handshake.earlyData() != EarlyData.ACCEPTED) {
            request();
        } else if (handshake.version() == ProtocolVersion.TLS_1_3
                && (loop.plan().ending().completeOn() == CompleteOn.TICKET
                        || seat.tickets().isShort(loop.inFlightOfASeat()))
                && !reached(Mark.TICKET)) {
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
            case TICKET -> !awaitsTicket || reached(Mark.TICKET) || requested && reached(Mark.FIRST_BYTE);
            case FINISHED -> !awaitsTicket || reached(Mark.TICKET) || overdue;
            case RESPONSE -> reached(Mark.FIRST_BYTE) && (!awaitsTicket || reached(Mark.TICKET) || overdue);
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
            case RESPONSE -> reached(Mark.FIRST_BYTE);
        };
    }

    private void request() {
        requested = true;
        socket.noDelay();
        handshake.send(loop.plan().ending().request());
    }

    private void complete(long nowNanos) {
        if (awaitsTicket) {
            if (reached(Mark.TICKET)) {
                seat.tickets().came(requested);
            } else if (requested) {
                seat.tickets().missed();
            }
        }
        var kind = handshake.resumed() ? Kind.RESUMED : Kind.FULL;
        end(new Outcome.Completed(kind,
                loop.negotiated(handshake)), nowNanos);
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

    private void fail(HandshakeFailure failure) {
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
                new Sample(outcome, arrival.asked, resumption(), earlyData(), tickets(), Marks.of(marks), bytesSent,
                        bytesReceived),
                nowNanos);
        loop.turnSoon();
    }

    private Resumption resumption() {
        if (offered == null) {
            return Resumption.NOT_OFFERED;
        }
        if (!handshake.answered()) {
            return Resumption.UNANSWERED;
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
        if (!awaitsTicket) {
            return Tickets.NOT_AWAITED;
        }
        if (!reached(Mark.TICKET)) {
            return Tickets.MISSING;
        }
        return requested ? Tickets.CAME_AFTER_REQUEST : Tickets.CAME;
    }

    /** @param mayReset whether nothing of ours is on its way that a reset could destroy */
    private void close(boolean mayReset) {
        if (socket != null) {
            socket.close(mayReset && loop.plan().close() == Close.RST);
        }
    }

    private void mark(Mark mark, long nanos) {
        marks[mark.ordinal()] = nanos;
    }

    private boolean reached(Mark mark) {
        return marks[mark.ordinal()] != Marks.NOT_REACHED;
    }

    private static Mark markOf(Progress progress) {
        return switch (progress) {
            case HELLO_SENT -> Mark.HELLO_SENT;
            case HELLO_RETRY_REQUEST -> Mark.HELLO_RETRY_REQUEST;
            case SERVER_HELLO -> Mark.SERVER_HELLO;
            case SERVER_FLIGHT_DONE -> Mark.SERVER_FLIGHT_DONE;
            case KEY_EXCHANGE_SENT -> Mark.KEY_EXCHANGE_SENT;
            case FINISHED -> Mark.FINISHED;
            case TICKET -> Mark.TICKET;
            case FIRST_BYTE -> Mark.FIRST_BYTE;
        };
    }
}
