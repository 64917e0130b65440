package dev.shakedown.bench;

import com.sun.management.ThreadMXBean;
import dev.shakedown.server.Engine;
import dev.shakedown.server.ServerContext;
import dev.shakedown.server.TlsServerCertificate;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whole handshakes in memory, both sides on one thread and without a network: what full and resumed ones cost each
 * side. In TLS 1.3 both kinds go on until the client has the server's ticket and a byte after it, so that tickets count
 * for full and resumed alike. Each operation checks its kind, and fails if it is not the one asked for.
 */
public class HandshakeBenchmark extends BenchmarkDefaults {
    /** The version, and the way to resume. A full handshake of TLS 1.2 includes a ticket. */
    public enum Kind {
        TLS12_FULL, TLS12_SESSION_ID, TLS12_TICKET, TLS13_FULL, TLS13_PSK;

        ProtocolVersion version() {
            return name().startsWith("TLS13") ? ProtocolVersion.TLS_1_3 : ProtocolVersion.TLS_1_2;
        }

        boolean resumed() {
            return !name().endsWith("FULL");
        }

        boolean tickets() {
            return this != TLS12_SESSION_ID;
        }
    }

    /** Client and server. */
    public enum Peers {
        SHAKEDOWN_JDK, SHAKEDOWN_BORINGSSL, JDK_JDK;

        Engine server() {
            return this == SHAKEDOWN_BORINGSSL ? Engine.BORINGSSL : Engine.JDK;
        }
    }

    /** The key in the server's certificate. */
    public enum Certificate {
        P_256, RSA_2048;

        TlsServerCertificate make() {
            var made = TlsServerCertificate.make();
            return this == P_256 ? made.getFirst() : made.getLast();
        }

        CipherSuite suite(ProtocolVersion version) {
            if (version == ProtocolVersion.TLS_1_3) {
                return CipherSuite.TLS_AES_128_GCM_SHA256;
            }
            return this == P_256
                    ? CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                    : CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
        }
    }

