package dev.shakedown.server;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A running TLS server, which counts its handshakes and answers HTTP requests with a few bytes. */
public final class TlsServer implements AutoCloseable {
    /** How long to wait for connections to close. */
    private static final int CLOSE_MILLIS = 500;

    private final TlsServerOptions options;
    private final @Nullable ServerContext rsa;
    private final @Nullable ServerContext ecdsa;
    private final int ecdsaGroup;
    private final Set<CipherSuite> suites;
    private final @Nullable ServiceQueue queue;
    private final EventLoopGroup group;
    private final Channel channel;
    /** Also closes connections that are added after it was closed. */
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final ConcurrentLinkedQueue<Long> threads = new ConcurrentLinkedQueue<>();
    private final LongAdder accepted = new LongAdder();
    private final Completed tls12 = new Completed();
    private final Completed tls13 = new Completed();
    private final LongAdder failed = new LongAdder();

    private TlsServer(TlsServerOptions options) throws IOException {
        this.options = options;
        var rsaCertificate = certificate(options.certificates(), true);
        var ecdsaCertificate = certificate(options.certificates(), false);
        this.rsa = context(rsaCertificate);
        this.ecdsa = context(ecdsaCertificate);
        this.ecdsaGroup = ecdsaCertificate == null ? 0 : ecdsaCertificate.group();
        var names = Set.copyOf(context(true).cipherSuites());
        this.suites = Arrays.stream(CipherSuite.values()).filter(suite -> names.contains(suite.name()))
                .collect(Collectors.toUnmodifiableSet());
        this.queue = options.serviceNanos() == 0
                ? null
                : new ServiceQueue(options.serviceNanos(), options.workers());
        this.group = new MultiThreadIoEventLoopGroup(options.threads(), new DefaultThreadFactory("target", true) {
            @Override
            protected Thread newThread(Runnable work, String name) {
                var thread = super.newThread(work, name);
                threads.add(thread.threadId());
                return thread;
            }
        }, options.transport().ioHandlerFactory());
        var bound = new ServerBootstrap().group(group).channel(options.transport().serverChannelType())
                .option(ChannelOption.SO_BACKLOG, 4096).option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true).childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        accepted.increment();
                        connections.add(connection);
                        var classifier = new HandshakeClassifier();
                        connection.pipeline().addLast(new ContextChoice(TlsServer.this, classifier), classifier,
                                new Counter(classifier),
                                new HttpAnswer());
                    }
                }).bind(options.listen()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            endLoops();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        this.channel = bound.channel();
    }

    /**
     * Starts a server.
     *
     * @throws IOException if it cannot listen
     */
    public static TlsServer start(TlsServerOptions options) throws IOException {
        return new TlsServer(options);
    }

    /** Returns the address on which it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Returns the options with which it was started. */
    public TlsServerOptions options() {
        return options;
    }

    /** Returns the certificates that a client must trust to trust this server. */
    public List<X509Certificate> authorities() {
        return options.certificates().stream().map(certificate -> certificate.chain().getLast()).toList();
    }

    /** Returns the counts so far, which are exact once all connections have ended. */
    public HandshakeCounts counts() {
        return new HandshakeCounts(accepted.sum(), tls12.sum(), tls13.sum(), failed.sum());
    }

    /** Returns the CPU time that its event loops have used so far, in nanoseconds. */
    public long cpuNanos() {
        var beans = ManagementFactory.getThreadMXBean();
        return threads.stream().mapToLong(beans::getThreadCpuTime).filter(nanos -> nanos > 0).sum();
    }

    /** Closes all connections; the port is free when this returns. */
    @Override
    public void close() {
        // Closed while the event loops still run: a channel that is open when they end may stay open.
        channel.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly(CLOSE_MILLIS);
        endLoops();
    }

    private void endLoops() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    ServerContext context(boolean wantsRsa) {
        var other = ecdsa == null ? rsa : ecdsa;
        return Objects.requireNonNull(wantsRsa && rsa != null ? rsa : other, "no certificate");
    }

    /** Returns the queue in which handshakes wait; {@code null} if there is none. */
    @Nullable
    ServiceQueue queue() {
        return queue;
    }

    boolean hasTls13() {
        return options.engine().versions().contains(ProtocolVersion.TLS_1_3);
    }

    /** Whether the engine supports this cipher suite. */
    boolean has(CipherSuite suite) {
        return suites.contains(suite);
    }

    /** Returns the number of the ECDSA key's group; 0 without an ECDSA key. */
    int ecdsaGroup() {
        return ecdsaGroup;
    }

    /** Counts the completed handshakes of one version. */
    private static final class Completed {
        private final LongAdder full = new LongAdder();
        private final LongAdder resumed = new LongAdder();

        private HandshakeCounts.Completed sum() {
            return new HandshakeCounts.Completed(full.sum(), resumed.sum());
        }
    }

    /** Counts one connection's handshake when it completes, or as failed if the connection ends first. */
    private final class Counter extends ChannelInboundHandlerAdapter {
        private final HandshakeClassifier classifier;
        private boolean complete;

        private Counter(HandshakeClassifier classifier) {
            this.classifier = classifier;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
                complete = true;
                var session = context.pipeline().get(SslHandler.class).engine().getSession();
                var version = session.getProtocol().equals(ProtocolVersion.TLS_1_3.label()) ? tls13 : tls12;
                (classifier.kind() == HandshakeClassifier.Kind.RESUMED ? version.resumed : version.full).increment();
                if (!options.sessionCache()) {
                    session.invalidate();
                }
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!complete) {
                failed.increment();
            }
            context.fireChannelInactive();
        }
    }

    private static @Nullable TlsServerCertificate certificate(List<TlsServerCertificate> certificates, boolean isRsa) {
        return certificates.stream().filter(certificate -> certificate.isRsa() == isRsa).findFirst().orElse(null);
    }

    private @Nullable ServerContext context(@Nullable TlsServerCertificate certificate) throws SSLException {
        return certificate == null
                ? null
                : ServerContext.of(options.engine(), certificate, options.tickets(), options.sessionCache());
    }
}
