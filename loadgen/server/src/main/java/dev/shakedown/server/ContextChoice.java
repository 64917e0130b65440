package dev.shakedown.server;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Chooses the certificate by the first of the client's cipher suites (TLS 1.2) or signature schemes (TLS 1.3) that the
 * server can use, and then replaces itself by a TLS handler with that certificate: through Netty, a BoringSSL context
 * has only one.
 */
final class ContextChoice extends SslClientHelloHandler<ServerContext> {
    /** Bytes. A ClientHello without a ticket has a few hundred, and a ticket may add a few thousand. */
    private static final int MAX_CLIENT_HELLO = 1 << 17;
    /** The low byte of each ECDSA scheme of TLS 1.2 (RFC 5246, 7.4.1.4.1). */
    private static final int ECDSA = 3;
    /** TLS 1.3's ECDSA schemes by the number of their group (RFC 8446, 4.2.3). */
    private static final Map<Integer, Integer> ECDSA_SCHEMES = Map.of(23, 0x0403, 24, 0x0503, 25, 0x0603);
    private static final int NONE = -1;

    private final TlsServer server;
    private final HandshakeClassifier classifier;

    /** @param classifier the handler that the TLS handler is to be inserted after */
    ContextChoice(TlsServer server, HandshakeClassifier classifier) {
        super(MAX_CLIENT_HELLO);
        this.server = server;
        this.classifier = classifier;
    }

    @Override
    protected Future<ServerContext> lookup(ChannelHandlerContext context, ByteBuf hello) {
        var chosen = server.context(wantsRsa(hello));
        var loop = context.executor();
        if (server.queue() == null) {
            return loop.newSucceededFuture(chosen);
        }
        var now = System.nanoTime();
        var served = loop.<ServerContext>newPromise();
        loop.schedule(() -> served.trySuccess(chosen), server.queue().doneNanos(now) - now, TimeUnit.NANOSECONDS);
        return served;
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, Future<ServerContext> choice) {
        var pipeline = context.pipeline();
        if (!context.channel().isActive() || pipeline.context(classifier) == null) {
            // The client has gone while it waited for a worker.
            return;
        }
        pipeline.addAfter(pipeline.context(classifier).name(), "tls", choice.getNow().newHandler(context.alloc()));
        // Removed last, since removal passes on the ClientHello held back until now.
        pipeline.remove(this);
    }

    /**
     * Whether to use the RSA certificate. So does a ClientHello that cannot be parsed: the engine sends the alert for
     * it.
     */
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
        var schemes = numbers(offer, Extension.SIGNATURE_ALGORITHMS, Short.BYTES);
        return server.hasTls13() && has(numbers(offer, Extension.SUPPORTED_VERSIONS, 1), ProtocolVersion.TLS_1_3.id())
                ? wantsRsa(schemes)
                : wantsRsa(offer, schemes);
    }

    /**
     * TLS 1.3: cipher suites do not determine the certificate, and each ECDSA scheme has its group (RFC 8446, 4.2.3).
     */
    private boolean wantsRsa(int[] schemes) {
        var ecdsa = ECDSA_SCHEMES.getOrDefault(server.ecdsaGroup(), NONE);
        for (var id : schemes) {
            var scheme = SignatureScheme.of(id);
            if (id == ecdsa || scheme != null && scheme.label().startsWith("rsa_pss_rsae")) {
                return id != ecdsa;
            }
        }
        return true;
    }

    /** TLS 1.2: a client without the extensions accepts all schemes and groups (RFC 5246, 7.4.1.4.1; RFC 8422, 4). */
    private boolean wantsRsa(ClientHello offer, int[] schemes) {
        var groups = numbers(offer, Extension.SUPPORTED_GROUPS, Short.BYTES);
        var takesEcdsa = (groups.length == 0 || has(groups, server.ecdsaGroup()))
                && (schemes.length == 0 || Arrays.stream(schemes).anyMatch(scheme -> (scheme & 0xff) == ECDSA));
        for (var id : offer.cipherSuites()) {
            var suite = CipherSuite.of(id);
            if (suite != null && (takesEcdsa || !suite.isEcdsa()) && server.has(suite)) {
                return !suite.isEcdsa();
            }
        }
        return true;
    }

    private static boolean has(int[] numbers, int wanted) {
        return Arrays.stream(numbers).anyMatch(number -> number == wanted);
    }

    /** Returns the 16-bit numbers in an extension's list, after the list's length; empty without the extension. */
    private static int[] numbers(ClientHello offer, int extension, int lengthBytes) {
        for (var each : offer.extensions()) {
            if (each.type() == extension) {
                var list = ByteBuffer.wrap(each.data());
                return IntStream.iterate(lengthBytes, at -> at + Short.BYTES <= list.limit(), at -> at + Short.BYTES)
                        .map(at -> Short.toUnsignedInt(list.getShort(at))).toArray();
            }
        }
        return new int[0];
    }
}
