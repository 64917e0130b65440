package dev.shakedown.load;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.ClientHandshake.Progress;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.util.Arrays;

/** The socket of one arrival and its time marks; hands bytes to the handshake and tells the worker how it ended. */
final class Connection extends ChannelInboundHandlerAdapter implements Worker.Attempt, ClientHandshake.Output {
    private final WorkerLoop loop;
    private final Worker.Arrival arrival;
    private final Session offered;
    private final ClientHandshake handshake;
    private final long[] marks = new long[Mark.values().length];
    private SocketChannel channel;
    private int bytesSent;
    private int bytesReceived;
    private long readNanos;
    private boolean ended;

    Connection(WorkerLoop loop, Worker.Arrival arrival, long nowNanos) {
        this.loop = loop;
        this.arrival = arrival;
        this.offered = arrival.asked == Kind.RESUMED ? loop.memory().sessions().take(nowNanos) : null;
        this.handshake = new ClientHandshake(loop.memory(), offered, this);
        Arrays.fill(marks, Marks.NOT_REACHED);
        mark(Mark.PLANNED, arrival.plannedNanos);
        mark(Mark.BEGUN, nowNanos);
    }

    /** Opens the socket and connects. */
    void begin() {
        try {
            channel = loop.newChannel();
        } catch (RuntimeException e) {
            transportFailed(Stage.CONNECT, e);
            return;
        }
        channel.pipeline().addLast(this);
        loop.connect(channel).addListener(connected -> {
            if (!connected.isSuccess()) {
                transportFailed(Stage.CONNECT, connected.cause());
            }
        });
    }

    boolean hasEnded() {
        return ended;
    }

    // What the channel tells

    @Override
    public void channelActive(ChannelHandlerContext context) {
        mark(Mark.CONNECTED, loop.nanoTime());
        loop.worker().connected(arrival);
        handshake.start();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            if (ended) {
                return;
            }
            readNanos = loop.nanoTime();
            bytesReceived += bytes.readableBytes();
            handshake.receive(bytes, readNanos);
            if (handshake.state() instanceof Failed failed) {
                fail(failed.failure());
            } else {
                completeIfDone();
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!ended) {
            handshake.transportEnded("connection_closed", "the server closed the connection");
            fail(((Failed) handshake.state()).failure());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        transportFailed(handshake.state().stage(), error);
    }

    // What the handshake tells

    @Override
    public void send(ByteBuf flight, Progress reached) {
        bytesSent += flight.readableBytes();
        var bytes = channel.alloc().directBuffer(flight.readableBytes()).writeBytes(flight);
        var written = channel.writeAndFlush(bytes);
        if (reached == null) {
            written.addListener(ChannelFutureListener.CLOSE);
        } else {
            written.addListener((ChannelFuture done) -> left(reached, done));
        }
    }

    @Override
    public void reached(Progress progress) {
        mark(markOf(progress), readNanos);
    }

    private void left(Progress progress, ChannelFuture written) {
        if (ended) {
            return;
        }
        if (!written.isSuccess()) {
            transportFailed(progress == Progress.HELLO_SENT ? Stage.CLIENT_HELLO : Stage.CLIENT_KEY_EXCHANGE,
                    written.cause());
            return;
        }
        mark(markOf(progress), loop.nanoTime());
        completeIfDone();
    }

    // What the worker tells

    @Override
    public void timeOut(long nowNanos) {
        var stage = reached(Mark.CONNECTED) ? handshake.state().stage() : Stage.CONNECT;
        end(new Outcome.TimedOut(stage.label()), nowNanos);
        close();
    }

    @Override
    public void cancel(long nowNanos) {
        end(new Outcome.Cancelled(), nowNanos);
        close();
    }

    // How it ends

    /** Reading the server's last message and writing our own may come to an end in either order. */
    private void completeIfDone() {
        if (!(handshake.state() instanceof Done) || !reached(Mark.FINISHED)) {
            return;
        }
        var gained = handshake.gained();
        if (gained != null) {
            loop.memory().sessions().keep(gained);
        }
        var kind = handshake.resumed() ? Kind.RESUMED : Kind.FULL;
        end(new Outcome.Completed(kind, loop.negotiated(handshake.suite(), handshake.group())), loop.nanoTime());
        if (loop.plan().close() == Close.NOTIFY) {
            handshake.closeNotify();
        } else {
            channel.close();
        }
    }

    private void fail(HandshakeFailure failure) {
        end(new Outcome.Failed(new Outcome.Failure(failure.stage().label(), failure.sent() ? "sent" : "received",
                failure.cause(), failure.meaning())), loop.nanoTime());
        if (failure.sent()) {
            // The alert is on its way and closes the channel behind it; a reset could overtake it.
            channel.config().setSoLinger(-1);
        } else {
            close();
        }
    }

    private void transportFailed(Stage stage, Throwable error) {
        if (ended) {
            return;
        }
        var cause = TransportCause.of(error);
        if (cause.isOwn()) {
            end(new Outcome.Unsent(cause.label()), loop.nanoTime());
            close();
        } else if (stage == Stage.CONNECT) {
            fail(new HandshakeFailure(stage, false, cause.label(), cause.meaning()));
        } else {
            handshake.transportEnded(cause.label(), cause.meaning());
            fail(((Failed) handshake.state()).failure());
        }
    }

    private void end(Outcome outcome, long nowNanos) {
        ended = true;
        if (offered != null && (resumption() == Resumption.DECLINED || outcome instanceof Outcome.Failed)) {
            loop.memory().sessions().forget(offered);
        }
        loop.worker().ended(arrival,
                new Sample(outcome, arrival.asked, resumption(), Marks.of(marks), bytesSent, bytesReceived), nowNanos);
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

    private void close() {
        if (channel != null) {
            channel.close();
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
            case SERVER_HELLO -> Mark.SERVER_HELLO;
            case SERVER_FLIGHT_DONE -> Mark.SERVER_FLIGHT_DONE;
            case KEY_EXCHANGE_SENT -> Mark.KEY_EXCHANGE_SENT;
            case FINISHED -> Mark.FINISHED;
        };
    }
}
