package dev.shakedown.target;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;

/**
 * Chooses the certificate by the client's first cipher suite, then makes way for a TLS handler that has it: BoringSSL
 * through Netty holds one certificate in each context.
 */
final class ContextChoice extends SslClientHelloHandler<SslContext> {
    /** A client's hello without tickets is a few hundred bytes; a ticket may add some thousand. */
    private static final int MAX_CLIENT_HELLO = 1 << 17;
    private static final int RANDOM_END = 2 + 32;

    private final Target target;
    private final HandshakeWatch watch;

    /** @param watch what the TLS handler shall write to */
    ContextChoice(Target target, HandshakeWatch watch) {
        super(MAX_CLIENT_HELLO);
        this.target = target;
        this.watch = watch;
    }

    @Override
    protected Future<SslContext> lookup(ChannelHandlerContext context, ByteBuf hello) {
        return context.executor().newSucceededFuture(target.context(wantsRsa(hello)));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, Future<SslContext> choice) {
        var pipeline = context.pipeline();
        pipeline.addAfter(pipeline.context(watch).name(), "tls", choice.getNow().newHandler(context.alloc()));
        // Last, since it hands on the hello that it has held.
        pipeline.remove(this);
    }

    /** Whether the first suite that names its kind of certificate asks for RSA (RFC 8422, 6). */
    private static boolean wantsRsa(ByteBuf hello) {
        if (hello == null || hello.readableBytes() < RANDOM_END + 1) {
            return true;
        }
        var at = hello.readerIndex() + RANDOM_END;
        at += 1 + hello.getUnsignedByte(at);
        if (at + 2 > hello.writerIndex()) {
            return true;
        }
        var end = Math.min(hello.writerIndex() - 1, at + 2 + hello.getUnsignedShort(at));
        for (at += 2; at < end; at += 2) {
            switch (hello.getUnsignedShort(at)) {
                case 0xC02B, 0xC02C, 0xCCA9, 0xC023, 0xC024, 0xC009, 0xC00A -> {
                    return false;
                }
                case 0xC02F, 0xC030, 0xCCA8, 0xC027, 0xC028, 0xC013, 0xC014, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F,
                        0x0035 -> {
                    return true;
                }
                default -> {
                    // an unknown suite, TLS 1.3's, or a signalling one
                }
            }
        }
        return true;
    }
}
