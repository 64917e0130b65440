package dev.shakedown.bench;

import dev.shakedown.tls.crypto.CryptoProvider;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * (EC)DHE on the client: key generation, key agreement, and what {@code base-point} does instead. The baselines do the
 * primitive's work on keys that are already objects, while ours are decoded from bytes and encoded to them.
 */
@BenchmarkMode(Mode.SampleTime)
public class KeyExchangeBenchmark extends BenchmarkDefaults {
    @Param
    public CryptoProvider provider;
    @Param({"X25519", "SECP256R1", "SECP384R1"})
    public NamedGroup group;

    private KeyPairGenerator generator;
    KeyAgreement agreement;
    KeyShare.Generated client;
    KeyShare basePoint;
    KeyPair server;
    byte[] serverPublic;

    @Setup
    public void setup() throws GeneralSecurityException, Fault {
        provider.install();
        generator = generator(group);
        agreement = KeyAgreement.getInstance(group == NamedGroup.X25519 ? "X25519" : "ECDH");
        client = (KeyShare.Generated) KeyShare.generate(group);
        basePoint = KeyShare.basePoint(group);
        server = generator.generateKeyPair();
        serverPublic = new KeyShare.Generated(group, server).publicValue();
        require(Arrays.equals(agree().bytes(), baselineAgree()), "the agreed secret");
        var other = new KeyShare.Generated(group, server).agree(client.publicValue());
        require(Arrays.equals(agree().bytes(), other.bytes()), "the server's secret");
        other = new KeyShare.Generated(group, server).agree(basePoint.publicValue());
        require(Arrays.equals(basePoint().bytes(), other.bytes()), "the secret of the base point");
        require(generate().publicValue().length == serverPublic.length, "a new public value");
    }

    static KeyPairGenerator generator(NamedGroup group) throws GeneralSecurityException {
        if (group == NamedGroup.X25519) {
            return KeyPairGenerator.getInstance("X25519");
        }
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(group.label()));
        return generator;
    }

    @Benchmark
    @Baseline("baselineGenerate")
    public KeyShare generate() {
        return KeyShare.generate(group);
    }

    @Benchmark
    public KeyPair baselineGenerate() {
        return generator.generateKeyPair();
    }

    @Benchmark
    @Baseline("baselineAgree")
    public PremasterSecret agree() throws Fault {
        return client.agree(serverPublic);
    }

    @Benchmark
    public byte[] baselineAgree() throws GeneralSecurityException {
        agreement.init(client.pair().getPrivate());
        agreement.doPhase(server.getPublic(), true);
        return agreement.generateSecret();
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public PremasterSecret basePoint() throws Fault {
        return basePoint.agree(serverPublic);
    }
}
