package dev.shakedown.bench;

import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import javax.crypto.KEM;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Setup;

/**
 * X25519MLKEM768 on the client: {@code generate} and {@code agree} with both halves, {@code decapsulate} with the base
 * point for the x25519 half, as a load run does. The baselines are ML-KEM-768 alone; encapsulation is done by the
 * server.
 */
@BenchmarkMode(Mode.SampleTime)
public class HybridBenchmark extends BenchmarkDefaults {
    KeyShare.Hybrid client;
    private KeyShare.Hybrid basePoint;
    byte[] answer;
    private byte[] basePointAnswer;
    private KeyPairGenerator generator;
    KEM kem;
    private byte[] ciphertext;

    @Setup
    public void setup() throws GeneralSecurityException, Fault {
        generator = KeyPairGenerator.getInstance("ML-KEM-768");
        kem = KEM.getInstance("ML-KEM");
        client = (KeyShare.Hybrid) KeyShare.generate(NamedGroup.X25519MLKEM768);
        basePoint = (KeyShare.Hybrid) KeyShare.basePoint(NamedGroup.X25519MLKEM768);
        var server = KeyShare.generate(NamedGroup.X25519);
        answer = answer(client, server, agreeRaw(client));
        basePointAnswer = answer(basePoint, server, agreeRaw(basePoint));
        ciphertext = Arrays.copyOf(answer, answer.length - server.publicValue().length);
        require(Arrays.equals(Arrays.copyOf(agree().bytes(), 32), baselineDecapsulate()), "the ML-KEM secret");
        require(Arrays.equals(Arrays.copyOfRange(agree().bytes(), 32, 64),
                server.agree(client.classical().publicValue()).bytes()), "the x25519 secret");
        require(Arrays.equals(Arrays.copyOfRange(decapsulate().bytes(), 32, 64), server.publicValue()),
                "the secret of the base point");
    }

    private KEM.Encapsulated agreeRaw(KeyShare.Hybrid share) throws GeneralSecurityException {
        return kem.newEncapsulator(share.pair().getPublic()).encapsulate();
    }

    /** Makes what a server sends, checked against the secret that it keeps. */
    private static byte[] answer(KeyShare.Hybrid share, KeyShare server, KEM.Encapsulated encapsulated) throws Fault {
        var point = server.publicValue();
        var both = Arrays.copyOf(encapsulated.encapsulation(), encapsulated.encapsulation().length + point.length);
        System.arraycopy(point, 0, both, encapsulated.encapsulation().length, point.length);
        require(Arrays.equals(Arrays.copyOf(share.agree(both).bytes(), 32), encapsulated.key().getEncoded()),
                "the server's ML-KEM secret");
        return both;
    }

    @Benchmark
    @Baseline("baselineGenerate")
    public KeyShare generate() {
        return KeyShare.generate(NamedGroup.X25519MLKEM768);
    }

    @Benchmark
    public KeyPair baselineGenerate() {
        return generator.generateKeyPair();
    }

    @Benchmark
    public PremasterSecret agree() throws Fault {
        return client.agree(answer);
    }

    @Benchmark
    @Baseline("baselineDecapsulate")
    public PremasterSecret decapsulate() throws Fault {
        return basePoint.agree(basePointAnswer);
    }

    @Benchmark
    public byte[] baselineDecapsulate() throws GeneralSecurityException {
        return kem.newDecapsulator(client.pair().getPrivate()).decapsulate(ciphertext).getEncoded();
    }

    @Benchmark
    public KEM.Encapsulated baselineEncapsulate() throws GeneralSecurityException {
        return agreeRaw(client);
    }
}
