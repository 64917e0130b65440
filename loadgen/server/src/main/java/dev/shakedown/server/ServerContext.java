package dev.shakedown.server;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The TLS configuration of a server with one certificate on one engine, with every version and cipher suite that the
 * engine supports.
 */
public final class ServerContext {
    /** More sessions than a run keeps in use; beyond it the oldest are dropped. */
    private static final int CACHED_SESSIONS = 50_000;
    private static final List<String> TLS_1_3_SUITES = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256");
    /** Tells the JDK's engine whether to use tickets; read whenever a context is created. */
    private static final String JDK_TICKETS = "jdk.tls.server.enableSessionTicketExtension";

    private final SslContext context;
    private final boolean tickets;

    private ServerContext(SslContext context, boolean tickets) {
        this.context = context;
        this.tickets = tickets;
    }

    /**
     * @param tickets whether it issues and accepts session tickets
     * @param cache   whether it keeps sessions
     * @throws SSLException if the engine rejects the certificate
     */
    public static synchronized ServerContext of(Engine engine, TlsServerCertificate certificate, boolean tickets,
            boolean cache) throws SSLException {
        System.setProperty(JDK_TICKETS, Boolean.toString(tickets));
        var context = SslContextBuilder
                .forServer(certificate.key(), certificate.chain().toArray(X509Certificate[]::new))
                .sslProvider(engine.provider())
                .protocols(engine.versions().stream().map(ProtocolVersion::label).toList())
                .ciphers(Stream.concat(TLS_1_3_SUITES.stream(), Arrays.stream(CipherSuite.values())
                        .filter(CipherSuite::isUsual).map(Enum::name))
                        .toList(), SupportedCipherSuiteFilter.INSTANCE)
                .sessionCacheSize(CACHED_SESSIONS).build();
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setSessionCacheEnabled(cache);
            if (tickets) {
                sessions.setTicketKeys(newTicketKey());
            }
        }
        return new ServerContext(context, tickets);
    }

    /** Returns the cipher suites that it accepts, by their registered names. */
    List<String> cipherSuites() {
        return context.cipherSuites();
    }

    /** Returns an engine for one connection. */
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return withTickets(context.newEngine(allocator));
    }

    /** Returns a handler with an engine for one connection. */
    SslHandler newHandler(ByteBufAllocator allocator) {
        var handler = context.newHandler(allocator);
        withTickets(handler.engine());
        return handler;
    }

    /**
     * Turns tickets off where they are not wanted: with TLS 1.3, Netty enables them for every BoringSSL engine, in TLS
     * 1.2 too, whatever its context says.
     */
    private SSLEngine withTickets(SSLEngine engine) {
        if (!tickets && engine instanceof ReferenceCountedOpenSslEngine boringssl) {
            SSL.setOptions(boringssl.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        return engine;
    }

    private static OpenSslSessionTicketKey newTicketKey() {
        var random = new SecureRandom();
        var name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
        var mac = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
        var key = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
        random.nextBytes(name);
        random.nextBytes(mac);
        random.nextBytes(key);
        return new OpenSslSessionTicketKey(name, mac, key);
    }
}
