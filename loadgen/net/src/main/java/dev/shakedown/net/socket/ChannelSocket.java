package dev.shakedown.net.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A socket on a Netty channel, for the transports that {@link PolledSocket} does not support. */
final class ChannelSocket extends ChannelInboundHandlerAdapter implements TcpSocket {
    /** Usually fits a server's whole flight, in bytes. */
    private static final RecvByteBufAllocator RECEIVE = new FixedRecvByteBufAllocator(4096);

    private final SocketChannel channel;
    private final Listener listener;
    private ByteBuf early = Unpooled.EMPTY_BUFFER;
    private long begunNanos;
    private long sentNanos;
    /** The failure of sending; {@code null} if there is none. */
    private @Nullable Throwable failure;
    private boolean closed;

    ChannelSocket(SocketChannel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
        // The socket's owner enforces deadlines; a timer per connection would cost more.
        channel.config().setConnectTimeoutMillis(0);
        channel.config().setRecvByteBufAllocator(RECEIVE);
        channel.pipeline().addLast(this);
    }

    ChannelSocket connect(EventLoop loop, InetSocketAddress target, @Nullable InetAddress source) {
        loop.register(channel);
        begunNanos = System.nanoTime();
        if (source == null) {
            channel.connect(target).addListener(this::failedIfNot);
        } else {
            channel.bind(new InetSocketAddress(source, 0)).addListener(bound -> {
                if (bound.isSuccess()) {
                    channel.connect(target).addListener(this::failedIfNot);
                } else {
                    failed(new SourceException(bound.cause()));
                }
            });
        }
        return this;
    }

    @Override
    public boolean send(ByteBuf bytes) {
        if (closed) {
            return false;
        }
        if (!channel.isActive()) {
            early = Unpooled.wrappedBuffer(early, Unpooled.copiedBuffer(bytes));
            return false;
        }
        return write(Unpooled.copiedBuffer(bytes));
    }

    @Override
    public void awaitConnected() {
        // reported in any case
    }

    @Override
    public long begunNanos() {
        return begunNanos;
    }

    @Override
    public long sentNanos() {
        return sentNanos;
    }

    @Override
    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    @Override
    public void noDelay() {
        channel.config().setTcpNoDelay(true);
    }

    @Override
    public void close(boolean reset) {
        closed = true;
        if (reset && channel.isOpen()) {
            channel.config().setSoLinger(0);
        }
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (closed) {
            return;
        }
        listener.connected(System.nanoTime());
        if (early.isReadable() && write(early)) {
            listener.sent();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            if (!closed) {
                listener.received(bytes, System.nanoTime());
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!closed && failure != null) {
            failed(failure);
        } else if (!closed) {
            listener.ended();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        failed(error);
    }

    private boolean write(ByteBuf bytes) {
        sentNanos = System.nanoTime();
        var written = channel.writeAndFlush(bytes);
        if (written.isSuccess()) {
            return true;
        }
        written.addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
                // Report it later: the sender may be in the middle of something.
                failure = done.cause();
                channel.eventLoop().execute(() -> failed(done.cause()));
            } else if (!closed) {
                sentNanos = System.nanoTime();
                listener.sent();
            }
        });
        return false;
    }

    private void failedIfNot(Future<?> done) {
        if (!done.isSuccess()) {
            failed(done.cause());
        }
    }

    private void failed(Throwable error) {
        if (!closed) {
            listener.failed(error);
            close(false);
        }
    }
}