    /**
     * Sums over an iteration's handshakes. Of 32 handshakes, 31 are timed, by each side's time between taking and
     * returning bytes; for the other one, allocated bytes of heap are counted instead.
     */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        public long handshakes;
        public long flights;
        public long clientBytes;
        public long serverBytes;
        public long timed;
        public long clientNanos;
        public long serverNanos;
        public long weighed;
        public long clientHeapBytes;
        public long serverHeapBytes;
        /** The thread's CPU time, and the elapsed time, of which the rest went to other threads and processes. */
        public long cpuNanos;
        public long elapsedNanos;
    }

    private static final int WEIGHED = 32;
    private static final byte[] GREETING = {'x'};
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Param
    public Kind kind;
    @Param
    public Certificate certificate;
    @Param
    public Peers peers;
    /** Whether our client computes all that a browser does, instead of leaving out what only protects a secret. */
    boolean realistic;

    private final ByteBuf toServer = Unpooled.buffer(1 << 16);
    private final ByteBuf toClient = Unpooled.buffer(1 << 16);
    private final ByteBuffer clientRead = ByteBuffer.allocate(1 << 15);
    private final ByteBuffer serverRead = ByteBuffer.allocate(1 << 15);
    private ServerContext server;
    private ClientMemory memory;
    private SSLContext jdkClient;
    private int certificateBytes;
    private long turn;
    private long cpuThen;
    private long elapsedThen;

    @Setup
    public void setup() throws Exception {
        if (peers.server().unavailability() != null) {
            throw new IllegalStateException("BoringSSL cannot be used here", peers.server().unavailability());
        }
        var identity = certificate.make();
        certificateBytes = identity.chain().getFirst().getEncoded().length;
        server = ServerContext.of(peers.server(), identity, kind.tickets(), !kind.tickets());
        var suite = certificate.suite(kind.version());
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("server", identity.chain().getFirst());
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        memory = new ClientMemory(new ClientSettings(List.of(kind.version()), List.of(suite),
                List.of(NamedGroup.X25519, NamedGroup.SECP256R1), "localhost", List.of(), kind.tickets(),
                PskMode.DHE_KE, realistic ? KeyShareMode.FRESH : KeyShareMode.BASE_POINT, PremasterMode.REUSED,
                realistic ? VerifyMode.ALWAYS : VerifyMode.NONE, (X509TrustManager) trust.getTrustManagers()[0], null),
                SessionMemory.AS_THE_VERSION_ASKS);
        jdkClient = SSLContext.getInstance("TLS");
        jdkClient.init(null, trust.getTrustManagers(), null);
        // The first handshake fills the session memory.
        play(new Costs(), System::nanoTime, false);
        play(new Costs(), System::nanoTime, kind.resumed());
    }

    @Setup(Level.Iteration)
    public void forgetShare() {
        elapsedThen = 0;
    }

    /** Measures what each side spends, in the counters. */
    @Benchmark
    public void cost(Costs costs) throws Exception {
        if (turn++ % WEIGHED == 0) {
            var cpu = THREADS.getCurrentThreadCpuTime();
            var elapsed = System.nanoTime();
            costs.weighed++;
            var weighed = new Costs();
            play(weighed, THREADS::getCurrentThreadAllocatedBytes, kind.resumed());
            costs.clientHeapBytes += weighed.clientNanos;
            costs.serverHeapBytes += weighed.serverNanos;
            costs.handshakes += weighed.handshakes;
            costs.flights += weighed.flights;
            costs.clientBytes += weighed.clientBytes;
            costs.serverBytes += weighed.serverBytes;
            noteShare(costs, cpu, elapsed);
            return;
        }
        costs.timed++;
        play(costs, System::nanoTime, kind.resumed());
    }

    private void noteShare(Costs costs, long cpu, long elapsed) {
        if (elapsedThen != 0) {
            costs.cpuNanos += cpu - cpuThen;
            costs.elapsedNanos += elapsed - elapsedThen;
        }
        cpuThen = cpu;
        elapsedThen = elapsed;
    }

    /** Measures how long both sides together take. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public void latency() throws Exception {
        play(new Costs(), System::nanoTime, kind.resumed());
    }

    private void play(Costs costs, LongSupplier meter, boolean resumes) throws Exception {
        toServer.clear();
        toClient.clear();
        var begun = meter.getAsLong();
        var client = client(resumes);
        client.take(toClient, toServer);
        costs.clientNanos += meter.getAsLong() - begun;
        begun = meter.getAsLong();
        var other = new EnginePeer(server.newEngine(UnpooledByteBufAllocator.DEFAULT), serverRead,
                kind.version() == ProtocolVersion.TLS_1_3 ? GREETING : new byte[0]);
        costs.serverNanos += meter.getAsLong() - begun;
        var firstAnswer = 0;
        while (toServer.isReadable() || toClient.isReadable()) {
            costs.flights += client.isDone() && other.isDone() ? 0 : 1;
            begun = meter.getAsLong();
            if (toServer.isReadable()) {
                costs.clientBytes += toServer.readableBytes();
                other.take(toServer, toClient);
                costs.serverNanos += meter.getAsLong() - begun;
                toServer.clear();
            } else {
                costs.serverBytes += toClient.readableBytes();
                firstAnswer = firstAnswer == 0 ? toClient.readableBytes() : firstAnswer;
                client.take(toClient, toServer);
                costs.clientNanos += meter.getAsLong() - begun;
                toClient.clear();
            }
        }
        costs.handshakes++;
        prove(client, other, resumes, firstAnswer);
        begun = meter.getAsLong();
        other.end();
        costs.serverNanos += meter.getAsLong() - begun;
    }

    private Peer client(boolean resumes) {
        if (peers != Peers.JDK_JDK) {
            return new ShakedownPeer(memory, resumes ? memory.sessions().take(System.nanoTime()) : null);
        }
        // The JDK keeps sessions by host and port; an engine without them offers none.
        SSLEngine engine = kind.resumed()
                ? jdkClient.createSSLEngine("localhost", 443)
                : jdkClient.createSSLEngine();
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[]{kind.version().label()});
        parameters.setCipherSuites(new String[]{certificate.suite(kind.version()).name()});
        parameters.setNamedGroups(new String[]{"x25519", "secp256r1"});
        engine.setSSLParameters(parameters);
        return new EnginePeer(engine, clientRead, new byte[0]);
    }

    /** Requires the kind: a server's first flight has a certificate if the handshake is full, and is shorter if not. */
    private void prove(Peer client, Peer other, boolean resumes, int firstAnswer) {
        require(client.isDone() && other.isDone(),
                "the end of the handshake (client's " + client.isDone() + ", server's "
                        + other.isDone() + ") of " + kind + ", " + peers);
        require(resumes == (client instanceof ShakedownPeer ours ? ours.resumed() : firstAnswer < certificateBytes),
                "the kind of handshake");
    }
}
