package dev.shakedown.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/** Answers each HTTP/1.1 request at the end of its head, so that a client can wait for the first byte of an answer. */
final class HttpAnswer extends ChannelInboundHandlerAdapter {
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
            .getBytes(StandardCharsets.US_ASCII);

    private int matched;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            while (bytes.isReadable()) {
                var next = bytes.readByte();
                matched = next == HEAD_END[matched] ? matched + 1 : next == HEAD_END[0] ? 1 : 0;
                if (matched == HEAD_END.length) {
                    matched = 0;
                    context.writeAndFlush(Unpooled.wrappedBuffer(ANSWER));
                }
            }
        } finally {
            bytes.release();
        }
    }

    /** Stops reading requests while answers are waiting to be sent, so that a client that never reads costs little. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
