package dev.shakedown.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A client that sends requests and never reads. */
class HttpAnswerTest {
    /** Netty counts a few hundred bytes for a waiting answer: one stays below the limit, four do not. */
    private static final WriteBufferWaterMark MUCH = new WriteBufferWaterMark(200, 400);
    private static final int ANSWER_LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n".length();

    @Test
    void readsNoMoreRequestsWhileAnswersWait() {
        var network = new FullNetwork();
        var channel = new EmbeddedChannel(network, new HttpAnswer());
        channel.config().setWriteBufferWaterMark(MUCH);
        request(channel, 1);
        assertTrue(channel.config().isAutoRead());
        request(channel, 3);
        assertFalse(channel.config().isAutoRead());
        network.full = false;
        channel.flush();
        assertTrue(channel.config().isAutoRead());
        var answered = 0;
        for (ByteBuf answer; (answer = channel.readOutbound()) != null; answer.release()) {
            answered += answer.readableBytes();
        }
        assertEquals(4 * ANSWER_LENGTH, answered);
        assertFalse(channel.finish());
    }

    private static void request(EmbeddedChannel channel, int times) {
        channel.writeInbound(
                Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n".repeat(times), StandardCharsets.US_ASCII));
    }

    /** Accepts nothing while it is full. */
    private static final class FullNetwork extends ChannelOutboundHandlerAdapter {
        private boolean full = true;

        @Override
        public void flush(ChannelHandlerContext context) {
            if (!full) {
                context.flush();
            }
        }
    }
}
