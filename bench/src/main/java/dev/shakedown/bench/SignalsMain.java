package dev.shakedown.bench;

import com.sun.management.ThreadMXBean;
import dev.shakedown.bench.HandshakeBenchmark.Certificate;
import dev.shakedown.bench.HandshakeBenchmark.Costs;
import dev.shakedown.bench.HandshakeBenchmark.Kind;
import dev.shakedown.bench.HandshakeBenchmark.Peers;
import dev.shakedown.gate.Signals;
import dev.shakedown.gate.Signals.Signal;
import dev.shakedown.server.Engine;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;

/**
 * Measures what hardly varies: for each kind of handshake the client's heap, bytes in both directions, flights and
 * public-key operations, and the heap of single crypto paths. The numbers of operations are fixed, and it is run with
 * {@code -XX:TieredStopAtLevel=1}, so that no compiler removes allocations.
 */
public final class SignalsMain {
    private static final String SUITE = "handshake";
    private static final int WARMUPS = 500;
    private static final int OPERATIONS = 640;
    private static final int MICRO = 5_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** What the figures depend on besides the code that they judge. */
    private static final List<Class<?>> CODE = List.of(SignalsMain.class, CountingProvider.class,
            HandshakeBenchmark.class, ShakedownPeer.class, EnginePeer.class, ClientCryptoBenchmark.class,
            FinishedMacBenchmark.class, KeyDerivationBenchmark.class, KeyScheduleBenchmark.class, RawPrf.class);

    private final List<Signal> signals = new ArrayList<>();

    private SignalsMain() {}

    /** @param args the file for the figures */
    public static void main(String[] args) throws Exception {
        if (Engine.BORINGSSL.unavailability() != null) {
            throw new IllegalStateException("the signals need BoringSSL as a server",
                    Engine.BORINGSSL.unavailability());
        }
        CountingProvider.install();
        Files.writeString(Path.of(args[0]), measure().toJson());
    }

    private static Signals measure() throws Exception {
        var measuring = new SignalsMain();
        for (var kind : Kind.values()) {
            measuring.handshakes(kind, false);
        }
        measuring.handshakes(Kind.TLS12_FULL, true);
        measuring.handshakes(Kind.TLS13_FULL, true);
        measuring.handshakes(Kind.TLS13_PSK, true);
        measuring.paths();
        return new Signals(SUITE, facts(), measuring.signals);
    }

    private void handshakes(Kind kind, boolean realistic) throws Exception {
        var benchmark = new HandshakeBenchmark();
        benchmark.kind = kind;
        benchmark.certificate = Certificate.P_256;
        benchmark.peers = Peers.SHAKEDOWN_BORINGSSL;
        benchmark.realistic = realistic;
        benchmark.setup();
        for (var i = 0; i < WARMUPS; i++) {
            benchmark.cost(new Costs());
        }
        var costs = new Costs();
        var before = CountingProvider.OPERATIONS.get();
        for (var i = 0; i < OPERATIONS; i++) {
            benchmark.cost(costs);
        }
        var operations = CountingProvider.OPERATIONS.get() - before;
        var name = kind + (realistic ? " realistic" : "");
        if (!realistic) {
            // In public-key operations the JDK's own allocation varies.
            add(name + " client heap", Signals.Kind.ALLOCATED_BYTES, (double) costs.clientHeapBytes / costs.weighed);
            add(name + " bytes sent", Signals.Kind.WIRE_BYTES, (double) costs.clientBytes / costs.handshakes);
            add(name + " bytes received", Signals.Kind.WIRE_BYTES, (double) costs.serverBytes / costs.handshakes);
            add(name + " flights", Signals.Kind.FLIGHTS, (double) costs.flights / costs.handshakes);
        }
        add(name + " public-key operations", Signals.Kind.PUBLIC_KEY_OPERATIONS,
                (double) operations / costs.handshakes);
    }

    private void paths() throws Exception {
        var crypto = new ClientCryptoBenchmark();
        crypto.setup();
        path("client crypto full", crypto::full);
        path("client crypto resumed", crypto::resumed);
        for (var hash : List.of(Hash.SHA_256, Hash.SHA_384)) {
            var mac = new FinishedMacBenchmark();
            mac.hash = hash;
            mac.setup();
            path("Finished MAC " + hash, mac::make);
            var derivation = new KeyDerivationBenchmark();
            derivation.hash = hash;
            derivation.setup();
            path("master secret and key block " + hash, derivation::masterAndKeyBlock);
            var schedule = new KeyScheduleBenchmark();
            schedule.hash = hash;
            schedule.setup();
            path("key schedule of TLS 1.3 " + hash, schedule::whole);
        }
    }

    private void path(String name, Callable<Object> operation) throws Exception {
        for (var i = 0; i < MICRO; i++) {
            operation.call();
        }
        var before = THREADS.getCurrentThreadAllocatedBytes();
        for (var i = 0; i < MICRO; i++) {
            operation.call();
        }
        add(name, Signals.Kind.ALLOCATED_BYTES, (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / MICRO);
    }

    private void add(String name, Signals.Kind kind, double value) {
        signals.add(new Signal(name, kind, Math.round(value * 100) / 100.0));
    }

    private static Map<String, String> facts() throws IOException, GeneralSecurityException {
        var client = Stream.of(MessageDigest.getInstance("SHA-256").getProvider(),
                Mac.getInstance("HmacSHA256").getProvider(), Cipher.getInstance("AES/GCM/NoPadding").getProvider())
                .map(Provider::getName).distinct().collect(Collectors.joining(" "));
        return Map.of("jdk", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.runtime.version"),
                "arch", System.getProperty("os.name") + " " + System.getProperty("os.arch"), "provider",
                client + ", server " + OpenSsl.versionString(), "code", codeFingerprint());
    }

    /** Returns a digest of the classes that measure, including their nested classes. */
    static String codeFingerprint() throws IOException, GeneralSecurityException {
        var digest = MessageDigest.getInstance("SHA-256");
        for (var outer : CODE) {
            digest.update(bytes(outer));
            for (var inner : outer.getDeclaredClasses()) {
                digest.update(bytes(inner));
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (var in = type.getResourceAsStream('/' + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }
}
