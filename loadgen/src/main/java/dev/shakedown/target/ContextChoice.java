package dev.shakedown.target;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;

/**
 * Chooses the certificate by the first of the client's cipher suites that a handshake can be done with, then makes way
 * for a TLS handler that has it: BoringSSL through Netty holds one certificate in each context.
 */
final class ContextChoice extends SslClientHelloHandler<SslContext> {
    /** A client's hello without tickets is a few hundred bytes; a ticket may add some thousand. */
    private static final int MAX_CLIENT_HELLO = 1 << 17;
    /** The low byte of each ECDSA scheme of TLS 1.2 (RFC 5246, 7.4.1.4.1). */
    private static final int ECDSA = 3;

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

    /** Whether to serve with RSA, which a hello that cannot be read gets as well: the engine knows its alert. */
    private boolean wantsRsa(ByteBuf hello) {
        try {
            return hello == null
                    || !(HandshakeMessage.decode(ClientHello.TYPE, hello.slice(), null) instanceof ClientHello offer)
                    || wantsRsa(offer);
        } catch (Fault _) {
            return true;
        }
    }

    private boolean wantsRsa(ClientHello offer) {
        var takesEcdsa = names(offer, Extension.SUPPORTED_GROUPS, group -> group == target.ecdsaGroup())
                && names(offer, Extension.SIGNATURE_ALGORITHMS, scheme -> (scheme & 0xff) == ECDSA);
        for (var id : offer.cipherSuites()) {
            var suite = CipherSuite.of(id);
            if (suite != null && (takesEcdsa || !suite.isEcdsa()) && target.has(suite)) {
                return !suite.isEcdsa();
            }
        }
        return true;
    }

    /** Whether a list of numbers has a wanted one; without the extension a client takes all (RFC 8422, 4). */
    private static boolean names(ClientHello offer, int extension, IntPredicate wanted) {
        for (var each : offer.extensions()) {
            if (each.type() == extension) {
                var list = ByteBuffer.wrap(each.data());
                for (var at = Short.BYTES; at + Short.BYTES <= list.limit(); at += Short.BYTES) {
                    if (wanted.test(Short.toUnsignedInt(list.getShort(at)))) {
                        return true;
                    }
                }
                return false;
            }
        }
        return true;
    }
}
